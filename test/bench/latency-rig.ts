/**
 * The rig of the latency bench: two ptys of the same kind, one for the trigger process and one for the C floor, one FIFO
 * as the line of both, and one C program that plays frames and times the answers. The readers live side by side through
 * the whole run (each blocks while the other is played to), so that blocks can be interleaved without restarts.
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { agdFrame, crossing } from '../support/agd-feed.js';
import { eventually, openPty, type Pty } from '../support/pty.js';
import { BenchOffice } from './bench-office.js';

export type ReaderName = 'trigger' | 'floor';

const BAUD = 921_600;
const RATE_HZ = 100;
const SPEEDER = { speedKmh: 150, direction: 'A', lateralM: 5.25, rateHz: RATE_HZ } as const;
const PRIORITY = 50;

/** Runs a program at a real-time priority; empty where the process runs as it is. */
export const fifoPrefix = (): string[] => ['chrt', '-f', String(PRIORITY)];

/** May this process use real-time scheduling? */
export const fifoPermitted = (): boolean => spawnSync('chrt', ['-f', String(PRIORITY), 'true']).status === 0;

export const compilerFound = (): boolean => spawnSync('cc', ['--version']).status === 0;

/** C sources are not copied to dist. */
function sourceOf(name: string): string {
  const beside = fileURLToPath(new URL(name, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../../test/bench/${name}`, import.meta.url));
}

export class LatencyRig {
  readonly #folder = mkdtempSync(join(tmpdir(), 'kerbside-bench-'));
  readonly #ptys: readonly [Pty, Pty] = [openPty(), openPty()];
  readonly #line: number;
  readonly #linePath: string;
  readonly #prefix: readonly string[];
  readonly #office: BenchOffice;
  readonly #keepAlive: NodeJS.Timeout;
  #player!: ChildProcess;
  #answers!: AsyncIterator<string>;
  #floor: ChildProcess | null = null;
  #trains = 0;
  #playing = false;

  /** @param prefix how to start the three programs (`fifoPrefix` or nothing) */
  static async build(prefix: readonly string[]): Promise<LatencyRig> {
    const rig = new LatencyRig(prefix);
    try {
      await rig.#start();
    } catch (error) {
      await rig.close();
      throw error;
    }
    return rig;
  }

  private constructor(prefix: readonly string[]) {
    this.#prefix = prefix;
    this.#linePath = join(this.#folder, 'line');
    execFileSync('mkfifo', [this.#linePath]);
    this.#line = openSync(this.#linePath, constants.O_RDWR);
    const port = { path: this.#ptys[0].slavePath, baudRate: BAUD, parity: 'odd' } as const;
    this.#office = new BenchOffice(port, this.#linePath, prefix);
    this.#keepAlive = setInterval(() => this.#heartbeat(), 500);
  }

  /** One train to one reader: nanoseconds to its answer, null when it gave none. */
  async play(reader: ReaderName): Promise<number | null> {
    const { answered, latencyNs } = await this.#playTrain(reader);
    if (reader === 'trigger') {
      // The pass is over after its gap, and its number concluded: the next vehicle meets a camera that is ready.
      await eventually('the exposure', () => this.#office.concluded >= this.#office.fired);
      await new Promise((resolve) => setTimeout(resolve, 220));
    }
    return answered === 0 ? null : latencyNs;
  }

  async close(): Promise<void> {
    clearInterval(this.#keepAlive);
    this.#player?.stdin?.end();
    this.#player?.kill();
    this.#floor?.kill();
    await this.#office.stop();
    for (const pty of this.#ptys) pty.close();
    closeSync(this.#line);
    rmSync(this.#folder, { recursive: true });
  }

  async #start(): Promise<void> {
    const [player, floor] = ['player', 'floor'].map((name) => {
      const program = join(this.#folder, name);
      execFileSync('cc', ['-O2', '-o', program, sourceOf(`${name}.c`)]);
      return program;
    }) as [string, string];
    const [first, ...rest] = [...this.#prefix, player, '3', '4', '5'];
    const masters = this.#ptys.map(({ master }) => master);
    this.#player = spawn(first ?? player, rest, { stdio: ['pipe', 'pipe', 'inherit', ...masters, this.#line] });
    const output = this.#player.stdout;
    if (output === null) throw new Error('bench: the player has no output');
    this.#answers = createInterface(output)[Symbol.asyncIterator]();
    await this.#office.enforcing();
    // Which frame decides is the controller's business: the floor is told by what it did.
    const { answered } = await this.#playTrain('trigger');
    if (answered === 0) throw new Error('bench: the controller did not fire for a clear speeder');
    const count = crossing({ ...SPEEDER, track: 1 }).length;
    this.#startFloor(floor, answered, count);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }

  #startFloor(program: string, nth: number, count: number): void {
    const [first, ...rest] = [...this.#prefix, program, this.#ptys[1].slavePath, this.#linePath, `${nth}`, `${count}`];
    this.#floor = spawn(first ?? program, rest, { stdio: 'inherit' });
  }

  async #playTrain(reader: ReaderName): Promise<{ answered: number; latencyNs: number }> {
    this.#trains += 1;
    const frames = crossing({ ...SPEEDER, track: 1 + (this.#trains % 90) });
    const hex = frames.map(({ bytes }) => bytes.toString('hex')).join(' ');
    this.#playing = true;
    this.#player.stdin?.write(`${reader === 'trigger' ? 0 : 1} ${1e6 / RATE_HZ} ${hex}\n`);
    const { value, done } = await this.#answers.next();
    this.#playing = false;
    if (done === true) throw new Error('bench: the player has ended');
    const [answered = 0, latencyNs = 0] = value.split(' ').map(Number);
    return { answered, latencyNs };
  }

  /** Between trains the radar lives on, and what it is told is taken off its wire. */
  #heartbeat(): void {
    for (const pty of this.#ptys) pty.read();
    if (!this.#playing) this.#ptys[0].write(agdFrame(`HB,${(43_200 + this.#trains).toFixed(2).padStart(8, '0')}`));
  }
}

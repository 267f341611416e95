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
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { agdFrame, crossing } from '../support/agd-feed.js';
import { eventually, openPty, type Pty } from '../support/pty.js';
import { BenchOffice, type Wrap } from './bench-office.js';

export type ReaderName = 'trigger' | 'floor';

const BAUD = 921_600;
const RATE_HZ = 100;
const SPEEDER = { speedKmh: 150, direction: 'A', lateralM: 5.25, rateHz: RATE_HZ } as const;
const PRIORITY = 50;

/** Programs as they are. */
export const asTheyAre: Wrap = (program, args) => [program, args];

/** Programs at a real-time priority. */
export const atFifo: Wrap = (program, args) => ['chrt', ['-f', String(PRIORITY), program, ...args]];

/** May this process use real-time scheduling? */
export const fifoPermitted = (): boolean => spawnSync('chrt', ['-f', String(PRIORITY), 'true']).status === 0;

export const compilerFound = (): boolean => spawnSync('cc', ['--version']).status === 0;

/** C sources are not copied to dist. */
function sourceOf(name: string): string {
  const beside = fileURLToPath(new URL(name, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../../test/bench/${name}`, import.meta.url));
}

/** The C program that plays frames (`player.c`). */
class Player {
  readonly #child: ChildProcess;
  readonly #input: Writable;
  readonly #answers: AsyncIterator<string, undefined>;

  constructor([program, args]: readonly [string, string[]], descriptors: readonly number[]) {
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit', ...descriptors] });
    const { stdin, stdout } = this.#child;
    if (stdin === null || stdout === null) throw new Error('bench: the player has no pipes');
    this.#input = stdin;
    this.#answers = createInterface(stdout)[Symbol.asyncIterator]();
  }

  async ask(command: string): Promise<string> {
    this.#input.write(`${command}\n`);
    const answer = await this.#answers.next();
    if (answer.value === undefined) throw new Error('bench: the player has ended');
    return answer.value;
  }

  end(): void {
    this.#input.end();
    this.#child.kill();
  }
}

export class LatencyRig {
  readonly #folder = mkdtempSync(join(tmpdir(), 'kerbside-bench-'));
  readonly #ptys: readonly [Pty, Pty] = [openPty(), openPty()];
  readonly #line: number;
  readonly #linePath: string;
  readonly #wrap: Wrap;
  readonly #office: BenchOffice;
  readonly #keepAlive: NodeJS.Timeout;
  #player: Player | null = null;
  #floor: ChildProcess | null = null;
  #trains = 0;
  #playing = false;

  /** @param wrap how to start the three programs */
  static async build(wrap: Wrap): Promise<LatencyRig> {
    const rig = new LatencyRig(wrap);
    try {
      await rig.#start();
    } catch (error) {
      await rig.close();
      throw error;
    }
    return rig;
  }

  private constructor(wrap: Wrap) {
    this.#wrap = wrap;
    this.#linePath = join(this.#folder, 'line');
    execFileSync('mkfifo', [this.#linePath]);
    this.#line = openSync(this.#linePath, constants.O_RDWR);
    const port = { path: this.#ptys[0].slavePath, baudRate: BAUD, parity: 'odd' } as const;
    this.#office = new BenchOffice(port, this.#linePath, wrap);
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
    this.#player?.end();
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
    const descriptors = [...this.#ptys.map(({ master }) => master), this.#line];
    this.#player = new Player(this.#wrap(player, ['3', '4', '5']), descriptors);
    await this.#office.enforcing();
    // Which frame decides is the controller's business: the floor is told by what it did.
    const { answered } = await this.#playTrain('trigger');
    if (answered === 0) throw new Error('bench: the controller did not fire for a clear speeder');
    const count = crossing({ ...SPEEDER, track: 1 }).length;
    this.#startFloor(floor, answered, count);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }

  #startFloor(program: string, nth: number, count: number): void {
    const args = [this.#ptys[1].slavePath, this.#linePath, String(nth), String(count)];
    this.#floor = spawn(...this.#wrap(program, args), { stdio: 'inherit' });
  }

  async #playTrain(reader: ReaderName): Promise<{ answered: number; latencyNs: number }> {
    this.#trains += 1;
    const frames = crossing({ ...SPEEDER, track: 1 + (this.#trains % 90) });
    const hex = frames.map(({ bytes }) => bytes.toString('hex')).join(' ');
    this.#playing = true;
    const answer = await this.#player?.ask(`${reader === 'trigger' ? 0 : 1} ${1e6 / RATE_HZ} ${hex}`);
    this.#playing = false;
    const [answered = 0, latencyNs = 0] = (answer ?? '').split(' ').map(Number);
    return { answered, latencyNs };
  }

  /** Between trains the radar lives on, and what it is told is taken off its wire. */
  #heartbeat(): void {
    for (const pty of this.#ptys) pty.read();
    if (!this.#playing) this.#ptys[0].write(agdFrame(`HB,${(43_200 + this.#trains).toFixed(2).padStart(8, '0')}`));
  }
}

/**
 * One van of the kill rig: the real `kerbside run` as a process of its own under traffic that never stops, killed and
 * started again on the same data folder. Like `support/outside-van.ts` it has nothing of the controller in it; unlike
 * that one its road and camera outlive the controller.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { createRandom } from '../../hw-sim/prng.js';
import { FakeGpsd } from '../support/fake-gpsd.js';
import { KERBSIDE, type LineChange } from '../support/outside-van.js';
import { outsideSite, VAN_POSITION } from '../support/outside-site.js';
import { openPty, stdioWithoutPtys, type Pty } from '../support/pty.js';
import { IMAGE_TIMEOUT_MS, KillCamera, KillRoad } from './kill-camera.js';
import { goneWithin, keptWaitingMs, marked } from './kill-processes.js';

export class KillVan {
  readonly folder = mkdtempSync(join(tmpdir(), 'kerbside-kill-'));
  readonly dataDir = join(this.folder, 'data');
  readonly spool = join(this.folder, 'camera');
  readonly camera: KillCamera;
  /** Shutter pulses of each run, by the run whose trigger process gave them. */
  readonly pulses = new Map<number, number>();
  stderr = '';
  /** How long the start was kept from a processor by whatever else the machine does. */
  waitedMs = 0;
  /** How the process ended; null while it runs. */
  ended: { readonly code: number | null; readonly signal: NodeJS.Signals | null } | null = null;
  onPulse: () => void = () => undefined;
  readonly #configFile = join(this.folder, 'kerbside.yaml');
  readonly #socketPath = join(this.folder, 'lines.sock');
  readonly #road: KillRoad;
  #run = 0;
  #child: ChildProcess | null = null;
  #exit: Promise<unknown> = Promise.resolve();
  #startedMs = 0;
  #openedMs: number | null = null;
  #socket: Socket | null = null;
  #disposed = false;

  static async start(seed: number, name: string): Promise<KillVan> {
    const van = new KillVan(openPty(), await FakeGpsd.start(VAN_POSITION), seed, name);
    mkdirSync(van.spool);
    van.#writeConfiguration();
    void van.#listen();
    return van;
  }

  private constructor(
    private readonly pty: Pty,
    private readonly gpsd: FakeGpsd,
    seed: number,
    private readonly name: string,
  ) {
    this.camera = new KillCamera(this.spool, createRandom(seed, `${name} camera`));
    this.#road = new KillRoad(pty, createRandom(seed, `${name} road`));
  }

  /** Count of this run, from 1. */
  get runCount(): number {
    return this.#run;
  }

  /** Mark of this run's processes. */
  get mark(): string {
    return `${process.pid}-${this.name}-${this.#run}`;
  }

  /** Spawn until the deployment was open; null while it is not. */
  get startMs(): number | null {
    return this.#openedMs === null ? null : this.#openedMs - this.#startedMs;
  }

  get enforcing(): boolean {
    return this.stderr.lastIndexOf('State: enforcing') > this.stderr.lastIndexOf('State: suspended');
  }

  /** Deployment number of this run, as it was told; null before. */
  get deployment(): number | null {
    const told = /Deployment ([0-9]{6}) at site/.exec(this.stderr)?.[1];
    return told === undefined ? null : Number(told);
  }

  /** Starts the controller; returns at once. */
  run(): void {
    this.#run += 1;
    this.stderr = '';
    this.ended = null;
    this.#openedMs = null;
    this.#startedMs = performance.now();
    const child = spawn(process.execPath, [KERBSIDE, 'run', '--config', this.#configFile], {
      stdio: stdioWithoutPtys(['ignore', 'pipe', 'pipe']),
      env: marked(this.mark),
    });
    this.#child = child;
    const hear = (chunk: Buffer): void => {
      if (child !== this.#child) return;
      this.stderr += chunk.toString();
      if (this.deployment === null || this.#openedMs !== null) return;
      this.#openedMs = performance.now();
      this.waitedMs = keptWaitingMs(this.mark);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    this.#exit = new Promise((resolve) =>
      child.on('exit', (code, signal) => {
        this.ended = { code, signal };
        resolve(null);
      }),
    );
  }

  signal(signal: 'SIGKILL' | 'SIGTERM'): void {
    this.#child?.kill(signal);
  }

  /** @throws when the process does not end */
  async exited(mostMs: number): Promise<void> {
    const end = new AbortController();
    const late = sleep(mostMs, 'late', { signal: end.signal }).catch(() => null);
    const how = await Promise.race([this.#exit, late]);
    end.abort();
    if (how === 'late') throw new Error(`${this.name}: still running after ${mostMs} ms:\n${this.stderr}`);
  }

  /** Waits for something of the running controller. @returns false when it ended or the time was over first */
  async until(holds: () => boolean, mostMs: number): Promise<boolean> {
    const end = performance.now() + mostMs;
    while (!holds()) {
      if (this.ended !== null || performance.now() > end) return false;
      await sleep(2);
    }
    return true;
  }

  /** @param keep leave the folder, for whoever has to find out what happened */
  async dispose(keep: boolean): Promise<void> {
    this.#disposed = true;
    this.signal('SIGKILL');
    await this.exited(10_000);
    await goneWithin(this.mark, 10_000);
    await this.#road.stop();
    await this.camera.settled();
    this.#socket?.destroy();
    await this.gpsd.stop();
    this.pty.close();
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
  }

  /** One connection at a time, to whoever serves the lines. */
  async #listen(): Promise<void> {
    while (!this.#disposed) {
      if (existsSync(this.#socketPath)) await this.#connection();
      await sleep(10);
    }
  }

  #connection(): Promise<void> {
    return new Promise((resolve) => {
      const socket = createConnection(this.#socketPath);
      this.#socket = socket;
      const run = this.#run;
      let level = 0;
      let rest = '';
      socket.on('error', () => socket.destroy());
      socket.on('close', () => resolve());
      socket.on('data', (chunk: Buffer) => {
        const parts = (rest + chunk.toString()).split('\n');
        rest = parts.pop() ?? '';
        for (const part of parts) {
          const { line, value } = JSON.parse(part) as LineChange;
          if (line !== 'shutter') continue;
          if (value === 1 && level === 0) this.#shot(run);
          level = value;
        }
      });
    });
  }

  #shot(run: number): void {
    this.pulses.set(run, (this.pulses.get(run) ?? 0) + 1);
    this.camera.shutter((value) => {
      const monotonicNs = String(process.hrtime.bigint());
      const line = JSON.stringify({ line: 'strobe', value, monotonicNs });
      if (this.#socket?.writable === true) this.#socket.write(`${line}\n`);
    });
    this.onPulse();
  }

  #writeConfiguration(): void {
    const siteFile = join(this.folder, 'site.yaml');
    writeFileSync(siteFile, stringify(outsideSite()));
    const config = {
      camera: { id: 'SC-014', model: 'outside', flash: 'never', imageTimeoutMs: IMAGE_TIMEOUT_MS, deadTimeMs: 300 },
      dataDir: this.dataDir,
      siteFile,
      radar: { protocol: 'agd350', port: this.pty.slavePath, baudRate: 921_600, parity: 'odd', selfTest: false },
      mounting: { facing: 'rear', side: 'left', antennaAheadM: -1.5, antennaOffsetM: 0.8 },
      gps: { host: '127.0.0.1', port: this.gpsd.port },
      lines: { driver: 'simulated', socket: this.#socketPath, shutter: 17, strobe: 22 },
      images: { source: 'folder', folder: this.spool },
      console: { host: '127.0.0.1', port: 0 },
    };
    writeFileSync(this.#configFile, stringify(config));
  }
}

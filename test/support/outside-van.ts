/**
 * A van played from outside, with nothing of `hw-sim/`: raw bytes on a pty, a folder camera that answers the simulated
 * lines, a gpsd look-alike, and the real `kerbside run` as a process of its own. What an integrator would do with
 * docs/feed-your-own-bytes.md.
 */
import { createCanvas } from '@napi-rs/canvas';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { FakeGpsd } from './fake-gpsd.js';
import { openPty, type Pty } from './pty.js';

export const KERBSIDE = new URL('../../firmware/cli/kerbside.js', import.meta.url).pathname;

export interface LineChange {
  readonly line: string;
  readonly value: number;
  readonly monotonicNs: string;
}

export interface OutsideVanOptions {
  readonly radar: Record<string, unknown>;
  readonly site: Record<string, unknown>;
  readonly van: { latitude: number; longitude: number; eph: number };
  readonly config?: Record<string, unknown>;
  /** A camera without a feedback line. */
  readonly noStrobe?: boolean;
  /** How the camera answers a shutter edge; default: feedback after 20 ms, file after 150 ms. */
  readonly camera?: (van: OutsideVan, shot: number) => Promise<void>;
}

export interface EvidenceRow {
  readonly icn: string;
  readonly kind: string;
  readonly reason?: string;
  readonly speedKmh: number | null;
  readonly direction: string | null;
  readonly demo: boolean;
  readonly files: Record<string, string>;
}

export class OutsideVan {
  readonly folder = mkdtempSync(join(tmpdir(), 'kerbside-van-'));
  readonly spool = join(this.folder, 'camera');
  readonly dataDir = join(this.folder, 'data');
  readonly configFile = join(this.folder, 'kerbside.yaml');
  readonly lines: LineChange[] = [];
  stderr = '';
  shots = 0;
  private child: ChildProcess | null = null;
  private exit: Promise<number | null> = Promise.resolve(null);
  private socket: Socket | null = null;
  private fileCounter = 0;
  private disposed = false;

  private constructor(
    readonly pty: Pty,
    readonly gpsd: FakeGpsd,
    private readonly options: OutsideVanOptions,
  ) {}

  static async start(options: OutsideVanOptions): Promise<OutsideVan> {
    const pty = openPty();
    const gpsd = await FakeGpsd.start(options.van);
    const van = new OutsideVan(pty, gpsd, options);
    mkdirSync(van.spool);
    van.writeConfiguration();
    await van.run();
    return van;
  }

  private writeConfiguration(): void {
    const siteFile = join(this.folder, 'site.yaml');
    writeFileSync(siteFile, stringify(this.options.site));
    const config = {
      camera: { id: 'SC-014', model: 'outside', approvalNotice: null, flash: 'never', imageTimeoutMs: 3000 },
      dataDir: this.dataDir,
      siteFile,
      radar: { port: this.pty.slavePath, ...this.options.radar },
      mounting: { facing: 'rear', side: 'left', antennaAheadM: -1.5, antennaOffsetM: 0.8 },
      gps: { host: '127.0.0.1', port: this.gpsd.port },
      lines: {
        driver: 'simulated',
        socket: join(this.folder, 'lines.sock'),
        shutter: 17,
        ...(this.options.noStrobe === true ? {} : { strobe: 22 }),
      },
      images: { source: 'folder', folder: this.spool },
      console: { host: '127.0.0.1', port: 0 },
      ...this.options.config,
    };
    writeFileSync(this.configFile, stringify(config));
  }

  /** Starts (or, after a kill, starts again) the controller. */
  async run(): Promise<void> {
    const child = spawn(process.execPath, [KERBSIDE, 'run', '--config', this.configFile], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stderr.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.exit = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
    await this.connectLines();
  }

  private async connectLines(): Promise<void> {
    const path = join(this.folder, 'lines.sock');
    await this.until('the lines socket', async () => {
      if (this.disposed) return true;
      this.socket = await new Promise<Socket | null>((resolve) => {
        const socket = createConnection(path, () => resolve(socket));
        socket.on('error', () => resolve(null));
      });
      return this.socket !== null;
    });
    let rest = '';
    // After a kill the dying process may still have answered: connect anew to whoever serves next.
    this.socket?.on('close', () => {
      if (!this.disposed) void this.connectLines();
    });
    this.socket?.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) this.onLine(JSON.parse(part) as LineChange);
    });
  }

  private onLine(change: LineChange): void {
    const before = this.lines.findLast(({ line }) => line === change.line)?.value ?? 0;
    this.lines.push(change);
    if (change.line !== 'shutter' || change.value !== 1 || before === 1) return;
    this.shots += 1;
    void (this.options.camera ?? answerShutter)(this, this.shots);
  }

  setLine(line: string, value: 0 | 1): void {
    const monotonicNs = process.hrtime.bigint().toString();
    if (this.socket?.writable === true) this.socket.write(`${JSON.stringify({ line, value, monotonicNs })}\n`);
  }

  /** Delivers a picture by rename, as a camera does; every picture has other bytes. */
  deliver(name = `IMG_${String(++this.fileCounter).padStart(4, '0')}.JPG`, bytes?: Uint8Array): void {
    const temporary = join(this.spool, `.${name}.part`);
    writeFileSync(temporary, bytes ?? picture(this.fileCounter));
    renameSync(temporary, join(this.spool, name));
  }

  feed(bytes: Uint8Array): void {
    this.pty.write(bytes);
  }

  async until(what: string, holds: () => boolean | Promise<boolean>, milliseconds = 20_000): Promise<void> {
    const end = performance.now() + milliseconds;
    while (performance.now() < end) {
      if (await holds()) return;
      await sleep(50);
    }
    throw new Error(`waited ${milliseconds} ms for ${what}; the controller said:\n${this.stderr}`);
  }

  async evidence(): Promise<EvidenceRow[]> {
    const result = await this.cli(['evidence', 'list', '--json']);
    if (result.code !== 0) throw new Error(result.stderr);
    return JSON.parse(result.stdout) as EvidenceRow[];
  }

  /** Resolves once the sync shot is evidence, so that the camera enforces. */
  async armed(): Promise<void> {
    await this.until('state enforcing', () => /enforcing/i.test(this.stderr), 30_000);
  }

  async cli(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    return runCli([...args, '--config', this.configFile]);
  }

  kill(): Promise<number | null> {
    this.child?.kill('SIGKILL');
    return this.exit;
  }

  /** SIGTERM: the session is closed in order. */
  close(): Promise<number | null> {
    this.child?.kill('SIGTERM');
    return this.exit;
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    await this.kill();
    this.socket?.destroy();
    await this.gpsd.stop();
    this.pty.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export async function runCli(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [KERBSIDE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stdout, stderr };
}

async function answerShutter(van: OutsideVan): Promise<void> {
  await sleep(20);
  van.setLine('strobe', 1);
  await sleep(30);
  van.setLine('strobe', 0);
  await sleep(100);
  van.deliver();
}

export function picture(seed: number): Buffer {
  const canvas = createCanvas(640, 480);
  const context = canvas.getContext('2d');
  context.fillStyle = `hsl(${(seed * 47) % 360} 40% 50%)`;
  context.fillRect(0, 0, 640, 480);
  context.fillStyle = 'white';
  context.fillRect((seed * 13) % 500, 200, 120, 60);
  return canvas.toBuffer('image/jpeg', 85);
}

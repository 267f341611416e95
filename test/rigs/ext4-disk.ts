/**
 * A real ext4 on a disk that forgets: NBD server, nbdfuse that shows its disk as a file, a loop device on that file, and the
 * mount. Needs root, FUSE and loop devices. Whatever happens, `close` leaves nothing mounted.
 */
import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FromNbd, ToNbd } from './nbd-process.js';

const DISK_BYTES = 24 * 2 ** 20;
const PATIENCE_MS = 10_000;

/** What keeps this rig from working here; null when nothing does. */
export function whyNoExt4(): string | null {
  if (process.getuid?.() !== 0) return 'only root may mount';
  for (const device of ['/dev/fuse', '/dev/loop-control']) {
    try {
      accessSync(device, constants.R_OK | constants.W_OK);
    } catch {
      return `${device} is missing`;
    }
  }
  return null;
}

function run(tool: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(tool, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')}: ${stderr.trim()}`);
  return stdout.trim();
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`${what} did not come true within ${PATIENCE_MS / 1000} s`);
    await delay(5);
  }
}

export class Ext4Disk {
  /** Where the file system is mounted. */
  readonly mountPoint: string;
  readonly #folder: string;
  readonly #fusePoint: string;
  readonly #socket: string;
  readonly #template: string;
  readonly #server: ChildProcess;
  #fuse: ChildProcess | null = null;
  #loop: string | null = null;
  #mounted = false;
  #onCut: () => void = () => undefined;
  #onDone: (writes: number) => void = () => undefined;

  /** @param folder that is made, and removed at the end */
  constructor(folder: string) {
    this.#folder = folder;
    this.mountPoint = join(folder, 'mounted');
    this.#fusePoint = join(folder, 'fuse');
    this.#socket = join(folder, 'nbd');
    this.#template = join(folder, 'template');
    mkdirSync(folder);
    for (const path of [this.mountPoint, this.#fusePoint]) mkdirSync(path);
    writeFileSync(this.#template, '');
    truncateSync(this.#template, DISK_BYTES);
    run('mkfs.ext4', '-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0', this.#template);
    this.#server = fork(fileURLToPath(new URL('nbd-process.js', import.meta.url)), [this.#socket], { execArgv: [] });
    this.#server.on('message', (message: FromNbd) => {
      if (message.type === 'cut') this.#onCut();
      else this.#onDone(message.writes);
    });
    process.once('exit', this.#takeDown);
  }

  /** A fresh file system. */
  async insert(): Promise<void> {
    await this.#tell({ type: 'insert', image: this.#template });
  }

  /** @param options of mount, e.g. 'nobarrier' */
  async mount(options: string): Promise<void> {
    await until('the socket of the NBD server', () => existsSync(this.#socket));
    const file = join(this.#fusePoint, 'disk');
    const uri = `nbd+unix:///?socket=${this.#socket}`;
    // It tells each request that fails; after a cut all of them do.
    this.#fuse = spawn('nbdfuse', [file, uri], { stdio: 'ignore' });
    await until('the disk of nbdfuse', () => existsSync(file));
    this.#loop = run('losetup', '--find', '--show', file);
    run('mount', '-t', 'ext4', '-o', options, this.#loop, this.mountPoint);
    this.#mounted = true;
  }

  /** `cut` resolves when the power goes, before the given write from now on. */
  async planCut(write: number, keptShare: number, seed: number): Promise<{ readonly cut: Promise<void> }> {
    const cut = new Promise<void>((resolve) => (this.#onCut = resolve));
    await this.#tell({ type: 'plan-cut', write, keptShare, seed });
    return { cut };
  }

  /** @returns how many writes the plan has seen */
  cutNow(): Promise<number> {
    return this.#tell({ type: 'cut-now' });
  }

  async revive(): Promise<void> {
    await this.#tell({ type: 'revive' });
  }

  /** A dead disk cannot take what is still in memory: that is what a power cut is. */
  async unmount(): Promise<void> {
    if (this.#mounted) {
      await until('the end of the mount', () => spawnSync('umount', [this.mountPoint]).status === 0);
      this.#mounted = false;
    }
    if (this.#loop !== null) run('losetup', '--detach', this.#loop);
    this.#loop = null;
    if (this.#fuse === null) return;
    const fuse = this.#fuse;
    await until(
      'the end of nbdfuse',
      () => fuse.exitCode !== null || spawnSync('fusermount3', ['-u', this.#fusePoint]).status === 0,
    );
    await until('the exit of nbdfuse', () => fuse.exitCode !== null || fuse.signalCode !== null);
    this.#fuse = null;
  }

  close(): void {
    process.off('exit', this.#takeDown);
    this.#takeDown();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  readonly #takeDown = (): void => {
    if (this.#mounted) spawnSync('umount', ['--lazy', this.mountPoint]);
    if (this.#loop !== null) spawnSync('losetup', ['--detach', this.#loop]);
    if (this.#fuse !== null) spawnSync('fusermount3', ['-uz', this.#fusePoint]);
    this.#fuse?.kill('SIGKILL');
    this.#server.kill('SIGKILL');
    this.#mounted = false;
    [this.#loop, this.#fuse] = [null, null];
  };

  #tell(message: ToNbd): Promise<number> {
    return new Promise((resolve) => {
      this.#onDone = resolve;
      this.#server.send(message);
    });
  }
}

/**
 * The TypeScript side of `shim/calls.c`: compiles it, gives the environment that loads it into a Node process, and steers
 * it from inside that process through a shared page.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CONTROL = 'KERBSIDE_CALLS_CONTROL';
const TRACE = 'KERBSIDE_CALLS_TRACE';
/** Offsets of `struct control`. */
const AT = { mode: 0, camera: 16, calls: 20, failed: 24, traced: 28, failedCall: 32, folder: 256 } as const;
const PAGE_BYTES = 512;
const FAILED_CALL_BYTES = 224;

export const FAULTS = ['EIO', 'ENOSPC', 'EINTR', 'short'] as const;
export type Fault = (typeof FAULTS)[number];

/** C sources are not copied to dist. */
function sourceOf(name: string): string {
  const beside = fileURLToPath(new URL(name, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../../test/rigs/${name}`, import.meta.url));
}

/** @returns the path of the library; compiled once for each state of its source */
export function compileShim(): string {
  const source = sourceOf('shim/calls.c');
  const folder = join(tmpdir(), `kerbside-rigs-${process.getuid?.() ?? 0}`);
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const library = join(folder, `calls-${hash}.so`);
  if (existsSync(library)) return library;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fresh = `${library}.${process.pid}`;
  const { status, stderr } = spawnSync('gcc', ['-shared', '-fPIC', '-O2', '-o', fresh, source, '-ldl', '-lpthread']);
  if (status !== 0) throw new Error(`gcc cannot compile ${source}: ${String(stderr)}`);
  renameSync(fresh, library);
  return library;
}

/**
 * @param folder for the shared page and the trace; outside of what is watched
 * @param name of this process among those that share the folder; 'traced': it writes a trace
 */
export function shimEnvironment(library: string, folder: string, name: string): NodeJS.ProcessEnv {
  const page = join(folder, `control-${name}`);
  writeFileSync(page, Buffer.alloc(PAGE_BYTES));
  // io_uring would go round libc; Node 20 leaves it out unless it is asked for.
  const { NODE_V8_COVERAGE: _dropped, ...env } = process.env;
  const shim = { LD_PRELOAD: library, [CONTROL]: page, UV_USE_IO_URING: '0' };
  return { ...env, ...shim, ...(name === 'traced' ? { [TRACE]: join(folder, 'trace') } : {}) };
}

export class CallShim {
  readonly #page: number;

  private constructor(page: number) {
    this.#page = page;
  }

  /** @throws Error where this process was started without the library */
  static attach(): CallShim {
    const path = process.env[CONTROL];
    if (path === undefined) throw new Error(`${CONTROL} is not set: the process was started without the shim`);
    return new CallShim(openSync(path, 'r+'));
  }

  /** Call it with the empty string to watch nothing. */
  watch(folder: string): void {
    const bytes = Buffer.alloc(PAGE_BYTES - AT.folder);
    bytes.write(folder);
    writeSync(this.#page, bytes, 0, bytes.length, AT.folder);
  }

  /** From now on calls are counted from 1; `count` of them fail, beginning with the `at`-th. */
  arm(fault: Fault, at: number, count = 1): void {
    const head = Buffer.alloc(PAGE_BYTES - AT.folder);
    head.writeUInt32LE(fault === 'short' ? 2 : 1, AT.mode);
    head.writeUInt32LE(fault === 'short' ? 0 : constants.errno[fault], 4);
    head.writeUInt32LE(at, 8);
    head.writeUInt32LE(count, 12);
    writeSync(this.#page, head, 0, head.length, 0);
  }

  disarm(): void {
    this.#write(AT.mode, 0);
  }

  /** What `work` does on this thread is not made to fail. */
  asCamera<T>(work: () => T): T {
    this.#write(AT.camera, 1);
    try {
      return work();
    } finally {
      this.#write(AT.camera, 0);
    }
  }

  get calls(): number {
    return this.#read(AT.calls);
  }

  /** How many calls have been made to fail. */
  get failed(): number {
    return this.#read(AT.failed);
  }

  /** How many calls the trace holds. */
  get traced(): number {
    return this.#read(AT.traced);
  }

  /** Name and path of the first call that was made to fail. */
  get failedCall(): string {
    const bytes = Buffer.alloc(FAILED_CALL_BYTES);
    readSync(this.#page, bytes, 0, bytes.length, AT.failedCall);
    return bytes.subarray(0, bytes.indexOf(0)).toString();
  }

  close(): void {
    closeSync(this.#page);
  }

  #read(at: number): number {
    const bytes = Buffer.alloc(4);
    readSync(this.#page, bytes, 0, 4, at);
    return bytes.readUInt32LE(0);
  }

  #write(at: number, value: number): void {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value, 0);
    writeSync(this.#page, bytes, 0, 4, at);
  }
}

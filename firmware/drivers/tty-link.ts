/**
 * The loop's end of the radar's tty: one blocking descriptor for waiting and one non-blocking for looking and writing.
 * The port must have been configured (`radar-port.ts`) with VMIN 0 and VTIME 1: a blocking read then returns after
 * 100 ms at the latest, so the thread can always be ended.
 *
 * What surprised: a hung-up tty gives no error, its reads return zero bytes at once, which is told from a timeout only by
 * the time it took. A tty whose cable is out may give no sign at all: the age of the data is watched by the loop.
 */
import { closeSync, constants, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { KerbsideError } from '../../src/errors.js';
import type { ByteLink } from '../../src/ports/index.js';

/** A blocking read that came back empty sooner than this did not wait for VTIME. */
const TOO_SOON_MS = 20;
/** Empty reads at once in a row that make a hang-up: one alone may be a thread that was stopped and continued. */
const HANG_UP_READS = 3;
/** Commands that the far end does not take are held up to this many bytes. */
const MOST_UNWRITTEN_BYTES = 4096;

export class TtyLink implements ByteLink {
  readonly #path: string;
  readonly #blocking: number;
  readonly #direct: number;
  #emptyAtOnce = 0;
  #unwritten: Uint8Array[] = [];
  #unwrittenBytes = 0;

  /** @throws KerbsideError 'link-lost' when the device has gone since the main thread configured it */
  constructor(path: string) {
    this.#path = path;
    this.#blocking = this.#open(constants.O_RDWR | constants.O_NOCTTY);
    try {
      this.#direct = this.#open(constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    } catch (error) {
      closeSync(this.#blocking);
      throw error;
    }
  }

  readInto(buffer: Uint8Array): number {
    const startedMs = performance.now();
    const count = this.#read(this.#blocking, buffer);
    if (count > 0 || performance.now() - startedMs >= TOO_SOON_MS) {
      this.#emptyAtOnce = 0;
      return count;
    }
    this.#emptyAtOnce += 1;
    if (this.#emptyAtOnce >= HANG_UP_READS) throw this.#lost('was hung up');
    return 0;
  }

  readNow(buffer: Uint8Array): number {
    const count = this.#read(this.#direct, buffer);
    if (count === 0) throw this.#lost('was hung up');
    return Math.max(count, 0);
  }

  /** Never blocks: what the tty does not take is held and goes out before the next bytes (`flush`). */
  write(bytes: Uint8Array): void {
    if (this.#unwrittenBytes + bytes.length > MOST_UNWRITTEN_BYTES) {
      throw this.#lost(`takes no commands: ${this.#unwrittenBytes} bytes wait`);
    }
    this.#unwritten.push(bytes);
    this.#unwrittenBytes += bytes.length;
    this.flush();
  }

  /** Bytes of commands that the far end has not taken yet. */
  get waitingBytes(): number {
    return this.#unwrittenBytes;
  }

  flush(): void {
    for (let first = this.#unwritten[0]; first !== undefined; first = this.#unwritten[0]) {
      const count = this.#write(first);
      this.#unwrittenBytes -= count;
      if (count < first.length) {
        this.#unwritten[0] = first.subarray(count);
        return;
      }
      this.#unwritten.shift();
    }
  }

  /** False when the path leads to another device, or to none: an unplugged and idle port gives no other sign. */
  isSameDevice(path: string): boolean {
    try {
      const now = statSync(path);
      const then = fstatSync(this.#direct);
      return now.rdev === then.rdev && now.ino === then.ino && now.dev === then.dev;
    } catch {
      return false;
    }
  }

  close(): void {
    closeSync(this.#direct);
    closeSync(this.#blocking);
  }

  #open(flags: number): number {
    try {
      return openSync(this.#path, flags);
    } catch (cause) {
      throw this.#lost(`cannot be opened (${codeOf(cause)})`, cause);
    }
  }

  /** Bytes read; -1 when a non-blocking read has to wait. */
  #read(descriptor: number, buffer: Uint8Array): number {
    try {
      return readSync(descriptor, buffer, 0, buffer.length, null);
    } catch (cause) {
      const code = codeOf(cause);
      if (code === 'EAGAIN') return -1;
      throw this.#lost(`gave ${code}`, cause);
    }
  }

  #write(bytes: Uint8Array): number {
    try {
      return writeSync(this.#direct, bytes, 0, bytes.length, null);
    } catch (cause) {
      const code = codeOf(cause);
      if (code === 'EAGAIN') return 0;
      throw this.#lost(`gave ${code} for a command`, cause);
    }
  }

  #lost(what: string, cause?: unknown): KerbsideError {
    return new KerbsideError('link-lost', `radar link: ${this.#path} ${what}; expected the radar`, { cause });
  }
}

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? String(cause);

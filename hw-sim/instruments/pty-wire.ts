/**
 * A serial cable: a pty pair behind a stable device name (a symbolic link, changed by rename), that can be pulled and
 * put back. node-pty's native open() is used because its JavaScript one reads from the slave and so steals bytes.
 * What a pty does not do by itself, and how it is made honest here:
 *   - It has no speed: each byte becomes readable no earlier than a wire at this baud rate would have delivered it.
 *   - It keeps bytes for a reader who comes later: until the host has said its first word since the cable went in, what
 *     is sent goes nowhere, as on a wire with a closed port at its end. (Every driver of ours speaks first.)
 *   - Its descriptors are inherited by every process that is started meanwhile, and such a process keeps the far end from
 *     seeing a hang-up: whoever starts one must leave out `descriptors`.
 *   - It has no parity; the frame length on the wire still counts the parity bit.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, readSync, renameSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Clock } from '../../src/ports/index.js';
import { SimulationProblem } from '../problem.js';

interface PtyPair {
  readonly master: number;
  readonly slave: number;
  readonly pty: string;
}
interface PtyNative {
  open(columns: number, rows: number): PtyPair;
}

function openPair(): PtyPair {
  const require = createRequire(import.meta.url);
  const utils = require('node-pty/lib/utils.js') as { loadNativeModule(name: string): { module: PtyNative } };
  const pair = utils.loadNativeModule('pty').module.open(80, 24);
  // At once: until then the terminal echoes what the host has not even read.
  execFileSync('stty', ['-F', pair.pty, 'raw', '-echo']);
  return pair;
}

export interface PtyWireOptions {
  /** The device name that the controller opens. */
  readonly devicePath: string;
  readonly baudRate: number;
  readonly parity: 'none' | 'odd' | 'even';
  readonly clock: Clock;
  /** What the host says. */
  readonly onBytes: (bytes: Uint8Array) => void;
}

interface Sending {
  readonly bytes: Uint8Array;
  readonly startNs: number;
  sent: number;
}

/** No more than a second's traffic waits for the wire. */
const MOST_QUEUED = 200;

export class PtyWire {
  readonly #options: PtyWireOptions;
  readonly #byteNs: number;
  readonly #buffer = Buffer.alloc(4096);
  #pair: PtyPair | null = null;
  #heard = false;
  #queue: Sending[] = [];
  #freeNs = 0;
  #pump: NodeJS.Timeout | null = null;
  /** Bytes that nobody took: no listener, or a reader that fell too far behind. */
  lostBytes = 0;

  constructor(options: PtyWireOptions) {
    this.#options = options;
    const bits = 1 + 8 + (options.parity === 'none' ? 0 : 1) + 1;
    this.#byteNs = (bits / options.baudRate) * 1e9;
  }

  get plugged(): boolean {
    return this.#pair !== null;
  }

  /** Open file descriptors that no child process may inherit. */
  get descriptors(): readonly number[] {
    return this.#pair ? [this.#pair.master, this.#pair.slave] : [];
  }

  /** @throws SimulationProblem where this machine gives no pty */
  plug(): void {
    if (this.#pair) return;
    try {
      this.#pair = openPair();
      const temporary = `${this.#options.devicePath}.new`;
      rmSync(temporary, { force: true });
      symlinkSync(this.#pair.pty, temporary);
      renameSync(temporary, this.#options.devicePath);
    } catch (error) {
      throw new SimulationProblem(`no pseudo terminal for ${this.#options.devicePath}: ${(error as Error).message}`, {
        cause: error,
      });
    }
    this.#heard = false;
    this.#queue = [];
    this.#pump = setInterval(() => {
      this.#turn();
    }, 1);
  }

  /** Pulls the cable: the name is gone and whoever reads gets a hang-up. */
  unplug(): void {
    if (!this.#pair) return;
    if (this.#pump) clearInterval(this.#pump);
    this.#pump = null;
    rmSync(this.#options.devicePath, { force: true });
    closeSync(this.#pair.master);
    closeSync(this.#pair.slave);
    this.#pair = null;
    this.#queue = [];
  }

  /** One message; it follows what is still on the wire. */
  send(bytes: Uint8Array): void {
    if (!this.#pair || !this.#heard || this.#queue.length >= MOST_QUEUED) {
      this.lostBytes += bytes.length;
      return;
    }
    const startNs = Math.max(this.#options.clock.monotonicNs(), this.#freeNs);
    this.#freeNs = startNs + bytes.length * this.#byteNs;
    this.#queue.push({ bytes, startNs, sent: 0 });
  }

  #turn(): void {
    this.#receive();
    const now = this.#options.clock.monotonicNs();
    while (this.#pair && this.#queue.length > 0) {
      const head = this.#queue[0] as Sending;
      const due = Math.min(head.bytes.length, Math.floor((now - head.startNs) / this.#byteNs));
      if (due > head.sent) {
        this.#write(this.#pair, head.bytes.subarray(head.sent, due));
        head.sent = due;
      }
      if (head.sent < head.bytes.length) return;
      this.#queue.shift();
    }
  }

  #write(pair: PtyPair, bytes: Uint8Array): void {
    try {
      this.lostBytes += bytes.length - writeSync(pair.master, bytes);
    } catch (error) {
      // The reader has stopped reading: a wire does not wait for it.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      this.lostBytes += bytes.length;
    }
  }

  #receive(): void {
    if (!this.#pair) return;
    try {
      const count = readSync(this.#pair.master, this.#buffer);
      if (count === 0) return;
      this.#heard = true;
      this.#options.onBytes(Uint8Array.from(this.#buffer.subarray(0, count)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

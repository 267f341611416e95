/**
 * The other end of the simulated lines (contract, `driver: simulated`): a client of the controller's Unix socket that
 * sees outputs change and writes inputs, one JSON line each.
 */
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import type { Clock, SimulatedLineMessage } from '../../src/ports/index.js';

const RETRY_MS = 50;
const LONGEST_LINE = 1000;

export class LinesClient {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #onOutput: (message: SimulatedLineMessage) => void;
  #socket: Socket | null = null;
  #retry: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(path: string, clock: Clock, onOutput: (message: SimulatedLineMessage) => void) {
    this.#path = path;
    this.#clock = clock;
    this.#onOutput = onOutput;
  }

  /** Keeps trying: the controller makes its socket when it is ready, and again after a restart. */
  connect(): void {
    if (this.#closed) return;
    const socket = createConnection(this.#path);
    let pending = '';
    socket.on('connect', () => {
      this.#socket = socket;
    });
    socket.on('data', (chunk: Buffer) => {
      const lines = (pending + chunk.toString('utf8')).split('\n');
      pending = (lines.pop() ?? '').slice(-LONGEST_LINE);
      for (const line of lines) this.#take(line);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#socket = null;
      if (!this.#closed) {
        this.#retry = setTimeout(() => {
          this.connect();
        }, RETRY_MS);
      }
    });
  }

  get connected(): boolean {
    return this.#socket !== null;
  }

  /** An input of the controller changes now. Lost when nobody is connected, as a voltage is. */
  set(line: SimulatedLineMessage['line'], value: 0 | 1): void {
    const message: SimulatedLineMessage = { line, value, monotonicNs: String(this.#clock.monotonicNs()) };
    this.#socket?.write(`${JSON.stringify(message)}\n`);
  }

  close(): void {
    this.#closed = true;
    if (this.#retry) clearTimeout(this.#retry);
    this.#socket?.destroy();
  }

  #take(line: string): void {
    if (line.trim() === '') return;
    const message = JSON.parse(line) as SimulatedLineMessage;
    this.#onOutput(message);
  }
}

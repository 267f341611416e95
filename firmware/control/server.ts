/**
 * The controller's side of the control socket. Nothing that comes in can hurt: length, time, number of clients and waiting
 * requests are bounded, and what is not understood is answered with one sentence.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { KerbsideError } from '../../src/errors.js';
import type { Status } from '../office/status.js';
import type { DataDirLock } from '../store/lock.js';
import { LineReader } from './lines.js';
import { CONTROL_LIMITS, errorReply, parseRequest, type ControlReply, type ControlRequest } from './messages.js';
import { listenInFolder } from './socket-file.js';

/** What the socket leads to. */
export interface ControlDesk {
  readonly status: Status;
  /** @returns call to be told no more */
  onChange(listener: (status: Status) => void): () => void;
  /** @throws KerbsideError with the sentence that the caller gets */
  handle(request: ControlRequest): Promise<unknown>;
}

export type ControlLimits = { readonly [Limit in keyof typeof CONTROL_LIMITS]: number };

export class ControlServer {
  readonly #desk: ControlDesk;
  readonly #limits: ControlLimits;
  readonly #server: Server;
  readonly #clients = new Set<Client>();
  #lock: DataDirLock | null = null;

  /** @throws KerbsideError 'store-locked', 'control-socket' */
  static async start(dataDir: string, desk: ControlDesk, limits: Partial<ControlLimits> = {}): Promise<ControlServer> {
    const server = new ControlServer(desk, { ...CONTROL_LIMITS, ...limits });
    server.#lock = await listenInFolder(server.#server, dataDir);
    return server;
  }

  private constructor(desk: ControlDesk, limits: ControlLimits) {
    this.#desk = desk;
    this.#limits = limits;
    // Half open: whoever pipes one line into the socket closes its own side first and still gets the reply.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#welcome(socket);
    });
  }

  /** What was asked is answered first; then everybody is let go and the socket is gone. */
  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    await Promise.all([...this.#clients].map((client) => client.finish()));
    await ended;
    await this.#lock?.release();
    this.#lock = null;
  }

  #welcome(socket: Socket): void {
    const client = new Client(socket, this.#desk, this.#limits);
    if (this.#clients.size >= this.#limits.clients) {
      client.refuse(`${this.#limits.clients} clients are connected already, expected fewer; try again`);
      return;
    }
    this.#clients.add(client);
    socket.on('close', () => this.#clients.delete(client));
  }
}

/** The last words of an answer must reach a reader who reads, and hold up nobody. */
const FAREWELL_MS = 500;

class Client {
  readonly #lines: LineReader;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();
  #unsubscribe: (() => void) | null = null;
  #halfway: NodeJS.Timeout | null = null;
  #due: NodeJS.Timeout | null = null;
  #ended = false;

  constructor(
    private readonly socket: Socket,
    private readonly desk: ControlDesk,
    private readonly limits: ControlLimits,
  ) {
    this.#lines = new LineReader(limits.requestLength);
    socket.setEncoding('utf8');
    socket.setTimeout(limits.idleMs, () => {
      if (this.#waiting === 0 && this.#unsubscribe === null) socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: string) => {
      this.#read(chunk);
    });
    socket.on('end', () => {
      this.#ended = true;
      if (this.#waiting === 0) socket.end();
    });
    socket.on('close', () => {
      this.#forget();
    });
  }

  refuse(what: string): void {
    this.#send(errorReply(0, new KerbsideError('request-invalid', `Control socket: ${what}.`)));
    this.socket.end();
    this.socket.destroySoon();
  }

  async finish(): Promise<void> {
    const patience = setTimeout(() => this.socket.destroy(), FAREWELL_MS);
    await Promise.race([this.#last, new Promise((resolve) => this.socket.once('close', resolve))]);
    this.#forget();
    if (!this.socket.destroyed) {
      const closed = new Promise((resolve) => this.socket.once('close', resolve));
      this.socket.destroySoon();
      await closed;
    }
    clearTimeout(patience);
  }

  #forget(): void {
    this.#unsubscribe?.();
    for (const timer of [this.#halfway, this.#due]) if (timer !== null) clearTimeout(timer);
  }

  #read(chunk: string): void {
    for (const line of this.#lines.push(chunk)) {
      if (line === null) {
        this.refuse(`a request longer than ${this.limits.requestLength} characters was found`);
        return;
      }
      this.#waiting += 1;
      if (this.#waiting > this.limits.waiting) {
        this.refuse(`more than ${this.limits.waiting} requests wait, expected the replies to be read first`);
        return;
      }
      this.#last = this.#last.then(() => this.#answer(line));
    }
    this.#watchHalfway();
  }

  /** From the first character of a request on, so that one sent a byte at a time does not hold a place for ever. */
  #watchHalfway(): void {
    if (!this.#lines.isHalfway) {
      if (this.#halfway !== null) clearTimeout(this.#halfway);
      this.#halfway = null;
      return;
    }
    this.#halfway ??= setTimeout(() => {
      this.refuse(`a request was begun and not ended within ${this.limits.requestMs} ms, expected a whole line`);
    }, this.limits.requestMs);
  }

  async #answer(line: string): Promise<void> {
    let id = 0;
    try {
      const request = parseRequest(line);
      ({ id } = request);
      if (request.type === 'subscribe') this.#subscribe(id);
      else if (request.type === 'status') this.#send({ id, ok: true, result: this.desk.status });
      else this.#send({ id, ok: true, result: await this.desk.handle(request) });
    } catch (error) {
      this.#send(errorReply(id, error));
    }
    this.#waiting -= 1;
    if (this.#ended && this.#waiting === 0) this.socket.end();
  }

  #subscribe(id: number): void {
    this.#send({ id, ok: true, result: this.desk.status });
    this.#unsubscribe ??= this.desk.onChange(() => {
      this.#due ??= setTimeout(() => {
        this.#due = null;
        this.#send({ status: this.desk.status });
      }, this.limits.changeEveryMs);
    });
  }

  #send(message: ControlReply | { readonly status: Status }): void {
    if (!this.socket.writable) return;
    if (this.socket.writableLength > this.limits.backlogBytes) this.socket.destroy();
    else this.socket.write(`${JSON.stringify(message)}\n`);
  }
}

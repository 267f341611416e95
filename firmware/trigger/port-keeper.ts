/**
 * Keeps the radar's port open: the first time a failure is the session's end, later it is tried again with growing
 * pauses. A new port object for each connection, since serialport delivers what was written to a dead port after it is
 * opened again, a stale command. The old one is closed before, whatever state it is in.
 */
import { KerbsideError } from '../../src/errors.js';
import type { OpenPort } from '../drivers/radar-port.js';

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5000;
/** A link that held for so long was a good one: the next loss starts with short pauses again. */
const GOOD_LINK_MS = 5000;

export interface PortKeeperParts {
  readonly open: () => Promise<OpenPort>;
  readonly onOpen: (devicePath: string) => void;
  readonly nowMs: () => number;
}

export class PortKeeper {
  readonly #parts: PortKeeperParts;
  #port: OpenPort | null = null;
  #retryMs = FIRST_RETRY_MS;
  #openedMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(parts: PortKeeperParts) {
    this.#parts = parts;
  }

  /** @throws KerbsideError when the port cannot be opened now */
  async open(): Promise<void> {
    const port = await this.#parts.open();
    if (this.#closed) {
      await port.close();
      return;
    }
    this.#port = port;
    this.#openedMs = this.#parts.nowMs();
    this.#parts.onOpen(port.devicePath);
  }

  /** The reader has found the link dead: close and open again, for as long as it takes. */
  async lost(): Promise<void> {
    const port = this.#port;
    this.#port = null;
    if (port !== null && this.#parts.nowMs() - this.#openedMs >= GOOD_LINK_MS) this.#retryMs = FIRST_RETRY_MS;
    await port?.close();
    this.#retryLater();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const port = this.#port;
    this.#port = null;
    await port?.close();
  }

  #retryLater(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#retry(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  async #retry(): Promise<void> {
    this.#timer = null;
    try {
      await this.open();
    } catch (error) {
      if (!(error instanceof KerbsideError)) throw error;
      this.#retryLater();
    }
  }
}

/**
 * Everything that the office writes goes through here, one at a time and in order. A failure that may pass (full disk,
 * I/O) is tried again until it succeeds, so nothing is lost and nothing overtakes; the controller is told meanwhile. A
 * failure that cannot pass is a defect or damage and ends the session.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { KerbsideError } from '../../src/errors.js';
import { mayPass } from '../store/database.js';
import type { StorageHealth } from './health.js';

export interface WriteQueueOptions {
  readonly health: StorageHealth;
  readonly retryMs: number;
  readonly onFatal: (error: unknown) => void;
}

export class WriteQueue {
  readonly #options: WriteQueueOptions;
  readonly #givenUp = new AbortController();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  /** @returns what `work` gives once it has succeeded; rejects when it never can */
  write<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting += 1;
    const result = this.#last
      .then(() => this.#persist(work))
      .finally(() => {
        this.#waiting -= 1;
      });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** For work whose outcome nobody waits for; a fatal failure is reported all the same. */
  post(work: () => Promise<unknown>): void {
    this.write(work).catch(() => undefined);
  }

  get isEmpty(): boolean {
    return this.#waiting === 0;
  }

  /** Resolves when everything so far is written (or given up). */
  async settled(): Promise<void> {
    await this.#last;
  }

  /** No more retries: the session ends. What could not be written is found open at the next start. */
  giveUp(): void {
    this.#givenUp.abort();
  }

  async #persist<T>(work: () => Promise<T>): Promise<T> {
    const { health, retryMs, onFatal } = this.#options;
    for (;;) {
      try {
        const result = await work();
        health.recovered('store');
        return result;
      } catch (error) {
        // Running out of numbers is an answer, not a failure of the store.
        if (error instanceof KerbsideError && error.kind === 'icn-exhausted') throw error;
        if (!mayPass(error)) {
          onFatal(error);
          throw error;
        }
        if (this.#givenUp.signal.aborted) throw error;
        health.failed('store', error instanceof Error ? error.message : String(error));
        await delay(retryMs, undefined, { signal: this.#givenUp.signal }).catch(() => undefined);
      }
    }
  }
}

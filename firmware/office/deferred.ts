/** A promise with its handles outside (Promise.withResolvers came with Node 22), and waiting with patience. */
import { setTimeout as delay } from 'node:timers/promises';

export class Deferred<T> {
  readonly promise: Promise<T>;
  resolve!: (value: T) => void;
  reject!: (reason: Error) => void;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Nobody may be waiting yet (or ever): that is no crash.
    this.promise.catch(() => undefined);
  }
}

/** @returns false when `done` did not come within `patienceMs`; leaves no timer behind */
export async function within(patienceMs: number, done: Promise<unknown>): Promise<boolean> {
  const patience = new AbortController();
  const late = delay(patienceMs, false, { signal: patience.signal }).catch(() => false);
  try {
    return await Promise.race([done.then(() => true), late]);
  } finally {
    patience.abort();
  }
}

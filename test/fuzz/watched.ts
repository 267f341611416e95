/**
 * The memory that a hunting thread shares with the one that watches it. The input is written there before it is run, so
 * that it is not lost when the reader never comes back or takes its thread with it.
 */

/** More than any input has. */
export const MOST_WATCHED_BYTES = 1 << 20;

const RUNS = 0;
const BUSY = 1;
const LENGTH = 2;
const TARGET = 3;
const HEAD_WORDS = 4;

export class WatchedInput {
  readonly memory: SharedArrayBuffer;
  readonly #head: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(memory = new SharedArrayBuffer(HEAD_WORDS * 4 + MOST_WATCHED_BYTES)) {
    this.memory = memory;
    this.#head = new Int32Array(memory, 0, HEAD_WORDS);
    this.#bytes = new Uint8Array(memory, HEAD_WORDS * 4);
  }

  /** The hunting thread: these bytes are run next. */
  begin(target: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes.subarray(0, MOST_WATCHED_BYTES));
    Atomics.store(this.#head, LENGTH, Math.min(bytes.length, MOST_WATCHED_BYTES));
    Atomics.store(this.#head, TARGET, target);
    Atomics.add(this.#head, RUNS, 1);
    Atomics.store(this.#head, BUSY, 1);
  }

  end(): void {
    Atomics.store(this.#head, BUSY, 0);
  }

  /** The watching thread: which run is under way; null between runs. */
  get run(): number | null {
    return Atomics.load(this.#head, BUSY) === 1 ? Atomics.load(this.#head, RUNS) : null;
  }

  get target(): number {
    return Atomics.load(this.#head, TARGET);
  }

  /** A copy. */
  get input(): Uint8Array {
    return Uint8Array.from(this.#bytes.subarray(0, Atomics.load(this.#head, LENGTH)));
  }
}

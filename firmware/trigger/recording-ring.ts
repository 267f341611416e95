/**
 * What the loop keeps for the recording until there is time to hand it over: every input and what the controller made of
 * it. It never waits and never grows without bound: what does not fit is counted and stands as lost in the recording.
 */
import type { Step } from '../../src/recording/types.js';
import type { Input, Output } from '../../src/timeline.js';
import { NS_PER_MS, type MonotonicNs } from '../../src/units.js';

/** One message's worth, in order. */
export interface RecordedBatch {
  readonly steps: readonly Step[];
  /** What did not fit after these steps: how many inputs, and when the first of them came; null: nothing. */
  readonly lost: { readonly atNs: MonotonicNs; readonly inputs: number } | null;
}

interface Batch {
  readonly steps: Step[];
  lost: { readonly atNs: MonotonicNs; inputs: number } | null;
  bytes: number;
}

export interface RingLimits {
  readonly steps: number;
  /** Of the radar. */
  readonly bytes: number;
}

/** Half a minute of the fastest radar beside a speeder who never leaves the beam. */
const LIMITS: RingLimits = { steps: 32_768, bytes: 8 * 1024 * 1024 };
const EVERY_NS = 100 * NS_PER_MS;
/** Copied to another thread in less than a millisecond. */
const BATCH_STEPS = 128;
const BATCH_BYTES = 64 * 1024;

export class RecordingRing {
  readonly #limits: RingLimits;
  readonly #batches: Batch[] = [];
  #steps = 0;
  #bytes = 0;
  #lastTakenNs = 0;

  constructor(limits: RingLimits = LIMITS) {
    this.#limits = limits;
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  get isHalfFull(): boolean {
    return this.#steps * 2 > this.#limits.steps || this.#bytes * 2 > this.#limits.bytes;
  }

  /** @param outputs left alone from here on */
  add(input: Input, outputs: readonly Output[]): void {
    const bytes = input.type === 'radar-bytes' ? input.bytes.length : 0;
    if (this.#steps >= this.#limits.steps || this.#bytes + bytes > this.#limits.bytes) {
      this.#lose(input);
      return;
    }
    const batch = this.#openBatch();
    batch.steps.push({ input, outputs });
    batch.bytes += bytes;
    this.#steps += 1;
    this.#bytes += bytes;
  }

  /** Something waits, and for long enough. */
  isDue(atNs: MonotonicNs): boolean {
    if (this.#batches.length === 0) return false;
    return this.#batches.length > 1 || atNs - this.#lastTakenNs >= EVERY_NS;
  }

  /** The oldest batch; null: nothing waits. */
  take(atNs: MonotonicNs): RecordedBatch | null {
    this.#lastTakenNs = atNs;
    const batch = this.#batches.shift();
    if (batch === undefined) return null;
    this.#steps -= batch.steps.length;
    this.#bytes -= batch.bytes;
    return { steps: batch.steps, lost: batch.lost };
  }

  /** What follows a loss stands in another batch. */
  #openBatch(): Batch {
    const last = this.#batches.at(-1);
    if (last !== undefined && last.lost === null && last.steps.length < BATCH_STEPS && last.bytes < BATCH_BYTES) {
      return last;
    }
    const batch: Batch = { steps: [], lost: null, bytes: 0 };
    this.#batches.push(batch);
    return batch;
  }

  #lose({ atNs }: Input): void {
    let last = this.#batches.at(-1);
    if (last === undefined) this.#batches.push((last = { steps: [], lost: null, bytes: 0 }));
    if (last.lost === null) last.lost = { atNs, inputs: 1 };
    else last.lost.inputs += 1;
  }
}

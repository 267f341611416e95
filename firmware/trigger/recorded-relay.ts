/**
 * From the loop's thread to the office. An office that does not read would make the channel's queue grow without end, in the
 * process that must never fail: so only so many batches may be under way, and the rest is counted.
 */
import type { MonotonicNs } from '../../src/units.js';
import type { RecordedBatch } from './recording-ring.js';

/** @param written called when the office's end of the channel has taken it */
type Send = (batch: RecordedBatch, written: () => void) => void;

/** Some minutes of a busy road. */
const MOST_UNDER_WAY = 2000;

export class RecordedRelay {
  readonly #send: Send;
  readonly #most: number;
  #underWay = 0;
  #lost: { readonly atNs: MonotonicNs; inputs: number } | null = null;

  constructor(send: Send, most = MOST_UNDER_WAY) {
    this.#send = send;
    this.#most = most;
  }

  pass(batch: RecordedBatch): void {
    const { steps, lost } = batch;
    if (this.#underWay >= this.#most) {
      const atNs = steps[0]?.input.atNs ?? lost?.atNs;
      if (atNs === undefined) return;
      this.#lost ??= { atNs, inputs: 0 };
      this.#lost.inputs += steps.length + (lost?.inputs ?? 0);
      return;
    }
    // What was lost came before.
    if (this.#lost !== null) this.#pass({ steps: [], lost: this.#lost });
    this.#lost = null;
    this.#pass(batch);
  }

  #pass(batch: RecordedBatch): void {
    this.#underWay += 1;
    this.#send(batch, () => {
      this.#underWay -= 1;
    });
  }
}

/**
 * A radar that never answered is asked again now and then, in case it was still starting or its cable was only half
 * plugged in. The pauses grow: whatever is written to a port that nobody reads piles up there.
 */
import { NS_PER_S, type MonotonicNs } from '../units.js';

const FIRST_PAUSE_NS = 5 * NS_PER_S;
const LONGEST_PAUSE_NS = 60 * NS_PER_S;
/** Only a reply this soon after the question is its answer; others come with the stream. */
const ANSWER_NS = 1 * NS_PER_S;

export class MuteProbe {
  #pauseNs = FIRST_PAUSE_NS;
  #sentNs: number | null = null;
  #nextNs: number | null = null;

  reset(): void {
    this.#pauseNs = FIRST_PAUSE_NS;
    this.#sentNs = null;
    this.#nextNs = null;
  }

  /** @returns true when the question is due now */
  isDue(atNs: MonotonicNs): boolean {
    this.#nextNs ??= atNs + this.#pauseNs;
    if (atNs < this.#nextNs) return false;
    this.#pauseNs = Math.min(2 * this.#pauseNs, LONGEST_PAUSE_NS);
    this.#sentNs = atNs;
    this.#nextNs = atNs + this.#pauseNs;
    return true;
  }

  isAnswer(atNs: number): boolean {
    return this.#sentNs !== null && atNs - this.#sentNs <= ANSWER_NS;
  }
}

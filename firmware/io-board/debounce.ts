/**
 * A key that bounces: a new state counts once it was held for a while. Times are those at which the board was certainly
 * still in that state, so a process that was held up never takes a bounce for a press.
 */
import { NS_PER_MS, type MonotonicNs } from '../../src/units.js';

export class Debounce {
  readonly #holdNs: number;
  #seen: boolean | null = null;
  #sinceNs = 0;
  #settled: boolean | null = null;

  constructor(holdMs: number) {
    this.#holdNs = holdMs * NS_PER_MS;
  }

  /** Each level that the board tells, changed or not. */
  feed(pressed: boolean, atNs: MonotonicNs): void {
    if (pressed === this.#seen) return;
    this.#seen = pressed;
    this.#sinceNs = atNs;
  }

  /**
   * @param heldNs the level fed last held until then at least
   * @returns null until the key has come to rest for the first time
   */
  settled(heldNs: MonotonicNs): boolean | null {
    if (this.#seen !== null && heldNs - this.#sinceNs >= this.#holdNs) this.#settled = this.#seen;
    return this.#settled;
  }
}

/** Line changes that are still to come (pulse ends, the shutter after the flash's lead), in the order of their times. */
import { KerbsideError } from '../../src/errors.js';
import type { Output, OutputLineName } from '../../src/timeline.js';
import type { MonotonicNs } from '../../src/units.js';

export type LineChange = Extract<Output, { type: 'line' }>;

/** Two lines with a pulse each need four; more than this is a controller gone wrong. */
const MOST_CHANGES = 64;

export class LineSchedule {
  readonly #changes: LineChange[] = [];

  /** When the next change is due; Infinity when there is none. */
  get nextNs(): number {
    return this.#changes[0]?.atNs ?? Number.POSITIVE_INFINITY;
  }

  /** Changes of the same time keep the order in which they were added. */
  add(change: LineChange): void {
    if (this.#changes.length >= MOST_CHANGES) {
      throw new KerbsideError('line-failed', `lines: ${MOST_CHANGES} changes wait for their time; expected at most 4`);
    }
    let index = this.#changes.length;
    while (index > 0 && (this.#changes[index - 1]?.atNs ?? 0) > change.atNs) index -= 1;
    this.#changes.splice(index, 0, change);
  }

  /** Carries out all that is due at `atNs`. */
  run(atNs: MonotonicNs, set: (line: OutputLineName, value: 0 | 1) => void): void {
    for (let first = this.#changes[0]; first !== undefined && first.atNs <= atNs; first = this.#changes[0]) {
      this.#changes.shift();
      set(first.line, first.value);
    }
  }

  clear(): void {
    this.#changes.length = 0;
  }
}

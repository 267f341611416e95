/** What was done to the van, as far as it explains what the camera did or could not know. */
import type { Truth, TruthFault } from '../../../src/ports/pretend.js';

/** A place that is wrong by less than what the van may move looks like its own place. */
const WRONG_PLACE = new Set(['gps-jump', 'gps-drift', 'gps-lured', 'gps-spoofed', 'gps-stuck', 'gps-garbage']);

export class TruthFaults {
  readonly #faults: readonly TruthFault[];

  constructor({ faults }: Truth) {
    this.#faults = faults;
  }

  between(fromS: number, toS: number): TruthFault[] {
    return this.#faults.filter((fault) => fault.fromS <= toS && fault.toS >= fromS);
  }

  /** Their names, for a sentence. */
  names(fromS: number, toS: number): string {
    const names = new Set(this.between(fromS, toS).map(({ fault }) => fault));
    return names.size === 0 ? 'no fault at work' : `at work: ${[...names].join(', ')}`;
  }

  /** The receiver told of another place in this time. */
  misplaced(fromS: number, toS: number): boolean {
    return this.between(fromS, toS).some(({ fault }) => WRONG_PLACE.has(fault));
  }

  has(name: string, fromS: number, toS: number): boolean {
    return this.between(fromS, toS).some(({ fault }) => fault === name);
  }
}

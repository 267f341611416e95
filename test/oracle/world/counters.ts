/**
 * The camera counts its exposures as its feedback line does: from the sync shot on the number in the file name goes on by one
 * with each rising edge (imaging.md, "Tying an image to its trigger", rule 4). An image whose number is another is never
 * issued, however well its time agrees.
 */
import type { ConcludedExposure } from '../../../src/evidence/types.js';
import type { Findings } from './findings.js';

interface Synced {
  readonly counter: number;
  readonly edge: number;
}

/** A camera that counts to 9999 begins again at 0 or 1. */
const WRAPS_FROM = 9990;

export class Counters {
  readonly #findings: Findings;
  /** Which edge of this life it was, by its time. */
  readonly #edges = new Map<number, number>();
  #synced: Synced | null = null;

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  newLife(): void {
    this.#edges.clear();
    this.#synced = null;
  }

  strobe(atNs: number): void {
    this.#edges.set(atNs, this.#edges.size + 1);
  }

  concluded({ icn, kind, strobeNs, matching, concludedNs }: ConcludedExposure): void {
    const counter = matching?.counter ?? null;
    const edge = strobeNs === null ? undefined : this.#edges.get(strobeNs);
    if (kind === 'sync') this.#synced = counter === null || edge === undefined ? null : { counter, edge };
    if (kind !== 'incident' && kind !== 'alignment') return;
    if (this.#synced === null || edge === undefined || this.#synced.counter >= WRAPS_FROM) return;
    const expected = this.#synced.counter + edge - this.#synced.edge;
    if (counter === expected) return;
    const found = `${icn} is issued as ${kind} with image ${String(counter)}`;
    this.#findings.add(
      'image-counter',
      concludedNs,
      `${found} of the camera, its feedback makes it ${String(expected)}.`,
    );
  }
}

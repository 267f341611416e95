/** What was found wrong, in sentences; so many of one kind and no more, since one fault of the product shows in all it does. */
import type { WorldFinding } from '../../../src/ports/pretend.js';

export const INVARIANTS = [
  // What may be enforced.
  ...(['not-above-threshold', 'in-exclusion-zone', 'wrong-direction', 'unmonitored-lane'] as const),
  ...(['wrong-lane', 'ghost-enforced', 'wrong-speed', 'test-reading', 'speed-differs', 'missed-offender'] as const),
  ...(['two-vehicles'] as const),
  // What is stated of it.
  ...(['wrong-time', 'wrong-place', 'wrong-limit', 'school-closed'] as const),
  // Numbers and records.
  ...([
    'icn-twice',
    'icn-hole',
    'icn-unknown',
    'icn-fate',
    'left-open',
    'chain-broken',
    'record-unreadable',
    'record-misplaced',
  ] as const),
  ...(['not-demo', 'image-damaged', 'image-missing', 'image-twice', 'image-foreign', 'wrong-image'] as const),
  // Firing.
  ...([
    'fire-not-enforcing',
    'fire-unfit',
    'fire-check-failed',
    'fire-place-illegal',
    'fire-unsynced',
    'fire-armed-late',
    'strobe-window',
  ] as const),
  // What it says of itself, and what it must not sleep through.
  ...(['enforcing-unfit', 'image-unnumbered', 'image-counter'] as const),
  ...(['line-pulse', 'line-stuck', 'line-too-soon', 'line-alone', 'line-flash'] as const),
] as const;
export type Invariant = (typeof INVARIANTS)[number];

const MOST_OF_ONE = 50;

export class Findings {
  readonly #found: { readonly invariant: Invariant; readonly atNs: number | null; readonly sentence: string }[] = [];
  readonly #counts = new Map<Invariant, number>();

  add(invariant: Invariant, atNs: number | null, sentence: string): void {
    const count = (this.#counts.get(invariant) ?? 0) + 1;
    this.#counts.set(invariant, count);
    if (count <= MOST_OF_ONE) this.#found.push({ invariant, atNs, sentence });
  }

  list(startNs: number): WorldFinding[] {
    const listed: WorldFinding[] = this.#found.map(({ invariant, atNs, sentence }) => ({
      ...{ invariant, sentence },
      atS: atNs === null ? null : Math.round((atNs - startNs) / 1e6) / 1000,
    }));
    for (const [invariant, count] of this.#counts) {
      const more = count - MOST_OF_ONE;
      if (more > 0) listed.push({ invariant, atS: null, sentence: `${String(more)} more of these.` });
    }
    return listed;
  }
}

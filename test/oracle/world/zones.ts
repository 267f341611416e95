/** DEP-8 and DEP-9 by the truth: whom they protect, and whether this van may stand where it stands. */
import type { Truth } from '../../../src/ports/pretend.js';
import type { WorldSettings } from './settings.js';

interface Point {
  readonly rule: 'DEP-8' | 'DEP-9';
  readonly chainageM: number;
}

export class Zones {
  readonly #points: readonly Point[];
  readonly #zoneM: number;
  readonly #vanM: number;
  /** Smallest allowed distance of the van. */
  readonly boundM: number;

  constructor({ site, van }: Truth, { zoneM, perLaneM }: WorldSettings) {
    const monitored = site.lanes.filter((lane) => lane.monitored);
    const concerned = new Set(monitored.map(({ direction }) => direction));
    const points = (rule: Point['rule'], list: Truth['site']['merges']): Point[] =>
      list.filter(({ direction }) => concerned.has(direction)).map(({ chainageM }) => ({ rule, chainageM }));
    this.#points = [...points('DEP-8', site.limitDrops), ...points('DEP-9', site.merges)];
    this.#zoneM = zoneM;
    this.#vanM = van.chainageM;
    const flat = Math.tan(((van.angleDeg - van.beamWidthDeg / 2) * Math.PI) / 180);
    const reachM = Math.max(0, ...monitored.map(({ lateralM, widthM }) => (lateralM + widthM / 2) / flat));
    this.boundM = zoneM + Math.max(perLaneM * monitored.length, reachM);
  }

  /** How far the nearest end of a stretch is inside a zone; negative: outside by so much. */
  insideM(fromM: number, toM: number): { readonly byM: number; readonly rule: string } {
    let worst = { byM: Number.NEGATIVE_INFINITY, rule: '' };
    for (const { rule, chainageM } of this.#points) {
      const byM = this.#zoneM - Math.max(fromM - chainageM, chainageM - toM, 0);
      if (byM > worst.byM) worst = { byM, rule };
    }
    return worst;
  }

  /** By how much the van stands too near; negative: far enough by so much. */
  vanTooNearM(): number {
    const nearestM = Math.min(Infinity, ...this.#points.map(({ chainageM }) => Math.abs(this.#vanM - chainageM)));
    return this.boundM - nearestM;
  }
}

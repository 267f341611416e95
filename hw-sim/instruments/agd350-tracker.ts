/**
 * The pretend radar's tracker. Echoes that move the same way and lie in one resolution cell (range and angle) cannot be
 * told apart: they share one track, and each frame that track takes on the stronger of the two. Echoes fluctuate from
 * frame to frame (Swerling 1), so a car and the motorcycle beside it make one track that jumps between two speeds,
 * which is just what measurement must notice.
 */
import type { Random } from '../prng.js';
import type { Echo } from '../road/beam.js';
import { meanStrengthDb } from '../road/beam.js';

export interface ResolutionCell {
  readonly rangeM: number;
  readonly angleDeg: number;
}

/** What a 24 GHz sensor with a few hundred megahertz of sweep and a few receiving antennas can separate. */
export const DEFAULT_CELL: ResolutionCell = { rangeM: 2.5, angleDeg: 4 };

export interface TrackedEcho {
  readonly track: number;
  readonly echo: Echo;
  readonly strengthDb: number;
}

interface Cell {
  readonly members: Echo[];
}

/** True where a radar with this resolution sees one target instead of two. */
export function sameCell(a: Echo, b: Echo, cell: ResolutionCell): boolean {
  return (
    Math.sign(a.radialKmh) === Math.sign(b.radialKmh) &&
    Math.abs(a.rangeM - b.rangeM) < cell.rangeM &&
    Math.abs(a.sightAngleDeg - b.sightAngleDeg) < cell.angleDeg
  );
}

export class Tracker {
  readonly #random: Random;
  readonly #cell: ResolutionCell;
  readonly #trackOf = new Map<string, number>();
  #lastTrack = 0;

  constructor(random: Random, cell: ResolutionCell = DEFAULT_CELL) {
    this.#random = random;
    this.#cell = cell;
  }

  /** One frame: all echoes of an instant in, one tracked target for each resolvable one out. */
  update(echoes: readonly Echo[]): TrackedEcho[] {
    const cells: Cell[] = [];
    for (const echo of echoes) {
      const home = cells.find((cell) => cell.members.some((member) => sameCell(member, echo, this.#cell)));
      if (home) home.members.push(echo);
      else cells.push({ members: [echo] });
    }
    const seen = new Set(echoes.map((echo) => echo.vehicle.plate));
    for (const plate of this.#trackOf.keys()) if (!seen.has(plate)) this.#trackOf.delete(plate);
    const taken = new Set<number>();
    return cells.map((cell) => {
      const track = this.#trackFor(cell, taken);
      taken.add(track);
      return this.#strongest(cell, track);
    });
  }

  /** The oldest track among the members that no other cell holds in this frame; else a new one. */
  #trackFor(cell: Cell, taken: ReadonlySet<number>): number {
    const known = cell.members
      .map((echo) => this.#trackOf.get(echo.vehicle.plate))
      .find((track) => track !== undefined && !taken.has(track));
    const track = known ?? this.#newTrack();
    for (const echo of cell.members) this.#trackOf.set(echo.vehicle.plate, track);
    return track;
  }

  #newTrack(): number {
    this.#lastTrack = (this.#lastTrack % 99) + 1;
    return this.#lastTrack;
  }

  /** Speed of the strongest member, place of the middle of all: within its cell the radar resolves no place. */
  #strongest(cell: Cell, track: number): TrackedEcho {
    let best: { readonly echo: Echo; readonly strengthDb: number } | null = null;
    for (const echo of cell.members) {
      // A lone echo fluctuates, too, but a tracked one is never lost in a beam this near.
      const strengthDb = meanStrengthDb(echo) + 10 * Math.log10(Math.max(this.#random.exponential(), 0.03));
      if (best === null || strengthDb > best.strengthDb) best = { echo, strengthDb };
    }
    const { echo, strengthDb } = best as { readonly echo: Echo; readonly strengthDb: number };
    const mean = (value: (member: Echo) => number): number =>
      cell.members.reduce((sum, member) => sum + value(member), 0) / cell.members.length;
    const place = { rangeM: mean((member) => member.rangeM), sightAngleDeg: mean((member) => member.sightAngleDeg) };
    return { track, echo: { ...echo, ...place }, strengthDb };
  }
}

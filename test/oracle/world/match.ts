/** Which vehicle of the truth a measured pass belongs to: there at that time, that way, at that range, at that speed. */
import type { RangeAt } from './records.js';
import type { InBeam, Shown, TruthRoad } from './road.js';

export interface Measured {
  readonly firstNs: number;
  readonly lastNs: number;
  readonly direction: 'approach' | 'recede' | 'unknown';
  readonly speedKmh: number | null;
  readonly ranges: readonly RangeAt[];
}

export interface Candidate {
  readonly seen: InBeam;
  readonly shown: Shown;
  readonly rangeErrorM: number;
}

export interface Match {
  /** Which it can have been, the likeliest first. */
  readonly candidates: readonly Candidate[];
  /** It was nobody going this way, but somebody going the other. */
  readonly opposite: Candidate | null;
}

/** A tracker takes a few frames to take up a target and to let it go. */
const SLACK_S = 0.12;
/** Ranges are stated in tenths and wander by some centimetres; with the tracker's slack a vehicle goes on by a metre or two. */
const RANGE_M = 1.5;

export function match(road: TruthRoad, measured: Measured): Match {
  const fromS = road.secondsOf(measured.firstNs) - SLACK_S;
  const toS = road.secondsOf(measured.lastNs) + SLACK_S;
  const wanted = measured.direction === 'recede' ? 1 : -1;
  const all = road.between(fromS, toS).flatMap((seen): Candidate[] => {
    const shown = road.shown(seen, fromS + SLACK_S, toS - SLACK_S) ?? road.shown(seen, fromS, toS);
    const rangeErrorM = rangeError(road, seen, measured.ranges);
    // What stands still is heard by no Doppler radar.
    if (shown === null || shown.fastestKmh < 1 || rangeErrorM > RANGE_M) return [];
    return [{ seen, shown, rangeErrorM }];
  });
  const off = ({ shown }: Candidate): number => Math.abs(shown.readsKmh - (measured.speedKmh ?? shown.readsKmh));
  const sorted = all.sort((a, b) => off(a) - off(b));
  return {
    candidates: sorted.filter(({ seen }) => measured.direction === 'unknown' || seen.sign === wanted),
    opposite: sorted.find(({ seen }) => seen.sign !== wanted) ?? null,
  };
}

/** The longest time after `fromS` in which one of them had left the beam and the next one was not there before `toS`. */
export function emptyS(candidates: readonly Candidate[], fromS: number, toS: number): number {
  const inOrder = candidates.map(({ seen }) => seen).sort((a, b) => a.fromS - b.fromS);
  let [longestS, untilS] = [0, fromS];
  for (const seen of inOrder) {
    if (seen.fromS > untilS && seen.fromS < toS) longestS = Math.max(longestS, seen.fromS - untilS);
    untilS = Math.max(untilS, seen.toS);
  }
  return longestS;
}

/** Longest that a tracker was made to carry on with somebody who had left. */
const COASTS_S = 3.2;

/** Whoever had just left the beam at that speed, where a tracker carries on with those who have left. */
export function coasted(road: TruthRoad, measured: Measured, withinKmh: number): Candidate[] {
  const wanted = measured.direction === 'recede' ? 1 : -1;
  const untilS = road.secondsOf(measured.lastNs);
  return road.between(road.secondsOf(measured.firstNs) - COASTS_S, untilS).flatMap((seen): Candidate[] => {
    const shown = seen.sign === wanted ? road.shown(seen, seen.fromS, Math.min(seen.toS, untilS)) : null;
    if (shown === null || Math.abs(shown.readsKmh - (measured.speedKmh ?? 0)) > withinKmh) return [];
    return [{ seen, shown, rangeErrorM: 0 }];
  });
}

/** A tracker may carry a target on when it has left the beam: there the truth has no range to compare. */
function rangeError(road: TruthRoad, seen: InBeam, ranges: readonly RangeAt[]): number {
  let worst: number | null = null;
  for (const { atNs, rangeM } of ranges) {
    const atS = road.secondsOf(atNs);
    if (atS < seen.fromS - SLACK_S || atS > seen.toS + SLACK_S) continue;
    const there = road.rangeM(seen, Math.min(Math.max(atS, seen.fromS), seen.toS));
    if (there !== null) worst = Math.max(worst ?? 0, Math.abs(there - rangeM));
  }
  return worst ?? (ranges.length === 0 ? 0 : Number.POSITIVE_INFINITY);
}

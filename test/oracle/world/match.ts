/** Which vehicle of the truth a measured pass belongs to: there at that time, that way, at that range, at that speed. */
import type { RangeAt } from './records.js';
import type { InBeam, Shown, TruthRoad } from './road.js';

export interface Measured {
  readonly firstNs: number;
  readonly lastNs: number;
  readonly direction: 'approach' | 'recede' | 'unknown';
  readonly speedKmh: number | null;
  readonly ranges: readonly RangeAt[];
  /** The radar carries tracks on: after somebody has left the beam, he is where he has driven on to. */
  readonly isCarriedOn?: boolean;
  /** The radar holds tracks where it lost them: what it says of somebody after he has left is no place of his. */
  readonly isHeld?: boolean;
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
    const inTime = road.shown(seen, fromS + SLACK_S, toS - SLACK_S) ?? road.shown(seen, fromS, toS);
    const shown =
      inTime !== null && measured.isCarriedOn === true ? road.followed(seen, inTime, toS - SLACK_S) : inTime;
    const rangeErrorM = rangeError(road, seen, measured);
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

/**
 * Of somebody who shares his track with others only those readings count that were made while he was in the beam; of somebody
 * with whom the radar carries on, all.
 */
function rangeError(road: TruthRoad, seen: InBeam, { ranges, isCarriedOn = false, isHeld = false }: Measured): number {
  if (ranges.length === 0) return 0;
  const errors = ranges.map(({ atNs, rangeM }) => {
    const atS = road.secondsOf(atNs);
    const inTime = atS >= seen.fromS - SLACK_S && atS <= seen.toS + (isHeld ? 0 : SLACK_S);
    return { inTime, offM: Math.abs(road.rangeM(seen, atS) - rangeM) };
  });
  const own = errors.filter(({ inTime }) => inTime);
  const worst = (some: typeof errors): number =>
    some.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...some.map(({ offM }) => offM));
  return Math.min(worst(own), isCarriedOn ? worst(errors) : Number.POSITIVE_INFINITY);
}

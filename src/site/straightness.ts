/**
 * Is the road straight (DEP-7, SITE-4) and of constant slope (SITE-4) where the camera stands and looks?
 *
 * A survey is a line of points: its bends are all in them. So the turn is the widest difference between the directions
 * of any two segments in the stretch, which an S-bend cannot hide by coming back, and the line is farthest from its
 * chord at a point. Beyond the ends of the survey nothing is known, and what is not known is neither straight nor even.
 */
import { metres, toDegrees, type Metres } from '../units.js';
import { DISTANCES, MILLIMETRE_M } from './distances.js';
import { lineLengthM, segmentsOf, type Segment } from './geodesy.js';
import { beamAlong, beamReach, signOf } from './mounting.js';
import type { GeoPoint, Mounting, Site } from './types.js';

export interface Straightness {
  /** Largest change of direction within the stretch, degrees. */
  readonly turnDeg: number;
  /** Largest distance of the surveyed line from its chord. */
  readonly sagittaM: Metres;
  /** Largest change of slope, percent; null where heights were not surveyed. */
  readonly slopeChangePercent: number | null;
  readonly straight: boolean;
  /** null where heights were not surveyed. */
  readonly even: boolean | null;
  /** The whole stretch lies on the surveyed line; else it counts as neither straight nor even. */
  readonly surveyed: boolean;
}

/** Part of the centreline, fromM <= toM. */
export interface Stretch {
  readonly fromM: Metres;
  readonly toM: Metres;
}

interface Place {
  readonly north: number;
  readonly east: number;
}

export const STRAIGHT_LIMITS = DISTANCES.straight;

/**
 * The road that must be straight, in the direction of the beam. For a van: from the van to the far end of the beam on the
 * monitored lanes, and on to 100 m where the site goes on so far; near the end of a site that is less, because nothing is
 * measured there. For a static camera always at least 100 m (SITE-4).
 */
export function stretchOf(site: Site, mounting: Mounting, vanChainageM: Metres): Stretch {
  const { straightM } = DISTANCES[site.installation];
  const ahead = signOf(beamAlong(site, mounting));
  const endM = ahead > 0 ? lineLengthM(site.centreline) - vanChainageM : vanChainageM;
  const antennaM = ahead * signOf(site.deployment.vanHeading) * mounting.antennaAheadM;
  const leastM = site.installation === 'static' ? straightM : Math.min(straightM, Math.max(endM, 0));
  const farM = vanChainageM + ahead * Math.max(leastM, antennaM + beamReach(site, mounting).farM);
  return { fromM: metres(Math.min(vanChainageM, farM)), toM: metres(Math.max(vanChainageM, farM)) };
}

/**
 * @param altitudesM of each point of the centreline; counted as not surveyed where their number is another
 * @param fromM below `toM`; a stretch without length is not straight
 */
export function straightnessOf(
  centreline: readonly GeoPoint[],
  altitudesM: readonly Metres[] | null,
  fromM: Metres,
  toM: Metres,
): Straightness {
  const segments = segmentsOf(centreline).filter(
    (segment) => Math.min(segment.fromM + segment.lengthM, toM) - Math.max(segment.fromM, fromM) > MILLIMETRE_M,
  );
  const lengthM = lineLengthM(centreline);
  const surveyed = segments.length > 0 && fromM >= -MILLIMETRE_M && toM <= lengthM + MILLIMETRE_M;
  const turnDeg = turnOf(segments);
  const sagittaM = sagittaOf(segments, fromM, toM);
  const slopeChangePercent =
    altitudesM === null || altitudesM.length !== centreline.length ? null : slopeChangeOf(segments, altitudesM);
  const { turnDeg: mostTurn, sagittaM: mostSagitta, slopeChangePercent: mostSlope } = STRAIGHT_LIMITS;
  return {
    turnDeg,
    sagittaM,
    slopeChangePercent,
    straight: surveyed && turnDeg <= mostTurn && sagittaM <= mostSagitta,
    even: slopeChangePercent === null ? null : surveyed && slopeChangePercent <= mostSlope,
    surveyed,
  };
}

/** Directions are carried on from segment to segment, so that north is no place where they jump by 360 degrees. */
function turnOf(segments: readonly Segment[]): number {
  let [direction, least, most] = [0, 0, 0];
  segments.forEach((segment, index) => {
    const before = segments[index - 1];
    if (before === undefined) return;
    const cross = before.north * segment.east - before.east * segment.north;
    const dot = before.north * segment.north + before.east * segment.east;
    direction += toDegrees(Math.atan2(cross, dot));
    least = Math.min(least, direction);
    most = Math.max(most, direction);
  });
  return most - least;
}

function sagittaOf(segments: readonly Segment[], fromM: number, toM: number): Metres {
  let place: Place = { north: 0, east: 0 };
  const places = [place];
  for (const segment of segments) {
    const partM = Math.min(segment.fromM + segment.lengthM, toM) - Math.max(segment.fromM, fromM);
    place = { north: place.north + partM * segment.north, east: place.east + partM * segment.east };
    places.push(place);
  }
  return metres(Math.max(...places.map((each) => offChordM(each, place))));
}

/** Distance of a place from the chord between the plane's origin and `end`. */
function offChordM(place: Place, end: Place): number {
  const square = end.north ** 2 + end.east ** 2;
  const part = square === 0 ? 0 : (place.north * end.north + place.east * end.east) / square;
  const along = Math.min(Math.max(part, 0), 1);
  return Math.hypot(place.north - along * end.north, place.east - along * end.east);
}

function slopeChangeOf(segments: readonly Segment[], altitudesM: readonly Metres[]): number {
  const slopes = segments.map(
    ({ index, lengthM }) => (((altitudesM[index + 1] ?? NaN) - (altitudesM[index] ?? NaN)) / lengthM) * 100,
  );
  return slopes.length === 0 ? 0 : Math.max(...slopes) - Math.min(...slopes);
}

/**
 * Is a pass a measurement? The refusals that need the whole pass, and the order in which they speak when several hold
 * (domain/measurement.md, "A pass, from entry to verdict").
 */
import { metres, toRadians } from '../units.js';
import type { Estimate } from './estimator.js';
import type { OpenPass } from './open-pass.js';
import type { MeasurementSettings, Measurement, VoidReason } from './types.js';

export const MIN_READINGS = 3;
/** From this many readings on the length of the path does not matter. */
const ENOUGH_READINGS = 20;
const MIN_PATH_M = 3;
const DOUBLE_FROM = 1.8;
const DOUBLE_TO = 2.2;
const SHORTEST_VEHICLE_M = 1.5;
const LONGEST_VEHICLE_M = 30;
/**
 * Without a range nothing says how far into its side lobes an antenna saw the vehicle, so that a length cannot be worked
 * out; a path that no single vehicle explains can.
 */
const LONGEST_PATH_M = 60;
/**
 * What the speeds of one vehicle may spread beyond what the beam explains, where no track says that it is one vehicle.
 * Noise and steps of the radar are some 1.5 km/h to either side of the speed along the beam, 3.3 km/h in all after the
 * cosine; two cars that follow each other at 112 and 107 km/h spread by 4.9 km/h more than the beam explains.
 */
const UNEXPLAINED_SPREAD_KMH = 4;
/**
 * What a range must change, as a part of travel or footprint, whichever is less. The echo comes from the middle of what
 * the beam holds of the body: while the front comes in it moves half as far as the vehicle, and not at all while a long
 * one fills the beam; from end to end it crosses the footprint once, whatever the length. The rest of a half, or of one,
 * is left to a body that was seen late and to noise.
 */
const LEAST_MOVED: Readonly<Record<PassExtent, number>> = { whole: 0.4, 'so far': 0.2 };
/** A line of sight flatter than this has no useful footprint. */
const FLATTEST_SIGHT_DEG = 2;

/** First what makes the data worthless, then what it says about the scene. */
const FAULT_ORDER: readonly VoidReason[] = [
  'test-target',
  'link-interrupted',
  'clock-backwards',
  'radar-late',
  'above-ceiling',
  'direction-unknown',
  'direction-mixed',
  'two-vehicles',
  'angle-implausible',
  'range-not-monotonic',
  'lateral-wanders',
  'length-implausible',
];

/** Another track, open or just ended: what double reflection is judged by. */
export interface Peer {
  readonly firstNs: number;
  readonly lastNs: number;
  readonly meanKmh: number;
  readonly leastKmh: number;
  readonly readings: number;
}

/** Settings of the beam together with the half width of the window in which a target is still believed. */
export interface BeamWindow {
  readonly settings: MeasurementSettings;
  readonly toleranceDeg: number;
}

/** A pass that is over, or what there is of one that goes on. */
export type PassExtent = 'whole' | 'so far';

/** @param peers called only when everything else is good; the pass itself is not among them */
export function measure(
  pass: OpenPass,
  extent: PassExtent,
  beam: BeamWindow,
  peers: () => readonly Peer[],
): Measurement {
  const estimate = pass.histogram.estimate();
  const reason =
    FAULT_ORDER.find((fault) => pass.faults.has(fault)) ??
    estimateFault(estimate, pass.travelM) ??
    (rangeMoves(pass, extent, beam) ? null : 'range-does-not-move') ??
    (spreadIsExplained(pass, estimate, beam) ? null : 'two-speeds') ??
    (isDoubleReflection(pass, peers()) ? 'double-reflection' : null) ??
    (lengthIsPlausible(pass, beam) ? null : 'length-implausible');
  return {
    valid: reason === null,
    reason,
    speedKmh: estimate.speedKmh,
    truncatedKmh: estimate.truncatedKmh,
    readingsUsed: estimate.used,
    readingsCut: estimate.cut,
    travelM: metres(pass.travelM),
  };
}

function estimateFault(estimate: Estimate, travelM: number): VoidReason | null {
  if (estimate.used + estimate.cut < MIN_READINGS) return 'too-few-readings';
  if (estimate.clusters !== 1) return 'two-speeds';
  if (estimate.used < MIN_READINGS) return 'too-few-readings';
  if (estimate.used < ENOUGH_READINGS && travelM < MIN_PATH_M) return 'path-too-short';
  return null;
}

/**
 * A fan, a generator, a flag: a Doppler speed at a place that stays where it is. Judged from the path on from which an
 * exposure can follow; before that the first half metres are lost in the noise of the range.
 */
function rangeMoves(pass: OpenPass, extent: PassExtent, { settings }: BeamWindow): boolean {
  const { firstRangeM, lastRangeM, travelM, direction } = pass;
  if (firstRangeM === null || lastRangeM === null || travelM < MIN_PATH_M) return true;
  const halfDeg = settings.beamWidthDeg / 2;
  const steep = toRadians(Math.min(settings.angleDeg + halfDeg, 90));
  const flatDeg = settings.angleDeg - halfDeg;
  const lateralM = lastRangeM * Math.sin(toRadians(pass.lastSightDeg ?? settings.angleDeg));
  const footprintM = flatDeg > 0 ? lateralM * (1 / Math.tan(toRadians(flatDeg)) - 1 / Math.tan(steep)) : Infinity;
  const movedM = direction === 'approach' ? firstRangeM - lastRangeM : lastRangeM - firstRangeM;
  return movedM >= LEAST_MOVED[extent] * Math.min(travelM, footprintM) * Math.cos(steep);
}

/**
 * Tailgaters of nearly the same speed are one cluster and, without tracks, one pass. A radar that states no angle is
 * corrected by the one of its boresight, so that one vehicle at one speed seems to change its speed between the beam's
 * edges; more than that, and noise, is more than one vehicle.
 */
function spreadIsExplained(pass: OpenPass, { speedKmh, spreadKmh }: Estimate, { settings }: BeamWindow): boolean {
  if (pass.trackKey !== null || speedKmh === null) return true;
  const halfDeg = settings.beamWidthDeg / 2;
  const flat = toRadians(Math.max(settings.angleDeg - halfDeg, 0));
  const explainedKmh = speedKmh * (Math.cos(flat) / Math.cos(toRadians(settings.angleDeg + halfDeg)) - 1);
  return spreadKmh - explainedKmh <= UNEXPLAINED_SPREAD_KMH;
}

/**
 * A beam that came back by way of a second reflector shows about twice the speed of a track of the same moment: of its mean,
 * or of its slowest reading, where the radar has mixed the echoes of somebody else into that track.
 */
function isDoubleReflection(pass: OpenPass, peers: readonly Peer[]): boolean {
  const ownKmh = pass.histogram.roughMeanKmh;
  return peers.some((peer) => {
    const together = peer.firstNs <= pass.lastNs && peer.lastNs >= pass.firstNs;
    const isMeasured = peer.readings >= MIN_READINGS;
    return together && isMeasured && (isTwice(ownKmh / peer.meanKmh) || isTwice(ownKmh / peer.leastKmh));
  });
}

const isTwice = (ratio: number): boolean => ratio >= DOUBLE_FROM - 1e-9 && ratio <= DOUBLE_TO + 1e-9;

/**
 * Length = path in the beam - footprint, judged in the vehicle's favour on both sides. Without a range only a path of more
 * than 60 m beyond the largest footprint, which is several vehicles in a row, is refused. A tracking radar takes a few
 * readings to confirm a target and may hold it past the nominal edge, so the same vehicle shows a path shorter or longer
 * than beam and body. So a body counts as too short only when the path, one reading more at each end, does not even reach
 * 1.5 m; and as too long only when it still exceeds 30 m with the footprint taken across the whole window in which angles
 * are believed. A 23 m truck can fail neither.
 */
function lengthIsPlausible(pass: OpenPass, beam: BeamWindow): boolean {
  if (pass.lastRangeM === null) return pass.travelM - beam.settings.largestFootprintM <= LONGEST_PATH_M;
  const intervals = pass.readings.length - 1;
  if (pass.travelM * (1 + 2 / intervals) < SHORTEST_VEHICLE_M) return false;
  const { angleDeg } = beam.settings;
  const lateralM = pass.lastRangeM * Math.sin(toRadians(pass.lastSightDeg ?? angleDeg));
  const flat = toRadians(Math.max(angleDeg - beam.toleranceDeg, FLATTEST_SIGHT_DEG));
  const steep = toRadians(Math.min(angleDeg + beam.toleranceDeg, 90));
  const footprintM = lateralM * Math.max(0, 1 / Math.tan(flat) - 1 / Math.tan(steep));
  return pass.travelM - footprintM <= LONGEST_VEHICLE_M;
}

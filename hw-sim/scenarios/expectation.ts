/**
 * The oracle: what should become of a vehicle, from ground truth alone and by rules written here anew (domain/rules.md
 * DET-1, DEP-8, DEP-9, SCH-5; domain/measurement.md). It shares no code with the camera that it judges. Where ground
 * truth is too near a limit or a fault's edge to demand one answer, it says so instead of guessing.
 */
import { DEFAULT_CELL, sameCell } from '../instruments/agd350-tracker.js';
import { STATED_ERROR_M } from '../instruments/gpsd-reports.js';
import { echoOf } from '../road/beam.js';
import type { Road } from '../road/road.js';
import type { Vehicle } from '../road/vehicle.js';
import type { Outcome, ScenarioFile } from './schema.js';

export interface Expectation {
  readonly outcome: Outcome;
  readonly why: string;
  /** Reason codes that are right for this outcome; empty: any. */
  readonly reasons: readonly string[];
}

const ZONE_M = 250;
/** Places this near to the edge of a zone, after the receiver's stated error, prove nothing. */
const PLACE_MARGIN_M = 1;
/** Speeds this near to where the truncated value passes the threshold prove nothing. */
const SPEED_MARGIN_KMH = 1;
const SPEED_GAP_KMH = 2;
/**
 * Faults that suspend enforcement: until it is noticed, and from its end until enforcement may be back. The receiver
 * reports once a second, three fixes in a row must be seen before it is believed again, and silence is only noticed when
 * data have grown old. The board's process is started anew when its port comes back.
 */
const SUSPENDING: Readonly<Record<string, { noticeS: number; recoveryS: number; why: string }>> = {
  'gps-no-fix': { noticeS: 1.5, recoveryS: 5, why: 'no position, no enforcement' },
  'gps-silent': { noticeS: 5, recoveryS: 5, why: 'no position, no enforcement' },
  'board-unplugged': { noticeS: 1.5, recoveryS: 6, why: 'nothing is known of tailgate and lights' },
  'tailgate-half-way': { noticeS: 1, recoveryS: 1, why: 'the tailgate is neither open nor closed (DEP-5)' },
};
/** Of any other fault nothing is expected while it is at work. */
const UNCERTAIN = { noticeS: Infinity, recoveryS: 30, why: '' };
/** From putting the plug back: re-opening, settings, self-test. */
const RADAR_RECOVERY_S = 8;
const FRAME_S = 0.02;
/** Frames in one cell from which on two speeds cannot fail to show. */
const SHARED_FRAMES = 6;

const say = (outcome: Outcome, why: string, ...reasons: string[]): Expectation => ({ outcome, why, reasons });

export function expectationOf(file: ScenarioFile, road: Road, vehicle: Vehicle): Expectation {
  return (
    byFault(file, road, vehicle) ??
    byCompany(file, road, vehicle) ??
    bySpeed(file, vehicle) ??
    byPlace(file, road, vehicle) ??
    say('enforced', `${vehicle.speedKmh.toFixed(1)} km/h, threshold ${String(file.site.threshold.speedKmh)}`)
  );
}

function byFault(file: ScenarioFile, road: Road, vehicle: Vehicle): Expectation | null {
  const [fromS, toS] = road.inBeam(vehicle);
  for (const fault of file.faults) {
    if (fault.kind === 'radar-unplugged') {
      if (fromS >= fault.fromS && toS <= fault.toS) return say('unseen', 'the radar cable is out');
      if (toS >= fault.fromS && fromS <= fault.toS + RADAR_RECOVERY_S)
        return say('uncertain', 'the radar is coming back');
    } else {
      const { noticeS, recoveryS, why } = SUSPENDING[fault.kind] ?? UNCERTAIN;
      if (fromS >= fault.fromS + noticeS && toS <= fault.toS) return say('not-armed', why);
      if (toS >= fault.fromS && fromS <= fault.toS + recoveryS) return say('uncertain', 'about the time of a fault');
    }
  }
  return null;
}

/** Another vehicle in the beam that this radar cannot tell from it. */
function byCompany(file: ScenarioFile, road: Road, vehicle: Vehicle): Expectation | null {
  const [fromS, toS] = road.inBeam(vehicle);
  for (const other of road.vehicles) {
    if (other === vehicle || Math.abs(other.speedKmh - vehicle.speedKmh) <= SPEED_GAP_KMH) continue;
    const [otherFromS, otherToS] = road.inBeam(other);
    if (otherToS < fromS || otherFromS > toS) continue;
    let shared = 0;
    for (let t = Math.max(fromS, otherFromS); t <= Math.min(toS, otherToS); t += FRAME_S) {
      const mine = echoOf(road, vehicle, t);
      const theirs = echoOf(road, other, t);
      if (!mine || !theirs) continue;
      if (file.instruments.radar === 'ops243' || sameCell(mine, theirs, DEFAULT_CELL)) shared += 1;
    }
    if (shared >= SHARED_FRAMES) {
      const why = `${other.plate} at ${other.speedKmh.toFixed(0)} km/h in the same resolution cell`;
      return say('void', why, 'two-speeds', 'two-vehicles', 'range-not-monotonic', 'direction-mixed');
    }
    if (shared > 0) return say('uncertain', `${other.plate} touches its resolution cell`);
  }
  return null;
}

function bySpeed(file: ScenarioFile, vehicle: Vehicle): Expectation | null {
  const threshold = file.site.threshold.speedKmh;
  if (Math.abs(vehicle.speedKmh - (threshold + 1)) < SPEED_MARGIN_KMH)
    return say('uncertain', 'too near the threshold');
  if (Math.trunc(vehicle.speedKmh) > threshold) return null;
  const word = vehicle.speedKmh > file.site.limitKmh ? 'above the limit, not above the threshold' : 'within the limit';
  return say('observed', word, 'not-above-threshold');
}

function byPlace(file: ScenarioFile, road: Road, vehicle: Vehicle): Expectation | null {
  const { site } = file;
  const monitored = new Set(site.lanes.filter((lane) => lane.monitored).map((lane) => lane.direction));
  if (!monitored.has(vehicle.direction)) return say('observed', 'direction not monitored', 'direction-not-monitored');
  const lane = site.lanes.find((each) => each.id === vehicle.laneId);
  if (!lane?.monitored) return say('observed', 'lane not monitored', 'lane-not-monitored');
  const drops = site.school || site.temporaryLimit ? [] : site.limitDrops;
  const points = [
    ...drops.map((drop) => ({ ...drop, reason: 'exclusion-zone-limit-drop' })),
    ...site.merges.map((merge) => ({ ...merge, reason: 'exclusion-zone-merge' })),
  ].filter((point) => monitored.has(point.direction));
  const [near, far] = road.footprint(road.lateralOf(vehicle));
  for (const point of points) {
    const distances = [near, far].map((ahead) =>
      Math.abs(road.antennaChainageM + road.beamSign * ahead - point.chainageM),
    );
    // What is not certainly outside counts as inside: the position's uncertainty shortens every distance.
    const nearest = Math.min(...distances) - STATED_ERROR_M;
    const why = `down to ${nearest.toFixed(1)} m, uncertainty counted, from the point at chainage ${String(point.chainageM)} m`;
    if (Math.abs(nearest - ZONE_M) < PLACE_MARGIN_M) return say('uncertain', why);
    if (nearest < ZONE_M) return say('observed', why, point.reason, 'place-unknown');
  }
  return null;
}

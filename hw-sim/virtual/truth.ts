/** The truth of one run, put together at its end for whoever judges. */
import type { Truth, TruthVehicle } from '../../src/ports/pretend.js';
import { monotonicNs, NS_PER_S, utcMs } from '../../src/units.js';
import { positionAt } from '../road/geodesy.js';
import type { Road } from '../road/road.js';
import type { Vehicle } from '../road/vehicle.js';
import type { Scenario } from '../scenarios/load.js';
import { CREW } from '../scenarios/packs.js';
import { vanRightM } from '../scenarios/van-place.js';
import type { VirtualCamera } from './camera.js';
import type { Lies } from './lies.js';

export interface TruthParts {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly seenRoad: Road;
  readonly lies: Lies;
  readonly startNs: number;
  readonly startUtcMs: number;
  readonly camera: VirtualCamera;
  readonly forks: readonly { readonly fromNs: number; readonly toNs: number }[];
}

export function truthOf({ scenario, seed, seenRoad, lies, startNs, startUtcMs, camera, forks }: TruthParts): Truth {
  const { file, road } = scenario;
  const { site, van, instruments } = file;
  const exempt = site.school !== null || site.temporaryLimit;
  const seconds = (atNs: number): number => (atNs - startNs) / NS_PER_S;
  return {
    ...{ scenario: file.name, seed, radar: instruments.radar, startNs: monotonicNs(startNs) },
    ...{ startUtcMs: utcMs(startUtcMs), durationS: file.durationS },
    site: {
      limitKmh: site.limitKmh,
      thresholdKmh: site.threshold.speedKmh,
      lanes: site.lanes.map(({ id, direction, monitored, widthM }) => ({
        ...{ id, direction, monitored, widthM, lateralM: road.laneLateralM(id) },
      })),
      limitDrops: exempt ? [] : site.limitDrops,
      merges: site.merges,
    },
    van: {
      chainageM: van.chainageM,
      antennaChainageM: road.antennaChainageM,
      beamSign: road.beamSign,
      angleDeg: road.geometry.angleDeg,
      trueAngleDeg: seenRoad.beamAngleDeg,
      beamWidthDeg: road.geometry.beamWidthDeg,
      ...positionAt(site.anchor, van.chainageM, vanRightM(file)),
    },
    vehicles: road.vehicles.map((vehicle) => vehicleOf(road, vehicle)),
    faults: lies.done,
    exposures: camera.exposures,
    files: camera.files,
    forks: forks.map(({ fromNs, toNs }) => ({ fromS: seconds(fromNs), toS: seconds(toNs), speedKmh: CREW.forkKmh })),
  };
}

/** The first piece holds for all time before it; whoever reads it finds it begin long before anybody is near. */
const LONG_BEFORE_S = 300;

function vehicleOf(road: Road, vehicle: Vehicle): TruthVehicle {
  const { plate, kind, lengthM, laneId, direction } = vehicle;
  const lateralM = road.lateralOf(vehicle);
  const axisM = road.axisAheadM(lateralM);
  const sign = road.isReceding(vehicle) ? 1 : -1;
  return {
    ...{ plate, kind, lengthM, laneId, direction, lateralM },
    motion: road.motion(vehicle).map((piece, index) => ({
      fromS: index === 0 ? piece.fromS - LONG_BEFORE_S : piece.fromS,
      frontAheadM: axisM + sign * (piece.travelledM - (index === 0 ? piece.speedMs * LONG_BEFORE_S : 0)),
      speedMs: sign * piece.speedMs,
      accelerationMs2: sign * piece.accelerationMs2,
    })),
  };
}

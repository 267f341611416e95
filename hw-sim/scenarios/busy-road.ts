/**
 * The scenario `busy-road`: two lanes, one in each direction, some 1,200 vehicles an hour in each, for as many hours as are
 * asked for, all from the seed. It measures speed and endurance, so nothing odd happens there: no faults, no zone, and a
 * truck drives only in the far lane, where it hides nobody.
 */
import { createRandom, type Random } from '../prng.js';
import { DIMENSIONS, type VehicleKind } from '../road/vehicle.js';
import { plateOf } from './plates.js';
import type { ScenarioFile } from './schema.js';

export const BUSY_ROAD = 'busy-road';

type Vehicle = ScenarioFile['vehicles'][number];

const LIMIT_KMH = 80;
const THRESHOLD_KMH = 90;
const PART_ABOVE_THRESHOLD = 0.12;
/** Mean of 3 s: 1,200 an hour. One in twenty-five keeps no safe distance. */
const SAFE_HEADWAY_S = 1.7;
const BESIDE_SAFE_S = 1.36;
const PART_TAILGATING = 0.04;
const TAILGATING_S = [0.7, 1.3] as const;
const FIRST_S = 4;
/** The last one is past before the end. */
const LAST_S = 4;
const COLOURS = ['silver', 'white', 'grey', 'red', 'blue', 'green', 'black', 'yellow', 'orange'] as const;

const SITE: ScenarioFile['site'] = {
  ...{ code: 'DEMO-0081', road: 'Pretend Plains Highway', locality: 'Pretend Plains', zone: 'Pacific/Auckland' },
  anchor: { latitude: -40.31, longitude: 175.55, bearingDeg: 52 },
  ...{ lengthM: 2000, altitudeM: 60, limitKmh: LIMIT_KMH },
  lanes: [
    { id: '1', direction: 'increasing', widthM: 3.5, monitored: true },
    { id: '2', direction: 'decreasing', widthM: 3.5, monitored: true },
  ],
  threshold: { speedKmh: THRESHOLD_KMH, authority: 'Demonstration only', date: '2026-01-01' },
  ...{ limitDrops: [], merges: [], temporaryLimit: false, school: null },
};

/** @param hours of traffic, also less than one */
export function busyRoad(seed: number, hours: number): ScenarioFile {
  const durationS = Math.round(hours * 3600);
  return {
    ...{ name: BUSY_ROAD, title: 'A busy road with two lanes, 80 km/h', seed, durationS, site: SITE },
    van: {
      ...{ chainageM: 1000, heading: 'increasing', side: 'left', facing: 'rear', lateralM: 5.25, antennaAheadM: -1.2 },
    },
    instruments: {
      ...{ radar: 'agd350', angleDeg: 22.5, beamWidthDeg: 5, flash: 'always', widthPx: 640, heightPx: 480 },
    },
    deployment: 'operator',
    light: [{ fromS: 0, light: 'day' }],
    vehicles: traffic(seed, durationS),
    ...{ injection: false, faults: [] },
  };
}

/** Both lanes, in the order in which they come. */
function traffic(seed: number, durationS: number): Vehicle[] {
  const lanes = SITE.lanes.map(({ id }) => {
    const random = createRandom(seed, `busy road, lane ${id}`);
    return { id, random, nextS: FIRST_S + headwayS(random) };
  });
  const vehicles: Vehicle[] = [];
  for (;;) {
    const lane = lanes.reduce((first, other) => (other.nextS < first.nextS ? other : first));
    if (lane.nextS >= durationS - LAST_S) return vehicles;
    vehicles.push(vehicleOf(lane.random, lane.id, lane.nextS, vehicles.length));
    lane.nextS += headwayS(lane.random);
  }
}

function headwayS(random: Random): number {
  if (random.uniform() < PART_TAILGATING) return random.between(...TAILGATING_S);
  return SAFE_HEADWAY_S + random.exponential() * BESIDE_SAFE_S;
}

function vehicleOf(random: Random, lane: string, atS: number, index: number): Vehicle {
  const kind = kindOf(random, lane);
  return {
    plate: plateOf(index),
    ...{ kind, lane, colour: random.pick(COLOURS), lengthM: DIMENSIONS[kind].lengthM },
    speedKmh: rounded(speedKmhOf(random, kind), 2),
    atS: rounded(atS, 3),
    change: null,
    lateralShiftM: rounded(Math.min(0.5, Math.max(-0.5, random.gaussian(0.2))), 2),
  };
}

function kindOf(random: Random, lane: string): VehicleKind {
  const which = random.uniform();
  if (which < 0.03) return 'motorcycle';
  if (which < 0.13) return 'van';
  return which < 0.2 && lane === '2' ? 'truck' : 'car';
}

/** Most keep to the limit; the others are mostly not far above the threshold. */
function speedKmhOf(random: Random, kind: VehicleKind): number {
  if (random.uniform() < PART_ABOVE_THRESHOLD) return Math.min(170, THRESHOLD_KMH + 1.5 + random.exponential() * 9);
  const meanKmh = kind === 'truck' ? 74 : 77;
  return Math.min(THRESHOLD_KMH - 0.5, Math.max(55, meanKmh + random.gaussian(5)));
}

/** Zero has no sign in a scenario file. */
const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals)) + 0;

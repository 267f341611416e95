/** A random road and a van beside it: mostly legal, sometimes near or inside what the camera must keep away from. */
import type { Random } from '../prng.js';
import type { ScenarioFile } from '../scenarios/schema.js';

type Site = ScenarioFile['site'];
type Van = ScenarioFile['van'];
type Lane = Site['lanes'][number];
type Along = Lane['direction'];

const LIMITS = [30, 40, 50, 60, 70, 80, 90, 100, 110] as const;
const LENGTH_M = 3000;
const other = (along: Along): Along => (along === 'increasing' ? 'decreasing' : 'increasing');

export interface RandomPlace {
  readonly site: Site;
  readonly van: Van;
}

/** @param simple one carriageway and no zones: for a radar that states no place */
export function randomPlace(random: Random, simple: boolean): RandomPlace {
  const heading = random.pick<Along>(['increasing', 'decreasing']);
  const facing = random.pick(['front', 'rear'] as const);
  const lanes = randomLanes(random, heading, simple);
  const limitKmh = random.pick(LIMITS);
  const chainageM = Math.round(random.between(1200, 1800) * 10) / 10;
  const side = 'left';
  // About one and a half lane widths (DEP-4), and now and then too near or too far.
  const widths = random.uniform() < 0.97 ? random.between(1.3, 1.7) : random.between(0.9, 2.3);
  const lateralM = Math.round(widths * (lanes[0]?.widthM ?? 3.5) * 100) / 100;
  const antennaAheadM = random.pick([-1.2, -1.5, 0, 1.5, 3, -8, -19]);
  const van = {
    chainageM,
    heading,
    side,
    facing,
    lateralM,
    antennaAheadM,
  } as const;
  const zones = simple ? NO_ZONES : randomZones(random, lanes, chainageM);
  const site: Site = {
    code: `DEMO-${String(Math.floor(random.between(1000, 9999)))}`,
    road: 'Random Road',
    locality: null,
    zone: 'Pacific/Auckland',
    anchor: {
      latitude: -random.between(36.5, 45.5),
      longitude: random.between(170, 175.5),
      bearingDeg: Math.floor(random.between(0, 360)),
    },
    lengthM: LENGTH_M,
    altitudeM: Math.round(random.between(2, 600)),
    lanes,
    limitKmh,
    threshold: {
      speedKmh: limitKmh + Math.floor(random.between(4, 11)),
      authority: 'Demonstration only',
      date: '2026-01-01',
    },
    ...zones,
    school: null,
  };
  return { site, van };
}

const NO_ZONES = { limitDrops: [], merges: [], temporaryLimit: false };

function randomLanes(random: Random, heading: Along, simple: boolean): Lane[] {
  const near = simple ? Math.ceil(random.uniform() * 2) : random.pick([1, 1, 1, 2]);
  const far = simple ? 0 : random.pick([0, 1, 1, 1, 2]);
  const watchNear = far === 0 || random.uniform() < 0.85;
  const watchFar = !watchNear || random.uniform() < 0.7;
  const lane = (direction: Along, monitored: boolean) => (_: unknown, index: number) => ({
    ...{ direction, monitored: monitored && (index === 0 || random.uniform() < 0.85) },
    widthM: random.pick([3.2, 3.5, 3.5, 3.7]),
  });
  const both = [
    ...Array.from({ length: near }, lane(heading, watchNear)),
    ...Array.from({ length: far }, lane(other(heading), watchFar)),
  ];
  return both.map((each, index) => ({ id: String(index + 1), ...each }));
}

/**
 * Points about where the rule begins to bind for these lanes, so that a few metres of place, lane or antenna decide.
 */
function randomZones(
  random: Random,
  lanes: readonly Lane[],
  vanM: number,
): Pick<Site, 'limitDrops' | 'merges' | 'temporaryLimit'> {
  const monitored = lanes.filter(({ monitored: on }) => on);
  const standardM = 250 + 15 * monitored.length;
  const point = (): { chainageM: number; direction: Along } => {
    const awayM = random.uniform() < 0.93 ? standardM + random.between(4, 40) : standardM + random.between(-60, 3);
    const chainageM = Math.round((vanM + (random.uniform() < 0.5 ? awayM : -awayM)) * 10) / 10;
    return { chainageM, direction: random.pick(monitored).direction };
  };
  const what = random.uniform();
  if (what < 0.4) return NO_ZONES;
  if (what < 0.75) return { ...NO_ZONES, limitDrops: [{ ...point(), toKmh: 20 }] };
  if (what < 0.95) return { ...NO_ZONES, merges: [point()] };
  return { ...NO_ZONES, limitDrops: [{ ...point(), toKmh: 20 }], temporaryLimit: true };
}

/** Random traffic in scenes: what is ordinary, and what has fooled speed cameras before. */
import type { Random } from '../prng.js';
import { DIMENSIONS } from '../road/vehicle.js';
import { plateOf } from '../scenarios/plates.js';
import type { ScenarioFile } from '../scenarios/schema.js';

type Vehicle = ScenarioFile['vehicles'][number];
type Site = ScenarioFile['site'];
type Kind = Vehicle['kind'];

const COLOURS = ['silver', 'white', 'grey', 'red', 'blue', 'green', 'black'] as const;
export interface TrafficPlan {
  readonly site: Site;
  readonly durationS: number;
  readonly vehiclesPerHour: number;
  /** Scenes beside ordinary traffic, as a part of one. */
  readonly odd: number;
}

type Draft = Omit<Vehicle, 'plate' | 'colour' | 'change' | 'lateralShiftM'> &
  Partial<Pick<Vehicle, 'change' | 'lateralShiftM' | 'lengthM'>>;

export function randomTraffic(random: Random, { site, durationS, vehiclesPerHour, odd }: TrafficPlan): Vehicle[] {
  const drafts: Draft[] = [];
  const meanS = 3600 / vehiclesPerHour;
  for (let atS = 2; atS < durationS - 8; atS += Math.max(0.8, random.exponential() * meanS)) {
    const scene = random.uniform() < odd ? random.pick(SCENES) : ordinary;
    drafts.push(...scene(random, site, atS));
  }
  const vehicles = drafts
    .filter(({ atS }) => atS >= 0 && atS < durationS)
    .map((draft, index): Vehicle => ({
      ...{ plate: plateOf(index), colour: random.pick(COLOURS), change: null, lateralShiftM: 0 },
      ...draft,
      atS: Math.round(draft.atS * 1000) / 1000,
      speedKmh: Math.round(draft.speedKmh * 100) / 100,
    }));
  return withRoom(vehicles);
}

/** Bumper to bumper in the beam; less is a collision, and what a radar makes of two in one place says nothing of a camera. */
const LEAST_ROOM_M = 2;
const IN_BEAM_S = 0.5;
/** Beside each other in one lane, a motorcycle and a car. */
const BESIDE_M = 0.75;
const LONG_AGO_S = 3;

/** Leaves out whoever would drive into the one before. */
function withRoom(vehicles: readonly Vehicle[]): Vehicle[] {
  const kept: Vehicle[] = [];
  for (const vehicle of [...vehicles].sort((a, b) => a.atS - b.atS)) {
    const near = kept.filter(({ atS }) => vehicle.atS - atS < LONG_AGO_S);
    if (near.every((before) => roomM(before, vehicle) >= LEAST_ROOM_M)) kept.push(vehicle);
  }
  return kept;
}

function roomM(before: Vehicle, vehicle: Vehicle): number {
  const apartM = Math.abs(before.lateralShiftM - vehicle.lateralShiftM);
  if (before.lane !== vehicle.lane || apartM >= BESIDE_M || before.speedKmh === 0) return Number.POSITIVE_INFINITY;
  const atFirstM =
    (before.speedKmh / 3.6) * (vehicle.atS - before.atS) - (before.lengthM ?? DIMENSIONS[before.kind].lengthM);
  return atFirstM + (Math.min(0, before.speedKmh - vehicle.speedKmh) / 3.6) * IN_BEAM_S;
}

const anyLane = (random: Random, site: Site): string => random.pick(site.lanes).id;
const anyKind = (random: Random): Kind => random.pick(['car', 'car', 'car', 'car', 'van', 'truck', 'motorcycle']);

/** One in seven is above the threshold, one in ten close to it. */
export function ordinarySpeed(random: Random, { limitKmh, threshold }: Site): number {
  const which = random.uniform();
  if (which < 0.14) return threshold.speedKmh + random.between(1.5, 45);
  if (which < 0.24) return threshold.speedKmh + random.between(-2.5, 4);
  return Math.max(22, limitKmh + random.gaussian(6) - 3);
}

type Scene = (random: Random, site: Site, atS: number) => Draft[];

const ordinary: Scene = (random, site, atS) => [
  {
    ...{ kind: anyKind(random), lane: anyLane(random, site), speedKmh: ordinarySpeed(random, site), atS },
    // Not -0, which no file keeps.
    lateralShiftM: Math.round(random.gaussian(0.25) * 100) / 100 + 0,
  },
];

/** Two lanes, the same moment. */
const sideBySide: Scene = (random, site, atS) =>
  site.lanes.slice(0, 2).map(({ id: lane }) => ({
    ...{ kind: anyKind(random), lane, speedKmh: ordinarySpeed(random, site), atS: atS + random.between(-0.15, 0.15) },
  }));

/** A motorcycle passes a car within its lane. */
const motorcycleBeside: Scene = (random, site, atS) => {
  const lane = anyLane(random, site);
  const slowKmh = site.limitKmh - random.between(0, 8);
  return [
    { kind: 'car', lane, speedKmh: slowKmh, atS },
    {
      ...{ kind: 'motorcycle', lane, speedKmh: site.threshold.speedKmh + random.between(5, 40) },
      ...{ atS: atS + random.between(-0.1, 0.1), lateralShiftM: 0.8 },
    },
  ];
};

/** Bumper to bumper, at nearly one speed or at two. */
const tailgaters: Scene = (random, site, atS) => {
  const lane = anyLane(random, site);
  const speedKmh = ordinarySpeed(random, site);
  const gapS = random.between(0.3, 0.9);
  return [0, 1, 2].slice(0, random.pick([2, 3])).map((place) => ({
    ...{
      kind: anyKind(random),
      lane,
      speedKmh: speedKmh + (place === 0 ? 0 : random.gaussian(2)),
      atS: atS + place * gapS,
    },
  }));
};

const cyclist: Scene = (random, site, atS) => [
  { kind: 'bicycle', lane: site.lanes[0]?.id ?? '1', speedKmh: random.between(12, 34), atS, lateralShiftM: -1.3 },
  ...ordinary(random, site, atS + random.between(-1, 1)),
];

/** At the edge, for the rest of the run or longer. */
const parked: Scene = (_random, site, atS) => [
  { kind: 'car', lane: site.lanes[0]?.id ?? '1', speedKmh: 0, atS, lateralShiftM: -2.4 },
];

const truckHidesCar: Scene = (random, site, atS) => {
  const far = site.lanes.at(-1)?.id ?? '1';
  return [
    { kind: 'truck', lane: site.lanes[0]?.id ?? '1', speedKmh: site.limitKmh - random.between(2, 12), atS },
    { kind: 'car', lane: far, speedKmh: ordinarySpeed(random, site), atS: atS + random.between(-0.3, 0.3) },
  ];
};

/** Sees the van. */
const brakes: Scene = (random, site, atS) => {
  const speedKmh = site.threshold.speedKmh + random.between(4, 35);
  return [
    {
      ...{ kind: 'car', lane: anyLane(random, site), speedKmh, atS },
      change: {
        fromS: Math.max(0, Math.round((atS + random.between(-0.7, 0.5)) * 1000) / 1000),
        toKmh: Math.round(Math.max(20, speedKmh - random.between(8, 40))),
        rateMs2: Math.round(random.between(2, 9) * 10) / 10,
      },
    },
  ];
};

/** With its wheels far over the far edge line: where a zone is a matter of metres, that decides. */
const overTheLine: Scene = (random, site, atS) => [
  {
    ...{
      kind: 'car',
      lane: site.lanes.at(-1)?.id ?? '1',
      speedKmh: site.threshold.speedKmh + random.between(5, 30),
      atS,
    },
    lateralShiftM: Math.round(random.between(1.2, 2.6) * 100) / 100,
  },
];

const atTheThreshold: Scene = (random, site, atS) => [
  {
    ...{ kind: anyKind(random), lane: anyLane(random, site), atS },
    speedKmh: site.threshold.speedKmh + random.pick([-1.2, -0.4, 0.3, 0.7, 1.3, 1.8]),
  },
];

/** Far faster than anybody should be. */
const racer: Scene = (random, site, atS) => [
  { kind: 'motorcycle', lane: anyLane(random, site), speedKmh: random.between(170, 260), atS },
];

const longTruck: Scene = (random, site, atS) => [
  { kind: 'truck', lane: anyLane(random, site), speedKmh: ordinarySpeed(random, site), atS, lengthM: 23 },
];

const SCENES: readonly Scene[] = [
  ...[sideBySide, motorcycleBeside, tailgaters, cyclist, truckHidesCar, brakes, overTheLine, atTheThreshold],
  ...[atTheThreshold, racer, longTruck, tailgaters, sideBySide, parked],
];

/**
 * The restless world: no quiet hour but a few minutes in which a speeder comes every few seconds and something breaks or
 * mends at any moment, so that what the lying world brings once in ten hours happens many times in five minutes: a vehicle
 * in the beam just when the camera is armed, just when a fix grows old, just when the cable is pulled. Each seed has one
 * theme; what would end a deployment for a minute is left to the lying world.
 */
import { createRandom, type Random } from '../prng.js';
import { plateOf } from '../scenarios/plates.js';
import type { ScenarioFile } from '../scenarios/schema.js';
import { randomPlace } from './random-site.js';

export const RESTLESS_WORLD = 'restless-world';

type Vehicle = ScenarioFile['vehicles'][number];
type Fault = ScenarioFile['faults'][number];
type Site = ScenarioFile['site'];

/** A fault, how long it lasts, and the amounts between which it is drawn; without them it has none. */
interface Draw {
  readonly kind: string;
  readonly lastsS: readonly [number, number];
  readonly amount?: readonly [number, number];
}

interface Theme {
  readonly pauseS: readonly [number, number];
  readonly draws: readonly Draw[];
}

/** DEP-4 */
const LANE_WIDTHS = 1.5;
const SHORT = [0.4, 5] as const;
const LONGER = [4, 9] as const;

/** By `seed` modulo their number. */
const THEMES: readonly Theme[] = [
  // The receiver and the clock.
  {
    pauseS: [2, 9],
    draws: [
      ...[
        { kind: 'gps-silent', lastsS: LONGER },
        { kind: 'gps-silent', lastsS: LONGER },
      ],
      ...[
        { kind: 'gps-no-fix', lastsS: SHORT },
        { kind: 'gps-gone', lastsS: SHORT },
      ],
      { kind: 'clock-silent', lastsS: [5, 11] },
    ],
  },
  // The board, the cabinet and the key.
  {
    pauseS: [4, 12],
    draws: [
      ...[
        { kind: 'tamper-loop', lastsS: SHORT },
        { kind: 'tamper-line', lastsS: SHORT },
      ],
      ...[
        { kind: 'key-bounces', lastsS: LONGER },
        { kind: 'tailgate-half-way', lastsS: SHORT },
      ],
      ...[
        { kind: 'board-silent', lastsS: SHORT },
        { kind: 'operator-suspends', lastsS: SHORT },
      ],
    ],
  },
  // The camera.
  {
    pauseS: [6, 20],
    draws: [
      ...[
        { kind: 'counter-jump', lastsS: LONGER, amount: [1, 3] as const },
        { kind: 'image-doubled', lastsS: LONGER },
      ],
      ...[
        { kind: 'image-swapped', lastsS: LONGER },
        { kind: 'strobe-dead', lastsS: LONGER },
      ],
      { kind: 'strobe-spurious', lastsS: LONGER, amount: [20, 60] },
      { kind: 'image-missing', lastsS: SHORT, amount: [0.3, 1] },
    ],
  },
  // The radar's cable.
  // A radar that was without power tests itself first.
  { pauseS: [30, 45], draws: [{ kind: 'radar-unplugged', lastsS: [0.3, 1.5] }] },
  // What the radar takes for one vehicle.
  {
    pauseS: [0.5, 3],
    draws: [
      { kind: 'radar-held-track', lastsS: [6, 20], amount: [0.6, 1.4] },
      { kind: 'radar-swinging-sign', lastsS: [6, 20] },
      { kind: 'radar-coasting', lastsS: [6, 20], amount: [0.1, 0.5] },
    ],
  },
  // What the radar says late.
  {
    pauseS: [12, 20],
    draws: [
      { kind: 'radar-delayed', lastsS: LONGER, amount: [0.25, 1.5] },
      { kind: 'radar-slow', lastsS: LONGER, amount: [0.25, 1.2] },
    ],
  },
];

export function restlessWorld(seed: number, hours: number): ScenarioFile {
  const random = createRandom(seed, 'restless world');
  const { site: place, van: stands } = randomPlace(createRandom(seed, 'place'), false);
  // Where the camera stands is the matter of other worlds.
  const site: Site = { ...place, limitDrops: [], merges: [], temporaryLimit: false };
  const van = { ...stands, lateralM: Math.round(LANE_WIDTHS * (site.lanes[0]?.widthM ?? 3.5) * 100) / 100 };
  const durationS = Math.round(hours * 3600);
  return {
    ...{ name: RESTLESS_WORLD, title: `A restless world, seed ${String(seed)}`, seed, durationS, site, van },
    instruments: {
      ...{ radar: 'agd350', angleDeg: 22.5, beamWidthDeg: 5, flash: random.pick(['dark', 'always', 'never'] as const) },
      ...{ widthPx: 640, heightPx: 480 },
    },
    deployment: 'operator',
    light: [{ fromS: 0, light: 'day' }],
    vehicles: speeders(createRandom(seed, 'restless traffic'), site, durationS),
    injection: true,
    faults: faultsOf(createRandom(seed, 'restless faults'), seed, site, durationS),
  };
}

/** One after the other in all monitored lanes, two of three too fast, and often two that follow each other at one speed. */
function speeders(random: Random, site: Site, durationS: number): Vehicle[] {
  const lanes = site.lanes.filter(({ monitored }) => monitored);
  const vehicles: Vehicle[] = [];
  const add = (atS: number, lane: string, speedKmh: number): void => {
    vehicles.push({
      ...{ plate: plateOf(vehicles.length), kind: 'car', colour: 'silver', lane, change: null, lateralShiftM: 0 },
      ...{ atS: Math.round(atS * 1000) / 1000, speedKmh: Math.round(speedKmh * 100) / 100 },
    });
  };
  for (let atS = 2; atS < durationS - 8; atS += random.between(1.2, 3.5)) {
    const { id } = random.pick(lanes);
    const speedKmh =
      site.threshold.speedKmh + (random.uniform() < 0.7 ? random.between(3, 30) : -random.between(1, 12));
    add(atS, id, speedKmh);
    if (random.uniform() < 0.3) add(atS + random.between(0.5, 0.8), id, speedKmh + random.between(-0.5, 0.5));
  }
  return vehicles.sort((a, b) => a.atS - b.atS);
}

function faultsOf(random: Random, seed: number, site: Site, durationS: number): Fault[] {
  const { draws, pauseS } = THEMES[seed % THEMES.length] as Theme;
  const tenths = (seconds: number): number => Math.round(seconds * 10) / 10;
  const faults: Fault[] = [];
  for (let atS = random.between(3, 10); atS < durationS - 12;) {
    const { kind, lastsS, amount } = random.pick(draws);
    const fault = { kind, fromS: tenths(atS), toS: Math.min(tenths(atS + random.between(...lastsS)), durationS) };
    // What swings is of interest where it looks like a speeder.
    const between = kind === 'radar-swinging-sign' ? speedsAbove(site) : amount;
    faults.push(
      between === undefined ? fault : { ...fault, amount: Number(random.between(...between).toPrecision(3)) },
    );
    atS = fault.toS + random.between(...pauseS);
  }
  return faults;
}

const speedsAbove = ({ threshold }: Site): readonly [number, number] => [
  threshold.speedKmh + 3,
  threshold.speedKmh + 25,
];

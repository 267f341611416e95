/**
 * The world that lies: everything from one seed. Some half of each hour is free of faults, so that honest work shows, too;
 * the result is an ordinary scenario, which can be written to a file and run again.
 */
import { createRandom, type Random } from '../prng.js';
import type { ScenarioFile } from '../scenarios/schema.js';
import { FAULTS } from './catalogue.js';
import type { FaultKind } from './fault.js';
import { randomPlace } from './random-site.js';
import { randomTraffic } from './random-traffic.js';
import { TRACK_FAULTS } from './track-faults.js';

export const LYING_WORLD = 'lying-world';
/** Each fault begins while somebody is in the beam or is photographed. */
export const SLY_WORLD = 'sly-world';
/** Only there, since a seed of a lying world is to stay the same for ever. */
const SLY_ONLY: ReadonlySet<string> = new Set(['radar-rain', 'gps-lured', 'clock-leap-second']);
/** Those of `restless-world` are drawn nowhere else. */
const DRAWN = FAULTS.filter((each) => !TRACK_FAULTS.includes(each));
/** About the moment at which a vehicle is in the middle of the beam. */
const MOMENT_S = [-0.6, 0.9] as const;
const MOMENT_LASTS_S = [0.05, 2.5] as const;
/** One vehicle in so many has such a moment; after it the next ones are left alone. */
const ONE_IN = 3;
const LEFT_ALONE_S = 6;
/** What takes its time. */
const SLOW: Readonly<Record<string, readonly [number, number]>> = {
  'radar-rain': [20, 120],
  'gps-lured': [60, 400],
};

/** What a careful hand with a sight leaves, and twice as much. */
const MISALIGNED_DEG = 1;

/** Between two faults or clusters of them: time to recover, and to show it. */
const PAUSE_S = [20, 120] as const;
const LASTS_S = [2, 35] as const;
/** Begun anew after such a fault, a deployment takes a minute or more. */
const SEVERE: ReadonlySet<string> = new Set(['power-cut', 'trigger-killed', 'operator-closes']);
const SEVERE_PART = 0.12;

export function randomWorld(seed: number, hours: number): ScenarioFile {
  const random = createRandom(seed, 'world');
  const simple = random.uniform() < 0.15;
  const { site, van } = randomPlace(createRandom(seed, 'place'), simple);
  const durationS = Math.round(hours * 3600);
  const plan = { site, durationS, vehiclesPerHour: random.between(350, 900), odd: 0.3 };
  const radar = simple ? 'ops243' : 'agd350';
  return {
    ...{ name: LYING_WORLD, title: `A world that lies, seed ${String(seed)}`, seed, durationS, site, van },
    instruments: {
      ...{ radar, angleDeg: 22.5, beamWidthDeg: 5, flash: random.pick(['dark', 'always', 'never'] as const) },
      ...{ widthPx: 640, heightPx: 480 },
    },
    deployment: 'operator',
    light: [{ fromS: 0, light: 'day' }],
    vehicles: randomTraffic(createRandom(seed, 'traffic'), plan),
    injection: true,
    faults: randomFaults(createRandom(seed, 'faults'), radar, durationS),
  };
}

export function slyWorld(seed: number, hours: number): ScenarioFile {
  const file = randomWorld(seed, hours);
  const { instruments, vehicles, durationS } = file;
  return {
    ...{ ...file, name: SLY_WORLD, title: `A world that lies at the worst moment, seed ${String(seed)}` },
    faults: [
      ...misalignment(createRandom(seed, 'misalignment'), durationS),
      ...slyFaults(createRandom(seed, 'sly faults'), instruments.radar, vehicles, durationS),
    ],
  };
}

/** One van in four was not set up well. */
function misalignment(random: Random, durationS: number): ScenarioFile['faults'] {
  const amount = Math.round(random.between(-MISALIGNED_DEG, MISALIGNED_DEG) * 100) / 100 + 0;
  return random.uniform() < 0.25 ? [{ kind: 'radar-misaligned', fromS: 0, toS: durationS, amount }] : [];
}

function slyFaults(
  random: Random,
  radar: 'agd350' | 'ops243',
  vehicles: ScenarioFile['vehicles'],
  durationS: number,
): ScenarioFile['faults'] {
  const light = DRAWN.filter(
    ({ name, radar: only }) =>
      !SEVERE.has(name) && name !== 'radar-misaligned' && (only === undefined || only === radar),
  );
  const severe = FAULTS.filter(({ name }) => SEVERE.has(name));
  const faults: ScenarioFile['faults'] = [];
  let freeS = 0;
  for (const { atS, speedKmh } of [...vehicles].sort((a, b) => a.atS - b.atS)) {
    if (speedKmh === 0 || atS < freeS || random.uniform() * ONE_IN > 1) continue;
    const fault = random.pick(random.uniform() < SEVERE_PART / 2 ? severe : light);
    const lastsS = random.between(...(SLOW[fault.name] ?? MOMENT_LASTS_S));
    faults.push(faultOf(random, fault, [Math.max(0, atS + random.between(...MOMENT_S)), lastsS], durationS));
    // What lasts may have others beside it.
    freeS = atS + LEFT_ALONE_S;
  }
  return faults.filter(({ fromS, toS }) => toS > fromS);
}

function randomFaults(random: Random, radar: 'agd350' | 'ops243', durationS: number): ScenarioFile['faults'] {
  const usable = DRAWN.filter(({ name, radar: only }) => !SLY_ONLY.has(name) && (only === undefined || only === radar));
  const severe = usable.filter(({ name }) => SEVERE.has(name));
  const light = usable.filter(({ name }) => !SEVERE.has(name) && name !== 'radar-misaligned');
  const faults: ScenarioFile['faults'] = [];
  for (let atS = random.between(5, 60); atS < durationS - 10;) {
    const many = random.uniform() < 0.2 ? 2 : 1;
    let untilS = atS;
    for (let each = 0; each < many; each += 1) {
      const kind = random.pick(random.uniform() < SEVERE_PART ? severe : light);
      const fromS = atS + each * random.between(0, 4);
      const fault = faultOf(random, kind, [fromS, random.between(...LASTS_S)], durationS);
      faults.push(fault);
      untilS = Math.max(untilS, fault.toS);
    }
    atS = untilS + random.between(...PAUSE_S);
  }
  return faults.filter(({ fromS, toS }) => toS > fromS);
}

function faultOf(
  random: Random,
  kind: FaultKind,
  [fromS, lastsS]: readonly [number, number],
  durationS: number,
): ScenarioFile['faults'][number] {
  const tenths = (seconds: number): number => Math.round(seconds * 10) / 10;
  const fault = { kind: kind.name, fromS: tenths(fromS), toS: Math.min(tenths(fromS + lastsS), durationS) };
  const { amount } = kind;
  if (amount === null || random.uniform() < 0.4) return fault;
  // About the usual amount: its tenth to its threefold.
  const wanted = amount.usual * 10 ** random.between(-1, 0.5);
  const much = Math.min(amount.most, Math.max(amount.least, wanted));
  return { ...fault, amount: Number(much.toPrecision(3)) };
}

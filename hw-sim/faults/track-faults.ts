/**
 * What a radar's tracker takes for one vehicle that moves and is none. Kept for worlds that are set up for it
 * (`restless-world`): the lying world draws from the others.
 */
import type { Random } from '../prng.js';
import type { Echo } from '../road/beam.js';
import { amount, kind, type FaultKind, type Hold } from './fault.js';

interface Held {
  readonly echo: Echo;
  readonly sinceS: number;
}

/** Holds a target where it was lost, and gives its track to whoever comes next that way. */
function heldTrack(forS: number): Hold {
  const lost = new Map<number, Held>();
  /** Under which plate the tracker knows a vehicle. */
  const aliases = new Map<string, string>();
  return {
    hasEchoes: true,
    echoes: (echoes, timeS) => {
      const seen: Echo[] = [];
      for (const sign of [-1, 1]) {
        const those = echoes.filter(({ radialKmh }) => Math.sign(radialKmh) === sign);
        const held = lost.get(sign);
        const [first] = those;
        if (first === undefined) {
          if (held !== undefined && timeS - held.sinceS <= forS) seen.push(held.echo);
          else lost.delete(sign);
          continue;
        }
        const { plate } = first.vehicle;
        if (held !== undefined && !aliases.has(plate)) aliases.set(plate, held.echo.vehicle.plate);
        const known = aliases.get(plate) ?? plate;
        aliases.set(plate, known);
        const echo = { ...first, vehicle: { ...first.vehicle, plate: known } as Echo['vehicle'] };
        // Whoever has taken it over takes it with him.
        lost.delete(sign);
        if (known === plate) lost.set(sign, { echo, sinceS: timeS });
        seen.push(echo, ...those.slice(1));
      }
      return seen;
    },
  };
}

/** Nobody: what swings beside the road. */
const SIGN = {
  ...{ kind: 'car', colour: 'grey', lengthM: 4.5, laneId: '', direction: 'increasing', speedKmh: 0, atS: 0 },
  ...{ lateralShiftM: 0, change: null },
};
const SWINGS_S = [0.35, 0.75] as const;
const RESTS_S = [0.6, 1.6] as const;
const AWAY_M = [12, 20] as const;

/** A sign that swings in the wind: a speed for a moment, at a place that stays where it is. */
function swinging(speedKmh: number, random: Random): Hold {
  let [fromS, toS, rangeM, sign, count] = [-Infinity, -Infinity, 0, 1, 0];
  return {
    hasEchoes: true,
    echoes: (echoes, timeS) => {
      if (timeS > toS) {
        fromS = timeS + random.between(...RESTS_S);
        toS = fromS + random.between(...SWINGS_S);
        rangeM = random.between(...AWAY_M);
        sign = random.uniform() < 0.5 ? 1 : -1;
        count += 1;
      }
      // Beside a vehicle that drives the same way nobody hears it.
      if (timeS < fromS || echoes.some(({ radialKmh }) => Math.sign(radialKmh) === sign)) return echoes;
      const vehicle = { ...SIGN, plate: `SIGN${String(count)}` } as Echo['vehicle'];
      const radialKmh = sign * speedKmh * Math.cos((22.5 * Math.PI) / 180) + random.gaussian(0.1);
      return [...echoes, { vehicle, rangeM, sightAngleDeg: 22.5, radialKmh, fill: 0.6 }];
    },
  };
}

export const TRACK_FAULTS: readonly FaultKind[] = [
  kind(
    ...([
      'radar-held-track',
      'radar',
      'stuck',
      'a track is held where it was lost until the next vehicle takes it',
    ] as const),
    heldTrack,
    amount('s', 0.1, 3, 1),
  ),
  kind(
    ...(['radar-swinging-sign', 'radar', 'wrong', 'a speed for a moment at a place that does not move'] as const),
    swinging,
    amount('km/h', 20, 250, 110),
  ),
];

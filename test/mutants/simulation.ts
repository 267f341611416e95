/**
 * Hunts one mutant of the product with the simulation: worlds are run by the broken copy until an oracle objects, or
 * a world crashes or stalls, or a minute is over.
 */
import { join } from 'node:path';
import type { BrokenCopy } from '../support/broken-copy.js';
import { LYING_WORLDS, RESTLESS_WORLDS, runWorlds, type WorldAnswer } from '../simulation/worlds.js';

export interface SimulationMutant {
  readonly claim: string;
  /** Below `dist/`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Where it is hunted; absent: in lying worlds. */
  readonly worlds?: 'restless';
  /** Seeds in which it shows soonest; the others follow. */
  readonly seeds?: readonly number[];
}

export interface Hunted {
  readonly caught: WorldAnswer | null;
  readonly seconds: number;
  readonly worlds: number;
}

export const A_MINUTE_MS = 60_000;

export async function hunt(copy: BrokenCopy, mutant: SimulationMutant, withinMs = A_MINUTE_MS): Promise<Hunted> {
  const { file, from, to, seeds = [] } = mutant;
  const begunMs = performance.now();
  const worlds = mutant.worlds === 'restless' ? RESTLESS_WORLDS : LYING_WORLDS;
  const first = worlds.filter(({ seed }) => seeds.includes(seed));
  const jobs = [...first, ...worlds.filter(({ seed }) => !seeds.includes(seed))];
  const answers = await copy.whileBroken(file, from, to, () =>
    runWorlds(jobs, {
      program: join(copy.dist, 'test', 'simulation', 'world-process.js'),
      isEnough: ({ violations }) => violations.length > 0 || performance.now() - begunMs > withinMs,
    }),
  );
  const caught = answers.find(({ violations }) => violations.length > 0) ?? null;
  return { caught, seconds: (performance.now() - begunMs) / 1000, worlds: answers.length };
}

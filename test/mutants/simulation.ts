/**
 * Hunts one mutant of the product with the simulation: worlds are run by the broken copy until an oracle objects, or
 * a world crashes or stalls, or a minute is over. A copy that cannot even be loaded would crash in every world: that is no
 * catch but a mutant that is written wrong.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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
const CANNOT_RUN = /^crashed: (?:SyntaxError|ReferenceError)/;

const programOf = (copy: BrokenCopy): string => join(copy.dist, 'test', 'simulation', 'world-process.js');

/** @throws AssertionError where the copy objects to the healthy product, or a mutant has no place of its own any more */
export async function expectHealthy(copy: BrokenCopy, mutants: readonly SimulationMutant[]): Promise<void> {
  for (const { claim, file, from } of mutants) {
    const places = readFileSync(join(copy.dist, file), 'utf8').split(from).length - 1;
    assert.equal(places, 1, `${claim}: ${file} must hold exactly once: ${from}`);
  }
  const jobs = [...LYING_WORLDS.slice(0, 2), ...RESTLESS_WORLDS.slice(0, 2)];
  const answers = await runWorlds(jobs, { program: programOf(copy) });
  assert.deepEqual(
    answers.flatMap(({ violations }) => violations),
    [],
  );
}

export async function hunt(copy: BrokenCopy, mutant: SimulationMutant, withinMs = A_MINUTE_MS): Promise<Hunted> {
  const { file, from, to, seeds = [] } = mutant;
  const begunMs = performance.now();
  const worlds = mutant.worlds === 'restless' ? RESTLESS_WORLDS : LYING_WORLDS;
  const first = worlds.filter(({ seed }) => seeds.includes(seed));
  const jobs = [...first, ...worlds.filter(({ seed }) => !seeds.includes(seed))];
  const answers = await copy.whileBroken(file, from, to, () =>
    runWorlds(jobs, {
      program: programOf(copy),
      isEnough: ({ violations }) => violations.length > 0 || performance.now() - begunMs > withinMs,
    }),
  );
  const caught = answers.find(({ violations }) => violations.length > 0) ?? null;
  const [shown = ''] = caught?.violations ?? [];
  assert.doesNotMatch(shown, CANNOT_RUN, `${mutant.claim}: the broken program cannot run`);
  return { caught, seconds: (performance.now() - begunMs) / 1000, worlds: answers.length };
}

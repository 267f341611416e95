/**
 * Worlds that lie, from one seed each: whatever fails, no invariant of the oracles is violated. Seeds that once failed are
 * kept in test/seeds and run for ever.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  again,
  LYING_WORLDS,
  RESTLESS_WORLDS,
  runWorlds,
  SLY_WORLDS,
  totals,
  type WorldAnswer,
  type WorldJob,
} from './worlds.js';

const SEEDS = new URL('../../../test/seeds/', import.meta.url).pathname;
const TWICE = 20;
/** Of those that were enforced, each kind. */
const MOST_TOLERATED = 0.03;

interface KeptSeed {
  readonly seed: number;
  readonly hours: number;
  /** What went wrong there once. */
  readonly why: string;
}

const told = (answers: readonly WorldAnswer[], jobs: readonly WorldJob[]): string[] =>
  answers
    .filter(({ violations }) => violations.length > 0)
    .flatMap(({ seed, violations }) => {
      const job = jobs.find((each) => each.seed === seed);
      return [
        `seed ${String(seed)}: ${violations.slice(0, 3).join('\n  ')}`,
        ...(job === undefined ? [] : [again(job)]),
      ];
    });

describe('worlds that lie', function () {
  this.timeout(900_000);
  let answers: readonly WorldAnswer[];

  before('sixty hours from 120 seeds', async () => {
    answers = await runWorlds(LYING_WORLDS);
  });

  it('60 simulated hours with faults violate no invariant', () => {
    assert.equal(answers.length, LYING_WORLDS.length);
    assert.deepEqual(told(answers, LYING_WORLDS), []);
    const hours = answers.reduce((sum, { simulatedSeconds }) => sum + simulatedSeconds, 0) / 3600;
    assert.ok(hours >= 60, `${hours.toFixed(1)} hours were simulated`);
  });

  it('they enforce, and miss no offender who had nothing in his way', () => {
    const sum = (of: (answer: WorldAnswer) => number): number => answers.reduce((total, each) => total + of(each), 0);
    assert.ok(sum(({ enforced }) => enforced) > 2000, 'hardly anybody was enforced');
    assert.ok(sum(({ cleanOffenders }) => cleanOffenders) > 500, 'hardly anybody was a clean offender');
    assert.equal(
      sum(({ missedOffenders }) => missedOffenders),
      0,
    );
  });

  it('restless worlds, in which everything happens at once, violate none either, and go on enforcing', async () => {
    const restless = await runWorlds(RESTLESS_WORLDS);
    assert.deepEqual(told(restless, RESTLESS_WORLDS), []);
    assert.ok(restless.every(({ enforced }) => enforced > 10));
    const [job] = RESTLESS_WORLDS;
    const [second] = await runWorlds(job === undefined ? [] : [job]);
    assert.equal(second?.recordingSha256, restless.find(({ seed }) => seed === job?.seed)?.recordingSha256);
  });

  it('sly worlds, in which each fault comes at the worst moment and some radars look beside, violate none', async () => {
    const sly = await runWorlds(SLY_WORLDS);
    assert.deepEqual(told(sly, SLY_WORLDS), []);
    assert.ok(sly.reduce((total, { enforced }) => total + enforced, 0) > 200);
  });

  it('what they tolerate, since no camera could know it, is little', () => {
    const enforced = answers.reduce((total, answer) => total + answer.enforced, 0);
    for (const [what, count] of totals(answers.map(({ tolerated }) => tolerated))) {
      assert.ok(count < enforced * MOST_TOLERATED, `${what}: ${String(count)} of ${String(enforced)}`);
    }
  });

  it('the same seed gives the same recording, byte for byte; another seed another', async () => {
    const jobs = LYING_WORLDS.slice(0, TWICE);
    const second = await runWorlds(jobs);
    const hashOf = (list: readonly WorldAnswer[], seed: number): string | null | undefined =>
      list.find((answer) => answer.seed === seed)?.recordingSha256;
    for (const { seed } of jobs) assert.equal(hashOf(second, seed), hashOf(answers, seed), `seed ${String(seed)}`);
    assert.equal(new Set(second.map(({ recordingSha256 }) => recordingSha256)).size, TWICE);
  });

  for (const file of readdirSync(SEEDS).filter((name) => name.endsWith('.yaml'))) {
    it(`seeds that failed once do not fail any more: ${file}`, async () => {
      const { scenario, seeds } = parse(readFileSync(join(SEEDS, file), 'utf8')) as {
        scenario: string;
        seeds: readonly KeptSeed[];
      };
      const jobs = seeds.map(({ seed, hours }) => ({ scenario, seed, hours }));
      assert.deepEqual(told(await runWorlds(jobs), jobs), []);
    });
  }
});

/** Three of the mutants of `make mutants` each day, in turn: the simulation must catch them. */
import assert from 'node:assert/strict';
import { createBrokenCopy, type BrokenCopy } from '../support/broken-copy.js';
import { SIMULATION_MUTANTS } from './simulation-mutants.js';
import { expectHealthy, hunt } from './simulation.js';

const A_DAY = 3;
/** Two minutes instead of one: a busy machine is no survivor. */
const PATIENCE_MS = 120_000;

/** The days of the calendar decide, so that a failure today is one for everybody today. */
function todays(): number[] {
  const day = Math.floor(Date.now() / 86_400_000);
  return Array.from({ length: A_DAY }, (_, place) => (day * A_DAY + place) % SIMULATION_MUTANTS.length);
}

describe('mutants that the simulation catches', function () {
  this.timeout(3 * PATIENCE_MS);
  let copy: BrokenCopy;

  before(() => {
    copy = createBrokenCopy();
  });

  after(() => {
    copy.remove();
  });

  it('are at least 25, each with a claim of its own', () => {
    assert.ok(SIMULATION_MUTANTS.length >= 25, `${String(SIMULATION_MUTANTS.length)} are listed`);
    assert.equal(new Set(SIMULATION_MUTANTS.map(({ claim }) => claim)).size, SIMULATION_MUTANTS.length);
  });

  it('each has a place of its own in the product, which is clean where nothing is broken', async () => {
    await expectHealthy(copy, SIMULATION_MUTANTS);
  });

  for (const index of todays()) {
    const mutant = SIMULATION_MUTANTS[index];
    if (mutant === undefined) continue;
    it(`today: ${mutant.claim}`, async () => {
      const { caught, seconds, worlds } = await hunt(copy, mutant, PATIENCE_MS);
      assert.ok(caught !== null, `it survived ${String(worlds)} worlds in ${seconds.toFixed(0)} s`);
    });
  }
});

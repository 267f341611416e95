/** Every reader of foreign bytes: its seeds, and some thousand inputs made of them, are read or refused, nothing else. */
import assert from 'node:assert/strict';
import { createRandom } from '../../hw-sim/prng.js';
import { runs } from '../support/fuzz.js';
import { mutate } from './mutate.js';
import { createTargets } from './targets.js';

const RUNS = 400;

describe('readers of foreign bytes', function () {
  this.timeout(120_000);
  const targets = createTargets();

  it('are many, each with seeds', () => {
    assert.ok(targets.length >= 18);
    assert.ok(targets.every(({ seeds }) => seeds.length > 0));
  });

  for (const { name, seeds, run } of targets) {
    it(`${name}: no input is answered with anything but a reading or a refusal`, () => {
      for (const seed of seeds) run(seed);
      const random = createRandom(1, `fuzz ${name}`);
      for (let count = 0; count < runs(RUNS); count += 1) {
        const bytes = mutate(seeds, random);
        try {
          run(bytes);
        } catch (error) {
          assert.fail(
            `${Buffer.from(bytes).toString('hex')}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`,
          );
        }
      }
    });
  }
});

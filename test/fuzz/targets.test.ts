/**
 * Every reader of foreign bytes: its seeds are read, and they, the corpus, and some hundred inputs made of them are read
 * or refused, nothing else, and each within its time.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createRandom } from '../../hw-sim/prng.js';
import { filesUnder, ROOT } from '../house/tree.js';
import { runs } from '../support/fuzz.js';
import { MOST_CORPUS_BYTES, readCorpus } from './corpus.js';
import { LIMIT_MS } from './hunt.js';
import { mutate } from './mutate.js';
import type { FuzzTarget } from './target.js';
import { createTargets, TARGET_NAMES } from './targets.js';
import { within } from './within.js';

const RUNS = 120;
const CORPUS = 'test/fuzz/corpus';

function tried({ run }: FuzzTarget, bytes: Uint8Array): boolean {
  let outcome = false;
  try {
    within(LIMIT_MS, () => {
      outcome = run(bytes);
    });
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    assert.fail(`${Buffer.from(bytes).toString('hex')}: ${what}`);
  }
  return outcome;
}

describe('readers of foreign bytes', function () {
  this.timeout(120_000);
  let targets: readonly FuzzTarget[] = [];

  before(async () => {
    targets = await createTargets();
  });

  it('are many, known by their names, each with seeds that it reads', () => {
    assert.ok(targets.length >= 36, `${targets.length}`);
    assert.deepEqual(
      targets.map(({ name }) => name),
      TARGET_NAMES,
    );
    for (const target of targets) {
      assert.ok(target.seeds.length > 0, target.name);
      for (const [at, seed] of target.seeds.entries()) {
        assert.ok(tried(target, seed), `seed ${at} of ${target.name} is refused, so that nothing behind is tried`);
      }
    }
  });

  it('have a corpus that is small, and no corpus is left without its reader', () => {
    const names = targets.map(({ name }) => name);
    const files = filesUnder([CORPUS], '');
    assert.deepEqual(
      files.filter((path) => !names.includes(path.split('/')[3] ?? '')),
      [],
    );
    for (const name of names) {
      const bytes = readCorpus(join(ROOT, CORPUS), name).reduce((sum, { length }) => sum + length, 0);
      assert.ok(bytes <= MOST_CORPUS_BYTES, `${name}: ${bytes} bytes, at most ${MOST_CORPUS_BYTES}`);
    }
  });

  it('answer odd inputs and the corpus with a reading or a refusal', () => {
    for (const target of targets) {
      for (const bytes of [...(target.oddities ?? []), ...readCorpus(join(ROOT, CORPUS), target.name)]) {
        tried(target, bytes);
      }
    }
  });

  it('answer whatever is made of them with a reading or a refusal, in time', () => {
    for (const target of targets) {
      const random = createRandom(1, `fuzz ${target.name}`);
      const parents = [...target.seeds, ...readCorpus(join(ROOT, CORPUS), target.name)];
      for (let count = 0; count < runs(RUNS); count += 1) tried(target, mutate(parents, random));
    }
  });
});

/**
 * The model of the disk once more (`store-model.test.ts`): after every call of a session all that was not synced is kept,
 * or a random part of it: names without data, sizes without bytes, later changes without earlier ones, torn sectors.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { requireTools } from '../support/tools.js';
import type { ModelFigures, StateReport } from './model-worker.js';
import { prepareRig, runProgram, withShim } from './run-rig.js';

/** Random states after each call; another seed gives others. */
const PER_CALL = process.env['MODEL_STATES_PER_CALL'] ?? '1';
const SEED = process.env['MODEL_SEED'] ?? '1';
const SHARES = 2;

describe('power cuts in a model of the disk that keeps parts', function () {
  this.timeout(1_800_000);
  let folder = '';

  before(async function () {
    requireTools(this, ['gcc', 'cjpeg']);
    folder = await prepareRig('parts');
    await runProgram('model-session', [folder], withShim(folder, 'traced'));
  });
  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  async function cut(kept: string): Promise<{ lost: string[]; states: number }> {
    const shares = Array.from({ length: SHARES }, (_, share) =>
      runProgram('model-worker', [folder, kept, PER_CALL, `${share}/${SHARES}`]),
    );
    const said = (await Promise.all(shares)).flatMap((lines) => {
      const { states } = lines.pop() as ModelFigures;
      return [{ states, reports: lines as StateReport[] }];
    });
    return {
      states: said.reduce((sum, { states }) => sum + states, 0),
      lost: said.flatMap(({ reports }) =>
        reports.map(({ calls, kept: seed, losses }) => `after call ${calls}, ${seed}: ${losses.join('; ')}`),
      ),
    };
  }

  it('keeps all that was written, after every call: nothing acknowledged is lost', async () => {
    const { lost, states } = await cut('all');
    assert.deepEqual(lost, []);
    assert.ok(states > 200, `only ${states} states differ`);
  });

  it(`keeps random parts, seed ${SEED}, ${PER_CALL} after every call: nothing acknowledged is lost`, async () => {
    const { lost, states } = await cut(SEED);
    assert.deepEqual(lost, []);
    assert.ok(states > 300, `only ${states} states differ`);
  });
});

/**
 * Power cuts in a model of the disk: one session is traced, and after every single call of it the disk is left as a power cut
 * may leave it. Each state is opened by the office again; what was acknowledged before the cut must be there. Here
 * everything that was not synced is dropped; `store-model-random.test.ts` keeps parts of it.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { requireTools } from '../support/tools.js';
import type { ModelFigures, StateReport } from './model-worker.js';
import { prepareRig, runProgram, withShim } from './run-rig.js';

describe('power cuts in a model of the disk', function () {
  this.timeout(120_000);
  let folder = '';

  before(async function () {
    requireTools(this, ['gcc', 'cjpeg']);
    folder = await prepareRig('model');
    await runProgram('model-session', [folder], withShim(folder, 'traced'));
  });
  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  async function cut(ignored: string): Promise<{ reports: StateReport[]; figures: ModelFigures }> {
    const said = await runProgram('model-worker', [folder, 'none', '1', '0/1', ignored]);
    return { figures: said.pop() as ModelFigures, reports: said as StateReport[] };
  }

  it('drops all that was not synced, after every call: no acknowledged exhibit, trigger, number or image is lost', async () => {
    const { reports, figures } = await cut('none');
    const lost = reports.map(({ calls, losses }) => `after call ${calls}: ${losses.join('; ')}`);
    assert.deepEqual(lost, []);
    assert.ok(figures.calls > 300, `only ${figures.calls} calls were traced`);
    assert.ok(figures.states > 40, `only ${figures.states} states differ`);
  });

  it('control: where the folders of the evidence are never synced, exhibits are lost', async () => {
    const { reports } = await cut('folders');
    assert.match(JSON.stringify(reports), /number 000001\d{3}: ENOENT/);
  });

  it('control: where the log of SQLite is never synced, as with synchronous NORMAL, commits are lost', async () => {
    const { reports, figures } = await cut('wal');
    assert.match(JSON.stringify(reports), /was leased and is forgotten/);
    assert.ok(figures.lossy > 10, `only ${figures.lossy} of ${figures.states} states lost something`);
  });
});

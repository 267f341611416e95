/**
 * Each storage call of a session fails in turn: with EIO, ENOSPC, EINTR, or as a write that comes up short. The session goes
 * on or ends with one typed error, and whatever it had acknowledged is there when the folder is opened again.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { requireTools } from '../support/tools.js';
import { FAULTS, type Fault } from './call-shim.js';
import type { FaultFigures, FaultReport } from './faults-worker.js';
import { prepareRig, runProgram, withShim } from './run-rig.js';

/**
 * 1: every call fails with every error. 2, in `make test`: every call fails with EIO or ENOSPC, and every second with EINTR;
 * `make soak` takes 1.
 */
const STEP = Number(process.env['FAULTS_STEP'] ?? 2);
/** How many calls in a row fail. */
const IN_A_ROW = process.env['FAULTS_IN_A_ROW'] ?? '1';
/** A session makes some 500 calls, 350 of them writes: fewer were seen by nobody. */
const FEWEST = 250;

describe('storage calls that fail', function () {
  this.timeout(600_000);
  let folder = '';

  before(async function () {
    requireTools(this, ['gcc', 'cjpeg']);
    folder = await prepareRig('faults');
  });
  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  async function sweep(fault: Fault): Promise<{ reports: FaultReport[]; figures: FaultFigures }> {
    const step = fault === 'short' ? 1 : STEP;
    const first = step > 1 && fault === 'ENOSPC' ? 2 : 1;
    const args = [folder, fault, String(first), String(step), '0', IN_A_ROW];
    const said = await runProgram('faults-worker', args, withShim(folder, fault));
    return { figures: said.pop() as FaultFigures, reports: said as FaultReport[] };
  }

  // The four sweeps wait most of their time: side by side they take as long as two.
  const sweeps = new Map<Fault, ReturnType<typeof sweep>>();
  before(() => {
    for (const fault of FAULTS) {
      const running = sweep(fault);
      running.catch(() => undefined);
      sweeps.set(fault, running);
    }
  });

  for (const fault of FAULTS) {
    it(`${fault} in one call of a session after the other: nothing acknowledged is lost, every error is typed`, async () => {
      const { reports, figures } = await sweeps.get(fault)!;
      const wrong = reports.map(({ at, call, wrong: what }) => `call ${at}, ${call}: ${what.join('; ')}`);
      assert.deepEqual(wrong, []);
      assert.ok(figures.beyond > FEWEST, `only ${figures.beyond} calls were seen`);
      assert.equal(figures.wentOn + figures.refused, figures.sessions - 1);
      assert.ok(figures.wentOn > figures.refused, `${figures.refused} of ${figures.beyond} sessions were given up`);
    });
  }
});

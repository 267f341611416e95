/** The bench itself runs: the real trigger process with the real controller fires, and the C floor answers beside it. */
import assert from 'node:assert/strict';
import { asTheyAre, compilerFound, LatencyRig } from './latency-rig.js';

describe('trigger latency bench', () => {
  it('gets an answer from both readers for every vehicle, in any order of blocks', async function () {
    this.timeout(60_000);
    if (!compilerFound()) {
      process.stderr.write('SKIPPED: no C compiler (cc), the floor of the bench cannot be built\n');
      this.skip();
    }
    const rig = await LatencyRig.build(asTheyAre);
    try {
      for (const reader of ['trigger', 'floor', 'trigger', 'floor', 'floor'] as const) {
        const latencyNs = await rig.play(reader);
        assert.ok(latencyNs !== null && latencyNs > 0, `${reader} answered`);
      }
    } finally {
      await rig.close();
    }
  });
});

/** What the judge of exhibits takes for a finding, and what for a defect of this program. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { collect } from '../../firmware/verify/collect.js';
import { createJudge, verifierFor } from '../../firmware/verify/judge.js';
import { demoSigner, makeSet } from '../support/exhibit.js';

describe('the judge of exhibits', () => {
  it('lets a defect of this program pass, with the name of the exhibit: it is no finding', async () => {
    const { dataDir, evidence } = await makeSet(await demoSigner(), { kinds: ['sync'] });
    const readSignature = (): never => {
      throw new TypeError('planted');
    };
    const judge = createJudge([], { ...verifierFor([]), readSignature });
    assert.throws(() => collect([evidence]).exhibits.map(judge), /\.record could not be judged \(planted\)/);
    rmSync(dataDir, { recursive: true });
  });
});

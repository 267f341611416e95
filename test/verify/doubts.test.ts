/** Numbers in doubt, as a stranger is told of them. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { kerbside } from '../cli/terminal.js';
import { demoSigner, makeSet } from '../support/exhibit.js';

describe('kerbside evidence verify, and doubts', () => {
  it('a doubt is a warning that names the numbers, and no failure', async () => {
    const reason = 'In doubt: numbers 000123002 to 000123003, failed fork test.';
    const detail = { fromIcn: '000123002', untilIcn: '000123003', test: 'fork', sinceUtcMs: null };
    const doubted = await makeSet(await demoSigner(), {
      story: [{ type: 'doubt', code: 'fork', sentence: reason, detail }],
    });
    try {
      const { code, out } = await kerbside(['evidence', 'verify', doubted.dataDir]);
      assert.equal(code, 0, out);
      assert.match(out, /^WARNING {2}000123002 to 000123003 in doubt \(fork\): In doubt: .* failed fork test\./m);
      const document = JSON.parse((await kerbside(['evidence', 'verify', doubted.dataDir, '--json'])).out) as {
        doubts: { fromIcn: string }[];
        exhibits: { icn: string | null; inDoubt?: boolean }[];
      };
      assert.deepEqual(
        document.doubts.map(({ fromIcn }) => fromIcn),
        ['000123002'],
      );
      const marked = document.exhibits.filter(({ inDoubt }) => inDoubt === true);
      assert.deepEqual(
        marked.map(({ icn }) => icn),
        ['000123002', '000123003'],
      );
    } finally {
      rmSync(doubted.dataDir, { recursive: true });
    }
  });
});

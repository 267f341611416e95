/** The page about the recording: its program reads what ours writes, and nothing of ours takes part. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode, folderFor, readAll, writeSample } from '../recording/samples.js';
import { read } from '../house/tree.js';

describe('docs: recording', () => {
  it("the page's Python program reads every entry of a recording, and stops at a damaged one", () => {
    const folder = folderFor('docs-recording');
    try {
      const [, program = ''] = /```python\n([\s\S]*?)```/.exec(read('docs/recording.md')) ?? [];
      const script = join(folder, 'read.py');
      writeFileSync(script, program);
      const [path = ''] = writeSample(join(folder, 'sample'));
      const run = (): string => execFileSync('python3', [script, path], { encoding: 'utf8', stdio: 'pipe' });
      const lines = run().trimEnd().split('\n');
      const { entries, items } = readAll(path);
      const printed = lines.filter((line) => line.startsWith('entry ')).map((line) => line.slice(6));
      assert.deepEqual(
        printed,
        entries.map((entry) => Buffer.from(encode(entry)).toString('hex')),
      );
      const blocks = items.filter((item) => item.type === 'entry' && item.startsBlock).length;
      // And the mark of the end.
      assert.equal(lines.filter((line) => line.startsWith('block ')).length, blocks + 1);
      assert.equal(lines.at(-1), 'clean end');
      const bytes = Buffer.from(lines.join(''));
      writeFileSync(path, bytes);
      assert.throws(run);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

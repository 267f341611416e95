/** The page of readiness checks tells what the code does: every check in order, its rule, force, source, and whether it resumes. */
import assert from 'node:assert/strict';
import { CHECKS } from '../../src/deployment/checks/index.js';
import { filesUnder, read } from './tree.js';

const rows = read('docs/checks.md')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );

describe('the house: readiness checks', () => {
  it('docs/checks.md lists every check as the code has it', () => {
    assert.deepEqual(
      rows.map((row) => row.slice(0, 5)),
      CHECKS.map(({ id, rule, force, source, resumes }) => [`\`${id}\``, rule, force, source, resumes ? 'yes' : 'no']),
    );
  });

  it('docs/checks.md gives a limit for each and says what to do', () => {
    for (const row of rows) {
      assert.equal(row.length, 7, row.join());
      for (const cell of row) assert.notEqual(cell, '', row.join());
    }
  });

  it('each check is a file of its own that says why the camera goes on by itself or does not', () => {
    const files = filesUnder(['src/deployment/checks'], '.ts');
    for (const { id } of CHECKS) {
      const path = `src/deployment/checks/${id}.ts`;
      assert.ok(files.includes(path), path);
      const header = read(path).split('*/')[0] ?? '';
      if (id !== 'export-due') assert.match(header, /resumes?\b/i, path);
    }
  });
});

/**
 * Every safety claim has a mutant: the compiled program is broken in one place on purpose, and the tests that prove the
 * claim must fail. A mutant that survives is a claim that nothing guards; a place that is not found any more is a list
 * that lies.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MUTANTS } from './mutants.js';
import { PACK_MUTANTS } from './pack-mutants.js';
import { SESSION_MUTANTS } from './session-mutants.js';
import { STORAGE_MUTANTS } from './storage-mutants.js';

const ALL = [...MUTANTS, ...STORAGE_MUTANTS, ...PACK_MUTANTS, ...SESSION_MUTANTS];
const DIST = new URL('../..', import.meta.url).pathname;
const PROJECT = join(DIST, '..');
const MOCHA = join(PROJECT, 'node_modules', 'mocha', 'bin', 'mocha.js');

describe('mutants of the safety claims', function () {
  this.timeout(120_000);
  let copy: string;

  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'kerbside-mutants-'));
    cpSync(DIST, join(copy, 'dist'), { recursive: true });
    // Rigs compile C sources, which are not in dist.
    for (const name of ['node_modules', 'package.json', 'package-lock.json', 'proto', 'docs', 'test']) {
      symlinkSync(join(PROJECT, name), join(copy, name));
    }
  });

  after(() => rmSync(copy, { recursive: true, force: true }));

  /** mocha's exit code for these spec files in the copy. */
  function run(specs: readonly string[]): { code: number | null; output: string } {
    const files = specs.map((spec) => join(copy, 'dist', spec));
    const args = [MOCHA, '--no-config', '--bail', '--timeout', '60000', ...files];
    // Coverage of broken code would be counted as coverage of the real one.
    const { NODE_V8_COVERAGE: _dropped, ...env } = process.env;
    const result = spawnSync(process.execPath, args, { cwd: copy, env, encoding: 'utf8' });
    return { code: result.status, output: result.stdout + result.stderr };
  }

  it('the unbroken copy passes every test that the mutants are judged by', () => {
    const specs = [...new Set(ALL.flatMap(({ provenBy }) => provenBy))];
    const { code, output } = run(specs);
    assert.equal(code, 0, output);
    // All of them, one after the other.
  }).timeout(600_000);

  for (const { claim, file, from, to, provenBy } of ALL) {
    it(claim, () => {
      const path = join(copy, 'dist', file);
      const original = readFileSync(path, 'utf8');
      assert.equal(original.split(from).length, 2, `${file} must hold exactly once: ${from}`);
      writeFileSync(
        path,
        original.replace(from, () => to),
      );
      try {
        const { code, output } = run(provenBy);
        assert.notEqual(code, 0, `the mutant survived:\n${output}`);
        assert.match(output, /\d+ failing/, `the tests did not run:\n${output}`);
      } finally {
        writeFileSync(path, original);
      }
    });
  }
});

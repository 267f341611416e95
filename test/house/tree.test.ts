/** The tree answers "where does this go?": known names at the top, tests where their subject is. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, sourceFiles } from './tree.js';

const TOP = new Set([
  ...['src', 'firmware', 'hw-sim', 'proto', 'test', 'docs', '.ci', '.git', '.github', '.gitignore', '.npmrc'],
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'eslint.config.js', '.prettierrc.json', '.prettierignore'],
  ...['.mocharc.json', 'Makefile', 'LICENSE', 'README.md', 'CHANGELOG.md', 'DEVELOPERS.md', '.editorconfig'],
]);

/** What the build and the demo leave behind; git ignores each of them. */
const MADE = new Set(['node_modules', 'dist', 'coverage', 'kerbside-demo']);

const unknownNames = (names: readonly string[]): string[] => names.filter((name) => !TOP.has(name) && !MADE.has(name));

/** Folders of test/ that stand for no folder of the product; `cli-evidence` is the evidence verbs of firmware/cli. */
const OWN = new Set([
  'house',
  'oracle',
  'oracle-tests',
  'bench',
  'end-to-end',
  'support',
  'captures',
  'mutants',
  'rigs',
  'cli-evidence',
  'fuzz',
  'simulation',
  'seeds',
]);
const PRODUCT = ['src', 'firmware', 'hw-sim', '.'];

/** `test/radar/…` mirrors `src/radar`, `test/controller/…` mirrors `src/controller.ts`, `test/store/…` mirrors `firmware/store`, `test/hw-sim/…` mirrors `hw-sim`. */
function strays(tests: readonly string[], exists: (folder: string) => boolean): string[] {
  return tests.filter((path) => {
    const folder = dirname(path).slice('test/'.length);
    if (folder === '' || OWN.has(folder.split('/')[0] ?? '')) return false;
    return !PRODUCT.some((product) => exists(join(product, folder)) || exists(join(product, `${folder}.ts`)));
  });
}

describe('the house: the tree', () => {
  it('has only known names at the top', () => {
    const tracked = existsSync(join(ROOT, '.git'))
      ? execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
          .split('\n')
          .map((path) => path.split('/')[0] ?? '')
          .filter((name) => name !== '')
      : readdirSync(ROOT);
    assert.deepEqual([...new Set(unknownNames(tracked))], []);
  });

  it('would notice another name at the top', () => {
    assert.deepEqual(unknownNames(['src', 'utils', 'dist']), ['utils']);
  });

  it('keeps each test in the folder of its subject', () => {
    const tests = sourceFiles('test').filter((path) => path.endsWith('.test.ts'));
    assert.deepEqual(
      strays(tests, (folder) => existsSync(join(ROOT, folder))),
      [],
    );
  });

  it('would notice a test without a subject', () => {
    const exists = (folder: string): boolean => folder === 'src/radar';
    assert.deepEqual(strays(['test/radar/a.test.ts', 'test/misc/b.test.ts'], exists), ['test/misc/b.test.ts']);
  });

  it('has tests for each room of src/ that holds code', () => {
    const room = (path: string): string => path.split('/')[1] ?? '';
    const rooms = sourceFiles('src').filter((path) => path.split('/').length > 2 && !path.startsWith('src/ports/'));
    const tested = new Set(sourceFiles('test').map(room));
    assert.deepEqual(
      [...new Set(rooms.map(room))].filter((name) => !tested.has(name)),
      [],
    );
  });
});

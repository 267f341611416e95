/** Every package has a reason in docs/dependencies.md and is used; nothing else is imported. */
import assert from 'node:assert/strict';
import { importsOf } from './imports.js';
import { filesUnder, read, sourceFiles } from './tree.js';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(read('package.json')) as Manifest;
const needed = Object.keys(manifest.dependencies);
const all = [...needed, ...Object.keys(manifest.devDependencies)];

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const isPackage = (specifier: string): boolean => !/^(\.|node:|\(computed\))/.test(specifier);

/** Rows of the tables: `| name | reason |`. */
function reasons(markdown: string): Map<string, string> {
  const rows = [...markdown.matchAll(/^\| `([^`]+)` +\| (.+) \|$/gm)];
  return new Map(rows.map(([, name = '', reason = '']) => [name, reason.trim()]));
}

const importedBy = (files: readonly string[]): Set<string> =>
  new Set(
    files
      .flatMap((path) => importsOf(path, read(path)))
      .filter(({ specifier }) => isPackage(specifier))
      .map(({ specifier }) => packageOf(specifier)),
  );

/** Used without an import: tools that make and configuration files name, and files read out of a package. */
const mentioned = (name: string, texts: readonly string[]): boolean => texts.some((text) => text.includes(name));

describe('the house: dependencies', () => {
  const manual = read('docs/dependencies.md');
  const documented = reasons(manual);
  const product = sourceFiles('src', 'firmware', 'hw-sim');

  it('each has a reason in docs/dependencies.md, and each reason a dependency', () => {
    assert.deepEqual(
      all.filter((name) => (documented.get(name) ?? '').length < 20),
      [],
      'without a reason',
    );
    assert.deepEqual(
      [...documented.keys()].filter((name) => !all.includes(name)),
      [],
      'reason without a package',
    );
  });

  it('each is used, or held for a later version and not used', () => {
    const imported = importedBy([...product, ...sourceFiles('test', 'proto')]);
    const texts = [
      ...['Makefile', 'package.json', 'eslint.config.js', '.mocharc.json', 'proto/generate.mjs'].map((path) =>
        path === 'package.json' ? JSON.stringify((JSON.parse(read(path)) as { scripts: unknown }).scripts) : read(path),
      ),
      ...filesUnder(['firmware', 'hw-sim', 'test'], '.ts').map(read),
    ];
    const unused = all.filter((name) => {
      const subject = name.replace(/^@types\//, '');
      return subject !== 'node' && !imported.has(subject) && !mentioned(subject, texts);
    });
    const held = [...reasons(manual.split('## Held')[1]?.split('\n## ')[0] ?? '').keys()];
    assert.deepEqual(
      unused.filter((name) => !held.includes(name)),
      [],
      'neither used nor held',
    );
    assert.deepEqual(
      held.filter((name) => imported.has(name)),
      [],
      'held, but used by now',
    );
  });

  it('the product imports nothing that is installed for development only', () => {
    const imported = [...importedBy(product)].filter((name) => !needed.includes(name));
    assert.deepEqual(imported, []);
  });

  it('would notice a package without a reason and one that nobody uses', () => {
    assert.deepEqual([...reasons('| `a` | because |\n| b | no name |').keys()], ['a']);
    assert.equal(mentioned('left-pad', ["import 'right-pad'"]), false);
  });
});

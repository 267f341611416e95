/** The manuals name only commands, options, make targets and files that exist. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandNames } from '../../firmware/cli/program.js';
import { filesUnder, read, ROOT } from './tree.js';

const MANUALS = ['README.md', ...filesUnder(['docs'], '.md').filter((path) => !path.startsWith('docs/decisions/'))];

/** Code of a manual: fenced blocks and spans. */
const codeOf = (markdown: string): string[] =>
  [...markdown.matchAll(/```[a-z]*\n([\s\S]*?)```|`([^`\n]+)`/g)].flatMap(([, block, span]) =>
    (block ?? span ?? '').split('\n'),
  );

function unknownCommands(markdown: string, known: readonly string[]): string[] {
  const nouns = known.map((name) => name.split(' ')[0]);
  return codeOf(markdown)
    .flatMap((line) => [...line.matchAll(/(?:^|\s)kerbside ([a-z]+)(?: ([a-z]+)(?=[\s|]|$))?/g)])
    .map(([, noun = '', verb]) => ({ noun, verb }))
    .filter(({ noun, verb }) => {
      if (!nouns.includes(noun)) return true;
      const verbs = known.filter((name) => name.startsWith(`${noun} `));
      return verbs.length > 0 && verb !== undefined && !known.includes(`${noun} ${verb}`);
    })
    .map(({ noun, verb }) => [noun, verb].filter((word) => word !== undefined).join(' '));
}

const unknownTargets = (markdown: string, makefile: string): string[] =>
  codeOf(markdown)
    .flatMap((line) => [...line.matchAll(/(?:^|\s)make ([a-z-]+)/g)].map(([, target = '']) => target))
    .filter((target) => !new RegExp(`^${target}:`, 'm').test(makefile));

/** Links to files of this tree that are not there; the picture of the README is one of them. */
const deadLinks = (path: string, markdown: string, exists: (file: string) => boolean): string[] =>
  [...markdown.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target) && !exists(join(dirname(path), target)))
    .map((target) => `${path}: ${target}`);

describe('the house: manuals', () => {
  it('name only commands that exist', () => {
    assert.deepEqual(
      MANUALS.flatMap((path) => unknownCommands(read(path), commandNames())),
      [],
    );
  });

  it('name only make targets that exist', () => {
    const makefile = read('Makefile');
    assert.deepEqual(
      MANUALS.flatMap((path) => unknownTargets(read(path), makefile)),
      [],
    );
  });

  it('link only to files that exist', () => {
    const exists = (file: string): boolean => existsSync(join(ROOT, file));
    assert.deepEqual(
      MANUALS.flatMap((path) => deadLinks(path, read(path), exists)),
      [],
    );
  });

  it('would notice what does not exist', () => {
    const known = ['run', 'config check'];
    assert.deepEqual(unknownCommands('`kerbside run`, `kerbside fly`, `kerbside config burn`', known), [
      'fly',
      'config burn',
    ]);
    assert.deepEqual(unknownTargets('```sh\nmake coffee\n```', 'demo: setup\n'), ['coffee']);
    assert.deepEqual(
      deadLinks('docs/a.md', '[b](b.md) ![c](images/c.jpg) [d](https://example.org)', (file) => file === 'docs/b.md'),
      ['docs/a.md: images/c.jpg'],
    );
  });

  it('the makefile explains every target that it names phony', () => {
    const makefile = read('Makefile');
    const phony = [...makefile.matchAll(/^\.PHONY: (.+)$/gm)].flatMap(([, names = '']) => names.split(' '));
    assert.ok(phony.includes('demo') && phony.includes('test'));
    assert.deepEqual(
      phony.filter((name) => !new RegExp(`^${name}:.*## \\S`, 'm').test(makefile)),
      [],
    );
  });
});

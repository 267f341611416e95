/** The rules of the house hold in every file, and each of them catches a bad example. */
import assert from 'node:assert/strict';
import { importArrows, importsOf } from './imports.js';
import { purity } from './purity.js';
import { fileLength, headerComment, MOST_LINES, noAny, noConsole, noLeftovers, noOnly } from './style.js';
import { breaches, sourceFiles, type Rule } from './tree.js';

const PRODUCT = ['src', 'firmware', 'hw-sim'];

function holds(rule: Rule, folders: readonly string[], except: (path: string) => boolean = () => false): void {
  const files = sourceFiles(...folders).filter((path) => !except(path));
  assert.ok(files.length > 0, `no file under ${folders.join(', ')}`);
  assert.deepEqual(breaches(rule, files), []);
}

function catches(rule: Rule, path: string, text: string, words: RegExp): void {
  const found = rule(path, text);
  assert.equal(found.length, 1, `${text}\n${found.join('\n')}`);
  assert.match(found[0]!, words);
}

const accepts = (rule: Rule, path: string, text: string): void => {
  assert.deepEqual(rule(path, text), []);
};

describe('the house: import arrows', () => {
  it('hold in src/, firmware/, hw-sim/ and the oracles', () => {
    holds(importArrows, [...PRODUCT, 'test/oracle']);
  });

  it('see every way to import', () => {
    const text = `import a from 'a'; import type { B } from 'b'; export * from 'c'; import 'd';
      const e = await import('e'); let f: import('f').F; const g = require('g'); const h = await import(name);
      import { type I } from 'i'; import { type J, k } from 'j';`;
    const seen = importsOf('x.ts', text).map(({ specifier, typeOnly }) => `${specifier}${typeOnly ? ' type' : ''}`);
    assert.deepEqual(seen.sort(), ['(computed)', 'a', 'b type', 'c', 'd', 'e', 'f type', 'g', 'i type', 'j']);
  });

  it('keep src/ away from Node, from the real world and from unlisted packages', () => {
    catches(importArrows, 'src/radar/x.ts', "import { readFileSync } from 'node:fs';", /only the libraries/);
    catches(importArrows, 'src/radar/x.ts', "import fs from 'fs';", /only the libraries/);
    catches(importArrows, 'src/radar/x.ts', "import type { A } from '../../firmware/a.js';", /only src/);
    catches(importArrows, 'src/x.ts', "import '../hw-sim/road/a.js';", /only src/);
    catches(importArrows, 'src/x.ts', "const a = await import('sqlite3');", /only the libraries/);
    accepts(
      importArrows,
      'src/a/x.ts',
      "import { z } from 'zod'; import '../../proto/generated/a.js'; import './y.js';",
    );
  });

  it('keep hw-sim/ away from the code that it tests', () => {
    catches(importArrows, 'hw-sim/instruments/x.ts', "import { crc } from '../../src/radar/crc.js';", /never the code/);
    catches(importArrows, 'hw-sim/x.ts', "import type { Pass } from '../src/measurement/types.js';", /never the code/);
    catches(importArrows, 'hw-sim/x.ts', "import { a } from '../firmware/a.js';", /never the code/);
    catches(importArrows, 'hw-sim/x.ts', 'const a = await import(name);', /compute/);
    accepts(
      importArrows,
      'hw-sim/a/x.ts',
      "import { kmh } from '../../src/units.js'; import 'node:net'; import '../y.js';",
    );
  });

  it('let only the simulate command load hw-sim/, and only by dynamic import', () => {
    catches(importArrows, 'firmware/office/x.ts', "const a = await import('../../hw-sim/a.js');", /only the simulate/);
    catches(importArrows, 'firmware/cli/commands/simulate.ts', "import '../../../hw-sim/a.js';", /by dynamic import/);
    accepts(importArrows, 'firmware/cli/commands/simulate.ts', "const a = await import('../../../hw-sim/a.js');");
  });

  it('keep oracles free of the code that they judge', () => {
    catches(importArrows, 'test/oracle/x.ts', "import { a } from '../../src/units.js';", /shares no code/);
    catches(importArrows, 'test/oracle/x.ts', "import type { A } from '../../hw-sim/a.js';", /shares no code/);
    accepts(importArrows, 'test/oracle/x.ts', "import type { A } from '../../src/units.js'; import './y.js';");
  });
});

describe('the house: purity of src/', () => {
  it('holds', () => {
    holds(purity, ['src']);
  });

  const BAD: readonly [string, RegExp][] = [
    ['const t = Date.now();', /Date\.now/],
    ['const t = new Date();', /without an argument/],
    ['const t = new Date;', /without an argument/],
    ['const t = new Date(2026, 1, 1);', /zone of the machine/],
    ['const t = Date();', /Date\(\)/],
    ['const h = when.getHours();', /zone of the machine/],
    ['const r = Math.random();', /Math\.random/],
    ['setTimeout(f, 1);', /setTimeout/],
    ['const f = setInterval;', /setInterval/],
    ['const t = performance.now();', /performance/],
    ["if (process.env['X']) f();", /process/],
    ["console.log('x');", /console/],
    ['const g = globalThis;', /globalThis/],
    ['const id = crypto.randomUUID();', /crypto/],
    ['const here = import.meta.url;', /import\.meta/],
    ['const f = async () => { await g; };', /await/],
  ];
  for (const [text, words] of BAD) {
    it(`catches ${text}`, () => {
      catches(purity, 'src/x.ts', text, words);
    });
  }

  it('lets the same words be names of members', () => {
    accepts(
      purity,
      'src/x.ts',
      'interface A { process: string } const a = { console: 1 }; f(a.performance, this.crypto);',
    );
    accepts(purity, 'src/x.ts', 'const t = new Date(ms); const h = t.getUTCHours(); const u = Date.UTC(2026, 0);');
  });
});

describe('the house: style', () => {
  const reasoned = ['// eslint-dis', 'able-next-line no-console -- the bench prints'].join('');

  it(`files have at most ${MOST_LINES} lines`, () => {
    holds(fileLength, [...PRODUCT, 'test']);
    accepts(fileLength, 'x.ts', 'a\n'.repeat(MOST_LINES));
    catches(fileLength, 'x.ts', 'a\n'.repeat(MOST_LINES + 1), /401 lines/);
  });

  it('each module begins by saying what it is', () => {
    holds(headerComment, [...PRODUCT, 'test/oracle']);
    accepts(headerComment, 'x.ts', '#!/usr/bin/env node\n/** A program. */\n');
    catches(headerComment, 'x.ts', "import a from 'a';\n/** Late. */\n", /no header comment/);
  });

  it('nothing is typed any', () => {
    holds(noAny, [...PRODUCT, 'test']);
    catches(noAny, 'x.ts', 'const a = b as any;', /:1 has any/);
    accepts(noAny, 'x.ts', "const any = 'any'; // any");
  });

  it('nothing prints past the context; the test runner and the bench may', () => {
    holds(noConsole, [...PRODUCT, 'test'], (path) => path === 'test/run.ts' || path.startsWith('test/bench/'));
    catches(noConsole, 'x.ts', "\nconsole.log('x');", /:2 has console\.log/);
    accepts(noConsole, 'x.ts', `${reasoned}\nconsole.log('x');`);
  });

  it('no test is singled out', () => {
    holds(noOnly, ['test']);
    catches(noOnly, 'x.ts', ['it', "only('x', f);"].join('.'), /it\.only/);
    catches(noOnly, 'x.ts', ['describe', "only('x', f);"].join('.'), /describe\.only/);
    accepts(noOnly, 'x.ts', 'const a = b.only;');
  });

  it('nothing is left for later and no check is switched off without a reason', () => {
    holds(noLeftovers, [...PRODUCT, 'test']);
    catches(noLeftovers, 'x.ts', ['// TO', 'DO: more'].join(''), /x\.ts:1 has/);
    catches(noLeftovers, 'x.ts', ['\n// @ts-', 'ignore'].join(''), /x\.ts:2 has/);
    catches(noLeftovers, 'x.ts', ['// eslint-dis', 'able-next-line no-console'].join(''), /next-line/);
    accepts(noLeftovers, 'x.ts', reasoned);
  });
});

/** The search itself: a reader that hangs and one that throws are told with their input, and wishes are read strictly. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, type ExitCode } from '../../src/errors.js';
import { readCorpus, writeCorpus } from './corpus.js';
import { hunt } from './hunt.js';
import type { Task } from './hunter-messages.js';
import { readWish, WishProblem } from './options.js';

const NAMES = ['hangs', 'throws', 'honest'];
const PLANTED = new URL('./planted.js', import.meta.url).href;

describe('the search', function () {
  this.timeout(60_000);
  let folder: string;
  let said: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-hunt-'));
    said = [];
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (task: Task): Promise<ExitCode> =>
    hunt(
      { targetsUrl: PLANTED, names: NAMES, task, folder, corpusFolder: join(folder, 'corpus'), limitMs: 700 },
      (sentence) => said.push(sentence),
    );
  const inputs = (name: string): Buffer[] =>
    readdirSync(folder)
      .filter((file) => file.startsWith(`fuzz-${name}-`))
      .map((file) => readFileSync(join(folder, file)));

  it('tells of a reader that hangs and of one that throws, keeps both inputs, and goes on with the next', async () => {
    const code = await run({ type: 'search', minutes: 0.02, seed: 7, keep: false, only: [] });
    assert.equal(code, EXIT.internal);
    const all = said.join('\n');
    assert.match(all, /^hangs: did not come back from an input within 0\.7 s\.$/m);
    assert.match(all, /^throws: TypeError: planted/m);
    assert.match(all, /^honest: \d+ inputs, /m);
    for (const name of ['hangs', 'throws']) {
      const [input, ...others] = inputs(name);
      assert.notEqual(input?.[0], 0x61, name);
      assert.deepEqual(others, []);
    }
    assert.deepEqual(inputs('honest'), []);
  });

  it('finds by coverage what lies behind two conditions, and keeps what led there', async () => {
    const code = await run({ type: 'search', minutes: 0.05, seed: 7, keep: true, only: ['honest'] });
    assert.equal(code, EXIT.good);
    const found = /(\d+) parents found/.exec(said.at(-1) ?? '')?.[1];
    assert.ok(Number(found) >= 2, said.at(-1));
    const kept = readCorpus(join(folder, 'corpus'), 'honest').map((bytes) => Buffer.from(bytes).toString('latin1'));
    assert.ok(
      kept.some((text) => text.startsWith('{*')),
      kept.join(),
    );
    assert.ok(kept.every((text) => text.length <= 3));
  });

  it('runs one input again, and says by its exit code what became of it', async () => {
    const one = (target: string, text: string): Promise<ExitCode> =>
      run({ type: 'one', target, bytes: Buffer.from(text) });
    assert.equal(await one('hangs', 'x'), EXIT.simulationStalled);
    assert.deepEqual(inputs('hangs'), [Buffer.from('x')]);
    assert.equal(await one('throws', 'y'), EXIT.internal);
    assert.equal(await one('honest', 'abc'), EXIT.good);
    assert.equal(said.at(-1), 'It was read.');
    assert.equal(await one('honest', 'a'), EXIT.good);
    assert.equal(said.at(-1), 'It was refused.');
  });

  it('is a program that refuses what it cannot do with exit code 2 and one sentence', () => {
    const program = (words: string[], env: NodeJS.ProcessEnv = {}) => {
      const file = fileURLToPath(new URL('./search.js', import.meta.url));
      const { status, stderr } = spawnSync(process.execPath, [file, ...words], {
        ...{ cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_V8_COVERAGE: '', ...env } },
      });
      return { status, stderr };
    };
    const unknown = program(['nothing', 'of-it']);
    assert.equal(unknown.status, EXIT.invalid);
    assert.match(unknown.stderr, /^"nothing" is no known target, expected one of agd350, ops243, .*\.\n$/);
    const absent = program(['agd350', 'absent.bin']);
    assert.equal(absent.status, EXIT.invalid);
    assert.match(absent.stderr, /^absent\.bin cannot be read .*\n$/);
    writeFileSync(join(folder, 'one.bin'), 'abc');
    assert.equal(program(['journal-entry', 'one.bin']).status, EXIT.good);
  });

  it('refuses wishes that make no sense, each by name', () => {
    const refused = (words: string[], env: Record<string, string>, sentence: RegExp): void => {
      assert.throws(
        () => readWish(words, env, NAMES, 1e12),
        (error) => error instanceof WishProblem && sentence.test(error.message),
        sentence.source,
      );
    };
    refused(['throws'], {}, /^No file was named for throws/);
    refused(['throws', 'a', 'b'], {}, /^b is one word too many/);
    refused(['--kepe'], {}, /^Option --kepe is not known/);
    refused([], { FUZZ_TARGETS: 'throws,thorws' }, /^"thorws" is no known target, expected one of hangs, throws/);
    for (const name of ['FUZZ_MINUTES', 'FUZZ_SEED', 'FUZZ_BYTES']) {
      for (const value of ['ten', '0', '-1', '1e3', 'NaN', 'Infinity', ' 1', '9'.repeat(20)]) {
        refused([], { [name]: value }, new RegExp(`^${name} is "${value}", expected a `));
      }
    }
    refused([], { FUZZ_SEED: '1.5' }, /a whole number/);
    const fine = readWish(['--keep'], { FUZZ_MINUTES: '0.5', FUZZ_SEED: '7' }, NAMES, 1e12);
    assert.deepEqual(fine, { type: 'search', minutes: 0.5, seed: 7, keep: true, only: [] });
  });

  it('keeps of a search what adds coverage, within bounds, and reads it back', () => {
    const kept = writeCorpus(folder, 'honest', [Buffer.from('b'), Buffer.alloc(5000), Buffer.from('a')]);
    assert.deepEqual(kept, { count: 2, bytes: 2 });
    assert.deepEqual(
      readCorpus(folder, 'honest')
        .map((bytes) => Buffer.from(bytes).toString())
        .sort(),
      ['a', 'b'],
    );
    assert.deepEqual(readCorpus(folder, 'throws'), []);
  });
});

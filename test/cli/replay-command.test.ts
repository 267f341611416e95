/** `kerbside replay` as people and scripts see it. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordVirtually, type VirtualRecording } from '../support/virtual-recording.js';
import { kerbside } from './terminal.js';

describe('kerbside replay', () => {
  let recording: VirtualRecording;
  let folder: string;

  before(async () => {
    recording = await recordVirtually('drive-past', 20_260_301);
    folder = mkdtempSync(join(tmpdir(), 'kerbside-replay-'));
  });

  after(() => {
    for (const each of [recording.dataDir, folder]) rmSync(each, { recursive: true, force: true });
  });

  function copy(name: string): string {
    const path = join(folder, name);
    copyFileSync(recording.file, path);
    return path;
  }

  it('says that everything is the same, exit 0, of a file and of a folder', async () => {
    for (const path of [recording.file, recording.deployment]) {
      const { code, out, err } = await kerbside(['replay', path]);
      assert.equal(code, 0, err);
      assert.match(out, /the same, byte for byte/);
    }
  });

  it('with --json gives one document', async () => {
    const { code, out } = await kerbside(['replay', recording.file, '--json', '--icn', '000001003']);
    const document = JSON.parse(out) as Record<string, unknown>;
    assert.equal(code, 0);
    assert.equal(document['identical'], true);
    assert.equal((document['explanation'] as { title: string }).title, 'Number 000001003');
  });

  it('draws a pass and explains it', async () => {
    const file = join(folder, 'why.svg');
    const { code, out } = await kerbside(['replay', recording.deployment, '--icn', '000001003', '--plot', file]);
    assert.equal(code, 0);
    assert.match(out, /Verdict: enforce/);
    assert.match(readFileSync(file, 'utf8'), /^<svg /);
  });

  it('a bit that flipped anywhere is never told as identical', async () => {
    const bytes = readFileSync(recording.file);
    const path = copy('flipped.kbr');
    for (let sample = 0; sample < 24; sample += 1) {
      const at = Math.floor(((sample + 0.5) / 24) * bytes.length);
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (sample % 8));
      writeFileSync(path, flipped);
      const { code, out, err } = await kerbside(['replay', path, '--json']);
      const where = `byte ${String(at)} of ${String(bytes.length)}`;
      assert.notEqual(err, '', `nothing was said of ${where}`);
      // Without its first block there is no configuration, and nothing that could be replayed.
      assert.ok(code === 5 || (code === 2 && out === ''), `${where}: exit ${String(code)}`);
      if (out !== '') assert.equal((JSON.parse(out) as { identical: boolean }).identical, false, where);
    }
  });

  it('a tail that was cut off is told and costs only the tail', async () => {
    const path = copy('cut.kbr');
    truncateSync(path, Math.floor(readFileSync(path).length * 0.7));
    const { code, out, err } = await kerbside(['replay', path, '--json']);
    const document = JSON.parse(out) as { identical: boolean; lives: { inputs: number }[]; differenceCount: number };
    assert.equal(code, 0, err);
    assert.equal(document.identical, false);
    assert.equal(document.differenceCount, 0);
    assert.ok((document.lives[0]?.inputs ?? 0) > 1000);
    assert.notEqual(err, '');
  });

  const refusals: readonly (readonly [string, () => string[], number, RegExp])[] = [
    ['a file that is not there', () => ['/nonexistent/recording.kbr'], 2, /is not there, expected a file/],
    ['a file that is none', () => [new URL(import.meta.url).pathname], 2, /holds nothing that can be replayed/],
    ['a number that is not in it', () => [recording.file, '--icn', '000009001'], 2, /000009001 is not in what/],
    ['a pass that is not in it', () => [recording.file, '--pass', '999'], 2, /Pass 999 is not in what/],
    ['a number that is none', () => [recording.file, '--icn', '12'], 1, /--icn is 12, expected nine digits/],
    ['a drawing of nothing', () => [recording.file, '--plot', 'x.svg'], 1, /--plot draws one pass/],
    [
      'a drawing of no vehicle',
      () => [recording.file, '--icn', '000001001', '--plot', join(folder, 'no.svg')],
      2,
      /no vehicle/,
    ],
    ['a time that is none', () => [recording.file, '--until', 'tea'], 1, /--until is tea, expected/],
  ];
  for (const [what, words, expected, sentence] of refusals) {
    it(`refuses ${what} in one sentence`, async () => {
      const { code, err } = await kerbside(['replay', ...words()]);
      assert.match(err, sentence);
      assert.equal(code, expected);
      assert.equal(existsSync(join(folder, 'no.svg')), false);
    });
  }
});

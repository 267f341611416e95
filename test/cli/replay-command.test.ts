/** `kerbside replay` as people and scripts see it. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEntries } from '../../firmware/replay/read-entries.js';
import { createSyncRecordingWriter } from '../../firmware/recording/sync-writer.js';
import { createEntryEncoder } from '../../src/recording/index.js';
import type { Input, Output } from '../../src/timeline.js';
import { metres } from '../../src/units.js';
import { recordVirtually, type VirtualRecording } from '../support/virtual-recording.js';
import { kerbside } from './terminal.js';

/** The same recording as if another software had made it, its answers changed. */
function rewritten(from: string, to: string, change: (output: Output) => Output): void {
  const writer = createSyncRecordingWriter({ to, encoder: createEntryEncoder(), partMb: 32 });
  let step: { readonly input: Input; readonly outputs: Output[] } | null = null;
  const flush = (): void => {
    if (step !== null) writer.step(step.input, step.outputs);
  };
  for (const item of readEntries(from)) {
    assert.equal(item.type, 'entry');
    const { entry } = item;
    if (entry.type === 'head') {
      writer.begin({ ...entry.head, software: { version: '0.0.9', commit: null, sha256: '5a'.repeat(32) } });
    } else if (entry.type === 'input') {
      flush();
      step = { input: entry.input, outputs: [] };
    } else if (entry.type === 'output') step?.outputs.push(change(entry.output));
  }
  flush();
  writer.close();
}

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
    // Two dozen replays, beside whatever else the machine does.
  }).timeout(120_000);

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

  it('up to a moment it says so, and claims nothing of the rest', async () => {
    const { code, out } = await kerbside(['replay', recording.file, '--until', '20']);
    assert.equal(code, 0);
    assert.match(out, /inputs of 0\.3 min were fed/);
    assert.match(out, /fed up to --until; what follows was not looked at/);
    const json = JSON.parse((await kerbside(['replay', recording.file, '--until', '20', '--json'])).out) as {
      cut: string;
      seconds: number;
      lives: { state: string }[];
    };
    assert.deepEqual([json.cut, json.lives[0]?.state], ['until', 'until']);
    assert.ok(json.seconds <= 20 && json.seconds > 19);
  });

  it('a recording of another software is a report, exit 0; with --strict what differs is exit 5', async () => {
    const [same, other] = [join(folder, 'same'), join(folder, 'other')];
    rewritten(recording.file, same, (output) => output);
    rewritten(recording.file, other, (output) =>
      output.type === 'pass'
        ? { ...output, pass: { ...output.pass, travelM: metres(output.pass.travelM + 1) } }
        : output,
    );
    for (const [path, words, expected] of [
      [same, [], 0],
      [same, ['--strict'], 0],
      [other, [], 0],
      [other, ['--strict'], 5],
    ] as const) {
      const { code, out, err } = await kerbside(['replay', path, '--json', ...words]);
      const { sameSoftware, differenceCount, differences } = JSON.parse(out) as {
        sameSoftware: boolean;
        differenceCount: number;
        differences: { path: string }[];
      };
      assert.equal(code, expected, `${path} ${words.join(' ')}: ${err}`);
      assert.deepEqual([sameSoftware, differenceCount > 0], [false, path === other]);
      if (path === other) assert.equal(differences[0]?.path, 'pass.travelM');
    }
    const { out } = await kerbside(['replay', other]);
    assert.match(out, /Another version recorded it: what differs is what this one would do differently/);
    assert.match(out, /inputs were answered differently/);
  }).timeout(60_000);

  it('a gap is told in one sentence with one full stop', async () => {
    const bytes = readFileSync(recording.file);
    const at = Math.floor(bytes.length / 2);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    const path = join(folder, 'gap.kbr');
    writeFileSync(path, bytes);
    const { out } = await kerbside(['replay', path]);
    assert.match(out, /could be compared only up to a gap: .*[^.]\.$/m);
    assert.doesNotMatch(out, /\.\.$/m);
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
    ['a life without a pass', () => [recording.file, '--life', '1'], 1, /--life says in which .*, expected --pass/],
    [
      'a moment before the beginning',
      () => [recording.file, '--until', '2020-01-01T00:00:00Z'],
      1,
      /^kerbside replay: --until is 2020-01-01T00:00:00Z, expected an instant within the recording, which begins at /,
    ],
    [
      'a moment behind the end',
      () => [recording.file, '--until', '9:00:00'],
      1,
      /^kerbside replay: --until is 9:00:00, expected a moment within the recording, which can be read up to second \d/,
    ],
    ['a data folder', () => [recording.dataDir], 2, /holds none itself; expected .*evidence\/000001\b/],
    ['the folder of all evidence', () => [join(recording.dataDir, 'evidence')], 2, /expected .*evidence\/000001\b/],
    [
      'a folder of nothing',
      () => [folder],
      2,
      /holds none itself; expected recording\.kbr, or the folder of a deployment/,
    ],
    ['a time that is none', () => [recording.file, '--until', 'tea'], 1, /^kerbside replay: --until is tea, expected/],
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

/** `--until`: what it takes, where it cuts, and what it refuses. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replayRecording, type Replayed } from '../../firmware/replay/replay.js';
import { Course, parseUntil } from '../../firmware/replay/until.js';
import { KerbsideError } from '../../src/errors.js';
import { monotonicNs, utcMs } from '../../src/units.js';
import { head } from '../recording/samples.js';
import { recordVirtually, type VirtualRecording } from '../support/virtual-recording.js';

const isUsage = (error: unknown): boolean => error instanceof KerbsideError && error.kind === 'usage';

describe('--until', () => {
  const at = (ms: number) => monotonicNs(ms * 1e6);

  it('takes seconds, hours and minutes, or an instant with its zone', () => {
    const first = head(1, 1000);
    const course = new Course();
    course.begin(first);
    const instant = new Date(first.utcMs + 5000).toISOString();
    for (const [text, ms] of [
      ['93.5', 93_500],
      ['1:02:03', 3_723_000],
      [instant, 5000],
    ] as const) {
      assert.equal(course.isBehind(parseUntil(text), at(1000 + ms)), false, text);
      assert.equal(course.isBehind(parseUntil(text), at(1001 + ms)), true, text);
    }
  });

  it('refuses anything else with what was found and what is expected', () => {
    for (const bad of ['soon', '1:99', '-5', '2026-02-24T10:00:00', ''])
      assert.throws(() => parseUntil(bad), isUsage, bad);
  });

  it('counts on over a restart of the computer, whose clock then begins anew', () => {
    const course = new Course();
    const first = head(1, 100_000);
    course.begin(first);
    course.input(at(130_000));
    course.begin({ ...head(2, 500), utcMs: utcMs(first.utcMs + 60_000) });
    assert.equal(course.seconds, 60);
    assert.equal(course.isBehind(parseUntil('61'), at(1500)), false);
    assert.equal(course.isBehind(parseUntil('61'), at(1501)), true);
  });
});

describe('replay with --until', () => {
  let recording: VirtualRecording;
  let folder: string;
  let whole: Replayed;

  const until = (text: string, path = recording.file): Promise<Replayed> =>
    replayRecording({ path, until: parseUntil(text), wanted: null });

  before(async () => {
    recording = await recordVirtually('drive-past', 20_260_301);
    folder = mkdtempSync(join(tmpdir(), 'kerbside-until-'));
    whole = await replayRecording({ path: recording.file, until: null, wanted: null });
  });

  after(() => {
    for (const each of [recording.dataDir, folder]) rmSync(each, { recursive: true, force: true });
  });

  it('says that it was cut, and counts what was fed', async () => {
    const { report, cut, seconds } = await until('20');
    assert.equal(cut, 'until');
    assert.deepEqual([report.lives[0]?.state, report.differenceCount], ['until', 0]);
    assert.ok(seconds > 19 && seconds <= 20, String(seconds));
    const [fed, all] = [report.lives[0]?.inputs ?? 0, whole.report.lives[0]?.inputs ?? 0];
    assert.ok(fed > 100 && fed < all);
    assert.deepEqual([whole.cut, whole.report.lives[0]?.state], [null, 'whole']);
  });

  it('takes the very end for what it is: all of it', async () => {
    const { cut, report } = await until(String(Math.floor(whole.seconds * 1000) / 1000));
    assert.ok(cut === null || cut === 'until');
    assert.ok((report.lives[0]?.inputs ?? 0) > 1000);
  });

  it('refuses an instant before the beginning and a moment behind the end', async () => {
    await assert.rejects(
      until('2020-01-01T00:00:00Z'),
      /--until is 2020-01-01T00:00:00Z, expected .* begins at 20\d\d-/,
    );
    await assert.rejects(until('2100-01-01T00:00:00Z'), /--until is 2100-01-01T00:00:00Z, expected .* up to 20\d\d-/);
    await assert.rejects(until('99:00:00'), /--until is 99:00:00, expected .* up to second \d+\.\d{3}/);
    await assert.rejects(until('99999'), isUsage);
  });

  it('does not look at damage that lies behind it, and finds what lies before', async () => {
    const path = join(folder, 'flipped.kbr');
    copyFileSync(recording.file, path);
    const bytes = readFileSync(path);
    const place = Math.floor(bytes.length * 0.9);
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    assert.deepEqual((await until('20', path)).damages, []);
    const { damages } = await replayRecording({ path, until: null, wanted: null });
    assert.notEqual(damages.length, 0);
  });
});

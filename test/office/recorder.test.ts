/** The black box of a session in the office: what the trigger's loop has kept becomes the deployment's recording. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statusDocument, statusWords } from '../../firmware/cli/deployment-status-view.js';
import { Office } from '../../firmware/office/office.js';
import { Recorder, type RecorderOptions } from '../../firmware/office/recorder.js';
import { recordingPaths } from '../../firmware/recording/files.js';
import type { Entry, Step } from '../../src/recording/index.js';
import { monotonicNs } from '../../src/units.js';
import { command, jsonEncoder, readAll, tick } from '../recording/samples.js';
import { CONTROLLER, makeVan, until, type FakeTrigger, type Van } from './fakes.js';

const say = (trigger: FakeTrigger, steps: readonly Step[], inputs = 0): void =>
  trigger.say({
    type: 'recorded',
    batch: { steps, lost: inputs === 0 ? null : { atNs: monotonicNs(9e9), inputs } },
  });

const words = (entries: readonly Entry[]): string[] =>
  entries.map((entry) => {
    if (entry.type === 'head') return `head ${entry.head.life}`;
    if (entry.type === 'input') return `tick ${entry.input.atNs / 1e6}`;
    return entry.type === 'lost' ? `lost ${entry.inputs}` : entry.output.type;
  });

describe('recorder', () => {
  let root = '';
  let van: Van;
  let office: Office | null = null;

  const folder = (): string => join(van.parts.dataDir, 'evidence', '000001');
  const start = async (): Promise<Office> => (office = await Office.start(van.parts));
  const close = async (): Promise<void> => {
    const running = office;
    office = null;
    await running?.close();
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'kerbside-recorder-'));
    van = makeVan(root);
  });
  afterEach(async () => {
    await office?.abort();
    office = null;
    await rm(root, { recursive: true });
  });

  it('writes head, inputs and outputs in order, from before the deployment had a number to its clean end', async () => {
    van.trigger.onStart = (trigger) => {
      say(trigger, [{ input: tick(1), outputs: [command('early')] }]);
      trigger.say({ type: 'started' });
    };
    await start();
    say(van.trigger, [{ input: tick(2), outputs: [] }], 3);
    say(van.trigger, [{ input: tick(9000), outputs: [command('late')] }]);
    await until(() => (office?.status.recording?.bytes ?? 0) > 0);
    assert.equal(office?.status.recording?.file, join(folder(), 'recording.kbr'));
    assert.equal(office.status.recording.error, null);
    assert.match(statusWords(office.status), /\nRecording: 0\.0 MB, now in .*000001\/recording\.kbr\n/);
    assert.deepEqual(statusDocument(office.status).recording, office.status.recording);
    await close();
    const { entries, damage } = readAll(folder());
    assert.deepEqual(damage, []);
    assert.deepEqual(words(entries), [
      ...['head 1', 'tick 1', 'radar-command', 'tick 2', 'lost 3', 'tick 9000', 'radar-command'],
    ]);
    const [first] = entries;
    assert.ok(first?.type === 'head');
    assert.equal(first.head.deployment, '000001');
    assert.deepEqual(first.head.config, CONTROLLER);
    const { version, commit, sha256 } = van.parts.software;
    assert.deepEqual(first.head.software, { version, commit, sha256 });
  });

  it('begins another life, with its own head, when the trigger process is started again', async () => {
    await start();
    say(van.trigger, [{ input: tick(1), outputs: [] }]);
    van.trigger.die('signal SIGSEGV');
    await until(() => existsSync(join(folder(), 'recording.kbr')));
    await until(() => van.trigger.starts === 2);
    say(van.trigger, [{ input: tick(2), outputs: [] }]);
    await close();
    const { entries, damage } = readAll(folder());
    assert.deepEqual(damage, []);
    assert.deepEqual(words(entries), ['head 1', 'tick 1', 'head 2', 'tick 2']);
  });

  it('leaves the recording of a session that broke off without a clean end', async () => {
    const running = await start();
    say(van.trigger, [{ input: tick(1), outputs: [] }]);
    await running.abort();
    const { entries, damage } = readAll(folder());
    assert.deepEqual(words(entries), ['head 1', 'tick 1']);
    assert.deepEqual(
      damage.map(({ kind }) => kind),
      ['unclosed'],
    );
  });

  it('a recording that cannot be written is an alarm and no reason to stop enforcement', async () => {
    await start();
    // Nobody writes through a folder.
    mkdirSync(join(folder(), 'recording.kbr'), { recursive: true });
    say(van.trigger, [
      { input: tick(1), outputs: [] },
      { input: tick(7000), outputs: [] },
    ]);
    await until(() => office?.status.recording?.error != null);
    const status = office?.status;
    assert.match(status?.recording?.error ?? '', /recording\.kbr cannot be written/);
    assert.equal(status?.notices.find(({ code }) => code === 'recording-failed')?.level, 'alarm');
    assert.ok(status);
    assert.match(statusWords(status), /\nRecording: FAILED\. Recording .* cannot be written/);
    assert.equal(status.storage.usable, true);
    assert.deepEqual(van.trigger.ofType('store'), []);
    assert.equal((await van.trigger.lease()).length, 8);
    await close();
  });

  it('is resumed when the disk takes it again, and nothing is missing', async () => {
    await start();
    const inTheWay = join(folder(), 'recording.kbr');
    mkdirSync(inTheWay, { recursive: true });
    say(van.trigger, [
      { input: tick(1), outputs: [] },
      { input: tick(7000), outputs: [] },
    ]);
    await until(() => office?.status.recording?.error != null);
    await rm(inTheWay, { recursive: true });
    await until(() => office?.status.recording?.error === null);
    const resumed = office?.status.notices.find(({ code }) => code === 'recording-resumed');
    assert.match(resumed?.sentence ?? '', /nothing is missing in it/);
    await close();
    assert.deepEqual(words(readAll(folder()).entries), ['head 1', 'tick 1', 'tick 7000']);
  });

  it('goes on in the folder where it began when the numbers go on in the next deployment', async () => {
    await start();
    say(van.trigger, [{ input: tick(1), outputs: [] }]);
    const icns = await van.trigger.lease(1001);
    assert.equal(icns.at(-1), '000002002');
    say(van.trigger, [{ input: tick(2), outputs: [] }]);
    await office?.abort();
    assert.deepEqual(recordingPaths(van.parts.dataDir), [join(folder(), 'recording.kbr')]);
    assert.deepEqual(words(readAll(folder()).entries), ['head 1', 'tick 1', 'tick 2']);
  });

  it('leaves nothing of a controller that never ran', async () => {
    await start();
    await close();
    assert.equal(existsSync(join(folder(), 'recording.kbr')), false);
  });

  describe('by itself', () => {
    const notices: string[] = [];
    const make = (changes: Partial<RecorderOptions> = {}): Recorder =>
      new Recorder({
        ...{ dataDir: van.parts.dataDir, partMb: 32, keepMb: 16, encoder: jsonEncoder(), controller: CONTROLLER },
        ...{ software: van.parts.software, clock: van.parts.clock, retryMs: 5 },
        deployments: () => Promise.resolve({ all: new Set([1, 2, 3]), withExhibits: new Set([2]) }),
        onStatus: () => undefined,
        onNotice: (level, code, sentence) => void notices.push(`${level} ${code}: ${sentence}`),
        ...changes,
      });
    const put = (deployment: string, bytes: number): string => {
      const path = join(van.parts.dataDir, 'evidence', deployment, 'recording.kbr');
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, Buffer.alloc(bytes));
      return path;
    };
    const step = (atMs: number): Step => ({ input: tick(atMs), outputs: [] });

    beforeEach(() => void (notices.length = 0));

    it('counts as lost what comes before the deployment is open and does not fit', async () => {
      const recorder = make({ mostEarlySteps: 3 });
      recorder.begin();
      for (let atMs = 1; atMs <= 5; atMs += 1) recorder.take({ steps: [step(atMs)], lost: null });
      recorder.open(3);
      recorder.take({ steps: [step(6)], lost: null });
      await recorder.close('clean', 1000);
      const { entries } = readAll(join(van.parts.dataDir, 'evidence', '000003'));
      assert.deepEqual(words(entries), ['head 1', 'tick 1', 'tick 2', 'tick 3', 'lost 2', 'tick 6']);
    });

    it('deletes the oldest recordings without an exhibit beyond recording.keepMb, and says so', async () => {
      const [first, second] = [put('000001', 10e6), put('000002', 10e6)];
      const recorder = make();
      recorder.begin();
      recorder.open(3);
      recorder.take({ steps: [step(1)], lost: null });
      await recorder.close('clean', 1000);
      assert.deepEqual([existsSync(first), existsSync(second)], [false, true]);
      assert.deepEqual(notices, [
        'info recording-pruned: Recordings of deployments without an exhibit were deleted: 000001.',
      ]);
    });

    it('warns once and records on when all that is left may not be deleted', async () => {
      const exhibit = put('000002', 20e6);
      const recorder = make({ partMb: 0 });
      recorder.begin();
      recorder.open(3);
      for (let atMs = 1; atMs < 60_000; atMs += 6000) recorder.take({ steps: [step(atMs)], lost: null });
      await recorder.close('clean', 1000);
      assert.equal(existsSync(exhibit), true);
      assert.equal(notices.length, 1);
      assert.match(notices[0] ?? '', /^warning recording-kept: Recordings take 21 MB, recording\.keepMb is 16;/);
      assert.equal(readAll(join(van.parts.dataDir, 'evidence', '000003')).damage.length, 0);
    });

    it('an entry that cannot be written down is an alarm, told once, and stands as lost', async () => {
      const failing = jsonEncoder();
      const recorder = make({
        encoder: {
          restart: () => undefined,
          encode: (entry) => {
            if (entry.type === 'input' && entry.input.atNs === 2e6) throw new TypeError('no plain data');
            return failing.encode(entry);
          },
        },
      });
      recorder.begin();
      recorder.open(3);
      recorder.take({ steps: [step(1), step(2), step(3)], lost: null });
      recorder.take({ steps: [step(2), step(4)], lost: null });
      await recorder.close('clean', 1000);
      assert.equal(notices.length, 1);
      assert.match(notices[0] ?? '', /^alarm recording-failed: .*no plain data/);
      const { entries } = readAll(join(van.parts.dataDir, 'evidence', '000003'));
      assert.deepEqual(words(entries), ['head 1', 'tick 1', 'lost 1', 'tick 3', 'lost 1', 'tick 4']);
    });
  });
});

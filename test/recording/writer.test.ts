/** Writing a recording: the same bytes in real and in virtual time, whatever the disk does meanwhile. */
import assert from 'node:assert/strict';
import { execFileSync, fork } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { digestOfList, overallDigest, recordingDigests, RecordingHash } from '../../firmware/recording/digest.js';
import { createSyncRecordingWriter } from '../../firmware/recording/sync-writer.js';
import { RecordingWriter, type RecordingWriterOptions } from '../../firmware/recording/writer.js';
import type { Entry } from '../../src/recording/index.js';
import { monotonicNs, NS_PER_MS, utcMs } from '../../src/units.js';
import { sampleExposure, sampleStart } from '../store/samples.js';
import { SmallDisk } from '../support/small-disk.js';
import { bytesOf, command, folderFor, head, jsonEncoder, readAll, tick, writeSample } from './samples.js';

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Compiled, or as it was written: whatever this file is itself. */
const CHILD = import.meta.url.endsWith('.ts') ? './writer-child.ts' : './writer-child.js';

interface Told {
  failures: string[];
  recoveries: number[];
  written: [string, number][];
}

describe('recording: writers', () => {
  let folder = '';
  let told: Told;

  const open = (changes: Partial<RecordingWriterOptions> = {}): RecordingWriter =>
    new RecordingWriter({
      ...{ folder: join(folder, 'live'), encoder: jsonEncoder(), partMb: 32, retryMs: 2 },
      clocks: () => ({ atNs: monotonicNs(0), utcMs: utcMs(0) }),
      onFailure: (sentence) => void told.failures.push(sentence),
      onRecovery: (lost) => void told.recoveries.push(lost),
      onWritten: (path, bytes) => void told.written.push([path, bytes]),
      ...changes,
    });

  beforeEach(() => {
    folder = folderFor('writer');
    told = { failures: [], recoveries: [], written: [] };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives the same bytes in real time as in virtual time, to a file as to a sink', async () => {
    const [path = ''] = writeSample(join(folder, 'virtual'));
    const live = open();
    live.begin(head());
    for (let step = 0; step < 40; step += 1) {
      live.step(tick(1000 + step * 1250), step % 3 === 0 ? [command(`command ${step}`)] : []);
      if (step % 7 === 0) await live.settled();
    }
    assert.equal(await live.close(1000), true);
    assert.deepEqual(bytesOf(live.path), bytesOf(path));
    const hash = new RecordingHash();
    const sink = createSyncRecordingWriter({ to: hash.sink, encoder: jsonEncoder(), partMb: 32 });
    sink.begin(head());
    for (let step = 0; step < 40; step += 1) {
      sink.step(tick(1000 + step * 1250), step % 3 === 0 ? [command(`command ${step}`)] : []);
    }
    sink.close();
    assert.deepEqual(hash.digests(), [sha256(bytesOf(path))]);
    assert.deepEqual(sink.paths, []);
    assert.deepEqual(told.failures, []);
  });

  it('ends a block by bytes or by the time of its entries, and keeps an input with its outputs', () => {
    const writer = createSyncRecordingWriter({ to: join(folder, 'big'), encoder: jsonEncoder(), partMb: 32 });
    writer.begin(head());
    const big = command('x'.repeat(30_000));
    for (let step = 0; step < 6; step += 1) writer.step(tick(1000 + step), [big, command('small')]);
    writer.close();
    const blocks: Entry['type'][][] = [];
    for (const item of readAll(join(folder, 'big')).items) {
      if (item.type !== 'entry') continue;
      if (item.startsBlock) blocks.push([]);
      blocks.at(-1)?.push((JSON.parse(Buffer.from(item.bytes).toString()) as Entry).type);
    }
    assert.ok(blocks.length > 2, 'more than one block within a few milliseconds');
    for (const block of blocks) {
      assert.equal(block.at(-1), 'output');
      assert.notEqual(block[0], 'output');
    }
  });

  it('ends a block with the exposure that was ordered or concluded in it, so that it is on the disk at once', async () => {
    const writer = open();
    writer.begin(head());
    writer.step(tick(1000), []);
    writer.step(tick(1001), [{ type: 'fire', exposure: sampleStart('000001001') }]);
    await writer.settled();
    assert.equal(readAll(writer.path).entries.length, 4);
    writer.step(tick(1002), [{ type: 'conclude', exposure: sampleExposure('000001001') }]);
    await writer.settled();
    assert.equal(readAll(writer.path).entries.length, 6);
    writer.step(tick(1003), []);
    await writer.settled();
    assert.equal(readAll(writer.path).entries.length, 6);
    await writer.close(1000);
  });

  it('begins each further life and each further file with a head that says how much came before', () => {
    const writer = createSyncRecordingWriter({ to: join(folder, 'lives'), encoder: jsonEncoder(), partMb: 0 });
    writer.begin(head(1, 1000));
    writer.step(tick(1000), [command('a')]);
    writer.step(tick(7000), []);
    writer.begin(head(2, 9000));
    writer.step(tick(9000), []);
    writer.lost(monotonicNs(15_000 * NS_PER_MS), 3);
    writer.close();
    const { entries, damage } = readAll(join(folder, 'lives'));
    assert.deepEqual(damage, []);
    const heads = entries.flatMap((entry) => (entry.type === 'head' ? [entry.head] : []));
    assert.deepEqual(
      heads.map(({ life, entriesBefore, utcMs: utc }) => [life, entriesBefore, utc - 1_800_000_000_000]),
      [
        [1, 0, 1000],
        [1, 2, 7000],
        [2, 0, 9000],
        [2, 1, 15_000],
      ],
    );
    assert.deepEqual(entries.at(-1), { type: 'lost', atNs: 15e9, inputs: 3 });
  });

  it('never writes over a recording that is there', async () => {
    const [path = ''] = writeSample(join(folder, 'live'));
    const before = bytesOf(path);
    const writer = open();
    writer.begin(head());
    writer.step(tick(1000), []);
    assert.equal(await writer.close(20), false);
    assert.deepEqual(bytesOf(path), before);
    assert.match(told.failures[0] ?? '', /recording\.kbr cannot be written \(EEXIST/);
    assert.throws(() => writeSample(join(folder, 'live')), { code: 'EEXIST' });
  });

  it('leaves no torn block on a full disk, goes on when there is room, and says what is missing', async function () {
    const disk = SmallDisk.mount(this, 4);
    try {
      const writer = open({ folder: join(disk.folder, 'live'), mostWaitingBytes: 200_000 });
      writer.begin(head());
      const big = [command('x'.repeat(20_000))];
      writer.step(tick(1000), big);
      writer.flush();
      await writer.settled();
      disk.fillTo(100_000);
      let step = 0;
      while (told.failures.length === 0 || step < 60) {
        step += 1;
        writer.step(tick(1000 + step * 2500), big);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      assert.match(told.failures[0] ?? '', /no space left/);
      assert.equal(told.failures.length, 1, 'told once');
      disk.empty();
      await writer.settled();
      writer.step(tick(9_000_000), []);
      assert.equal(await writer.close(5000), true);
      const { entries, damage } = readAll(join(disk.folder, 'live'));
      assert.deepEqual(damage, []);
      const lost = entries.flatMap((entry) => (entry.type === 'lost' ? [entry.inputs] : []));
      const inputs = entries.filter(({ type }) => type === 'input').length;
      assert.equal(lost.reduce((sum, each) => sum + each, 0) + inputs, step + 2, 'written or counted');
      assert.ok(lost.length > 0, 'some did not fit');
      assert.equal(told.recoveries.length, 1);
    } finally {
      disk.unmount();
    }
  });

  it('is given up at the end on a disk that stays full, and what was written before can be read', async function () {
    const disk = SmallDisk.mount(this, 2);
    try {
      const writer = open({ folder: join(disk.folder, 'live') });
      writer.begin(head());
      writer.step(tick(1000), []);
      writer.flush();
      await writer.settled();
      disk.fillTo(0);
      for (let step = 0; step < 20; step += 1) writer.step(tick(3000 + step * 10_000), [command('x'.repeat(9000))]);
      assert.equal(await writer.close(30), false);
      const { entries, damage } = readAll(join(disk.folder, 'live'));
      assert.ok(entries.length >= 2);
      assert.deepEqual(
        damage.map(({ kind }) => kind),
        ['unclosed'],
      );
    } finally {
      disk.unmount();
    }
  });

  it('survives kill -9 at any moment: all but the last block is there, and no damage beside a cut tail', async () => {
    for (const patienceMs of [150, 300]) {
      const live = join(folder, `killed-${patienceMs}`);
      const child = fork(new URL(CHILD, import.meta.url).pathname, [live], {
        execArgv: [...process.execArgv],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      let last = 0;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      await new Promise<void>((resolve) => {
        child.on('message', (synced) => {
          last = Number(synced);
          if (last !== 1) return;
          setTimeout(() => {
            child.kill('SIGKILL');
            resolve();
          }, patienceMs);
        });
      });
      await exited;
      const { entries, damage } = readAll(live);
      const inputs = entries.filter(({ type }) => type === 'input').length;
      assert.ok(inputs >= last, `${inputs} inputs read, ${last} were synced`);
      assert.equal(damage.at(-1)?.kind, 'unclosed');
      assert.ok(damage.slice(0, -1).every(({ kind }) => kind === 'tail'));
    }
  });

  it('has one figure for one file and for several, which a stranger can work out', async () => {
    writeSample(join(folder, 'one'));
    const one = await recordingDigests(join(folder, 'one'));
    const shell = (script: string): string =>
      execFileSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' }).slice(0, 64);
    assert.equal(await overallDigest(one.map(({ path }) => path)), shell('sha256sum one/recording.kbr'));
    const several = writeSample(join(folder, 'several'), { partMb: 0 });
    assert.ok(several.length > 3);
    assert.deepEqual(
      (await recordingDigests(join(folder, 'several'))).map(({ path }) => path),
      several,
    );
    const files = several.join(' ');
    assert.equal(await overallDigest(several), shell(`sha256sum ${files} | cut -d ' ' -f 1 | sha256sum`));
    assert.equal(digestOfList([]), null);
  });

  it('makes its files readable for their owner and group alone', () => {
    const [path = ''] = writeSample(join(folder, 'mode'));
    assert.equal(statSync(path).mode & 0o007, 0);
    assert.deepEqual(readdirSync(join(folder, 'mode')), ['recording.kbr']);
  });
});

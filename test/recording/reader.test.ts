/** Reading a recording back: all of it when it is whole, all but the damage when it is not, and the damage by name. */
import assert from 'node:assert/strict';
import { appendFileSync, closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { encodeBlock, HEADER_BYTES, MAGIC, readHeader } from '../../firmware/recording/block.js';
import { partsIn } from '../../firmware/recording/files.js';
import { readRecording } from '../../firmware/recording/reader.js';
import { bytesOf, folderFor, readAll, writeSample } from './samples.js';

/** Where each block begins, found by the headers alone. */
function blockStarts(bytes: Buffer): number[] {
  const starts: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const header = readHeader(bytes.subarray(at));
    assert.ok(header !== null, `a block at ${at}`);
    starts.push(at);
    at += HEADER_BYTES + header.length;
  }
  return starts;
}

describe('recording: reader', () => {
  const folder = folderFor('reader');
  const path = join(folder, 'recording.kbr');
  const whole = bytesOf(writeSample(join(folder, 'sample'), { steps: 14, everyMs: 3000 })[0]!);
  const starts = blockStarts(whole);
  writeFileSync(path, whole);
  const all = readAll(path).entries;

  const readBytes = (bytes: Buffer): ReturnType<typeof readAll> => {
    writeFileSync(path, bytes);
    return readAll(path);
  };

  after(() => rmSync(folder, { recursive: true }));

  it('gives every entry of a whole file, in order, and no damage', () => {
    const { entries, damage, items } = readBytes(whole);
    assert.deepEqual(damage, []);
    assert.equal(entries[0]?.type, 'head');
    assert.equal(entries.filter(({ type }) => type === 'input').length, 14);
    assert.equal(entries.filter(({ type }) => type === 'output').length, 5);
    const begun = items.filter((item) => item.type === 'entry' && item.startsBlock);
    // The last block is the end mark, which has no entry.
    assert.equal(begun.length, starts.length - 1);
    assert.ok(starts.length > 6, 'several blocks');
  });

  it('reports every single flipped bit, wherever it is, and reads what it does not touch', () => {
    const blockOf = (at: number): number => starts.filter((start) => start <= at).length - 1;
    const perBlock = starts.map((start) => {
      const header = readHeader(whole.subarray(start))!;
      return header.count;
    });
    writeFileSync(path, whole);
    const file = openSync(path, 'r+');
    for (let at = 0; at < whole.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        writeSync(file, Buffer.of(whole[at]! ^ (1 << bit)), 0, 1, at);
        const { entries, damage } = readAll(path);
        assert.notEqual(damage.length, 0, `bit ${bit} of byte ${at}`);
        assert.equal(entries.length, all.length - perBlock[blockOf(at)]!, `bit ${bit} of byte ${at}`);
      }
      writeSync(file, whole, at, 1, at);
    }
    closeSync(file);
  }).timeout(120_000);

  it('loses only the tail of a file that was cut, at every length', () => {
    for (let length = 0; length < whole.length; length += 1) {
      const { entries, damage } = readBytes(whole.subarray(0, length));
      const wholeBlocks = starts.filter((_start, index) => (starts[index + 1] ?? whole.length) <= length);
      const expected = wholeBlocks.reduce((sum, start) => sum + readHeader(whole.subarray(start))!.count, 0);
      assert.deepEqual(entries, all.slice(0, expected), `cut at ${length}`);
      assert.equal(damage.at(-1)?.kind, 'unclosed', `cut at ${length}`);
      const isWhole = length === 0 || starts.includes(length);
      assert.equal(damage.length, isWhole ? 1 : 2, `cut at ${length}`);
      if (!isWhole) assert.ok(['tail', 'file'].includes(damage[0]!.kind), `cut at ${length}: ${damage[0]!.kind}`);
    }
  });

  it('finds its way again after any number of bytes that are missing in the middle', () => {
    const [, , second = 0, third = 0] = starts;
    for (let cut = 1; cut < third - second; cut += 7) {
      const { entries, damage } = readBytes(Buffer.concat([whole.subarray(0, second), whole.subarray(second + cut)]));
      assert.deepEqual(
        damage.map(({ kind, offset }) => [kind, offset]),
        [['block', second]],
        `${cut} bytes missing`,
      );
      assert.equal(entries.length, all.length - readHeader(whole.subarray(second))!.count);
    }
  });

  it('notices by their numbers that whole blocks are missing, come twice or in another order', () => {
    const [, first = 0, second = 0, third = 0, fourth = 0] = starts;
    const [before, one, two, rest] = [
      whole.subarray(0, first),
      whole.subarray(first, second),
      whole.subarray(second, third),
      whole.subarray(third),
    ];
    const without = readBytes(Buffer.concat([before, whole.subarray(fourth)]));
    assert.deepEqual(
      without.damage.map(({ kind }) => kind),
      ['missing'],
    );
    assert.match(without.damage[0]!.sentence, /blocks 1 to 3 are missing before block 4/);
    const twice = readBytes(Buffer.concat([before, one, one, two, rest]));
    assert.deepEqual(
      twice.damage.map(({ kind }) => kind),
      ['block'],
    );
    assert.deepEqual(twice.entries, all);
    const swapped = readBytes(Buffer.concat([before, two, one, rest]));
    assert.deepEqual(
      swapped.damage.map(({ kind }) => kind),
      ['missing', 'block'],
    );
    const headless = readBytes(whole.subarray(first));
    assert.deepEqual(
      headless.damage.map(({ kind }) => kind),
      ['missing'],
    );
  });

  it('tells a clean end from none, and bytes behind it', () => {
    const unclosed = readBytes(whole.subarray(0, starts.at(-1)));
    assert.deepEqual(
      unclosed.damage.map(({ kind }) => kind),
      ['unclosed'],
    );
    assert.deepEqual(unclosed.entries, all);
    const longer = readBytes(Buffer.concat([whole, Buffer.from('more')]));
    assert.deepEqual(
      longer.damage.map(({ kind, bytes }) => [kind, bytes]),
      [['tail', 4]],
    );
  });

  it('takes a block that stands inside an entry for what it is: an entry', () => {
    const inner = encodeBlock({ flags: 0, part: 1, sequence: 9 }, [Buffer.from('inner')]);
    const outer = encodeBlock({ flags: 1, part: 1, sequence: 0 }, [Buffer.concat([MAGIC, inner])]);
    const end = encodeBlock({ flags: 4, part: 1, sequence: 1 }, []);
    writeFileSync(path, Buffer.concat([outer, end]));
    const items = [...readRecording(path)];
    assert.deepEqual(
      items.map(({ type }) => type),
      ['entry'],
    );
  });

  it('refuses a later layout, what is not there, and a folder without a recording', () => {
    const later = encodeBlock({ flags: 1, part: 1, sequence: 0 }, []);
    later.writeUInt16LE(2, 8);
    later.writeUInt32LE(crc32(later.subarray(0, HEADER_BYTES - 4)), HEADER_BYTES - 4);
    assert.throws(() => readBytes(later), { kind: 'recording-unreadable', message: /has layout 2; expected 1/ });
    assert.throws(() => [...readRecording(join(folder, 'nothing.kbr'))], { kind: 'recording-unreadable' });
    mkdirSync(join(folder, 'empty'));
    assert.throws(() => [...readRecording(join(folder, 'empty'))], { kind: 'recording-unreadable' });
    const other = readBytes(Buffer.alloc(100_000, 0x4b));
    assert.deepEqual(
      other.damage.map(({ kind, bytes: count }) => [kind, count]),
      [
        ['file', 100_000],
        ['unclosed', 0],
      ],
    );
  });

  it('reads a folder of several files as one recording, and misses each of them', () => {
    const several = join(folder, 'several');
    // A part of no size at all: each block a file.
    writeSample(several, { partMb: 0, steps: 20 });
    const parts = partsIn(several);
    assert.deepEqual(
      parts.slice(0, 2).map((each) => basename(each.path)),
      ['recording.kbr', 'recording-0002.kbr'],
    );
    const together = readAll(several);
    assert.deepEqual(together.damage, []);
    const heads = together.entries.filter(({ type }) => type === 'head');
    assert.equal(heads.length, parts.length);
    const before = heads.map((entry) => (entry.type === 'head' ? entry.head.entriesBefore : -1));
    assert.equal(before[0], 0);
    assert.ok(before.every((count, index) => index === 0 || count > before[index - 1]!));
    for (const each of parts) {
      assert.deepEqual(readAll(each.path).damage, [], 'each file is whole by itself');
      renameSync(each.path, `${each.path}.away`);
      const { damage } = readAll(several);
      assert.ok(
        damage.some(({ kind }) => kind === 'missing'),
        `${basename(each.path)} is missing`,
      );
      renameSync(`${each.path}.away`, each.path);
    }
  });

  it('holds no more than a block and a window of a long file', () => {
    const long = join(folder, 'long.kbr');
    writeFileSync(long, '');
    const entry = Buffer.alloc(60_000);
    for (let sequence = 0; sequence < 2000; sequence += 1) {
      appendFileSync(long, encodeBlock({ flags: sequence === 0 ? 1 : 0, part: 1, sequence }, [entry]));
    }
    let most = 0;
    let count = 0;
    for (const item of readRecording(long)) {
      if (item.type === 'entry') count += 1;
      if (count % 100 === 0) {
        globalThis.gc?.();
        most = Math.max(most, process.memoryUsage().arrayBuffers);
      }
    }
    assert.equal(count, 2000);
    assert.ok(most < 100_000_000, `${most} bytes of 120 MB held`);
    rmSync(long);
  });
});

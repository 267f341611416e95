import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { decodeFrames, encodeFrame, Journal } from '../../firmware/store/journal.js';

describe('Journal of triggers', () => {
  let folder = '';
  let path = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kerbside-journal-'));
    path = join(folder, 'triggers.journal');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('a tail cut at any byte costs only the entry it cuts', () => {
    const entries = fc.array(fc.record({ icn: fc.string(), atNs: fc.nat() }, { noNullPrototype: true }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(entries, fc.nat(), fc.boolean(), (values, cutSeed, zeros) => {
        const frames = values.map((value) => encodeFrame(value));
        const whole = Buffer.concat(frames);
        const cut = cutSeed % (whole.length + 1);
        const bytes = zeros ? Buffer.concat([whole.subarray(0, cut), Buffer.alloc(100)]) : whole.subarray(0, cut);
        let kept = 0;
        for (let end = frames[0]?.length ?? 0; kept < frames.length && end <= cut; kept += 1) {
          end += frames[kept + 1]?.length ?? 0;
        }
        assert.deepEqual(decodeFrames(bytes).values.slice(0, kept), values.slice(0, kept));
        assert.ok(decodeFrames(bytes).values.length <= kept);
      }),
    );
  });

  it('a flipped bit is noticed and ends the replay there', () => {
    const frames = [1, 2, 3].map((n) => encodeFrame({ n }));
    const bytes = Buffer.concat(frames);
    const at = (frames[0]?.length ?? 0) + 10;
    bytes[at] = (bytes[at] ?? 0) ^ 4;
    assert.deepEqual(decodeFrames(bytes).values, [{ n: 1 }]);
  });

  it('a frame whose checksum holds over what is no JSON ends the replay there, and nothing fails', () => {
    const payload = Buffer.from('{"icn"');
    const forged = Buffer.concat([Buffer.alloc(8), payload]);
    forged.writeUInt32LE(payload.length, 0);
    forged.writeUInt32LE(crc32(payload), 4);
    const first = encodeFrame({ n: 1 });
    const bytes = Buffer.concat([first, forged, encodeFrame({ n: 3 })]);
    assert.deepEqual(decodeFrames(bytes), { values: [{ n: 1 }], end: first.length });
  });

  it('gives back what was appended when it is opened again', async () => {
    const { journal, entries } = await Journal.open(path);
    assert.deepEqual(entries, []);
    await Promise.all([journal.append({ icn: '000001001' }), journal.append({ icn: '000001002' })]);
    await journal.close();
    const again = await Journal.open(path);
    assert.deepEqual(again.entries, [{ icn: '000001001' }, { icn: '000001002' }]);
    await again.journal.append({ icn: '000001003' });
    await again.journal.close();
    const last = await Journal.open(path);
    assert.equal(last.entries.length, 3);
    await last.journal.close();
  });

  it('after a checkpoint no old entry comes back, even behind a new one of the same length', async () => {
    const { journal } = await Journal.open(path);
    for (let n = 1; n <= 3; n += 1) await journal.append({ n });
    await journal.checkpoint();
    assert.equal(journal.usedBytes, 0);
    await journal.append({ n: 9 });
    await journal.close();
    const again = await Journal.open(path);
    assert.deepEqual(again.entries, [{ n: 9 }]);
    await again.journal.close();
  });

  it('its room is allocated in advance, so that a trigger can be journalled on a full disk', async () => {
    const { journal } = await Journal.open(path);
    const before = await stat(path);
    await journal.append({ icn: '000001001' });
    await journal.close();
    const after = await stat(path);
    assert.equal(after.size, before.size);
    assert.equal(after.blocks, before.blocks);
    assert.ok(before.blocks * 512 >= before.size);
  });

  it('goes on behind a damaged tail', async () => {
    const { journal } = await Journal.open(path);
    await journal.append({ n: 1 });
    await journal.append({ n: 2 });
    await journal.close();
    const bytes = await readFile(path);
    const second = encodeFrame({ n: 1 }).length;
    bytes.fill(0xff, second + 8, second + 12);
    await writeFile(path, bytes);
    const again = await Journal.open(path);
    assert.deepEqual(again.entries, [{ n: 1 }]);
    await again.journal.append({ n: 3 });
    await again.journal.close();
    const last = await Journal.open(path);
    assert.deepEqual(last.entries, [{ n: 1 }, { n: 3 }]);
    await last.journal.close();
  });
});

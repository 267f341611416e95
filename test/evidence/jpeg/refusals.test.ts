/** Files that can never be evidence are refused by name; what a camera may add without harm is not refused. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ErrorName } from '../../../src/errors.js';
import { inspectJpeg } from '../../../src/evidence/jpeg/inspect.js';
import { recoverOriginal } from '../../../src/evidence/jpeg/private-data.js';
import { appendStrip } from '../../../src/evidence/jpeg/splice.js';
import { cjpeg, djpeg, testPhoto, testStrip } from '../../support/pictures.js';
import { requireTools } from '../../support/tools.js';

const refusal = (kind: ErrorName, part: RegExp = /expected/) => ({ name: 'KerbsideError', kind, message: part });
const EOI = Buffer.from([0xff, 0xd9]);

/** Offset of the marker with this second byte; the header only. */
const markerAt = (jpeg: Buffer, marker: number): number => jpeg.indexOf(Buffer.from([0xff, marker]));

function patched(jpeg: Buffer, at: number, ...bytes: number[]): Buffer {
  const copy = Buffer.from(jpeg);
  copy.set(bytes, at);
  return copy;
}

function segment(marker: number, payload: Uint8Array): Buffer {
  const length = payload.length + 2;
  return Buffer.concat([Buffer.from([0xff, marker, length >> 8, length & 0xff]), payload]);
}

describe('what a JPEG must be to become evidence', function () {
  let plain: Buffer;
  let folder: string;

  before(function () {
    requireTools(this, ['cjpeg', 'djpeg']);
    plain = cjpeg(testPhoto(200, 120), '-sample', '2x2');
    folder = mkdtempSync(join(tmpdir(), 'kerbside-jpeg-'));
  });

  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  it('is not progressive', () => {
    const file = cjpeg(testPhoto(64, 64), '-progressive');
    assert.throws(() => inspectJpeg(file), refusal('image-progressive'));
    assert.throws(() => appendStrip(file, testStrip(64, 16)), refusal('image-progressive'));
  });

  it('is not arithmetically coded, sequential or progressive', () => {
    assert.throws(() => inspectJpeg(cjpeg(testPhoto(64, 64), '-arithmetic')), refusal('image-arithmetic'));
    const both = cjpeg(testPhoto(64, 64), '-arithmetic', '-progressive');
    assert.throws(() => inspectJpeg(both), refusal('image-arithmetic'));
  });

  it('has 8 bits a sample', () => {
    const file = patched(plain, markerAt(plain, 0xc0) + 4, 12);
    assert.throws(() => inspectJpeg(file), refusal('image-precision', /12 bits/));
  });

  it('is neither lossless nor hierarchical', () => {
    for (const marker of [0xc3, 0xc5, 0xc6, 0xc7]) {
      const file = patched(plain, markerAt(plain, 0xc0) + 1, marker);
      assert.throws(() => inspectJpeg(file), refusal('image-unsupported', /lossless or hierarchical/));
    }
  });

  it('has one or three components', () => {
    const at = markerAt(plain, 0xc0);
    const cmyk = [8, 0, 120, 0, 200, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0];
    const file = Buffer.concat([plain.subarray(0, at), segment(0xc0, Buffer.from(cmyk)), plain.subarray(at + 19)]);
    assert.throws(() => inspectJpeg(file), refusal('image-unsupported', /4 components/));
  });

  it('has all components in one scan', () => {
    writeFileSync(join(folder, 'scans'), '0;\n1;\n2;\n');
    const file = cjpeg(testPhoto(64, 64), '-scans', join(folder, 'scans'));
    assert.throws(() => inspectJpeg(file), refusal('image-unsupported', /first scan holds 1/));
  });

  it('has its height in the frame header', () => {
    const file = patched(plain, markerAt(plain, 0xc0) + 5, 0, 0);
    assert.throws(() => inspectJpeg(file), refusal('image-unsupported', /DNL/));
  });

  it('is a JPEG', () => {
    for (const text of ['\x89PNG\r\n\x1a\n', 'hello', '\xff\xd8plain text', 'BM\0\0']) {
      assert.throws(() => inspectJpeg(Buffer.from(text, 'latin1')), refusal('image-not-jpeg'));
    }
  });

  it('is not cut off, wherever the cut is', () => {
    const files = [plain, cjpeg(testPhoto(200, 120), '-restart', '1'), cjpeg(testPhoto(90, 70), '-grayscale')];
    for (const file of files) {
      for (let length = 0; length < file.length; length += length < 700 ? 1 : 37) {
        assert.throws(() => inspectJpeg(file.subarray(0, length)), refusal('image-truncated'), `cut at ${length}`);
      }
      assert.throws(() => inspectJpeg(file.subarray(0, file.length - 1)), refusal('image-truncated'));
    }
  });

  it('is not cut off inside a thumbnail that has an EOI of its own', () => {
    const thumbnail = segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), cjpeg(testPhoto(32, 24))]));
    const file = Buffer.concat([plain.subarray(0, 2), thumbnail, plain.subarray(2)]);
    inspectJpeg(file);
    const cut = file.subarray(0, 2 + thumbnail.length);
    assert.deepEqual(cut.subarray(-2), EOI);
    assert.throws(() => inspectJpeg(cut), refusal('image-truncated'));
  });

  it('is not cut off and closed with an EOI by a well-meaning transfer', () => {
    const scan = markerAt(plain, 0xda) + 14;
    for (let keep = scan + 10; keep < plain.length - 20; keep += 61) {
      let end = keep;
      while (plain[end - 1] === 0xff) end -= 1;
      const file = Buffer.concat([plain.subarray(0, end), EOI]);
      assert.throws(() => inspectJpeg(file), refusal('image-truncated'), `closed at ${end}`);
    }
  });

  it('misses no block of bytes in its middle', () => {
    const scan = markerAt(plain, 0xda) + 14;
    for (const start of [scan + 100, scan + 1000, scan + 2000]) {
      const file = Buffer.concat([plain.subarray(0, start), plain.subarray(start + 512)]);
      assert.throws(() => inspectJpeg(file), { name: 'KerbsideError', kind: /image-(truncated|unreadable)/ });
    }
  });

  it('is not a file that was made full of zeros and only half filled', () => {
    const file = Buffer.alloc(plain.length);
    plain.copy(file, 0, 0, plain.length >> 1);
    assert.throws(() => inspectJpeg(file), refusal('image-truncated'));
  });

  it('has its restart markers complete and in order', () => {
    const file = cjpeg(testPhoto(200, 120), '-sample', '2x2', '-restart', '1');
    const third = file.indexOf(Buffer.from([0xff, 0xd2]), markerAt(file, 0xda));
    assert.throws(() => inspectJpeg(patched(file, third + 1, 0xd5)), refusal('image-unreadable', /RST5/));
    const second = file.indexOf(Buffer.from([0xff, 0xd1]), markerAt(file, 0xda));
    const short = Buffer.concat([file.subarray(0, second), EOI]);
    assert.throws(() => inspectJpeg(short), refusal('image-truncated', /2 of 8 restart intervals/));
  });

  it('may hold notes of any kind, fill bytes, zero padding and bytes after EOI, and gives all of them back', () => {
    const body = plain.subarray(2, -2);
    const trailer = Buffer.from('a second picture \xff\xd8\xff\xd9, a note of the maker'.repeat(4000), 'latin1');
    const notes = [0xe1, 0xe2, 0xed, 0xfe, 0xef].map((marker) => segment(marker, Buffer.alloc(40_000, marker - 7)));
    const file = Buffer.concat([
      plain.subarray(0, 2),
      ...notes,
      ...[Buffer.from([0xff, 0xff]), body],
      ...[Buffer.from([0, 0, 0]), Buffer.from([0xff, 0xff]), EOI],
      trailer,
    ]);
    const { trailingBytes } = inspectJpeg(file);
    assert.equal(trailingBytes, trailer.length);
    const sealed = appendStrip(file, testStrip(200, 24));
    assert.ok(Buffer.from(recoverOriginal(sealed.bytes)).equals(file));
    assert.equal(djpeg(sealed.bytes).height, sealed.sealedRows);
    assert.deepEqual(Buffer.from(sealed.bytes.subarray(-2)), EOI);
  });

  it('gives no file back from a picture that was never sealed, or whose box was damaged', () => {
    assert.throws(() => recoverOriginal(plain), refusal('evidence-damaged'));
    const sealed = Buffer.from(appendStrip(plain, testStrip(200, 24)).bytes);
    const box = markerAt(sealed, 0xeb);
    assert.throws(() => recoverOriginal(patched(sealed, box + 11, 9)), refusal('evidence-damaged', /part/));
    assert.throws(() => recoverOriginal(patched(sealed, box + 14, 0)), refusal('evidence-damaged'));
    assert.throws(() => recoverOriginal(sealed.subarray(0, 1000)), { name: 'KerbsideError' });
  });

  it('has room for the strip', () => {
    const tall = cjpeg(testPhoto(8, 65_450), '-grayscale');
    assert.throws(() => appendStrip(tall, testStrip(8, 100)), refusal('image-unsupported', /at most 65500/));
  });
});

/** Sealing one number: image, then record; the same job again gives the same bytes; nothing half done is left. */
import assert from 'node:assert/strict';
import fs, { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sinon from 'sinon';
import { seal, type SealJob, type SealSource } from '../../firmware/workshop/seal.js';
import { inspectJpeg } from '../../src/evidence/jpeg/inspect.js';
import { recoverOriginal } from '../../src/evidence/jpeg/private-data.js';
import { decodeRecord } from '../../src/evidence/record.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';
import { emptyExposure, fullExposure } from '../evidence/samples.js';
import { jpegFile, sha256, withExif } from './camera-files.js';

describe('sealing', () => {
  let root: string;
  let source: SealSource;
  let original: Buffer;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kerbside-seal-'));
    source = { folder: root, isInspected: () => false };
    original = withExif(jpegFile(640, 403), { make: 'Nordlicht', model: 'NX-12', serial: '20260815' });
    writeFileSync(join(root, 'DSC_0042.JPG'), original);
  });

  afterEach(() => {
    sinon.restore();
    syncBuiltinESMExports();
    rmSync(root, { recursive: true });
  });

  const directory = (): string => join(root, 'evidence', '000123');
  const job = (changes: Partial<ConcludedExposure> = {}): SealJob => ({
    exposure: { ...fullExposure, imageSha256: sha256(original), ...changes },
    directory: directory(),
    softwareVersion: '0.1.0',
  });

  /** Lets the next writes of this many bytes through, then the disk is full. */
  function fillDiskAfter(bytes: number): void {
    let left = bytes;
    const write = fs.writeSync.bind(fs) as (handle: number, data: Uint8Array, offset: number, length: number) => number;
    sinon.stub(fs, 'writeSync').callsFake(((handle: number, data: Uint8Array, offset: number) => {
      if (left <= 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      const written = write(handle, data, offset, Math.min(left, data.length - offset));
      left -= written;
      return written;
    }) as unknown as typeof fs.writeSync);
    syncBuiltinESMExports();
  }

  it('writes the image and a record that holds the SHA-256 of both files', () => {
    const { image, record, stageMs } = seal(job(), source);
    assert.equal(image?.path, join(directory(), '000123002.jpg'));
    assert.equal(record.path, join(directory(), '000123002.record'));
    const [imageBytes, recordBytes] = [readFileSync(image.path), readFileSync(record.path)];
    assert.deepEqual([image.sha256, record.sha256], [sha256(imageBytes), sha256(recordBytes)]);
    const decoded = decodeRecord(recordBytes);
    assert.equal(decoded.sealedImageSha256, image.sha256);
    assert.equal(decoded.exposure.imageSha256, sha256(original));
    assert.equal(decoded.splice?.photoRows, 403);
    assert.deepEqual(decoded.exposure, { ...fullExposure, imageSha256: sha256(original) });
    assert.equal(inspectJpeg(imageBytes).height, decoded.splice.sealedRows);
    assert.ok(Buffer.from(recoverOriginal(imageBytes)).equals(original));
    assert.deepEqual(readdirSync(directory()).sort(), ['000123002.jpg', '000123002.record']);
    assert.deepEqual(Object.keys(stageMs).sort(), ['hash', 'inspect', 'read', 'record', 'stamp', 'write']);
  });

  it("leaves the camera's file as it is", () => {
    seal(job(), source);
    assert.ok(readFileSync(join(root, 'DSC_0042.JPG')).equals(original));
  });

  it('gives the same bytes when the same job comes again', () => {
    const first = seal(job(), source);
    const second = seal(job(), source);
    assert.deepEqual([second.image, second.record], [first.image, first.record]);
  });

  it("does a job again after a crash although the camera's file is gone, from the image it had sealed", () => {
    const first = seal(job(), source);
    rmSync(join(root, 'DSC_0042.JPG'));
    rmSync(first.record.path);
    assert.deepEqual(seal(job(), source).record, first.record);
  });

  it('ICN-2: never overwrites evidence: another record under the number refuses image and record', () => {
    const { image, record } = seal(job(), source);
    const before = [readFileSync(image?.path ?? ''), readFileSync(record.path)];
    const other = withExif(jpegFile(640, 403, 9), { make: 'Nordlicht' });
    writeFileSync(join(root, 'DSC_0042.JPG'), other);
    assert.throws(() => seal(job({ imageSha256: sha256(other) }), source), { kind: 'evidence-damaged' });
    assert.throws(() => seal({ ...job(), exposure: emptyExposure }, source), { kind: 'evidence-damaged' });
    assert.deepEqual([readFileSync(image?.path ?? ''), readFileSync(record.path)], before);
  });

  it('mends a torn image beside its record, and an image that has no record yet', () => {
    const { image, record } = seal(job(), source);
    assert.ok(image !== null);
    writeFileSync(image.path, 'torn');
    assert.deepEqual(seal(job(), source).image, image);
    assert.equal(sha256(readFileSync(image.path)), image.sha256);
    rmSync(record.path);
    writeFileSync(image.path, 'torn');
    assert.deepEqual(seal(job(), source).record, record);
    assert.equal(sha256(readFileSync(image.path)), image.sha256);
  });

  it('does not walk the scan of a file again that was found complete', () => {
    const { stageMs } = seal(job(), { ...source, isInspected: (hash) => hash === sha256(original) });
    assert.ok(!('inspect' in stageMs));
  });

  it('ICN-2: writes the record alone for a number without an image', () => {
    const { image, record } = seal({ ...job(), exposure: emptyExposure }, source);
    assert.equal(image, null);
    assert.deepEqual(readdirSync(directory()), ['000123002.record']);
    const decoded = decodeRecord(readFileSync(record.path));
    assert.deepEqual(decoded.exposure, emptyExposure);
    assert.equal(decoded.sealedImageSha256, null);
  });

  it('refuses a file that is not the one that was matched, one that is gone, and one that cannot be sealed', () => {
    assert.throws(() => seal(job({ imageSha256: 'ab'.repeat(32) }), source), { kind: 'evidence-damaged' });
    assert.throws(() => seal(job({ imageId: 'DSC_0043.JPG' }), source), { kind: 'image-unreadable' });
    const cut = original.subarray(0, original.length - 500);
    writeFileSync(join(root, 'cut.jpg'), cut);
    const cutJob = job({ imageId: 'cut.jpg', imageSha256: sha256(cut) });
    assert.throws(() => seal(cutJob, source), { kind: 'image-truncated' });
    assert.ok(!existsSync(directory()) || readdirSync(directory()).length === 0);
  });

  it('never leaves its folders', () => {
    writeFileSync(join(root, '..', 'kerbside-outside.jpg'), original);
    assert.throws(() => seal(job({ imageId: '../kerbside-outside.jpg' }), source), { kind: 'image-unreadable' });
    assert.throws(() => seal(job({ icn: '../000123002' }), source), { kind: 'image-unreadable' });
    rmSync(join(root, '..', 'kerbside-outside.jpg'));
  });

  it('names a full disk and removes what it had begun, wherever the disk fills up', () => {
    for (const room of [0, 1000, 20_000]) {
      fillDiskAfter(room);
      assert.throws(() => seal(job(), source), {
        name: 'KerbsideError',
        kind: 'disk-full',
        message: /the disk is full/,
      });
      assert.deepEqual(readdirSync(directory()), [], `${room} bytes of room`);
      sinon.restore();
      syncBuiltinESMExports();
    }
    const { image } = seal(job(), source);
    assert.ok(image !== null && existsSync(image.path));
  });

  it('keeps the image of an earlier attempt when the disk is full for its record', () => {
    const { image } = seal(job(), source);
    assert.ok(image !== null);
    rmSync(join(directory(), '000123002.record'));
    fillDiskAfter(readFileSync(image.path).length);
    assert.throws(() => seal(job(), source), { kind: 'disk-full' });
    assert.deepEqual(readdirSync(directory()), ['000123002.jpg']);
  });
});

/** Sealing one number: image, signature, record; the same job again keeps what is finished; nothing half done is left. */
import assert from 'node:assert/strict';
import fs, { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sinon from 'sinon';
import { seal, type SealJob, type Sealed } from '../../firmware/workshop/seal.js';
import type { SealSource } from '../../firmware/workshop/sealed-image.js';
import { verifyCms } from '../../src/evidence/cms.js';
import { inspectJpeg } from '../../src/evidence/jpeg/inspect.js';
import { recoverOriginal } from '../../src/evidence/jpeg/private-data.js';
import { decodeRecord } from '../../src/evidence/record.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';
import { emptyExposure, fullExposure, sampleContext, sampleLink } from '../evidence/samples.js';
import { memorySigner, nodeSealCrypto } from '../support/memory-signer.js';
import { jpegFile, sha256, withExif } from './camera-files.js';

const DEMO_SIGNER = memorySigner({ demo: true }).signer;
const DEVICE_SIGNER = memorySigner().signer;

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
    work: {
      type: 'exposure',
      exposure: { ...fullExposure, imageSha256: sha256(original), ...changes },
      context: sampleContext,
    },
    link: sampleLink,
    directory: directory(),
    softwareVersion: '0.1.0',
  });

  const without: () => SealJob = () => job({ ...emptyExposure, imageSha256: null });
  const sealed = (order: SealJob = job(), from: SealSource = source): Promise<Sealed> => {
    const demo = order.work.type === 'exposure' && order.work.exposure.facts.demo;
    return seal(order, { source: from, signer: demo ? DEMO_SIGNER : DEVICE_SIGNER, utcMs: () => 1_790_000_000_000 });
  };
  const bytesOf = (ending: string): Buffer => readFileSync(join(directory(), `000123002.${ending}`));
  const verify = (): void => {
    verifyCms(bytesOf('p7s'), bytesOf('record'), nodeSealCrypto);
  };

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

  it('keeps what was sealed when the camera has put another picture under the name since (crash before the record)', async () => {
    await sealed();
    rmSync(join(directory(), '000123002.record'));
    writeFileSync(join(root, 'DSC_0042.JPG'), withExif(jpegFile(640, 403, 9), { make: 'Nordlicht' }));
    const { image } = await sealed();
    assert.ok(Buffer.from(recoverOriginal(readFileSync(image?.path ?? ''))).equals(original));
  });

  it('writes the image, a record that holds the SHA-256 of both files, and a signature over the record', async () => {
    const { image, record, stageMs } = await sealed();
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
    verify();
    assert.deepEqual(readdirSync(directory()).sort(), ['000123002.jpg', '000123002.p7s', '000123002.record']);
    const stages = ['c2pa', 'hash', 'inspect', 'read', 'record', 'sign', 'stamp', 'write image', 'write record'];
    assert.deepEqual(Object.keys(stageMs).sort(), stages);
  });

  it("leaves the camera's file as it is", async () => {
    await sealed();
    assert.ok(readFileSync(join(root, 'DSC_0042.JPG')).equals(original));
  });

  it('keeps what is finished when the same job comes again: salts and signatures would differ', async () => {
    const first = await sealed();
    const before = ['jpg', 'p7s', 'record'].map(bytesOf);
    const second = await sealed();
    assert.deepEqual([second.image, second.record], [first.image, first.record]);
    assert.deepEqual(['jpg', 'p7s', 'record'].map(bytesOf), before);
  });

  it("does a job again after a crash although the camera's file is gone, from the image it had sealed", async () => {
    await sealed();
    rmSync(join(root, 'DSC_0042.JPG'));
    rmSync(join(directory(), '000123002.record'));
    const { image } = await sealed();
    const decoded = decodeRecord(bytesOf('record'));
    assert.deepEqual(decoded.exposure, { ...fullExposure, imageSha256: sha256(original) });
    assert.deepEqual([decoded.sealedImageSha256, image?.sha256], [sha256(bytesOf('jpg')), sha256(bytesOf('jpg'))]);
    assert.ok(Buffer.from(recoverOriginal(bytesOf('jpg'))).equals(original));
    verify();
  });

  it('ICN-2: never overwrites evidence: another record under the number refuses image, signature and record', async () => {
    await sealed();
    const before = ['jpg', 'p7s', 'record'].map(bytesOf);
    const other = withExif(jpegFile(640, 403, 9), { make: 'Nordlicht' });
    writeFileSync(join(root, 'DSC_0042.JPG'), other);
    await assert.rejects(sealed(job({ imageSha256: sha256(other) })), { kind: 'evidence-damaged' });
    await assert.rejects(sealed(without()), { kind: 'evidence-damaged' });
    const elsewhere = { ...job(), link: { ...sampleLink, sequence: sampleLink.sequence + 1 } };
    await assert.rejects(sealed(elsewhere), { kind: 'evidence-damaged', message: /holds another record/ });
    assert.deepEqual(['jpg', 'p7s', 'record'].map(bytesOf), before);
  });

  it('refuses a torn image beside its record and keeps both as they are', async () => {
    const { image } = await sealed();
    const record = bytesOf('record');
    for (const damage of [() => writeFileSync(image?.path ?? '', 'torn'), () => rmSync(image?.path ?? '')]) {
      damage();
      await assert.rejects(sealed(), { kind: 'evidence-damaged', message: /000123002\.jpg is not the image/ });
      assert.deepEqual(bytesOf('record'), record);
    }
    assert.ok(!existsSync(image?.path ?? ''));
  });

  it('signs again what an earlier attempt has finished when its signature is lost, torn or of another record', async () => {
    const { record } = await sealed();
    const path = join(directory(), '000123002.p7s');
    const good = readFileSync(path);
    const flipped = Buffer.from(good);
    flipped[good.length - 1] = (good.at(-1) ?? 0) ^ 1;
    const damages = [
      () => rmSync(path),
      () => writeFileSync(path, good.subarray(0, 100)),
      () => writeFileSync(path, ''),
      () => writeFileSync(path, flipped),
    ];
    for (const damage of damages) {
      damage();
      assert.throws(verify);
      assert.deepEqual((await sealed()).record, record);
      verify();
    }
  });

  it('seals an image again that has no record yet, whole or torn', async () => {
    for (const damage of ['none', 'torn'] as const) {
      await sealed();
      rmSync(join(directory(), '000123002.record'));
      if (damage === 'torn') writeFileSync(join(directory(), '000123002.jpg'), 'torn');
      const { image } = await sealed();
      assert.equal(image?.sha256, sha256(bytesOf('jpg')));
      assert.equal(decodeRecord(bytesOf('record')).sealedImageSha256, image.sha256);
      verify();
    }
  });

  it('sets an image aside that an earlier attempt had sealed and that is not to be issued any more', async () => {
    await sealed();
    rmSync(join(directory(), '000123002.record'));
    const image = bytesOf('jpg');
    const { record } = await sealed(job({ kind: 'void', reason: 'image-unusable', imageId: null }));
    assert.equal(decodeRecord(readFileSync(record.path)).sealedImageSha256, null);
    assert.deepEqual(readdirSync(directory()).sort(), ['000123002.p7s', '000123002.record']);
    assert.deepEqual(readFileSync(join(root, 'dropped', '000123002.sealed.jpg')), image);
  });

  it('a demo record is signed by a demo key only, and another record never', async () => {
    const wrong = { source, utcMs: () => 0 };
    await assert.rejects(seal(job(), { ...wrong, signer: DEVICE_SIGNER }), { kind: 'key-unusable' });
    await assert.rejects(seal(without(), { ...wrong, signer: DEMO_SIGNER }), { kind: 'key-unusable' });
    assert.ok(!existsSync(directory()));
  });

  it('does not walk the scan of a file again that was found complete', async () => {
    const { stageMs } = await sealed(job(), { ...source, isInspected: (hash) => hash === sha256(original) });
    assert.ok(!('inspect' in stageMs));
  });

  it('ICN-2: writes the record alone for a number without an image', async () => {
    const { image, record } = await sealed(without());
    assert.equal(image, null);
    assert.deepEqual(readdirSync(directory()).sort(), ['000123002.p7s', '000123002.record']);
    const decoded = decodeRecord(readFileSync(record.path));
    assert.deepEqual(decoded.exposure, emptyExposure);
    assert.equal(decoded.sealedImageSha256, null);
  });

  it('refuses a file that is not the one that was matched, one that is gone, and one that cannot be sealed', async () => {
    await assert.rejects(sealed(job({ imageSha256: 'ab'.repeat(32) })), { kind: 'evidence-damaged' });
    await assert.rejects(sealed(job({ imageId: 'DSC_0043.JPG' })), { kind: 'image-unreadable' });
    const cut = original.subarray(0, original.length - 500);
    writeFileSync(join(root, 'cut.jpg'), cut);
    const cutJob = job({ imageId: 'cut.jpg', imageSha256: sha256(cut) });
    await assert.rejects(sealed(cutJob), { kind: 'image-truncated' });
    assert.ok(!existsSync(directory()) || readdirSync(directory()).length === 0);
  });

  it('never leaves its folders', async () => {
    writeFileSync(join(root, '..', 'kerbside-outside.jpg'), original);
    await assert.rejects(sealed(job({ imageId: '../kerbside-outside.jpg' })), { kind: 'image-unreadable' });
    await assert.rejects(sealed(job({ icn: '../000123002' })), { kind: 'image-unreadable' });
    rmSync(join(root, '..', 'kerbside-outside.jpg'));
  });

  it('names a full disk and removes what it had begun, wherever the disk fills up', async () => {
    for (const room of [0, 1000, 20_000]) {
      fillDiskAfter(room);
      await assert.rejects(sealed(), {
        name: 'KerbsideError',
        kind: 'disk-full',
        message: /the disk is full/,
      });
      assert.deepEqual(readdirSync(directory()), [], `${room} bytes of room`);
      sinon.restore();
      syncBuiltinESMExports();
    }
    const { image } = await sealed();
    assert.ok(image !== null && existsSync(image.path));
  });

  it('keeps the image of an earlier attempt when the disk is full for its record', async () => {
    const { image } = await sealed();
    assert.ok(image !== null);
    rmSync(join(directory(), '000123002.record'));
    fillDiskAfter(readFileSync(image.path).length + 10);
    await assert.rejects(sealed(), { kind: 'disk-full' });
    assert.deepEqual(readdirSync(directory()).sort(), ['000123002.jpg', '000123002.p7s']);
    sinon.restore();
    syncBuiltinESMExports();
    await sealed();
    verify();
  });
});

/** The C2PA manifest as the official library and exiftool see it; what sealing leaves alone; what it refuses. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import initialise from '@contentauth/c2pa-wasm';
import { sealImage } from '../../firmware/workshop/c2pa.js';
import { KerbsideError } from '../../src/errors.js';
import { recoverOriginal } from '../../src/evidence/jpeg/private-data.js';
import { exiftool, officialVerdict } from '../support/c2pa-oracle.js';
import { DOCUMENT_SIGNING, EMAIL_PROTECTION, memorySigner } from '../support/memory-signer.js';
import { CLAIM, cameraFile, MEASUREMENT, readAndCheck, sealedImage, stampedImage } from '../support/sealed-image.js';
import { requireTools } from '../support/tools.js';
import { jpegFile } from './camera-files.js';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
/** Node's types do not know WebAssembly.Memory. */
interface WasmInstance {
  readonly memory: { readonly buffer: ArrayBuffer };
}
const DIGITAL_SOURCE = 'http://cv.iptc.org/newscodes/digitalsourcetype/';

describe('the C2PA manifest of a sealed image', () => {
  const { signer, rootPem, signAsItComes } = memorySigner();
  let sealed: Buffer;

  before(async () => {
    sealed = await sealedImage(signer);
  });

  it('is Trusted with our root, and valid but untrusted without it, says the official reader', async () => {
    const withRoot = await officialVerdict(sealed, rootPem);
    assert.deepEqual([withRoot.state, withRoot.failures], ['Trusted', []]);
    const without = await officialVerdict(sealed, null);
    assert.deepEqual([without.state, without.failures], ['Valid', ['signingCredential.untrusted']]);
    const another = await officialVerdict(sealed, memorySigner().rootPem);
    assert.deepEqual([another.state, another.failures], ['Valid', ['signingCredential.untrusted']]);
  });

  it('states title, generator, capture and measurement, all marked as created, and nothing else', async () => {
    const { manifest } = await officialVerdict(sealed, rootPem);
    assert.equal(manifest.title, '000123002.jpg');
    const [generator] = manifest.claim_generator_info;
    assert.deepEqual([generator?.['name'], generator?.['version']], ['Kerbside', '0.1.0']);
    const created = { action: 'c2pa.created', digitalSourceType: `${DIGITAL_SOURCE}digitalCapture` };
    const [actions, measurement, ...others] = manifest.assertions;
    assert.deepEqual(actions, {
      label: 'c2pa.actions.v2',
      data: { actions: [created], allActionsIncluded: true },
      created: true,
    });
    assert.deepEqual([measurement?.label, measurement?.created], ['org.kerbside.measurement', true]);
    const expected = { ...MEASUREMENT, demo: false, exposure: 'AQI=' }; // that reader takes small numbers for bytes
    assert.deepEqual(measurement?.data, expected);
    assert.deepEqual(others, []);
  });

  it('is read by our own reader with the same values', () => {
    const { title, generator, measurement, demo, certificates } = readAndCheck(sealed);
    assert.deepEqual([title, generator, demo], ['000123002.jpg', 'Kerbside 0.1.0', false]);
    assert.deepEqual(measurement, { ...MEASUREMENT, demo: false });
    assert.deepEqual(certificates.map(hexOf), signer.certificates.map(hexOf));
  });

  it('leaves the camera file recoverable byte for byte', () => {
    assert.ok(cameraFile().equals(recoverOriginal(sealed)));
  });

  it('is added without a change to any other byte', () => {
    const { start, length } = readAndCheck(sealed).exclusion;
    assert.ok(Buffer.concat([sealed.subarray(0, start), sealed.subarray(start + length)]).equals(stampedImage()));
  });

  it('also goes into an image without JFIF header and into one with a long one', async () => {
    const plain = jpegFile(64, 48);
    const bare = Buffer.concat([plain.subarray(0, 2), plain.subarray(20)]);
    for (const thumbnail of [0, 3, 3 * 8 * 10, 3 * 20 * 20]) {
      const head = Buffer.from([0xff, 0xe0, (16 + thumbnail) >> 8, (16 + thumbnail) & 0xff]);
      const jfif = Buffer.concat([head, plain.subarray(6, 20), Buffer.alloc(thumbnail, 7)]);
      const jpeg = Buffer.concat([plain.subarray(0, 2), jfif, plain.subarray(20)]);
      assert.equal(readAndCheck(await sealImage(jpeg, CLAIM, signer)).exclusion.start, 20 + thumbnail);
    }
    assert.equal(readAndCheck(await sealImage(bare, CLAIM, signer)).exclusion.start, 2);
  });

  it('carries a chain of several certificates without the root', async () => {
    const chain = memorySigner({ intermediate: true });
    const image = await sealedImage(chain.signer);
    assert.equal(readAndCheck(image).certificates.length, 2);
    assert.equal((await officialVerdict(image, chain.rootPem)).state, 'Trusted');
  });

  it('states a drawn picture in a demo, never a capture, and needs a demo key', async () => {
    const demo = memorySigner({ demo: true });
    const image = await sealedImage(demo.signer, { demo: true });
    const { manifest } = await officialVerdict(image, demo.rootPem);
    const text = JSON.stringify(manifest.assertions);
    assert.ok(text.includes('algorithmicMedia') && !text.includes('digitalCapture'));
    const reading = readAndCheck(image);
    assert.deepEqual([reading.demo, reading.measurement], [true, { ...MEASUREMENT, demo: true }]);
    const refusal = { name: 'KerbsideError', kind: 'key-unusable', message: /expected both or neither/ };
    await assert.rejects(sealedImage(demo.signer), refusal);
    await assert.rejects(sealedImage(signer, { demo: true }), refusal);
  });

  it('hands an error of the key on as it is, and seals the next image', async () => {
    const error = new KerbsideError('key-unusable', 'The token does not answer; expected a signature.');
    const silent = { ...signer, sign: () => Promise.reject(error) };
    for (let i = 0; i < 3; i++) await assert.rejects(sealedImage(silent), (found) => found === error);
    readAndCheck(await sealedImage(signer));
  });

  it('takes no signature of another length, no image with a manifest and no other file', async () => {
    const refusal = { name: 'KerbsideError', kind: 'image-unsupported', message: /000123002\.jpg.*expected/ };
    const short = { ...signer, sign: (bytes: Uint8Array) => Promise.resolve(signAsItComes(bytes).subarray(1)) };
    await assert.rejects(sealedImage(short), { kind: 'key-unusable', message: /63 bytes; expected/ });
    await assert.rejects(sealImage(sealed, CLAIM, signer), refusal);
    await assert.rejects(sealImage(Buffer.from('no image'), CLAIM, signer), refusal);
  });

  it('takes no more memory after 500 images than after 100', async () => {
    // It is loaded already, and its answer is the one instance there is.
    const { memory } = (await initialise({ module_or_path: new Uint8Array(0) })) as unknown as WasmInstance;
    const jpeg = stampedImage();
    const sizeAfter = async (images: number): Promise<number> => {
      for (let i = 0; i < images; i++) await sealImage(jpeg, CLAIM, signer);
      return memory.buffer.byteLength;
    };
    assert.equal(await sizeAfter(100), await sizeAfter(400));
  });

  it('seals several images at once', async () => {
    const images = await Promise.all(['1', '2', '3'].map((icn) => sealedImage(signer, { title: `${icn}.jpg` })));
    assert.deepEqual(
      images.map((image) => readAndCheck(image).title),
      ['1.jpg', '2.jpg', '3.jpg'],
    );
  });

  it('needs emailProtection in the certificate; with documentSigning beside it is as good', async () => {
    const state = async (...keyPurposes: string[]): Promise<string> => {
      const one = memorySigner({ keyPurposes });
      return (await officialVerdict(await sealedImage(one.signer), one.rootPem)).state;
    };
    assert.equal(await state(EMAIL_PROTECTION, DOCUMENT_SIGNING), 'Trusted');
    assert.equal(await state(DOCUMENT_SIGNING), 'Invalid');
  });
});

describe('the C2PA manifest in exiftool', function () {
  let folder: string;
  let path: string;

  before(async function () {
    requireTools(this, ['exiftool']);
    folder = mkdtempSync(join(tmpdir(), 'kerbside-c2pa-'));
    path = join(folder, '000123002.jpg');
    writeFileSync(path, await sealedImage(memorySigner().signer));
  });

  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  it('passes -validate without a warning', () => {
    assert.match(exiftool('-validate', '-warning', '-a', path), /^Validate\s*: OK\n$/);
  });

  it('shows the measurement by the names of its members', () => {
    const output = exiftool('-json', '-struct', '-n', '-JUMBF:all', path);
    const [tags] = JSON.parse(output) as Record<string, unknown>[];
    assert.equal(tags?.['Icn'], MEASUREMENT.icn);
    assert.equal(tags['SpeedKmh'], MEASUREMENT.speedKmh);
    assert.equal(tags['LimitKmh'], MEASUREMENT.limitKmh);
    assert.equal(tags['Direction'], MEASUREMENT.direction);
    assert.equal(tags['Utc'], MEASUREMENT.utc);
    assert.equal(tags['Demo'], false);
    assert.deepEqual(tags['Site'], MEASUREMENT.site);
  });
});

/** Checking a seal; and seals that the official reader trusts, though something in them is not ours. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { WasmBuilder } from '@contentauth/c2pa-wasm';
import { encode, Tagged } from 'cborg';
import { sealImage } from '../../../firmware/workshop/c2pa.js';
import { checkSeal } from '../../../src/evidence/c2pa/check-seal.js';
import { readSeal } from '../../../src/evidence/c2pa/read-seal.js';
import { officialVerdict } from '../../support/c2pa-oracle.js';
import { replaceSegment, segmentPlace } from '../../support/jumbf-tree.js';
import { memorySigner, nodeSealCrypto, withS } from '../../support/memory-signer.js';
import { cameraFile, CLAIM, readAndCheck, sealedImage, stampedImage } from '../../support/sealed-image.js';

const damage = (part: RegExp) => ({ name: 'KerbsideError', kind: 'evidence-damaged', message: part });
const { signer, rootPem, signAsItComes } = memorySigner();

describe('what others take for valid', () => {
  /** The official writer with a wish of its own: the COSE is padded, or there is an assertion more. */
  async function foreign(more: { readonly pad: number; readonly assertions: readonly object[] }): Promise<Buffer> {
    const definition = {
      claim_version: 2,
      claim_generator_info: [{ name: 'Kerbside', version: '0.1.0' }],
      title: CLAIM.title,
      assertions: [
        {
          label: 'c2pa.actions.v2',
          created: true,
          data: {
            actions: [
              {
                action: 'c2pa.created',
                digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture',
              },
            ],
            allActionsIncluded: true,
          },
        },
        { label: 'org.kerbside.measurement', created: true, data: { ...CLAIM.measurement, demo: false } },
        ...more.assertions,
      ],
    };
    const settings = {
      builder: {
        thumbnail: { enabled: false },
        created_assertion_labels: ['c2pa.actions', 'org.kerbside.measurement', 'c2pa.hash.data'],
      },
      verify: { verify_after_sign: false },
    };
    const header = encode(
      new Map<number, unknown>([
        [1, -7],
        [33, signer.certificates[0]],
      ]),
    );
    const unprotected = more.pad === 0 ? {} : { pad: new Uint8Array(more.pad) };
    const cose = (signature: Uint8Array): Uint8Array => encode(new Tagged(18, [header, unprotected, null, signature]));
    const jpeg = stampedImage();
    const source = {
      size: jpeg.length,
      bytes: jpeg,
      slice: (a: number, b: number) => ({ bytes: jpeg.subarray(a, b) }),
    };
    const builder = WasmBuilder.fromJson(JSON.stringify(definition), JSON.stringify(settings));
    const sign = async (claim: Uint8Array): Promise<Uint8Array<ArrayBuffer>> => {
      const bytes = encode(['Signature1', header, new Uint8Array(0), Uint8Array.from(claim)]);
      return Uint8Array.from(cose(await signer.sign(bytes)));
    };
    const definitionOfSigner = { alg: 'es256', reserveSize: cose(new Uint8Array(64)).length, sign };
    const file = await builder.sign(definitionOfSigner, [], 'image/jpeg', source as unknown as Blob);
    builder.free();
    return Buffer.from(file);
  }

  it('is not refused as such: the same written by hand is read', async () => {
    readAndCheck(await foreign({ pad: 0, assertions: [] }));
  });

  it('padding under no signature: the official reader sees no change in it, ours refuses it', async () => {
    const file = await foreign({ pad: 50, assertions: [] });
    const at = file.indexOf(Buffer.from('a1637061645832', 'hex'));
    file.write('anything at all may stand here', at + 7);
    assert.equal((await officialVerdict(file, rootPem)).state, 'Trusted');
    assert.throws(() => readSeal(file), damage(/signature/));
  });

  it('an assertion more, signed by the right key', async () => {
    const file = await foreign({ pad: 0, assertions: [{ label: 'org.other', created: true, data: { a: 1 } }] });
    assert.equal((await officialVerdict(file, rootPem)).state, 'Trusted');
    assert.throws(() => readSeal(file), damage(/assertion/));
  });

  it('a signature with s in the upper half of the order', async () => {
    const high = { ...signer, sign: (bytes: Uint8Array) => Promise.resolve(withS(signAsItComes(bytes), false)) };
    const file = await sealImage(stampedImage(), CLAIM, high);
    assert.equal((await officialVerdict(file, rootPem)).state, 'Trusted');
    assert.throws(() => readAndCheck(file), damage(/signature: s is in the upper half/));
  });
});

describe('checking a seal', () => {
  let sealed: Buffer;

  before(async () => {
    sealed = await sealedImage(signer);
  });

  it('names the image where only the image differs', () => {
    const other = createHash('sha256').update('another image').digest();
    assert.throws(
      () => {
        checkSeal(readSeal(sealed), other, nodeSealCrypto);
      },
      damage(/image data/),
    );
  });

  it('refuses the signature of another key', async () => {
    const other = memorySigner().signer;
    const file = await sealImage(stampedImage(), CLAIM, { ...signer, sign: (bytes) => other.sign(bytes) });
    assert.throws(() => readAndCheck(file), damage(/signature: it does not fit/));
  });

  it('refuses the seal of another image', async () => {
    const other = Buffer.from(await sealImage(stampedImage(cameraFile(72, 48)), CLAIM, signer));
    const { start, end } = segmentPlace(other);
    const moved = replaceSegment(sealed, other.subarray(start, end));
    assert.throws(() => readAndCheck(moved), damage(/image data/));
  });
});

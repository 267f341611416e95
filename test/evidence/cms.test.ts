/** The detached signature: openssl accepts it without us, and we accept nothing that differs from it in one bit. */
import assert from 'node:assert/strict';
import { sign as nodeSign } from 'node:crypto';
import { Attribute, CertificateChoices, ContentInfo, EncapsulatedContent, SignedData } from '@peculiar/asn1-cms';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';
import fc from 'fast-check';
import { sealCrypto } from '../../firmware/keys/crypto.js';
import { generateKey } from '../../firmware/keys/certificates.js';
import { FileSigner } from '../../firmware/keys/file-signer.js';
import { openSigner } from '../../firmware/keys/open-signer.js';
import { certificatesIn, toPem } from '../../firmware/keys/pem.js';
import { sealRecord } from '../../firmware/keys/seal-record.js';
import { demoRoot } from '../../firmware/keys/trust.js';
import { decodeCms, encodeCms, signedAttributes, verifyCms } from '../../src/evidence/cms.js';
import { fromDerSignature, isLowS, toDerSignature, toLowS } from '../../src/evidence/es256.js';
import { time } from '../../src/evidence/der.js';
import type { Signer } from '../../src/ports/signer.js';
import { runs } from '../support/fuzz.js';
import { OpensslFolder } from '../support/openssl.js';
import { requireTools } from '../support/tools.js';

const RECORD = Buffer.from('any bytes will do for a record');
const SIGNED_AT_MS = Date.now();
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const refusal = (words: RegExp) => ({ name: 'KerbsideError', kind: 'evidence-damaged', message: words });
const refused = (cms: Uint8Array, words: RegExp, record: Uint8Array = RECORD): void =>
  assert.throws(() => verifyCms(cms, record, sealCrypto), refusal(words));

/** The other signature that the same mathematics accept. */
function withHighS(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`);
  const other = Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex');
  return Uint8Array.from([...signature.subarray(0, 32), ...other]);
}

/** By the library's own writer, so that nothing of ours takes part. */
function rewritten(cms: Uint8Array, change: (signedData: SignedData) => void): Uint8Array {
  const info = AsnConvert.parse(cms, ContentInfo);
  const signedData = AsnConvert.parse(info.content, SignedData);
  change(signedData);
  info.content = AsnConvert.serialize(signedData);
  return new Uint8Array(AsnConvert.serialize(info));
}

describe('the detached signature (CMS)', function () {
  const files = new OpensslFolder();
  let signer: Signer;
  let cms: Uint8Array;

  before(async function () {
    requireTools(this, ['openssl']);
    files.write('demo-root.pem', toPem('CERTIFICATE', demoRoot()));
    signer = await openSigner(files.path('keys'), { demo: true });
    cms = await sealRecord(signer, RECORD, SIGNED_AT_MS);
  });

  after(() => {
    files.remove();
  });

  const opensslAccepts = (changed: Uint8Array): boolean => files.verifyCms(changed, RECORD, 'demo-root.pem').good;

  /** @returns one whose second certificate is an issuer's */
  function chainedSigner(): FileSigner {
    files.makeRoot('root');
    files.makeIssuer('between', 'root');
    files.makeRequest('SC-014');
    files.issue('SC-014', 'between');
    const chain = `${files.read('SC-014.crt').toString()}${files.read('between.crt').toString()}`;
    files.must('pkcs8', '-topk8', '-nocrypt', '-in', 'SC-014.key', '-out', 'SC-014.p8');
    return FileSigner.open({ key: files.path('SC-014.p8'), certificates: files.write('chain.crt', chain) });
  }

  it('is accepted by openssl cms -verify and by its stricter -cades', () => {
    const plain = files.verifyCms(cms, RECORD, 'demo-root.pem');
    assert.ok(plain.good, plain.words);
    const cades = files.verifyCms(cms, RECORD, 'demo-root.pem', '-cades');
    assert.ok(cades.good, cades.words);
    assert.equal(files.verifyCms(cms, Buffer.from('another record'), 'demo-root.pem').good, false);
  });

  it('of a chain with an RSA root and a P-384 issuer is accepted by openssl, and all its certificates come back', async () => {
    const chained = chainedSigner();
    const bytes = await sealRecord(chained, RECORD, SIGNED_AT_MS);
    for (const more of [[], ['-cades']]) {
      const verdict = files.verifyCms(bytes, RECORD, 'root.crt', ...more);
      assert.ok(verdict.good, verdict.words);
    }
    const { certificates } = verifyCms(bytes, RECORD, sealCrypto);
    assert.equal(certificates.length, 2);
    assert.deepEqual(
      certificates.map((der) => Buffer.from(der)),
      chained.certificates.map((der) => Buffer.from(der)),
    );
  });

  it('gives back what was signed', () => {
    const decoded = verifyCms(cms, RECORD, sealCrypto);
    assert.deepEqual(decoded.contentSha256, sealCrypto.sha256(RECORD));
    assert.equal(decoded.signingTimeMs, Math.floor(SIGNED_AT_MS / 1000) * 1000);
    assert.deepEqual(
      decoded.certificates.map((der) => Buffer.from(der)),
      signer.certificates.map((der) => Buffer.from(der)),
    );
    assert.deepEqual(encodeCms(decoded), cms);
    assert.ok(Buffer.from(signer.certificates[0]!).includes(Buffer.from(decoded.signerSpki)));
  });

  it('is not that of another record, and says so', () => {
    refused(
      cms,
      /^The record is not the one that was signed: its SHA-256 is [0-9a-f]{64}/,
      Buffer.from('another record'),
    );
  });

  it('by another key than the one of its certificate is refused', () => {
    const decoded = decodeCms(cms);
    const key = { key: generateKey(), dsaEncoding: 'ieee-p1363' } as const;
    const foreign = toLowS(Uint8Array.from(nodeSign('sha256', decoded.attributesDer, key)));
    refused(encodeCms({ ...decoded, signature: foreign }), /was not made with the key of the certificate inside it/);
  });

  it('with the second form of its signature is refused, though openssl accepts it', () => {
    const decoded = decodeCms(cms);
    const changed = encodeCms({ ...decoded, signature: withHighS(decoded.signature) });
    assert.ok(opensslAccepts(changed));
    refused(changed, /second form of its signature value/);
  });

  it('in which one bit is flipped is refused, whichever bit', () => {
    // One bit of each byte here; all of them in the fuzz run.
    const step = runs(100) > 100 ? 1 : 8;
    for (let bit = 0; bit < 8 * cms.length; bit += step) {
      const changed = Uint8Array.from(cms);
      const at = bit >> 3;
      changed[at]! ^= 1 << (step === 1 ? bit & 7 : at & 7);
      assert.throws(() => verifyCms(changed, RECORD, sealCrypto), refusal(/, expected |is not the one/), `bit ${bit}`);
    }
  });

  it('cut short anywhere is refused', () => {
    for (let length = 0; length < cms.length; length += 1) refused(cms.subarray(0, length), /expected/);
  });

  it('with bytes behind it, or too long to be one, is refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (more) => {
        refused(Uint8Array.from([...cms, ...more]), /expected/);
      }),
    );
    refused(new Uint8Array(1_000_000), /has 1000000 bytes, expected at most 65536/);
  });

  it('any other bytes are refused with a sentence and never by a defect', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => refused(bytes, /expected/)));
    const splice = fc.tuple(fc.nat(cms.length), fc.nat(20), fc.uint8Array({ maxLength: 20 }));
    fc.assert(
      fc.property(splice, ([at, drop, bytes]) => {
        const changed = Uint8Array.from([...cms.subarray(0, at), ...bytes, ...cms.subarray(at + drop)]);
        fc.pre(Buffer.compare(changed, cms) !== 0);
        refused(changed, /expected|is not the one/);
      }),
    );
  });

  describe('what nothing signs may not vary, though openssl accepts it', () => {
    it('an indefinite length', () => {
      assert.deepEqual([...cms.subarray(0, 2)], [0x30, 0x82]);
      const changed = Uint8Array.from([0x30, 0x80, ...cms.subarray(4), 0, 0]);
      assert.ok(opensslAccepts(changed));
      refused(changed, /holds bytes that no signature covers, or was written anew/);
    });

    it('a length with a zero in front', () => {
      const changed = Uint8Array.from([0x30, 0x83, 0, ...cms.subarray(2)]);
      assert.ok(opensslAccepts(changed));
      refused(changed, /expected/);
    });

    const VARIANTS: readonly [string, RegExp, (signedData: SignedData) => void][] = [
      [
        'an unsigned attribute',
        /has unsigned attributes/,
        ({ signerInfos: [info] }) => {
          const value = AsnConvert.serialize(new OctetString(Uint8Array.of(1)));
          info!.unsignedAttrs = [new Attribute({ attrType: '1.2.3.4', attrValues: [value] })];
        },
      ],
      [
        'a further certificate',
        /certificates that are no chain/,
        ({ certificates }) => {
          files.makeRoot('stranger');
          const [stranger] = certificatesIn(files.read('stranger.crt'));
          certificates!.push(new CertificateChoices({ certificate: AsnConvert.parse(stranger!, Certificate) }));
        },
      ],
      [
        'the root, which is left out',
        /signs other attributes/,
        ({ certificates }) => {
          certificates!.push(new CertificateChoices({ certificate: AsnConvert.parse(demoRoot(), Certificate) }));
        },
      ],
      [
        'parameters of the hash',
        /holds bytes that no signature covers, or was written anew/,
        ({ signerInfos: [info] }) => {
          info!.digestAlgorithm.parameters = Uint8Array.of(5, 0).buffer;
        },
      ],
    ];
    for (const [what, words, change] of VARIANTS) {
      it(what, () => {
        assert.deepEqual(
          rewritten(cms, () => undefined),
          cms,
          'the library writes the same',
        );
        const changed = rewritten(cms, change);
        assert.ok(opensslAccepts(changed));
        refused(changed, words);
      });
    }
  });

  it('with the record inside, with two signers or with none is refused', () => {
    const inside = rewritten(cms, ({ encapContentInfo }) => {
      encapContentInfo.eContent = new EncapsulatedContent({ single: new OctetString(RECORD) });
    });
    refused(inside, /holds a content of its own/);
    refused(
      rewritten(cms, ({ signerInfos }) => void signerInfos.push(signerInfos[0]!)),
      /has 2 signers/,
    );
    refused(
      rewritten(cms, ({ signerInfos }) => void signerInfos.pop()),
      /has 0 signers/,
    );
    refused(
      rewritten(cms, ({ certificates }) => void certificates!.pop()),
      /no chain/,
    );
  });

  it('with other signed attributes is refused, even when they are well signed', async () => {
    const { attributesDer, certificates, contentSha256 } = decodeCms(cms);
    const variants: [Uint8Array, RegExp][] = [
      [signedAttributes({ contentSha256, signingTimeMs: SIGNED_AT_MS, certificateSha256s: [] }), /other attributes/],
      [
        signedAttributes({ contentSha256, signingTimeMs: SIGNED_AT_MS, certificateSha256s: [contentSha256] }),
        /holds a certificate with SHA-256 [0-9a-f]{64}, expected the one that was signed along/,
      ],
      [Uint8Array.from([0x31, 0]), /does not sign hash of the record exactly once/],
      [attributesDer.map((byte, i) => (i === attributesDer.length - 1 ? byte ^ 1 : byte)), /signed along/],
    ];
    for (const [attributes, words] of variants) {
      const signature = await signer.sign(attributes);
      refused(encodeCms({ attributesDer: attributes, certificates, signature }), words);
    }
  });

  it('whose certificate was changed in a bit that only its issuer signs is refused by the hash that was signed along', () => {
    const decoded = decodeCms(cms);
    const certificate = Uint8Array.from(decoded.certificates[0]!);
    certificate[certificate.length - 1]! ^= 1;
    refused(encodeCms({ ...decoded, certificates: [certificate] }), /holds a certificate with SHA-256/);
  });

  it('by a key on another curve is refused', () => {
    files.makeRoot('root-384');
    files.makeRequest('P384', '/O=Agency/CN=P384', 'P-384');
    files.issue('P384', 'root-384');
    const certificates = certificatesIn(files.read('P384.crt'));
    refused(encodeCms({ ...decodeCms(cms), certificates }), /not on the curve P-256/);
  });
});

describe('times and signature values in DER', () => {
  const text = (utc: string): string => Buffer.from(time(Date.parse(utc))).toString('latin1');

  it('years from 1950 to 2049 are UTCTime, all others GeneralizedTime (RFC 5652)', () => {
    assert.equal(text('2049-12-31T23:59:59.999Z'), '\x17\x0d491231235959Z');
    assert.equal(text('2050-01-01T00:00:00Z'), '\x18\x0f20500101000000Z');
    assert.equal(text('1950-01-01T00:00:00Z'), '\x17\x0d500101000000Z');
    assert.equal(text('1949-12-31T23:59:59Z'), '\x18\x0f19491231235959Z');
  });

  it('a signature value survives DER, and no other DER gives one', () => {
    const half = fc.oneof(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.nat(300).map((value) => Uint8Array.from([...new Uint8Array(30), value >> 8, value & 0xff])),
    );
    fc.assert(
      fc.property(half, half, (r, s) => {
        const signature = Uint8Array.from([...r, ...s]);
        const der = toDerSignature(signature);
        assert.deepEqual(fromDerSignature(der), signature);
        assert.equal(fromDerSignature(der.subarray(1)), null);
        assert.equal(fromDerSignature(Uint8Array.from([...der, 0])), null);
      }),
    );
    for (const hex of [
      '',
      '3000',
      '3006020100',
      '30060201800201 01',
      '3007020200010201 01',
      '3006020101020101ff',
      '30080201010201010500',
    ]) {
      assert.equal(fromDerSignature(Buffer.from(hex.replace(' ', ''), 'hex')), null, hex);
    }
  });

  it('of s and n - s exactly one is low', () => {
    const numbers = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .filter((bytes) => bytes[0]! < 0xff && bytes[31] !== 0);
    fc.assert(
      fc.property(numbers, numbers, (r, s) => {
        const signature = Uint8Array.from([...r, ...s]);
        assert.notEqual(isLowS(signature), isLowS(withHighS(signature)));
        assert.ok(isLowS(toLowS(signature)));
        assert.deepEqual(toLowS(withHighS(signature)), toLowS(signature));
      }),
    );
    assert.equal(isLowS(new Uint8Array(64)), false);
    assert.equal(isLowS(new Uint8Array(63).fill(1)), false);
  });
});

/**
 * A signer whose key lives in memory, with a root of its own, for tests. Its certificate has the profile that both C2PA
 * and `openssl cms` accept for a signer: no CA, digitalSignature alone, emailProtection, identifiers of both keys, O and CN.
 */
import { createHash, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { AsnParser, AsnSerializer, OctetString } from '@peculiar/asn1-schema';
import * as asn1 from '@peculiar/asn1-x509';
import type { SealCrypto, Signer } from '../../src/ports/signer.js';

const ECDSA_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';
const ORGANISATION = '2.5.4.10';
export const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
export const DOCUMENT_SIGNING = '1.3.6.1.5.5.7.3.36';
const DAY_MS = 86_400_000;

export interface SignerWishes {
  readonly demo?: boolean;
  readonly keyPurposes?: readonly string[];
  /** An authority between root and signer. */
  readonly intermediate?: boolean;
}

export interface MemorySigner {
  readonly signer: Signer;
  readonly rootPem: string;
  /** Signs without bringing s into the lower half. */
  readonly signAsItComes: (bytes: Uint8Array) => Uint8Array;
}

const bufferOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;
const spkiOf = (key: KeyObject): Uint8Array => key.export({ type: 'spki', format: 'der' });
/** RFC 5280, 4.2.1.2, first way: over the point, the last 65 bytes. */
const keyIdentifier = (key: KeyObject): ArrayBuffer =>
  bufferOf(createHash('sha1').update(spkiOf(key).subarray(-65)).digest());

function nameOf(commonName: string): asn1.Name {
  const part = (type: string, utf8String: string): asn1.RelativeDistinguishedName =>
    new asn1.RelativeDistinguishedName([
      new asn1.AttributeTypeAndValue({ type, value: new asn1.AttributeValue({ utf8String }) }),
    ]);
  return new asn1.Name([part(COMMON_NAME, commonName), part(ORGANISATION, 'Kerbside tests')]);
}

function extension(extnID: string, critical: boolean, value: unknown): asn1.Extension {
  return new asn1.Extension({ extnID, critical, extnValue: new OctetString(AsnSerializer.serialize(value)) });
}

interface Party {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const newParty = (name: string): Party => ({ name, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) });

const identifiers = (subject: Party, issuer: Party): asn1.Extension[] => [
  extension(asn1.id_ce_subjectKeyIdentifier, false, new asn1.SubjectKeyIdentifier(keyIdentifier(subject.publicKey))),
  extension(
    asn1.id_ce_authorityKeyIdentifier,
    false,
    new asn1.AuthorityKeyIdentifier({ keyIdentifier: new asn1.KeyIdentifier(keyIdentifier(issuer.publicKey)) }),
  ),
];

const authority = (): asn1.Extension[] => [
  extension(asn1.id_ce_basicConstraints, true, new asn1.BasicConstraints({ cA: true })),
  extension(asn1.id_ce_keyUsage, true, new asn1.KeyUsage(asn1.KeyUsageFlags.keyCertSign | asn1.KeyUsageFlags.cRLSign)),
];

const endEntity = (keyPurposes: readonly string[]): asn1.Extension[] => [
  extension(asn1.id_ce_basicConstraints, true, new asn1.BasicConstraints({ cA: false })),
  extension(asn1.id_ce_keyUsage, true, new asn1.KeyUsage(asn1.KeyUsageFlags.digitalSignature)),
  extension(asn1.id_ce_extKeyUsage, false, new asn1.ExtendedKeyUsage([...keyPurposes])),
];

function certify(subject: Party, issuer: Party, serial: number, extensions: asn1.Extension[]): Uint8Array {
  const algorithm = new asn1.AlgorithmIdentifier({ algorithm: ECDSA_SHA256 });
  const content = new asn1.TBSCertificate({
    version: asn1.Version.v3,
    serialNumber: Uint8Array.of(serial).buffer,
    signature: algorithm,
    issuer: nameOf(issuer.name),
    validity: new asn1.Validity({
      notBefore: new Date(Date.now() - DAY_MS),
      notAfter: new Date(Date.now() + 365 * DAY_MS),
    }),
    subject: nameOf(subject.name),
    subjectPublicKeyInfo: AsnParser.parse(spkiOf(subject.publicKey), asn1.SubjectPublicKeyInfo),
    extensions: new asn1.Extensions([...extensions, ...identifiers(subject, issuer)]),
  });
  const signature = sign('sha256', new Uint8Array(AsnSerializer.serialize(content)), issuer.privateKey);
  const whole = new asn1.Certificate({
    tbsCertificate: content,
    signatureAlgorithm: algorithm,
    signatureValue: bufferOf(signature),
  });
  return new Uint8Array(AsnSerializer.serialize(whole));
}

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** @param low whether the lower or the higher of the two s is wanted */
export function withS(signature: Uint8Array, low: boolean): Uint8Array {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`);
  if (s <= ORDER / 2n === low) return signature;
  const other = Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex');
  return Uint8Array.from([...signature.subarray(0, 32), ...other]);
}

function toPem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

export function memorySigner(wishes: SignerWishes = {}): MemorySigner {
  const { demo = false, keyPurposes = [EMAIL_PROTECTION], intermediate = false } = wishes;
  const root = newParty('Root of a test');
  const between = intermediate ? newParty('Workshop of a test') : root;
  const own = newParty(demo ? 'DEMO camera of a test' : 'Camera of a test');
  const certificates = [
    certify(own, between, 3, endEntity(keyPurposes)),
    ...(intermediate ? [certify(between, root, 2, authority())] : []),
  ];
  const signAsItComes = (bytes: Uint8Array): Uint8Array =>
    sign('sha256', bytes, { key: own.privateKey, dsaEncoding: 'ieee-p1363' });
  return {
    signer: { certificates, demo, sign: (bytes) => Promise.resolve(withS(signAsItComes(bytes), true)) },
    rootPem: toPem(certify(root, root, 1, authority())),
    signAsItComes,
  };
}

/** The mathematics of Node. */
export const nodeSealCrypto: SealCrypto = {
  sha256: (bytes) => createHash('sha256').update(bytes).digest(),
  verifyEs256: (spki, bytes, signature) => {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature);
  },
};

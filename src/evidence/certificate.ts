/**
 * What a signature needs of an X.509 certificate (RFC 5280): who it names, who issued it, its number and its public key,
 * each as the bytes that stand in it. A certificate that is not written in DER to the last bit is refused: another
 * spelling of it would be another file with the same meaning. Whether it can be trusted is decided elsewhere.
 */
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';
import { KerbsideError } from '../errors.js';
import { element, sameBytes, TAG } from './der.js';

export interface CertificateFacts {
  /** DER INTEGER. */
  readonly serial: Uint8Array;
  /** DER Name. */
  readonly issuer: Uint8Array;
  /** DER Name. */
  readonly subject: Uint8Array;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** UTC, begin of its validity. */
  readonly notBeforeMs: number;
}

/** What precedes the point, 65 bytes of it, in the SubjectPublicKeyInfo of any P-256 key that is not compressed. */
const P256_SPKI_HEAD = Uint8Array.from([
  ...[0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01],
  ...[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04],
]);
const P256_POINT_BYTES = 64;

export const isP256 = (spki: Uint8Array): boolean =>
  spki.length === P256_SPKI_HEAD.length + P256_POINT_BYTES &&
  sameBytes(spki.subarray(0, P256_SPKI_HEAD.length), P256_SPKI_HEAD);

/** @throws KerbsideError 'evidence-damaged' */
export function readCertificate(der: Uint8Array): CertificateFacts {
  try {
    const certificate = AsnConvert.parse(der, Certificate);
    if (!sameBytes(toDer(certificate), der)) throw new RangeError('not written in DER');
    const { tbsCertificate, signatureAlgorithm } = certificate;
    if (!sameBytes(toDer(tbsCertificate.signature), toDer(signatureAlgorithm))) {
      throw new RangeError('it names two algorithms for its signature');
    }
    return {
      serial: element(TAG.integer, new Uint8Array(tbsCertificate.serialNumber)),
      issuer: toDer(tbsCertificate.issuer),
      subject: toDer(tbsCertificate.subject),
      spki: toDer(tbsCertificate.subjectPublicKeyInfo),
      notBeforeMs: tbsCertificate.validity.notBefore.getTime().getTime(),
    };
  } catch (cause) {
    const reason = cause instanceof RangeError ? cause.message : 'it is no X.509 certificate';
    throw new KerbsideError('evidence-damaged', `A certificate is damaged (${reason}), expected X.509 in DER.`, {
      cause,
    });
  }
}

const toDer = (value: unknown): Uint8Array => new Uint8Array(AsnConvert.serialize(value));

export interface ReadCertificate {
  readonly der: Uint8Array;
  readonly facts: CertificateFacts;
}

/**
 * The chain in the order of its issuers, beginning with the signer's.
 * @returns null when some certificate has no place in it
 */
export function inChainOrder(
  certificates: readonly Uint8Array[],
  isSigner: (facts: CertificateFacts) => boolean,
): ReadCertificate[] | null {
  const left = certificates.map((der) => ({ der, facts: readCertificate(der) }));
  const ordered: ReadCertificate[] = [];
  let isNext = isSigner;
  while (left.length > 0) {
    const index = left.findIndex(({ facts }) => isNext(facts));
    const [found] = index < 0 ? [] : left.splice(index, 1);
    if (!found) return null;
    ordered.push(found);
    const { issuer } = found.facts;
    isNext = ({ subject }) => sameBytes(subject, issuer);
  }
  return ordered;
}

/**
 * The detached signature over a record: CMS SignedData (RFC 5652) in DER, one signer, ES256, the signer's certificates
 * inside. `openssl cms -verify` checks it without us.
 *
 * CMS leaves much unsigned: unsigned attributes, further certificates, lengths that can be written in several ways. None
 * of it may vary here. A file counts only when everything that was read from it, written anew, gives the same bytes; and
 * the signed attributes hold the hash of each certificate (signingCertificateV2, RFC 5035), so that no bit of the file is
 * free. Surprise: DER sorts the certificates, so their order says nothing; the chain is put together by the names.
 */
import { ContentInfo, SignedData, type SignerInfo } from '@peculiar/asn1-cms';
import { AsnConvert } from '@peculiar/asn1-schema';
import { KerbsideError } from '../errors.js';
import type { SealCrypto } from '../ports/signer.js';
import { inChainOrder, isP256, readCertificate, type CertificateFacts, type ReadCertificate } from './certificate.js';
import {
  contextTag,
  element,
  objectIdentifier,
  octetString,
  sameBytes,
  sequence,
  setOf,
  smallInteger,
  sortedMembers,
  TAG,
  time,
} from './der.js';
import { fromDerSignature, isLowS, toDerSignature } from './es256.js';

/** What the signature says. */
export interface SealStatement {
  /** Of the signed file. */
  readonly contentSha256: Uint8Array;
  /** UTC by the camera's clock; whole seconds are kept. */
  readonly signingTimeMs: number;
  /** SHA-256 of each certificate's DER, the signer's first. */
  readonly certificateSha256s: readonly Uint8Array[];
}

export interface CmsParts {
  /** From {@link signedAttributes}. */
  readonly attributesDer: Uint8Array;
  /** DER, the signer's first, each issued by the next, without the root. */
  readonly certificates: readonly Uint8Array[];
  /** r and s, 32 bytes each, over `attributesDer`. */
  readonly signature: Uint8Array;
}

export interface DecodedCms extends CmsParts, SealStatement {
  /** Public key of the signer's certificate, on P-256. */
  readonly signerSpki: Uint8Array;
}

const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  sha256: '2.16.840.1.101.3.4.2.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
} as const;

const SHA256_BYTES = 32;
/** Head of a SEQUENCE and of an OCTET STRING around a hash: ESSCertIDv2 with nothing but its defaults. */
const CERTIFICATE_ID_BYTES = SHA256_BYTES + 4;
/** A chain of three and a signature take 3 KiB. */
const MOST_BYTES = 64 * 1024;

const algorithm = (oid: string): Uint8Array => sequence(objectIdentifier(oid));

const attribute = (oid: string, value: Uint8Array): Uint8Array => sequence(objectIdentifier(oid), setOf(value));

/** @returns DER of the SET OF attributes: the bytes that are signed */
export function signedAttributes({ contentSha256, signingTimeMs, certificateSha256s }: SealStatement): Uint8Array {
  const identifiers = certificateSha256s.map((sha256) => sequence(octetString(sha256)));
  return setOf(
    attribute(OID.contentType, objectIdentifier(OID.data)),
    attribute(OID.signingTime, time(signingTimeMs)),
    attribute(OID.messageDigest, octetString(contentSha256)),
    attribute(OID.signingCertificateV2, sequence(sequence(...identifiers))),
  );
}

/**
 * @returns DER of the whole file
 * @throws KerbsideError 'evidence-damaged' when a certificate is none
 */
export function encodeCms(parts: CmsParts): Uint8Array {
  const [signer] = parts.certificates;
  if (!signer) throw damaged('has no certificate', "the signer's");
  return write(parts, readCertificate(signer));
}

function write({ attributesDer, certificates, signature }: CmsParts, { issuer, serial }: CertificateFacts): Uint8Array {
  const implicit = Uint8Array.from(attributesDer);
  implicit[0] = contextTag(0);
  const signerInfo = sequence(
    smallInteger(1),
    sequence(issuer, serial),
    algorithm(OID.sha256),
    implicit,
    algorithm(OID.ecdsaWithSha256),
    octetString(toDerSignature(signature)),
  );
  const signedData = sequence(
    smallInteger(1),
    setOf(algorithm(OID.sha256)),
    sequence(objectIdentifier(OID.data)),
    element(contextTag(0), ...sortedMembers(certificates)),
    setOf(signerInfo),
  );
  return sequence(objectIdentifier(OID.signedData), element(contextTag(0), signedData));
}

/**
 * Reads what {@link encodeCms} writes and nothing else. Checks no mathematics.
 * @throws KerbsideError 'evidence-damaged', naming the part
 */
export function decodeCms(bytes: Uint8Array): DecodedCms {
  const { signedData, signerInfo } = parse(bytes);
  const chain = chainOf(signedData, signerInfo);
  const signer = chain[0].facts;
  const { spki } = signer;
  if (!isP256(spki)) throw damaged("has a signer's certificate whose key is not on the curve P-256", 'a P-256 key');
  const certificates = chain.map(({ der }) => der);
  const signature = signatureOf(signerInfo);
  const statement = statementOf(signerInfo, certificates.length);
  const attributesDer = signedAttributes(statement);
  const decoded: DecodedCms = { ...statement, attributesDer, certificates, signature, signerSpki: spki };
  if (!sameBytes(foundAttributes(signerInfo), attributesDer)) {
    throw damaged(
      'signs other attributes',
      'content type, signing time, hash of the record and hashes of the certificates',
    );
  }
  if (!sameBytes(write(decoded, signer), bytes)) {
    throw damaged(
      'holds bytes that no signature covers, or was written anew in another form',
      'only what is signed, in the form in which the camera wrote it',
    );
  }
  return decoded;
}

/**
 * Is this the signature of `content`, by the key of the certificate inside? Who stands behind that certificate is another
 * question.
 * @throws KerbsideError 'evidence-damaged'
 */
export function verifyCms(bytes: Uint8Array, content: Uint8Array, seals: SealCrypto): DecodedCms {
  const decoded = decodeCms(bytes);
  decoded.certificates.forEach((certificate, i) => {
    const signed = decoded.certificateSha256s[i] ?? new Uint8Array();
    const sha256 = seals.sha256(certificate);
    if (sameBytes(signed, sha256)) return;
    throw damaged(`holds a certificate with SHA-256 ${hex(sha256)}`, `the one that was signed along, ${hex(signed)}`);
  });
  if (!seals.verifyEs256(decoded.signerSpki, decoded.attributesDer, decoded.signature)) {
    throw damaged('was not made with the key of the certificate inside it, or was changed since', 'a valid signature');
  }
  const sha256 = seals.sha256(content);
  if (!sameBytes(sha256, decoded.contentSha256)) {
    throw new KerbsideError(
      'evidence-damaged',
      `The record is not the one that was signed: its SHA-256 is ${hex(sha256)}, the signature says ${hex(decoded.contentSha256)}.`,
    );
  }
  return decoded;
}

function parse(bytes: Uint8Array): { signedData: SignedData; signerInfo: SignerInfo } {
  if (bytes.length === 0) throw damaged('is empty', 'a signature in CMS (SignedData)');
  if (bytes.length > MOST_BYTES) throw damaged(`has ${bytes.length} bytes`, `at most ${MOST_BYTES}`);
  let signedData: SignedData;
  try {
    signedData = AsnConvert.parse(AsnConvert.parse(bytes, ContentInfo).content, SignedData);
  } catch (cause) {
    throw damaged('cannot be read', 'CMS SignedData, whole and in DER', cause);
  }
  const [signerInfo, ...others] = signedData.signerInfos;
  if (!signerInfo || others.length > 0) {
    throw damaged(`has ${signedData.signerInfos.length} signers`, 'exactly one');
  }
  if (signedData.encapContentInfo.eContent) throw damaged('holds a content of its own', 'a detached signature');
  if (signedData.crls) throw damaged('holds revocation lists, which nothing signs', 'none');
  if (signerInfo.unsignedAttrs) throw damaged('has unsigned attributes', 'signed ones only');
  return { signedData, signerInfo };
}

function chainOf(signedData: SignedData, signerInfo: SignerInfo): [ReadCertificate, ...ReadCertificate[]] {
  const found = signedData.certificates;
  const certificates = (found ? [...found] : []).map(({ certificate }) => {
    if (!certificate) throw damaged('holds a certificate of another kind', 'X.509 certificates');
    return serialize(certificate, 'a certificate');
  });
  const identifier = signerInfo.sid.issuerAndSerialNumber;
  if (!identifier) throw damaged('does not name its signer by issuer and serial number', 'that');
  const issuer = serialize(identifier.issuer, 'the name of the issuer');
  const serial = element(TAG.integer, new Uint8Array(identifier.serialNumber));
  const chain = inChainOrder(
    certificates,
    (facts) => sameBytes(facts.issuer, issuer) && sameBytes(facts.serial, serial),
  );
  const [first, ...rest] = chain ?? [];
  if (first) return [first, ...rest];
  throw damaged("holds certificates that are no chain from the signer's up", 'each issued by the next');
}

function signatureOf(signerInfo: SignerInfo): Uint8Array {
  const signature = fromDerSignature(new Uint8Array(signerInfo.signature.buffer));
  if (!signature) throw damaged('has a signature value that is not two numbers in DER', 'r and s of ECDSA on P-256');
  if (!isLowS(signature)) {
    throw damaged('has the second form of its signature value (s in the upper half)', 's in the lower half');
  }
  return signature;
}

/** Takes each value from where it must stand; whether it stands there is seen when all is written anew. */
function statementOf({ signedAttrs = [] }: SignerInfo, certificates: number): SealStatement {
  const valueOf = (oid: string, part: string): Uint8Array => {
    const [found, ...others] = signedAttrs.filter(({ attrType }) => attrType === oid);
    const [value] = found?.attrValues ?? [];
    if (!value || others.length > 0) throw damaged(`does not sign ${part} exactly once`, `one signed ${part}`);
    return new Uint8Array(value);
  };
  const digest = valueOf(OID.messageDigest, 'hash of the record');
  const identifiers = valueOf(OID.signingCertificateV2, 'list of certificate hashes');
  return {
    contentSha256: digest.slice(-SHA256_BYTES),
    signingTimeMs: readTime(valueOf(OID.signingTime, 'time of signing')),
    certificateSha256s: Array.from({ length: certificates }, (_, i) => {
      const end = identifiers.length - (certificates - 1 - i) * CERTIFICATE_ID_BYTES;
      return identifiers.slice(Math.max(0, end - SHA256_BYTES), Math.max(0, end));
    }),
  };
}

/** All signed attributes that the file has, in the order of DER. */
const foundAttributes = ({ signedAttrs = [] }: SignerInfo): Uint8Array =>
  setOf(
    ...signedAttrs.map(({ attrType, attrValues }) =>
      sequence(objectIdentifier(attrType), setOf(...attrValues.map((value) => new Uint8Array(value)))),
    ),
  );

function readTime(der: Uint8Array): number {
  const text = String.fromCharCode(...der.subarray(2));
  const digits = der[0] === TAG.utcTime ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const utcMs = Date.parse(digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(utcMs)) throw damaged('has a time of signing that is none', 'a time in UTC to the second');
  return utcMs;
}

function serialize(value: unknown, part: string): Uint8Array {
  try {
    return new Uint8Array(AsnConvert.serialize(value));
  } catch (cause) {
    throw damaged(`holds ${part} that cannot be read`, 'DER', cause);
  }
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const damaged = (found: string, expected: string, cause?: unknown): KerbsideError =>
  new KerbsideError('evidence-damaged', `The signature file ${found}, expected ${expected}.`, { cause });

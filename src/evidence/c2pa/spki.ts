/**
 * Takes the public key out of a certificate (RFC 5280, 4.1) as it stands there. The certificate is judged elsewhere; here
 * it is only walked to the seventh part of what its issuer signed.
 */
import { damaged } from './form.js';

const SEQUENCE = 0x30;
/** version, serialNumber, signature, issuer, validity, subject. */
const PARTS_BEFORE_KEY = 6;

interface Part {
  readonly tag: number;
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

function partAt(der: Uint8Array, start: number): Part {
  const first = der[start + 1] ?? 0;
  const digits = first < 0x80 ? 0 : first & 0x7f;
  const content = start + 2 + digits;
  const length = digits === 0 ? first : der.subarray(start + 2, content).reduce((sum, byte) => sum * 256 + byte, 0);
  const end = content + length;
  if (end > der.length) throw damaged('certificate', `a part ends behind it at byte ${start}`, 'a whole certificate');
  return { tag: der[start] ?? 0, start, content, end };
}

function sequenceAt(der: Uint8Array, start: number): Part {
  const part = partAt(der, start);
  if (part.tag === SEQUENCE) return part;
  throw damaged('certificate', `byte ${start} begins no sequence`, 'X.509 in DER');
}

/** @returns DER SubjectPublicKeyInfo */
export function publicKeyOf(certificate: Uint8Array): Uint8Array {
  const signed = sequenceAt(certificate, sequenceAt(certificate, 0).content);
  let at = signed.content;
  for (let i = 0; i < PARTS_BEFORE_KEY; i++) at = partAt(certificate, at).end;
  const key = sequenceAt(certificate, at);
  return certificate.subarray(key.start, key.end);
}

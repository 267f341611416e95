/**
 * The two shapes of an ECDSA signature on P-256 (FIPS 186-5): r and s as 64 bytes, and as DER in CMS and X.509. For each
 * signature there is a second one, with n - s, that a verifier accepts as well; only the one whose s lies in the lower
 * half counts here, since otherwise two different files would both be "the" evidence.
 */
import { element, sequence, TAG, unsignedInteger } from './der.js';

const HALF = 32;
export const ES256_SIGNATURE_BYTES = 2 * HALF;

/** Order of the group of P-256. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function toNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function toBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(HALF);
  for (let i = HALF - 1, rest = value; i >= 0; i -= 1, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}

/** Whether r and s are numbers that a signature can have, s in the lower half. */
export function isLowS(signature: Uint8Array): boolean {
  if (signature.length !== ES256_SIGNATURE_BYTES) return false;
  const r = toNumber(signature.subarray(0, HALF));
  const s = toNumber(signature.subarray(HALF));
  return r > 0n && r < ORDER && s > 0n && s <= ORDER / 2n;
}

/** The same signature with the s of the lower half. */
export function toLowS(signature: Uint8Array): Uint8Array {
  const s = toNumber(signature.subarray(HALF));
  const low = Uint8Array.from(signature);
  if (s > ORDER / 2n) low.set(toBytes(ORDER - s), HALF);
  return low;
}

/** ECDSA-Sig-Value (RFC 3279): SEQUENCE of r and s. */
export const toDerSignature = (signature: Uint8Array): Uint8Array =>
  sequence(unsignedInteger(signature.subarray(0, HALF)), unsignedInteger(signature.subarray(HALF)));

/** @returns r and s, or null for anything but the DER that {@link toDerSignature} writes */
export function fromDerSignature(der: Uint8Array): Uint8Array | null {
  const signature = new Uint8Array(ES256_SIGNATURE_BYTES);
  if (der.length < 2 || der[0] !== TAG.sequence || der[1] !== der.length - 2) return null;
  let at = 2;
  for (const end of [HALF, ES256_SIGNATURE_BYTES]) {
    const length = der[at + 1] ?? 0;
    const digits = der.subarray(at + 2, at + 2 + length);
    const magnitude = digits[0] === 0 ? digits.subarray(1) : digits;
    if (der[at] !== TAG.integer || digits.length !== length || magnitude.length > HALF) return null;
    // Minimal and not negative, or it would be written otherwise.
    if (unsignedInteger(digits).length !== element(TAG.integer, digits).length) return null;
    signature.set(magnitude, end - magnitude.length);
    at += 2 + length;
  }
  return at === der.length ? signature : null;
}

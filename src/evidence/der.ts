/**
 * Writes DER (ITU-T X.690), the one way in which a structure of ASN.1 can be written. Only what signatures and
 * certificate requests need; reading is left to a library, and what was read counts only when it is written here to the
 * same bytes again.
 */
import { concat } from './byte-tools.js';

export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Tag [number] of a context, constructed. */
export const contextTag = (number: number): number => 0xa0 | number;

/** Lengths below 128 are one byte; others say first how many bytes follow, and never more than needed. */
function lengthBytes(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 0x100)) bytes.unshift(rest % 0x100);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

/** One element: tag, length, content. */
export function element(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return concat([Uint8Array.of(tag), lengthBytes(length), ...content]);
}

export const sequence = (...content: readonly Uint8Array[]): Uint8Array => element(TAG.sequence, ...content);

export const octetString = (bytes: Uint8Array): Uint8Array => element(TAG.octetString, bytes);

/** Whole bytes, no bit unused. */
export const bitString = (bytes: Uint8Array): Uint8Array => element(TAG.bitString, Uint8Array.of(0), bytes);

export const smallInteger = (value: number): Uint8Array => element(TAG.integer, Uint8Array.of(value));

/** @param magnitude big-endian, not negative; zeros in front are dropped, one is put there where the first bit is set */
export function unsignedInteger(magnitude: Uint8Array): Uint8Array {
  const first = magnitude.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Uint8Array.of(0) : magnitude.subarray(first);
  return (digits[0] ?? 0) >= 0x80 ? element(TAG.integer, Uint8Array.of(0), digits) : element(TAG.integer, digits);
}

/** @param dotted e.g. 1.2.840.113549.1.7.1 */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...arcs] = dotted.split('.').map(Number);
  const bytes = [40 * first + second, ...arcs].flatMap((arc) => {
    const groups = [arc % 0x80];
    for (let rest = Math.floor(arc / 0x80); rest > 0; rest = Math.floor(rest / 0x80)) {
      groups.unshift(0x80 | (rest % 0x80));
    }
    return groups;
  });
  return element(TAG.oid, Uint8Array.from(bytes));
}

/** The members of a SET OF in the order of their bytes, which DER demands. */
export function sortedMembers(members: readonly Uint8Array[]): Uint8Array[] {
  return [...members].sort(compareBytes);
}

export const setOf = (...members: readonly Uint8Array[]): Uint8Array => element(TAG.set, ...sortedMembers(members));

export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && compareBytes(a, b) === 0;

/** CMS (RFC 5652, 11.3): UTCTime from 1950 to 2049, GeneralizedTime for all other years; whole seconds. */
export function time(utcMs: number): Uint8Array {
  const date = new Date(utcMs);
  const year = date.getUTCFullYear();
  const digits = date.toISOString().replace(/\.\d+|[-:T]/g, ''); // YYYYMMDDhhmmssZ
  const isShort = year >= 1950 && year <= 2049;
  const text = isShort ? digits.slice(2) : digits;
  return element(
    isShort ? TAG.utcTime : TAG.generalizedTime,
    Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
  );
}

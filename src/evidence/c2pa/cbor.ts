/**
 * CBOR in one form only. The library keeps the members of a map in the order in which it wrote them, so the order is not
 * a rule but is compared: what was read is written anew and must give the same bytes.
 */
import { decode, encode } from 'cborg';
import { damaged } from './form.js';

export type CborMap = ReadonlyMap<unknown, unknown>;

/** Maps as Map, in their order; numbers that are not whole take 8 bytes, as the library writes them. */
export const writeCbor = (value: unknown): Uint8Array => encode(value, { float64: true, mapSorter: () => 0 });

/** @returns nothing where it is no list */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** Deeper than any measurement; what nests by the thousand would exhaust the stack of those who read it. */
const MOST_LEVELS = 16;

function nestsAtMost(levels: number, value: unknown): boolean {
  const inner: Iterable<unknown> = value instanceof Map ? [...value.keys(), ...value.values()] : listOf(value);
  return [...inner].every((one) => levels > 0 && nestsAtMost(levels - 1, one));
}

function decodeStrictly(bytes: Uint8Array, part: string): unknown {
  try {
    return decode(bytes, {
      ...{ strict: true, useMaps: true, rejectDuplicateMapKeys: true, allowIndefinite: false, allowUndefined: false },
      ...{ allowBigInt: false, allowNaN: false, allowInfinity: false },
    });
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw damaged(part, `its CBOR cannot be read (${found})`, 'CBOR in its shortest form', cause);
  }
}

/** @returns maps as Map, with their keys in the order of the bytes */
export function readCbor(bytes: Uint8Array, part: string): unknown {
  const value = decodeStrictly(bytes, part);
  if (nestsAtMost(MOST_LEVELS, value)) return value;
  throw damaged(part, `its CBOR nests deeper than ${MOST_LEVELS} levels`, 'fewer');
}

/** @throws KerbsideError evidence-damaged where `value` written anew gives other bytes */
export function compareCbor(bytes: Uint8Array, value: unknown, part: string): void {
  const expected = writeCbor(value);
  const wrong = expected.findIndex((byte, i) => byte !== bytes[i]);
  if (wrong === -1 && expected.length === bytes.length) return;
  const at = wrong === -1 ? expected.length : wrong;
  throw damaged(part, `byte ${at} of its CBOR differs`, `the ${expected.length} bytes that the camera writes`);
}

export function member(map: unknown, key: string, part: string): unknown {
  if (map instanceof Map && map.has(key)) return map.get(key);
  throw damaged(part, `there is no "${key}"`, 'the members that the camera writes');
}

export function textMember(map: unknown, key: string, part: string): string {
  const value = member(map, key, part);
  if (typeof value === 'string') return value;
  throw damaged(part, `"${key}" is no text`, 'a text');
}

export function bytesMember(map: unknown, key: string, length: number, part: string): Uint8Array {
  const value = member(map, key, part);
  if (value instanceof Uint8Array && value.length === length) return value;
  throw damaged(part, `"${key}" is not ${length} bytes`, `${length} bytes`);
}

/** @returns maps as objects; a key that is no text does not occur in what the camera writes */
export function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...(value as CborMap)].map(([key, inner]) => [String(key), plainValue(inner)]));
}

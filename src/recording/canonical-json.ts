/**
 * JSON that is the same for the same value: keys in order, nothing left out in silence. What JSON cannot say stands as an
 * object with one key: {"$bytes": base64}, {"$number": "Infinity" | "-Infinity" | "NaN" | "-0"}. A value that is none of
 * this (a function, undefined in a list) is a mistake of the caller's and throws.
 */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** @throws TypeError for what is no plain data */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return numberJson(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : objectJson(value);
    default:
      throw new TypeError(`canonical JSON: found a ${typeof value}, expected plain data`);
  }
}

function numberJson(value: number): string {
  if (Number.isFinite(value) && !Object.is(value, -0)) return String(value);
  return `{"$number":"${Object.is(value, -0) ? '-0' : String(value)}"}`;
}

function objectJson(value: object): string {
  if (value instanceof Uint8Array) return `{"$bytes":"${toBase64(value)}"}`;
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const keys = Object.keys(value);
  if (!isSorted(keys)) keys.sort();
  let text = '';
  for (const key of keys) {
    const inner = (value as Record<string, unknown>)[key];
    // Absent and undefined are one, as everywhere in this house.
    if (inner === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(inner)}`;
  }
  return `{${text}}`;
}

function isSorted(keys: readonly string[]): boolean {
  for (let at = 1; at < keys.length; at += 1) if ((keys[at - 1] as string) > (keys[at] as string)) return false;
  return true;
}

/** @throws SyntaxError where the text is no JSON, RangeError where one of the special values is none */
export function parseCanonicalJson(text: string): unknown {
  return revive(JSON.parse(text));
}

function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(revive);
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === '$bytes') return fromBase64(first[1]);
  if (entries.length === 1 && first?.[0] === '$number') return specialNumber(first[1]);
  return Object.fromEntries(entries.map(([key, inner]) => [key, revive(inner)]));
}

function specialNumber(text: unknown): number {
  if (text === 'Infinity') return Infinity;
  if (text === '-Infinity') return -Infinity;
  if (text === 'NaN') return Number.NaN;
  if (text === '-0') return -0;
  throw new RangeError('a $number is none of Infinity, -Infinity, NaN, -0');
}

/** Of RFC 4648, with padding; pure code has no Buffer. */
export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = [bytes[at], bytes[at + 1], bytes[at + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    text += `${ALPHABET[bits >> 18] ?? ''}${ALPHABET[(bits >> 12) & 63] ?? ''}`;
    text += b === undefined ? '=' : (ALPHABET[(bits >> 6) & 63] ?? '');
    text += c === undefined ? '=' : (ALPHABET[bits & 63] ?? '');
  }
  return text;
}

/** @throws RangeError where the text is no base64 with padding */
export function fromBase64(text: unknown): Uint8Array {
  if (typeof text !== 'string' || !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    throw new RangeError('a $bytes is no base64');
  }
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let at = 0, place = 0; at < text.length; at += 4) {
    let bits = 0;
    for (let digit = 0; digit < 4; digit += 1)
      bits = (bits << 6) | Math.max(0, ALPHABET.indexOf(text[at + digit] ?? ''));
    for (const shift of [16, 8, 0]) {
      if (place < bytes.length) bytes[place] = (bits >> shift) & 255;
      place += 1;
    }
  }
  return bytes;
}

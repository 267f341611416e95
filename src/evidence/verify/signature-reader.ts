/**
 * Reads the signatures of many exhibits. All that one camera writes differ in three places only: time of signing, hash
 * of the record, signature value; and reading the rest anew took half the time of a verification. So a file is first
 * laid over one that was read in full: where every other byte is the same, and the three places written anew give the
 * same bytes, it is what reading it in full would give. Any difference at all is read in full, and refused there.
 */
import { decodeCms, signedAttributes, type DecodedCms } from '../cms.js';
import { compareBytes, contextTag, octetString, sameBytes, time } from '../der.js';
import { fromDerSignature, isLowS, toDerSignature } from '../es256.js';

interface Place {
  readonly start: number;
  readonly end: number;
}

/** A file that was read in full. */
interface Known {
  readonly bytes: Uint8Array;
  readonly decoded: DecodedCms;
  readonly attributes: Place;
  readonly time: Place;
  readonly sha256: Place;
  readonly signature: Place;
}

/** By length, for the lengths inside depend on it; a camera's files have four or five of them. */
const MOST_KNOWN = 64;

export class SignatureReader {
  readonly #known = new Map<number, Known>();

  /** @throws KerbsideError 'evidence-damaged', as `decodeCms` */
  read(bytes: Uint8Array): DecodedCms {
    const known = this.#known.get(bytes.length);
    const alike = known === undefined ? null : readAlike(bytes, known);
    if (alike !== null) return alike;
    const decoded = decodeCms(bytes);
    const places = placesOf(bytes, decoded);
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    if (places !== null) this.#known.set(bytes.length, { bytes: Uint8Array.from(bytes), decoded, ...places });
    return decoded;
  }
}

/** @returns null where one of them is not found exactly once */
function placesOf(bytes: Uint8Array, decoded: DecodedCms): Omit<Known, 'bytes' | 'decoded'> | null {
  const { attributesDer, signingTimeMs, contentSha256, signature } = decoded;
  const attributes = placeOf(implicit(attributesDer), bytes, { start: 0, end: bytes.length });
  if (attributes === null) return null;
  const signed = placeOf(time(signingTimeMs), bytes, attributes);
  const sha256 = placeOf(octetString(contentSha256), bytes, attributes);
  const value = placeOf(octetString(toDerSignature(signature)), bytes, { start: attributes.end, end: bytes.length });
  if (signed === null || sha256 === null || value?.end !== bytes.length) return null;
  // Behind tag and length, which are not free.
  const inside = ({ start, end }: Place): Place => ({ start: start + 2, end });
  return { attributes, time: inside(signed), sha256: inside(sha256), signature: inside(value) };
}

function placeOf(part: Uint8Array, bytes: Uint8Array, { start, end }: Place): Place | null {
  const found: number[] = [];
  for (let at = start; at + part.length <= end; at += 1) {
    if (sameBytes(bytes.subarray(at, at + part.length), part)) found.push(at);
  }
  const [at, ...others] = found;
  return at === undefined || others.length > 0 ? null : { start: at, end: at + part.length };
}

/** As the attributes stand in the file: under another tag than the one that is signed. */
function implicit(attributesDer: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(attributesDer);
  copy[0] = contextTag(0);
  return copy;
}

/** @returns null where the file must be read in full */
function readAlike(bytes: Uint8Array, known: Known): DecodedCms | null {
  const { decoded, attributes } = known;
  if (!isSameAround(bytes, known)) return null;
  const der = bytes.subarray(known.signature.start, known.signature.end);
  const signature = fromDerSignature(der);
  if (signature === null || !isLowS(signature) || !sameBytes(toDerSignature(signature), der)) return null;
  const signingTimeMs = timeIn(bytes.subarray(known.time.start, known.time.end));
  if (Number.isNaN(signingTimeMs)) return null;
  const contentSha256 = bytes.slice(known.sha256.start, known.sha256.end);
  const attributesDer = signedAttributes({ ...decoded, contentSha256, signingTimeMs });
  if (!sameBytes(bytes.subarray(attributes.start, attributes.end), implicit(attributesDer))) return null;
  return { ...decoded, contentSha256, signingTimeMs, attributesDer, signature };
}

/** Every byte outside the three places. */
function isSameAround(bytes: Uint8Array, known: Known): boolean {
  let at = 0;
  const holes = [known.time, known.sha256, known.signature].sort((a, b) => a.start - b.start);
  for (const { start, end } of [...holes, { start: bytes.length, end: bytes.length }]) {
    if (compareBytes(bytes.subarray(at, start), known.bytes.subarray(at, start)) !== 0) return false;
    at = end;
  }
  return true;
}

/** Of the short form, with two digits of the year; NaN for any other. */
function timeIn(digits: Uint8Array): number {
  const text = String.fromCharCode(...digits);
  const [, year, ...rest] = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  const [month, day, hour, minute, second] = rest;
  const century = Number(year) < 50 ? '20' : '19';
  return Date.parse(
    `${century}${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`,
  );
}

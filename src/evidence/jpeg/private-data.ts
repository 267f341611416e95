/**
 * What the sealed file carries to give the camera's file back byte for byte: the camera's whole header as it was (its
 * EXIF, tables and notes, in their order), and everything behind the coded data that the sealed file kept.
 *
 * It stands in a JUMBF box in APP11 segments (ISO/IEC 19566-5), the one place that the JPEG family has for other people's
 * data: decoders skip it and validators do not complain, as they do about an unknown APP segment. The box is of the
 * content type UUID; its data are: 4 bytes length of the header, 4 bytes length of the coded data that are kept, header,
 * rest; numbers big-endian. Camera's file = header, that many bytes from the sealed file's scan, rest.
 */
import { KerbsideError } from '../../errors.js';
import { asciiBytes, concat, hasTextAt } from '../byte-tools.js';
import { readSegments } from './parse.js';
import { MARKER, type Segment } from './structure.js';

/** Segment payload: "JP", box instance number (2 bytes), number of the segment from 1 (4), head of the box (8), its data. */
const COMMON_IDENTIFIER = 'JP';
const SEGMENT_HEAD = 16;
const BOX_HEAD = 8;
/** Tells our box from others in the same file: "KS". C2PA's has 0x0211. */
export const PRIVATE_INSTANCE = 0x4b53;
/** A segment's length field counts itself and has 16 bits. */
const MOST_DATA = 0xffff - 2 - SEGMENT_HEAD;

const UUID_CONTENT = [0x75, 0x75, 0x69, 0x64, 0x00, 0x11, 0x00, 0x10, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71];
/** b71743b7-e94e-4c49-be61-f20a0357a71e */
const OWN_UUID = [0xb7, 0x17, 0x43, 0xb7, 0xe9, 0x4e, 0x4c, 0x49, 0xbe, 0x61, 0xf2, 0x0a, 0x03, 0x57, 0xa7, 0x1e];
const LABEL = 'kerbside.camera-file';
const REQUESTABLE_WITH_LABEL = 3;

export interface CameraFileParts {
  /** From SOI to the end of the scan header. */
  readonly header: Uint8Array;
  /** Bytes of coded data, from the beginning of the scan, that the sealed file holds unchanged. */
  readonly codedBytes: number;
  /** Everything after them. */
  readonly rest: Uint8Array;
}

function uint32(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    view.setUint32(4 * i, value);
  });
  return bytes;
}

function box(type: string, ...parts: Uint8Array[]): Uint8Array {
  const size = BOX_HEAD + parts.reduce((sum, part) => sum + part.length, 0);
  return concat([uint32(size), asciiBytes(type), ...parts]);
}

/** Everything of the superbox that stands before the data; always the same but for the sizes. */
function descriptionBox(): Uint8Array {
  const toggles = Uint8Array.of(REQUESTABLE_WITH_LABEL);
  return box('jumd', Uint8Array.from(UUID_CONTENT), toggles, asciiBytes(`${LABEL}\0`));
}

export function writePrivateSegments({ header, codedBytes, rest }: CameraFileParts): Uint8Array[] {
  const data = box('uuid', Uint8Array.from(OWN_UUID), uint32(header.length, codedBytes), header, rest);
  const whole = box('jumb', descriptionBox(), data);
  const head = whole.subarray(0, BOX_HEAD);
  const content = whole.subarray(BOX_HEAD);
  return Array.from({ length: Math.ceil(content.length / MOST_DATA) }, (_, i) => {
    const part = content.subarray(i * MOST_DATA, (i + 1) * MOST_DATA);
    const length = 2 + SEGMENT_HEAD + part.length;
    const marker = Uint8Array.of(0xff, MARKER.APP11, length >> 8, length & 0xff);
    const instance = Uint8Array.of(PRIVATE_INSTANCE >> 8, PRIVATE_INSTANCE & 0xff);
    return concat([marker, asciiBytes(COMMON_IDENTIFIER), instance, uint32(i + 1), head, part]);
  });
}

const damaged = (what: string): KerbsideError =>
  new KerbsideError(
    'evidence-damaged',
    `The sealed image ${what}; expected the data that give the camera's file back.`,
  );

/** @returns the data of our box, with nothing left out */
function collect(bytes: Uint8Array, segments: readonly Segment[]): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const own = segments.filter(
    ({ marker, payload, end }) =>
      marker === MARKER.APP11 &&
      end - payload >= SEGMENT_HEAD &&
      hasTextAt(bytes, payload, end, COMMON_IDENTIFIER) &&
      view.getUint16(payload + 2) === PRIVATE_INSTANCE,
  );
  if (own.length === 0) throw damaged('has no box of ours');
  own.forEach(({ payload }, i) => {
    const number = view.getUint32(payload + 4);
    if (number !== i + 1) throw damaged(`has part ${number} of its box at place ${i + 1}`);
  });
  const content = concat(own.map(({ payload, end }) => bytes.subarray(payload + SEGMENT_HEAD, end)));
  const stated = view.getUint32((own[0] as Segment).payload + 8);
  if (stated !== content.length + BOX_HEAD)
    throw damaged(`has ${content.length + BOX_HEAD} of ${stated} bytes of its box`);
  const dataAt = descriptionBox().length + BOX_HEAD + OWN_UUID.length;
  if (!OWN_UUID.every((byte, i) => content[dataAt - OWN_UUID.length + i] === byte))
    throw damaged('has a box of another kind');
  return content.subarray(dataAt);
}

/**
 * The camera's file, byte for byte. Its SHA-256 is to be compared with the record's by the caller.
 * @param sealed a sealed image as `appendStrip` made it
 * @throws KerbsideError evidence-damaged, or image-* where it is no JPEG at all
 */
export const recoverOriginal = (sealed: Uint8Array): Uint8Array => concat(originalPieces(sealed));

/** The same in pieces, of which the coded data, nearly all of it, are not copied. */
export function originalPieces(sealed: Uint8Array): Uint8Array[] {
  const segments = readSegments(sealed);
  const data = collect(sealed, segments);
  if (data.length < 8) throw damaged('has too little in its box');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const headerEnd = 8 + view.getUint32(0);
  const scanStart = segments[segments.length - 1]?.end ?? 0;
  const codedEnd = scanStart + view.getUint32(4);
  if (headerEnd > data.length || codedEnd > sealed.length) throw damaged('is shorter than its box says');
  return [data.subarray(8, headerEnd), sealed.subarray(scanStart, codedEnd), data.subarray(headerEnd)];
}

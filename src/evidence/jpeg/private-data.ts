/**
 * What the sealed file carries to give the camera's file back byte for byte: the camera's whole header as it was, and
 * everything behind the coded data that the sealed file kept. It stands in APP9 segments of our own; decoders skip them.
 *
 * Segment: "Kerbside" NUL, 1 byte layout (1), 2 bytes number of this segment from 0, 2 bytes how many there are, data.
 * Data of all segments together: 4 bytes length of the header, 4 bytes length of the coded data that are kept, header,
 * rest. Numbers are big-endian. Camera's file = header, that many bytes from the sealed file's scan, rest.
 */
import { KerbsideError } from '../../errors.js';
import { readSegments } from './parse.js';
import { MARKER, type Segment } from './structure.js';

const NAME = 'Kerbside\0';
const LAYOUT = 1;
const HEAD_BYTES = NAME.length + 5;
/** A segment's length field counts itself and has 16 bits. */
const MOST_DATA = 0xffff - 2 - HEAD_BYTES;

export interface CameraFileParts {
  /** From SOI to the end of the scan header. */
  readonly header: Uint8Array;
  /** Bytes of coded data, from the beginning of the scan, that the sealed file holds unchanged. */
  readonly codedBytes: number;
  /** Everything after them. */
  readonly rest: Uint8Array;
}

export function writePrivateSegments({ header, codedBytes, rest }: CameraFileParts): Uint8Array[] {
  const data = new Uint8Array(8 + header.length + rest.length);
  const view = new DataView(data.buffer);
  view.setUint32(0, header.length);
  view.setUint32(4, codedBytes);
  data.set(header, 8);
  data.set(rest, 8 + header.length);
  const count = Math.ceil(data.length / MOST_DATA);
  return Array.from({ length: count }, (_, number) => {
    const part = data.subarray(number * MOST_DATA, (number + 1) * MOST_DATA);
    const segment = new Uint8Array(4 + HEAD_BYTES + part.length);
    const head = new DataView(segment.buffer);
    head.setUint16(0, 0xff00 | MARKER.APP9);
    head.setUint16(2, segment.length - 2);
    segment.set(
      [...NAME].map((letter) => letter.charCodeAt(0)),
      4,
    );
    head.setUint8(4 + NAME.length, LAYOUT);
    head.setUint16(5 + NAME.length, number);
    head.setUint16(7 + NAME.length, count);
    segment.set(part, 4 + HEAD_BYTES);
    return segment;
  });
}

function isPrivate(bytes: Uint8Array, segment: Segment): boolean {
  return (
    segment.marker === MARKER.APP9 &&
    segment.end - segment.payload >= HEAD_BYTES &&
    [...NAME].every((letter, i) => bytes[segment.payload + i] === letter.charCodeAt(0))
  );
}

const damaged = (what: string): KerbsideError =>
  new KerbsideError(
    'evidence-damaged',
    `The sealed image ${what}; expected the data that give the camera's file back.`,
  );

function collect(bytes: Uint8Array, segments: readonly Segment[]): Uint8Array {
  const parts = segments.filter((segment) => isPrivate(bytes, segment));
  if (parts.length === 0) throw damaged('has no private segment');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  parts.forEach(({ payload }, i) => {
    const layout = view.getUint8(payload + NAME.length);
    const number = view.getUint16(payload + NAME.length + 1);
    const count = view.getUint16(payload + NAME.length + 3);
    if (layout !== LAYOUT) throw damaged(`has private data of layout ${layout}, not ${LAYOUT}`);
    if (number !== i || count !== parts.length)
      throw damaged(`has private segment ${number} of ${count} at place ${i}`);
  });
  const chunks = parts.map(({ payload, end }) => bytes.subarray(payload + HEAD_BYTES, end));
  return concat(chunks);
}

export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/**
 * The camera's file, byte for byte. Its SHA-256 is to be compared with the record's by the caller.
 * @param sealed a sealed image as `appendStrip` made it
 * @throws KerbsideError evidence-damaged, or image-* where it is no JPEG at all
 */
export function recoverOriginal(sealed: Uint8Array): Uint8Array {
  const segments = readSegments(sealed);
  const data = collect(sealed, segments);
  if (data.length < 8) throw damaged('has too little private data');
  const view = new DataView(data.buffer);
  const headerEnd = 8 + view.getUint32(0);
  const scanStart = segments[segments.length - 1]?.end ?? 0;
  const codedEnd = scanStart + view.getUint32(4);
  if (headerEnd > data.length || codedEnd > sealed.length) throw damaged('is shorter than its private data say');
  return concat([data.subarray(8, headerEnd), sealed.subarray(scanStart, codedEnd), data.subarray(headerEnd)]);
}

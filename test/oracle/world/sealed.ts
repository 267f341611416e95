/**
 * What a sealed image holds, read anew from the file format alone (JPEG markers; JUMBF boxes in APP11, ISO/IEC 19566-5): its
 * size, its Exif, and the camera's own file, put together again. Whoever was given another picture, or a number that is
 * not its own, is told by it.
 */
import { createHash } from 'node:crypto';

export interface Sealed {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The sealed file's own Exif as text: ASCII values stand in it as they are. Empty: it has none. */
  readonly exif: string;
  /** Hex, of the camera's file as it comes out of the sealed one; null: nothing comes out. */
  readonly cameraSha256: string | null;
}

const SOS = 0xda;
const APP1 = 0xe1;
const APP11 = 0xeb;
/** Frames of baseline and extended sequential files. */
const FRAMES = new Set([0xc0, 0xc1]);
/** Payload of an APP11 segment with a part of a box: "JP", instance (2), number (4), head of the box (8), its data. */
const PART_HEAD = 16;
/** "KS": the box with the camera's file; the seal's own boxes have other numbers. */
const INSTANCE = 0x4b53;
const BOX_HEAD = 8;
/** In the data of the box of content: a UUID, the length of the camera's header, that of the coded data that were kept. */
const UUID_BYTES = 16;

/** @throws Error where it is no JPEG */
export function readSealed(image: Uint8Array): Sealed {
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.length);
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) throw new Error('no SOI marker');
  if (bytes.readUInt16BE(bytes.length - 2) !== 0xffd9) throw new Error('no EOI marker at the end');
  let [widthPx, heightPx, exif] = [0, 0, ''];
  const parts: Buffer[] = [];
  for (let at = 2; ;) {
    if (at + 4 > bytes.length || bytes[at] !== 0xff) throw new Error(`no marker at byte ${String(at)}`);
    const marker = bytes[at + 1] ?? 0;
    const [from, to] = [at + 4, at + 2 + bytes.readUInt16BE(at + 2)];
    if (to > bytes.length) throw new Error(`a segment at byte ${String(at)} is longer than the file`);
    if (FRAMES.has(marker)) [heightPx, widthPx] = [bytes.readUInt16BE(from + 1), bytes.readUInt16BE(from + 3)];
    if (marker === APP1 && exif === '' && bytes.toString('latin1', from, from + 4) === 'Exif') {
      exif = bytes.toString('latin1', from, to);
    }
    if (marker === APP11 && isPart(bytes, from)) parts.push(bytes.subarray(from + PART_HEAD, to));
    at = to;
    if (marker === SOS) break;
    if (at >= bytes.length) throw new Error('no scan');
  }
  return { widthPx, heightPx, exif, cameraSha256: cameraSha256(Buffer.concat(parts), bytes) };
}

const isPart = (bytes: Buffer, from: number): boolean =>
  bytes.toString('latin1', from, from + 2) === 'JP' && bytes.readUInt16BE(from + 2) === INSTANCE;

/** @param content data of the superbox: a box that describes, and one with header, number of coded bytes, and the rest */
function cameraSha256(content: Buffer, sealed: Buffer): string | null {
  if (content.length < BOX_HEAD) return null;
  const data = content.subarray(content.readUInt32BE(0) + BOX_HEAD + UUID_BYTES);
  if (data.length < 8) return null;
  const [headerBytes, codedBytes] = [data.readUInt32BE(0), data.readUInt32BE(4)];
  const scanFrom = scanStart(sealed);
  const hash = createHash('sha256');
  hash.update(data.subarray(8, 8 + headerBytes));
  hash.update(sealed.subarray(scanFrom, scanFrom + codedBytes));
  return hash.update(data.subarray(8 + headerBytes)).digest('hex');
}

/** First byte behind the scan's header. */
function scanStart(bytes: Buffer): number {
  let at = 2;
  while (bytes[at + 1] !== SOS) at += 2 + bytes.readUInt16BE(at + 2);
  return at + 2 + bytes.readUInt16BE(at + 2);
}

/** A sealed image made by hand, byte by byte: for tests of the watch no other code of the product is to be believed. */
import { createHash } from 'node:crypto';

export const sha256Of = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const segment = (marker: number, payload: Uint8Array): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
};
const number32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const box = (type: string, ...parts: Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([number32(content.length + 8), Buffer.from(type, 'latin1'), content]);
};

const PHOTO_ROWS = 48;
const SEALED_ROWS = 96;
export const SPLICE = { photoRows: PHOTO_ROWS, sealedRows: SEALED_ROWS, edgeRows: 0 };

const SOI = Buffer.from([0xff, 0xd8]);
const EOI = Buffer.from([0xff, 0xd9]);
const frame = (rows: number): Buffer => segment(0xc0, Buffer.from([8, 0, rows, 0, 64, 1, 1, 0x11, 0]));
const SCAN = segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0]));
const CODED = Buffer.from([0x12, 0x34, 0x56, 0x78, 0x9a]);
const STRIP = Buffer.from([0xff, 0xd0, 0x21, 0x43]);
const HEADER = Buffer.concat([SOI, frame(PHOTO_ROWS), SCAN]);

export const CAMERA_FILE = Buffer.concat([HEADER, CODED, EOI]);

export interface SealedParts {
  readonly icn: string;
  /** Local time as Exif has it. */
  readonly stamp: string;
  /** Coded data of the photo; other ones make another photo. */
  readonly coded?: Uint8Array;
}

export function sealedImage({ icn, stamp, coded = CODED }: SealedParts): Uint8Array {
  const described = box('jumd', Buffer.alloc(17), Buffer.from('made by hand\0', 'latin1'));
  const kept = box('uuid', Buffer.alloc(16), number32(HEADER.length), number32(coded.length), HEADER, EOI);
  const whole = box('jumb', described, kept);
  // In two parts, as a long one is.
  const half = Math.floor(whole.length / 2);
  const parts = [whole.subarray(8, half), whole.subarray(half)].map((part, index) => {
    const head = Buffer.concat([Buffer.from('JPKS', 'latin1'), number32(index + 1), whole.subarray(0, 8)]);
    return segment(0xeb, Buffer.concat([head, part]));
  });
  const exif = segment(0xe1, Buffer.from(`Exif\0\0${stamp}\0${icn}\0`, 'latin1'));
  return Buffer.concat([SOI, exif, ...parts, frame(SEALED_ROWS), SCAN, coded, STRIP, EOI]);
}

/** Writes the small TIFF structure inside an EXIF segment: directories of tags, big-endian (Exif 2.32, TIFF 6.0). */

import { asciiBytes, concat } from './byte-tools.js';

export interface TiffTag {
  readonly tag: number;
  /** TIFF type: 1 byte, 2 ASCII, 3 short, 4 long, 5 rational, 7 undefined. */
  readonly type: 1 | 2 | 3 | 4 | 5 | 7;
  readonly count: number;
  readonly data: Uint8Array;
}

/** Letters that ASCII lacks lose their marks (Tātū becomes Tatu), degrees are spelt out; what is left becomes a question mark. */
export function toAscii(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[–—]/g, '-')
    .replaceAll('°', ' deg')
    .replace(/[^\x20-\x7e]/g, '?');
}

export function ascii(tag: number, text: string): TiffTag {
  const data = asciiBytes(`${toAscii(text)}\0`);
  return { tag, type: 2, count: data.length, data };
}

export const bytes = (tag: number, values: readonly number[]): TiffTag => ({
  ...{ tag, type: 1, count: values.length, data: Uint8Array.from(values) },
});

export const undefinedBytes = (tag: number, values: Iterable<number> & { readonly length: number }): TiffTag => ({
  ...{ tag, type: 7, count: values.length, data: Uint8Array.from(values) },
});

export const short = (tag: number, value: number): TiffTag => ({
  ...{ tag, type: 3, count: 1, data: Uint8Array.of(value >> 8, value & 0xff) },
});

function longs(values: readonly number[]): Uint8Array {
  const data = new Uint8Array(4 * values.length);
  const view = new DataView(data.buffer);
  values.forEach((value, i) => {
    view.setUint32(4 * i, value);
  });
  return data;
}

export const long = (tag: number, value: number): TiffTag => ({ tag, type: 4, count: 1, data: longs([value]) });

/** @param values numerators and denominators in turn */
export const rationals = (tag: number, values: readonly number[]): TiffTag => ({
  ...{ tag, type: 5, count: values.length / 2, data: longs(values) },
});

const POINTER = { exif: 0x8769, gps: 0x8825 } as const;
const even = (length: number): number => length + (length % 2);

/** Directory and its values at `offset`; tags in ascending order, values behind it on even offsets. */
function directory(tags: readonly TiffTag[], offset: number): Uint8Array {
  const sorted = [...tags].sort((a, b) => a.tag - b.tag);
  const head = 2 + 12 * sorted.length + 4;
  const outside = sorted.filter(({ data }) => data.length > 4).reduce((sum, { data }) => sum + even(data.length), 0);
  const result = new Uint8Array(head + outside);
  const view = new DataView(result.buffer);
  view.setUint16(0, sorted.length);
  let valueAt = head;
  sorted.forEach(({ tag, type, count, data }, i) => {
    const at = 2 + 12 * i;
    view.setUint16(at, tag);
    view.setUint16(at + 2, type);
    view.setUint32(at + 4, count);
    if (data.length <= 4) {
      result.set(data, at + 8);
      return;
    }
    view.setUint32(at + 8, offset + valueAt);
    result.set(data, valueAt);
    valueAt += even(data.length);
  });
  return result;
}

const sizeOf = (tags: readonly TiffTag[]): number => directory(tags, 0).length;

/**
 * @param gps no tags: no GPS directory at all
 * @returns an APP1 segment with its marker
 */
export function exifSegment(main: readonly TiffTag[], exif: readonly TiffTag[], gps: readonly TiffTag[]): Uint8Array {
  const header = asciiBytes('MM\0*\0\0\0\x08');
  const pointers = (exifAt: number, gpsAt: number): TiffTag[] => [
    ...main,
    long(POINTER.exif, exifAt),
    ...(gps.length > 0 ? [long(POINTER.gps, gpsAt)] : []),
  ];
  const exifAt = header.length + sizeOf(pointers(0, 0));
  const gpsAt = exifAt + sizeOf(exif);
  const name = asciiBytes('Exif\0\0');
  const parts = [
    name,
    header,
    directory(pointers(exifAt, gpsAt), header.length),
    directory(exif, exifAt),
    ...(gps.length > 0 ? [directory(gps, gpsAt)] : []),
  ];
  const length = 2 + parts.reduce((sum, part) => sum + part.length, 0);
  return concat([new Uint8Array([0xff, 0xe1, length >> 8, length & 0xff]), ...parts]);
}

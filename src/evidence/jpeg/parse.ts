/**
 * Strict reader of a camera's JPEG header and of the extent of its scan (ITU-T T.81, Annex B). It refuses by name what
 * the splice cannot carry. What surprised: a cut file may still look whole from outside (an FTP transfer that broke off
 * is reported as a success, and the thumbnail inside the EXIF brings an EOI of its own), so only the walk along the
 * segments and the scan tells.
 */
import { KerbsideError } from '../../errors.js';
import { hasTextAt } from '../byte-tools.js';
import { MARKER, type FrameComponent, type HuffmanSpec, type JpegStructure, type Segment } from './structure.js';
import type { ScanExtent } from './structure.js';

const hex = (value: number): string => `0x${value.toString(16).padStart(2, '0')}`;

function cutOff(where: string): KerbsideError {
  return new KerbsideError(
    'image-truncated',
    `The image is cut off ${where}; expected a complete JPEG that ends with EOI.`,
  );
}

function unreadable(what: string): KerbsideError {
  return new KerbsideError('image-unreadable', `The image is damaged: ${what}.`);
}

function unsupported(what: string, expected: string): KerbsideError {
  return new KerbsideError('image-unsupported', `The image has ${what}; expected ${expected}.`);
}

const wordAt = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/** @returns whether these first bytes can still be those of a JPEG; an empty file can. */
export function mayBeJpeg(firstBytes: Uint8Array): boolean {
  return [0xff, MARKER.SOI, 0xff].every((expected, i) => i >= firstBytes.length || firstBytes[i] === expected);
}

/**
 * Walks the segments from SOI up to and with SOS.
 * @throws KerbsideError image-not-jpeg, image-truncated, image-unreadable
 */
export function readSegments(bytes: Uint8Array): Segment[] {
  if (!mayBeJpeg(bytes)) {
    const found = Array.from(bytes.subarray(0, 3), hex).join(' ');
    throw new KerbsideError(
      'image-not-jpeg',
      `The image begins with ${found}; expected 0xff 0xd8 0xff, the start of a JPEG.`,
    );
  }
  const segments: Segment[] = [];
  let at = 2;
  for (;;) {
    if (at + 1 >= bytes.length) throw cutOff(`at byte ${bytes.length}, before its scan`);
    if (bytes[at] !== 0xff) throw unreadable(`byte ${at} is ${hex(bytes[at] ?? 0)}, expected a marker`);
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1; // a fill byte
      continue;
    }
    if (marker <= MARKER.TEM || (marker >= MARKER.RST0 && marker <= MARKER.EOI)) {
      throw unreadable(`marker ${hex(marker)} at byte ${at} stands before the scan`);
    }
    if (at + 4 > bytes.length) throw cutOff(`at byte ${bytes.length}, within a segment`);
    const length = wordAt(bytes, at + 2);
    if (length < 2) throw unreadable(`the segment at byte ${at} states a length of ${length}`);
    const end = at + 2 + length;
    if (end > bytes.length) throw cutOff(`at byte ${bytes.length}, within a segment that goes to byte ${end}`);
    segments.push({ marker, start: at, payload: at + 4, end });
    if (marker === MARKER.SOS) return segments;
    at = end;
  }
}

interface Tables {
  readonly quantisation: (Uint16Array | undefined)[];
  readonly dc: (HuffmanSpec | undefined)[];
  readonly ac: (HuffmanSpec | undefined)[];
}

function readQuantisation(bytes: Uint8Array, segment: Segment, tables: Tables): void {
  let at = segment.payload;
  while (at < segment.end) {
    const wide = (bytes[at] ?? 0) >> 4;
    const id = (bytes[at] ?? 0) & 15;
    const size = wide === 0 ? 64 : 128;
    if (wide > 1 || id > 3 || at + 1 + size > segment.end) {
      throw unreadable(`the quantisation table at byte ${at} is malformed`);
    }
    const steps = new Uint16Array(64);
    for (let k = 0; k < 64; k++) steps[k] = wide === 0 ? (bytes[at + 1 + k] ?? 0) : wordAt(bytes, at + 1 + 2 * k);
    if (steps.includes(0)) throw unreadable(`the quantisation table at byte ${at} has a step of 0`);
    tables.quantisation[id] = steps;
    at += 1 + size;
  }
}

function readHuffman(bytes: Uint8Array, segment: Segment, tables: Tables): void {
  let at = segment.payload;
  while (at < segment.end) {
    const kind = (bytes[at] ?? 0) >> 4;
    const id = (bytes[at] ?? 0) & 15;
    const counts = bytes.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    let space = 0;
    for (let length = 1; length <= 16; length++) space += (counts[length - 1] ?? 0) << (16 - length);
    if (kind > 1 || id > 3 || at + 17 + total > segment.end || total > 256 || space > 0x10000) {
      throw unreadable(`the Huffman table at byte ${at} is malformed`);
    }
    (kind === 0 ? tables.dc : tables.ac)[id] = {
      selector: (kind << 4) | id,
      counts,
      symbols: bytes.subarray(at + 17, at + 17 + total),
    };
    at += 17 + total;
  }
}

/** The kinds of frame that cannot be spliced, each by its name. */
function refuseFrame(marker: number, precision: number): void {
  if (marker === 0xc9 || marker === 0xca || marker === 0xcb || marker >= 0xcd) {
    throw new KerbsideError(
      'image-arithmetic',
      'The image is arithmetically coded; expected a baseline JPEG with Huffman codes.',
    );
  }
  if (marker === 0xc2) {
    throw new KerbsideError('image-progressive', 'The image is a progressive JPEG; expected a baseline one.');
  }
  if (marker !== MARKER.SOF0 && marker !== MARKER.SOF1) {
    throw unsupported(`a frame of kind ${hex(marker)} (lossless or hierarchical)`, 'a baseline one');
  }
  if (precision !== 8) {
    throw new KerbsideError('image-precision', `The image has ${precision} bits a sample; expected 8.`);
  }
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: readonly { id: number; h: number; v: number; table: number }[];
}

function readFrame(bytes: Uint8Array, segment: Segment): Frame {
  const p = segment.payload;
  refuseFrame(segment.marker, bytes[p] ?? 0);
  const count = bytes[p + 5] ?? 0;
  if (count !== 1 && count !== 3) throw unsupported(`${count} components`, '1 (grey) or 3 (colour)');
  if (segment.end - p !== 6 + 3 * count) throw unreadable(`the frame header at byte ${segment.start} is malformed`);
  const height = wordAt(bytes, p + 1);
  const width = wordAt(bytes, p + 3);
  if (width === 0) throw unreadable('its width is 0');
  if (height === 0) throw unsupported('its height behind the scan (DNL)', 'it in the frame header');
  const components = Array.from({ length: count }, (_, i) => {
    const at = p + 6 + 3 * i;
    const sampling = bytes[at + 1] ?? 0;
    return { id: bytes[at] ?? 0, h: sampling >> 4, v: sampling & 15, table: bytes[at + 2] ?? 0 };
  });
  const wrong = components.find(({ h, v }) => h < 1 || h > 4 || v < 1 || v > 4);
  if (wrong !== undefined) throw unreadable(`component ${wrong.id} has sampling factors ${wrong.h}x${wrong.v}`);
  return { width, height, components };
}

function readScan(bytes: Uint8Array, sos: Segment, frame: Frame, tables: Tables): FrameComponent[] {
  const count = bytes[sos.payload] ?? 0;
  if (count !== frame.components.length) {
    throw unsupported(
      `${frame.components.length} components of which its first scan holds ${count}`,
      'one scan for all',
    );
  }
  const spectral = sos.payload + 1 + 2 * count;
  if (sos.end !== spectral + 3) throw unreadable(`the scan header at byte ${sos.start} is malformed`);
  return frame.components.map((component, i) => {
    const at = sos.payload + 1 + 2 * i;
    const quantisation = tables.quantisation[component.table];
    const dc = tables.dc[(bytes[at + 1] ?? 0) >> 4];
    const ac = tables.ac[(bytes[at + 1] ?? 0) & 15];
    if (bytes[at] !== component.id) throw unreadable('the scan names other components than the frame');
    if (quantisation === undefined || dc === undefined || ac === undefined) {
      throw unreadable(`component ${component.id} has no quantisation or Huffman table`);
    }
    return { id: component.id, h: component.h, v: component.v, quantisation, dc, ac };
  });
}

const startsWith = (bytes: Uint8Array, { payload, end }: Segment, text: string): boolean =>
  hasTextAt(bytes, payload, end, text);

export const isJfif = (bytes: Uint8Array, segment: Segment): boolean =>
  segment.marker === MARKER.APP0 && startsWith(bytes, segment, 'JFIF\0');
export const isAdobe = (bytes: Uint8Array, segment: Segment): boolean =>
  segment.marker === MARKER.APP14 && startsWith(bytes, segment, 'Adobe');
export const isColourProfile = (bytes: Uint8Array, segment: Segment): boolean =>
  segment.marker === MARKER.APP2 && startsWith(bytes, segment, 'ICC_PROFILE\0');
export const isExif = (bytes: Uint8Array, segment: Segment): boolean =>
  segment.marker === MARKER.APP1 && startsWith(bytes, segment, 'Exif\0');
export const isMultiPicture = (bytes: Uint8Array, segment: Segment): boolean =>
  segment.marker === MARKER.APP2 && startsWith(bytes, segment, 'MPF\0');

/** JFIF means YCbCr; else Adobe's mark decides; else the component names; else YCbCr. */
function readColour(bytes: Uint8Array, segments: readonly Segment[], frame: Frame): 'grey' | 'ycc' | 'rgb' {
  if (frame.components.length === 1) return 'grey';
  if (segments.some((segment) => isJfif(bytes, segment))) return 'ycc';
  const adobe = segments.find((segment) => isAdobe(bytes, segment));
  if (adobe !== undefined) return bytes[adobe.payload + 11] === 0 ? 'rgb' : 'ycc';
  return String.fromCharCode(...frame.components.map(({ id }) => id)) === 'RGB' ? 'rgb' : 'ycc';
}

/**
 * Reads everything up to the scan.
 * @throws KerbsideError image-not-jpeg, -progressive, -arithmetic, -precision, -truncated, -unsupported, -unreadable
 */
export function parseJpeg(bytes: Uint8Array): JpegStructure {
  const segments = readSegments(bytes);
  const tables: Tables = { quantisation: [], dc: [], ac: [] };
  let frameSegment: Segment | null = null;
  let frame: Frame | null = null;
  let restartInterval = 0;
  for (const segment of segments) {
    const { marker } = segment;
    if (marker === MARKER.DQT) readQuantisation(bytes, segment, tables);
    else if (marker === MARKER.DHT) readHuffman(bytes, segment, tables);
    else if (marker === MARKER.DRI) restartInterval = wordAt(bytes, segment.payload);
    else if (marker >= MARKER.SOF0 && marker <= MARKER.SOF15 && marker !== MARKER.JPG && marker !== MARKER.DAC) {
      if (frame !== null) throw unsupported('two frame headers', 'one');
      frameSegment = segment;
      frame = readFrame(bytes, segment);
    }
  }
  const sos = segments[segments.length - 1];
  if (frame === null || frameSegment === null || sos === undefined)
    throw unreadable('it has a scan without a frame header');
  const components = readScan(bytes, sos, frame, tables);
  // A scan of one component is made of single blocks, whatever sampling factors the component states.
  const single = components.length === 1;
  const mcuWidth = single ? 8 : 8 * Math.max(...components.map(({ h }) => h));
  const mcuHeight = single ? 8 : 8 * Math.max(...components.map(({ v }) => v));
  const mcusAcross = Math.ceil(frame.width / mcuWidth);
  const mcuRows = Math.ceil(frame.height / mcuHeight);
  return {
    segments,
    frame: frameSegment,
    width: frame.width,
    height: frame.height,
    components: single ? components.map((component) => ({ ...component, h: 1, v: 1 })) : components,
    restartInterval,
    colour: readColour(bytes, segments, frame),
    ...{ mcuWidth, mcuHeight, mcusAcross, mcuRows, mcuCount: mcusAcross * mcuRows },
    scanStart: sos.end,
  };
}

/**
 * Walks the markers of the scan to EOI and checks number and order of the restart markers. Does not decode.
 * @throws KerbsideError image-truncated, image-unsupported, image-unreadable
 */
export function findScanExtent(bytes: Uint8Array, jpeg: JpegStructure): ScanExtent {
  const intervals: { from: number; to: number }[] = [];
  const expected = jpeg.restartInterval === 0 ? 1 : Math.ceil(jpeg.mcuCount / jpeg.restartInterval);
  let from = jpeg.scanStart;
  let at = from;
  for (;;) {
    const found = bytes.indexOf(0xff, at);
    if (found < 0) throw cutOff(`at byte ${bytes.length}, within its scan`);
    at = found + 1;
    while (bytes[at] === 0xff) at += 1;
    if (at >= bytes.length) throw cutOff(`at byte ${bytes.length}, within its scan`);
    const marker = bytes[at] ?? 0;
    at += 1;
    if (marker === 0) {
      if (at - found > 2) throw unreadable(`fill bytes at byte ${found} are followed by no marker`);
      continue;
    }
    intervals.push({ from, to: found });
    from = at;
    if (marker === MARKER.EOI) break;
    if (marker < MARKER.RST0 || marker > MARKER.RST7) {
      throw unsupported(`marker ${hex(marker)} within its scan at byte ${found}`, 'one scan, then EOI');
    }
    if (
      jpeg.restartInterval === 0 ||
      marker - MARKER.RST0 !== (intervals.length - 1) % 8 ||
      intervals.length >= expected
    ) {
      throw unreadable(`restart marker RST${marker - MARKER.RST0} at byte ${found} does not follow in order`);
    }
  }
  if (intervals.length !== expected) {
    const found = `${intervals.length} of ${expected} restart intervals`;
    throw new KerbsideError('image-truncated', `The image holds ${found}; expected all of its ${jpeg.height} rows.`);
  }
  return { end: intervals[intervals.length - 1]?.to ?? from, fileEnd: at, intervals };
}

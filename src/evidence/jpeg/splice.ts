/**
 * Appends the data block's strip below the photo without touching the photo: its coded bytes stay as the camera wrote
 * them, so every pixel row of it decodes as before and the camera's file can be rebuilt (domain/imaging.md). Three ways
 * to join the strip's MCUs to the photo's:
 *  1. no restart markers and at most 65,535 MCUs: a restart interval of just the photo, and RST0 at the joint;
 *  2. restart markers that divide the photo evenly: their numbering goes on;
 *  3. else: the photo's last MCUs are walked to find bit position and DC predictors, and the strip goes on in mid-byte.
 * Where the photo's height is no multiple of the MCU's, up to 15 (31) rows that the camera coded only to fill its last
 * MCU row become visible between photo and strip. A decoder that smooths chroma reads one chroma row past the photo's
 * last row: with 4:2:0 the last pixel row may change by that interpolation, never the coefficients.
 */
import { KerbsideError } from '../../errors.js';
import { concat } from '../byte-tools.js';
import type { SealedPicture } from '../exif.js';
import { tableSegments } from './added-codes.js';
import { findScanExtent, isAdobe, isColourProfile, isJfif, parseJpeg } from './parse.js';
import { writePrivateSegments } from './private-data.js';
import { encodeStrip, type Joint } from './strip-encoder.js';
import { MARKER, type JpegStructure, type ScanExtent, type Segment } from './structure.js';
import type { Pixels } from './transform.js';
import { planMcu, walkMcus } from './walk.js';

export interface SplicedJpeg {
  readonly bytes: Uint8Array;
  /** Rows between photo and strip that are neither. */
  readonly edgeRows: number;
  readonly photoRows: number;
  readonly sealedRows: number;
  readonly spliceCase: 1 | 2 | 3;
}

type MakeExif = (picture: SealedPicture) => Uint8Array;

/** Decoders of the libjpeg family take no more rows. */
const MOST_ROWS = 65_500;

interface Seam {
  readonly spliceCase: 1 | 2 | 3;
  readonly joint: Joint;
  /** First byte of the camera's file that the sealed scan does not keep. */
  readonly keptEnd: number;
}

/**
 * Where the coded data that must be kept end. Almost always that is the marker; some encoders put zero bytes before it,
 * which decoders complain about in mid-scan. Only where such a byte is seen is the last interval walked.
 */
function endOfCodedData(bytes: Uint8Array, jpeg: JpegStructure, extent: ScanExtent, mcus: number): number {
  const last = extent.intervals[extent.intervals.length - 1] as { from: number; to: number };
  const stuffed = bytes[last.to - 2] === 0xff;
  if (last.to - last.from < 2 || bytes[last.to - 1] !== 0 || stuffed) return last.to;
  const end = walkMcus(bytes, planMcu(jpeg), last.from, last.to, mcus);
  return end.bit === 0 ? end.byte : end.byte + (bytes[end.byte] === 0xff ? 2 : 1);
}

function findSeam(bytes: Uint8Array, jpeg: JpegStructure, extent: ScanExtent): Seam {
  const interval = jpeg.restartInterval;
  const fresh = new Int32Array(jpeg.components.length);
  if (interval === 0 && jpeg.mcuCount <= 0xffff) {
    const joint = { dc: fresh, restartInterval: jpeg.mcuCount, mcusInInterval: jpeg.mcuCount, nextRestart: 0 };
    return { spliceCase: 1, joint, keptEnd: endOfCodedData(bytes, jpeg, extent, jpeg.mcuCount) };
  }
  const nextRestart = extent.intervals.length - 1;
  if (interval > 0 && jpeg.mcuCount % interval === 0) {
    const joint = { dc: fresh, restartInterval: interval, mcusInInterval: interval, nextRestart };
    return { spliceCase: 2, joint, keptEnd: endOfCodedData(bytes, jpeg, extent, interval) };
  }
  const last = extent.intervals[nextRestart] as { from: number; to: number };
  const mcus = interval === 0 ? jpeg.mcuCount : jpeg.mcuCount % interval;
  const end = walkMcus(bytes, planMcu(jpeg), last.from, last.to, mcus);
  const firstByte = { value: end.bit === 0 ? 0 : (bytes[end.byte] ?? 0), bit: end.bit };
  const joint = { firstByte, dc: end.dc, restartInterval: interval, mcusInInterval: mcus, nextRestart };
  return { spliceCase: 3, joint, keptEnd: end.byte };
}

/** The segments of the camera that decoders need, in their order; notes about the picture are kept aside instead. */
function isNeeded(bytes: Uint8Array, segment: Segment): boolean {
  const { marker } = segment;
  if (marker === MARKER.DRI || marker === MARKER.SOS) return false;
  if (marker >= MARKER.APP0)
    return isJfif(bytes, segment) || isColourProfile(bytes, segment) || isAdobe(bytes, segment);
  return true;
}

function restartSegment(interval: number): Uint8Array {
  return new Uint8Array([0xff, MARKER.DRI, 0, 4, interval >> 8, interval & 0xff]);
}

/** JFIF must come first, EXIF next; then our own segments, then what the camera's decoder data need. */
function sealedHeader(
  bytes: Uint8Array,
  jpeg: JpegStructure,
  rows: number,
  restartInterval: number,
  added: readonly Uint8Array[],
  tables: readonly Uint8Array[] | null,
): Uint8Array[] {
  const needed = jpeg.segments.filter(
    (segment) => isNeeded(bytes, segment) && (tables === null || segment.marker !== MARKER.DHT),
  );
  const copies = needed.map((segment) => {
    // Not slice(): a Buffer hands out a view of itself, and the camera's bytes must stay as they are.
    const copy = new Uint8Array(bytes.subarray(segment.start, segment.end));
    if (segment === jpeg.frame) copy.set([rows >> 8, rows & 0xff], 5);
    return copy;
  });
  const jfif = needed.findIndex((segment) => isJfif(bytes, segment));
  const first = jfif < 0 ? [] : copies.splice(jfif, 1);
  const interval = restartInterval > 0 ? [restartSegment(restartInterval)] : [];
  const sos = jpeg.segments[jpeg.segments.length - 1] as Segment;
  const soi = new Uint8Array([0xff, MARKER.SOI]);
  return [soi, ...first, ...added, ...copies, ...(tables ?? []), ...interval, bytes.subarray(sos.start, sos.end)];
}

/**
 * @param jpeg the camera's file, complete (inspectJpeg)
 * @param strip as wide as the photo, at least one row
 * @param makeExif gives the APP1 segment that stands in the place of the camera's own (src/evidence/exif.ts); null: none
 * @throws KerbsideError image-*: the file cannot be sealed, with the reason
 */
export function appendStrip(jpeg: Uint8Array, strip: Pixels, makeExif: MakeExif | null = null): SplicedJpeg {
  const structure = parseJpeg(jpeg);
  const extent = findScanExtent(jpeg, structure);
  if (strip.width !== structure.width || strip.height < 1) {
    throw new RangeError(`strip of ${strip.width}x${strip.height} pixels under a photo ${structure.width} wide`);
  }
  const paddedRows = structure.mcuRows * structure.mcuHeight;
  const sealedRows = paddedRows + strip.height;
  if (sealedRows > MOST_ROWS) {
    const found = `${structure.height} rows, ${sealedRows} with the data block`;
    throw new KerbsideError('image-unsupported', `The image has ${found}; expected at most ${MOST_ROWS}.`);
  }
  const uneven = structure.components.some(
    ({ h, v }) => (structure.mcuWidth / 8) % h !== 0 || (structure.mcuHeight / 8) % v !== 0,
  );
  if (uneven) {
    throw new KerbsideError(
      'image-unsupported',
      'The image has sampling factors that are no multiples; expected e.g. 2x2, 1x1, 1x1.',
    );
  }
  const { joint, keptEnd, spliceCase } = findSeam(jpeg, structure, extent);
  const coded = encodeStrip(strip, structure, joint);
  const tables = coded.components === structure.components ? null : tableSegments(coded.components);
  const kept = jpeg.subarray(structure.scanStart, keptEnd);
  const aside = writePrivateSegments({
    header: jpeg.subarray(0, structure.scanStart),
    codedBytes: kept.length,
    rest: jpeg.subarray(keptEnd),
  });
  const hasProfile = structure.segments.some((segment) => isColourProfile(jpeg, segment));
  const picture = { width: structure.width, height: sealedRows, colour: structure.colour, hasProfile };
  const added = makeExif === null ? aside : [makeExif(picture), ...aside];
  const header = sealedHeader(jpeg, structure, sealedRows, joint.restartInterval, added, tables);
  const bytes = concat([...header, kept, coded.bytes, new Uint8Array([0xff, MARKER.EOI])]);
  return { bytes, edgeRows: paddedRows - structure.height, photoRows: structure.height, sealedRows, spliceCase };
}

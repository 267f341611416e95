/**
 * Is this file a complete JPEG that can become evidence? Every bit of the scan is walked: nothing less tells a whole
 * picture from one in which a piece is missing (domain/imaging.md: completeness comes from the JPEG itself).
 */
import { KerbsideError } from '../../errors.js';
import { findScanExtent, isMultiPicture, parseJpeg } from './parse.js';
import type { JpegStructure, ScanExtent } from './structure.js';
import { planMcu, walkMcus } from './walk.js';

export interface JpegInspection {
  readonly width: number;
  readonly height: number;
  /** Bytes after EOI. */
  readonly trailingBytes: number;
  /** The header announces further pictures behind the first one (MPF): the file may still grow. */
  readonly announcesMore: boolean;
}

/** MCUs of restart interval `index`. */
export function mcusOfInterval(jpeg: JpegStructure, index: number): number {
  if (jpeg.restartInterval === 0) return jpeg.mcuCount;
  return Math.min(jpeg.restartInterval, jpeg.mcuCount - index * jpeg.restartInterval);
}

/** Walks every restart interval. Zero bytes behind the last MCU are a habit of some encoders and allowed. */
function walkScan(bytes: Uint8Array, jpeg: JpegStructure, extent: ScanExtent): void {
  const plan = planMcu(jpeg);
  extent.intervals.forEach(({ from, to }, index) => {
    const end = walkMcus(bytes, plan, from, to, mcusOfInterval(jpeg, index));
    const next = end.bit === 0 ? end.byte : end.byte + (bytes[end.byte] === 0xff ? 2 : 1);
    const last = index === extent.intervals.length - 1;
    if (next < to && !(last && bytes.subarray(next, to).every((byte) => byte === 0))) {
      const found = `${to - next} bytes too many before byte ${to}`;
      throw new KerbsideError('image-unreadable', `The image is damaged: its coded data hold ${found}.`);
    }
  });
}

/**
 * @param bytes the whole file as delivered
 * @throws KerbsideError image-*: why it can never be evidence; image-truncated also for a file still being written
 */
export function inspectJpeg(bytes: Uint8Array): JpegInspection {
  const jpeg = parseJpeg(bytes);
  const extent = findScanExtent(bytes, jpeg);
  walkScan(bytes, jpeg, extent);
  return {
    width: jpeg.width,
    height: jpeg.height,
    trailingBytes: bytes.length - extent.fileEnd,
    announcesMore: jpeg.segments.some((segment) => isMultiPicture(bytes, segment)),
  };
}

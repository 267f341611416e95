/**
 * Pixels to the file of a camera: baseline JPEG 4:2:0 with restart markers after every row of MCUs (libvips as wasm),
 * the JFIF header replaced by the camera's own Exif, as cameras do.
 */
import Vips from 'wasm-vips';
import type { ExifFacts } from './exif.js';
import { exifSegment } from './exif.js';

export interface JpegEncoder {
  /** @param rgba four bytes a pixel, rows from the top */
  encode(rgba: Uint8Array, widthPx: number, heightPx: number, exif: ExifFacts): Buffer;
  close(): void;
}

/** Side of an MCU with 4:2:0 sampling. */
const MCU_PX = 16;

export async function createEncoder(): Promise<JpegEncoder> {
  // One picture at a time: more threads would take the machine from those who measure.
  const vips = await Vips({ dynamicLibraries: [] });
  vips.concurrency(1);
  return {
    encode(rgba, widthPx, heightPx, exif) {
      const image = vips.Image.newFromMemory(rgba, widthPx, heightPx, 4, vips.BandFormat.uchar);
      const colour = image.extractBand(0, { n: 3 });
      const tagged = colour.copy({ interpretation: vips.Interpretation.srgb });
      const options = { Q: 88, subsample_mode: 'on', restart_interval: Math.ceil(widthPx / MCU_PX), keep: 'none' };
      const file = Buffer.from(tagged.writeToBuffer('.jpg', options));
      for (const each of [tagged, colour, image]) each.delete();
      return withExif(file, exifSegment(exif));
    },
    close() {
      vips.shutdown();
    },
  };
}

/** Puts the Exif segment first and leaves out the JFIF one, which Exif files do not have. */
export function withExif(file: Buffer, segment: Buffer): Buffer {
  let at = 2;
  if (file.readUInt16BE(at) === 0xffe0) at += 2 + file.readUInt16BE(at + 2);
  return Buffer.concat([file.subarray(0, 2), segment, file.subarray(at)]);
}

/** Files as cameras write them, made without any tool of the system. */
import { createHash } from 'node:crypto';
import { createCanvas } from '@napi-rs/canvas';
import { concat } from '../../src/evidence/byte-tools.js';
import { ascii, exifSegment } from '../../src/evidence/tiff.js';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A baseline JPEG with some detail in it; another seed gives another file. */
export function jpegFile(width = 320, height = 200, seed = 0): Buffer {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  for (let i = 0; i < 60; i++) {
    context.fillStyle = `hsl(${(i * 47 + seed * 13) % 360}, 60%, ${20 + (i % 6) * 12}%)`;
    context.fillRect((i * 83) % width, (i * 61 + seed) % height, 40 + seed, 25);
  }
  return Buffer.from(canvas.toBuffer('image/jpeg', 90));
}

export interface CameraTags {
  readonly stamp?: string;
  readonly subSeconds?: string;
  readonly serial?: string;
  readonly make?: string;
  readonly model?: string;
}

/** The same with the camera's own EXIF. */
export function withExif(jpeg: Buffer, tags: CameraTags): Buffer {
  const tag = (id: number, text: string | undefined) => (text === undefined ? [] : [ascii(id, text)]);
  const exif = exifSegment(
    [...tag(0x010f, tags.make), ...tag(0x0110, tags.model)],
    [...tag(0x9003, tags.stamp), ...tag(0x9291, tags.subSeconds), ...tag(0xa431, tags.serial)],
    [],
  );
  return Buffer.from(concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]));
}

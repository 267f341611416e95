/**
 * Pictures of 64 by 48 pixels, as the pretend camera delivers them in virtual time: real baseline JPEGs with the camera's
 * Exif, encoded once a process for each number of vehicles in the picture and given a header of their own each time.
 */
import { CAMERA } from '../instruments/camera.js';
import { exifSegment } from '../picture/exif.js';
import { createEncoder, withExif } from '../picture/jpeg.js';

export const TINY_PX = { width: 64, height: 48 } as const;
const NEW_ZEALAND_DAYLIGHT_MINUTES = 780;
/** Pictures with more vehicles look like this one. */
const MOST_VEHICLES = 4;

export interface TinyPicture {
  readonly counter: number;
  /** The camera's own clock. */
  readonly cameraUtcMs: number;
  readonly flash: boolean;
  readonly vehicles: number;
}

export type TinyPictures = (picture: TinyPicture) => Uint8Array;

let bases: Promise<readonly Buffer[]> | null = null;

/** The encoder is slow to start, so its pictures are kept. */
export async function createTinyPictures(): Promise<TinyPictures> {
  bases ??= encodeBases();
  const ready = await bases;
  return ({ counter, cameraUtcMs, flash, vehicles }) => {
    const base = ready[Math.min(vehicles, MOST_VEHICLES)] as Buffer;
    return withExif(base, Buffer.concat([exifSegment(factsOf(cameraUtcMs, flash)), comment(counter)]));
  };
}

const factsOf = (clockUtcMs: number, flash: boolean) => ({
  ...{ make: CAMERA.make, model: CAMERA.model, serialNumber: CAMERA.serialNumber },
  ...{ clockUtcMs, offsetMinutes: NEW_ZEALAND_DAYLIGHT_MINUTES, widthPx: TINY_PX.width, heightPx: TINY_PX.height },
  ...{ flash, exposureS: [1, 2000] as const, isoSpeed: 400 },
});

/** No two files of a camera are the same, whatever they show. */
function comment(counter: number): Buffer {
  const text = Buffer.from(`exposure ${String(counter)}`, 'latin1');
  const head = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
  return Buffer.concat([head, text]);
}

async function encodeBases(): Promise<readonly Buffer[]> {
  const encoder = await createEncoder();
  const files: Buffer[] = [];
  for (let vehicles = 0; vehicles <= MOST_VEHICLES; vehicles += 1) {
    files.push(withoutExif(encoder.encode(paint(vehicles), TINY_PX.width, TINY_PX.height, factsOf(0, false))));
  }
  encoder.close();
  return files;
}

/** A grey road, and a light block for each vehicle. */
function paint(vehicles: number): Uint8Array {
  const { width, height } = TINY_PX;
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const shown = y > 20 && y < 36 && x % 16 < 12 && Math.floor(x / 16) < vehicles;
      rgba.fill(shown ? 210 : 70 + y, at, at + 3);
    }
  }
  return rgba;
}

function withoutExif(file: Buffer): Buffer {
  return Buffer.concat([file.subarray(0, 2), file.subarray(4 + file.readUInt16BE(4))]);
}

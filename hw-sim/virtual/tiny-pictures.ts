/**
 * Pictures of 64 by 48 pixels, as the pretend camera delivers them in virtual time: real baseline JPEGs with the camera's
 * Exif, one scene for each number of vehicles in the picture, given a header of its own each time.
 */
import { CAMERA } from '../instruments/camera.js';
import { exifSegment } from '../picture/exif.js';
import { TINY_SCENES } from './tiny-scenes.js';

export const TINY_PX = { width: 64, height: 48 } as const;
const NEW_ZEALAND_DAYLIGHT_MINUTES = 780;
const START_OF_IMAGE = Buffer.from([0xff, 0xd8]);

export interface TinyPicture {
  readonly counter: number;
  /** The camera's own clock. */
  readonly cameraUtcMs: number;
  readonly flash: boolean;
  readonly vehicles: number;
}

export type TinyPictures = (picture: TinyPicture) => Uint8Array;

export function createTinyPictures(): TinyPictures {
  return ({ counter, cameraUtcMs, flash, vehicles }) => {
    const scene = TINY_SCENES[Math.min(vehicles, TINY_SCENES.length - 1)] as Buffer;
    return Buffer.concat([START_OF_IMAGE, exifSegment(factsOf(cameraUtcMs, flash)), comment(counter), scene]);
  };
}

const factsOf = (clockUtcMs: number, flash: boolean) => ({
  ...{ make: CAMERA.make, model: CAMERA.model, serialNumber: CAMERA.serialNumber },
  ...{ clockUtcMs, offsetMinutes: NEW_ZEALAND_DAYLIGHT_MINUTES, widthPx: TINY_PX.width, heightPx: TINY_PX.height },
  ...{ flash, exposureS: [1, 2000] as const, isoSpeed: 400 },
});

const MARK = 'exposure ';
const MOST_DIGITS = 10;

/** The exposure that a file of this camera says it shows; null where it says nothing any more. */
export function counterIn(bytes: Uint8Array): number | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = view.indexOf(MARK, 0, 'latin1');
  if (at < 0) return null;
  const digits = /^(\d+);/.exec(view.toString('latin1', at + MARK.length, at + MARK.length + MOST_DIGITS))?.[1];
  return digits === undefined ? null : Number(digits);
}

/** No two files of a camera are the same, whatever they show. */
function comment(counter: number): Buffer {
  const text = Buffer.from(`${MARK}${String(counter)};`, 'latin1');
  const head = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
  return Buffer.concat([head, text]);
}

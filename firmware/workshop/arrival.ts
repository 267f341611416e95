/** What the controller is told of a delivered file. */
import type { ErrorName } from '../../src/errors.js';
import type { ImageArrival } from '../../src/timeline.js';
import { readCameraNotes } from './camera-notes.js';

/** @param head as much of the file as holds the camera's notes @param sizeBytes of the whole file */
export function imageArrival(
  fileName: string,
  head: Uint8Array,
  sha256: string,
  sizeBytes: number,
  problem: ErrorName | null,
): ImageArrival {
  const notes = readCameraNotes(fileName, head);
  return {
    imageId: fileName,
    fileName,
    ...{ sha256, bytes: sizeBytes, problem, duplicate: false },
    counter: notes.counter,
    cameraClockMs: notes.cameraClockMs,
    cameraClockResolutionMs: notes.cameraClockResolutionMs,
    serialNumber: notes.serialNumber,
  };
}

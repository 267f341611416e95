/**
 * The camera's folder in virtual time. A file is looked at as the workshop looks at it (`workshop/delivery.ts`): a whole
 * JPEG is reported soon, one that may still grow is given its time, anything else is refused with its reason.
 */
import { KerbsideError, type ErrorName } from '../../src/errors.js';
import { inspectJpeg } from '../../src/evidence/jpeg/inspect.js';
import type { ImageArrival } from '../../src/timeline.js';
import { imageArrival } from '../workshop/arrival.js';
import { DEFAULT_TIMING, PASSING } from '../workshop/delivery.js';
import { sha256Of } from '../workshop/sealed-image.js';

/** A look at the folder and the reading of the file. */
const LOOK_MS = 60;

interface SpooledFile {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

export interface Judged {
  readonly arrival: ImageArrival;
  /** From the delivery to the report. */
  readonly afterMs: number;
}

export class Spool {
  readonly #files = new Map<string, SpooledFile>();

  /** The camera has put a file there, perhaps over another. */
  put(fileName: string, bytes: Uint8Array): void {
    this.#files.set(fileName, { bytes, sha256: sha256Of(bytes) });
  }

  get names(): readonly string[] {
    return [...this.#files.keys()];
  }

  file(name: string): SpooledFile | null {
    return this.#files.get(name) ?? null;
  }

  /** @param sha256 of the bytes that are meant: newer ones under the name stay */
  remove(name: string, sha256: string | null): void {
    if (sha256 === null || this.#files.get(name)?.sha256 === sha256) this.#files.delete(name);
  }

  /** @returns null where the file is gone */
  look(name: string): Judged | null {
    const file = this.#files.get(name);
    if (file === undefined) return null;
    const { bytes, sha256 } = file;
    const judged = (problem: ErrorName | null, afterMs: number): Judged => ({
      arrival: imageArrival(name, bytes, sha256, bytes.length, problem),
      afterMs,
    });
    try {
      const { trailingBytes, announcesMore } = inspectJpeg(bytes);
      return judged(null, LOOK_MS + (trailingBytes > 0 || announcesMore ? DEFAULT_TIMING.quietMs : 0));
    } catch (error) {
      if (!(error instanceof KerbsideError)) throw error;
      return judged(error.kind, PASSING.has(error.kind) ? DEFAULT_TIMING.incompleteAfterMs : DEFAULT_TIMING.quietMs);
    }
  }
}

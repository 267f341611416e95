/**
 * One file in the camera's folder, looked at again and again until it is complete or can never be. A transfer that
 * breaks off is reported as a success by FTP, and a slow one rests now and then, so size and time alone say nothing:
 * complete is what the JPEG itself proves (domain/imaging.md), or what was renamed from a temporary name.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { KerbsideError, type ErrorName } from '../../src/errors.js';
import { inspectJpeg } from '../../src/evidence/jpeg/inspect.js';
import { mayBeJpeg } from '../../src/evidence/jpeg/parse.js';
import type { ImageArrival } from '../../src/timeline.js';
import { imageArrival } from './arrival.js';

export interface DeliveryTiming {
  /** Unchanged for so long: worth a full look although it does not end as a JPEG does. */
  readonly quietMs: number;
  /** Unchanged and incomplete for so long: given up and reported. */
  readonly incompleteAfterMs: number;
}

export const DEFAULT_TIMING: DeliveryTiming = { quietMs: 300, incompleteAfterMs: 30_000 };

/** No camera writes larger ones; they are never read into memory. */
const MOST_BYTES = 200e6;
/** What can still change while bytes arrive; everything else that a header says is final. */
export const PASSING: ReadonlySet<ErrorName> = new Set(['image-truncated', 'image-unreadable']);

type Outcome =
  | { readonly complete: true; readonly bytes: Uint8Array; readonly mayGrow: boolean }
  | { readonly complete: false; readonly problem: ErrorName };

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Fills `buffer` from `position`. @returns bytes read: fewer than asked at the end of the file */
function readFully(handle: number, buffer: Uint8Array, position: number): number {
  let length = 0;
  while (length < buffer.length) {
    const read = readSync(handle, buffer, length, buffer.length - length, position + length);
    if (read === 0) break;
    length += read;
  }
  return length;
}

function hashOfHandle(handle: number): string {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(1 << 20);
  for (let position = 0; ;) {
    const read = readFully(handle, buffer, position);
    if (read === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, read));
    position += read;
  }
}

function withFile<T>(path: string, work: (handle: number) => T): T {
  const handle = openSync(path, 'r');
  try {
    return work(handle);
  } finally {
    closeSync(handle);
  }
}

/** SHA-256 of a whole file, lower-case hex; in pieces, whatever its size. */
export const hashOfFile = (path: string): string => withFile(path, hashOfHandle);

const sameState = (a: Stats, b: Stats): boolean => a.size === b.size && a.mtimeMs === b.mtimeMs && a.ino === b.ino;

export class Delivery {
  readonly fileName: string;
  readonly #path: string;
  readonly #timing: DeliveryTiming;
  /** It had a temporary name before: what is there now is all there will ever be. */
  readonly #renamed: boolean;
  #state: Stats;
  #changedAtMs: number;
  /** Of the present state of the file; null: not looked at in full. */
  #outcome: Outcome | null = null;
  #reported = false;

  constructor(path: string, fileName: string, state: Stats, nowMs: number, renamed: boolean, timing: DeliveryTiming) {
    this.#path = path;
    this.fileName = fileName;
    this.#state = state;
    this.#changedAtMs = nowMs;
    this.#renamed = renamed;
    this.#timing = timing;
  }

  get reported(): boolean {
    return this.#reported;
  }

  /** Whether inode, size and time are still those that it was last looked at with. */
  isUnchanged(state: Stats): boolean {
    return sameState(state, this.#state);
  }

  /**
   * Looks at the file as it stands now.
   * @param state fresh stat of the file
   * @returns the arrival, once, when the file is complete or can never be
   */
  look(state: Stats, nowMs: number): ImageArrival | null {
    if (this.#reported) return null;
    if (!sameState(state, this.#state)) {
      this.#state = state;
      this.#changedAtMs = nowMs;
      this.#outcome = null;
    }
    const arrival = withFile(this.#path, (handle) => this.#judge(handle, nowMs - this.#changedAtMs));
    if (arrival !== null) this.#reported = true;
    return arrival;
  }

  #judge(handle: number, unchangedMs: number): ImageArrival | null {
    const quiet = this.#renamed || unchangedMs >= this.#timing.quietMs;
    const givenUp = this.#renamed || unchangedMs >= this.#timing.incompleteAfterMs;
    const first = new Uint8Array(3);
    const found = first.subarray(0, readFully(handle, first, 0));
    if (!mayBeJpeg(found)) {
      // A file that is made full of zeros first and filled later may still become a JPEG.
      const hopeless = givenUp || found.some((byte) => byte !== 0);
      return hopeless ? this.#refuse(handle, 'image-not-jpeg') : null;
    }
    if (this.#outcome === null && (quiet || givenUp || this.#endsWithEoi(handle)))
      this.#outcome = this.#inspect(handle);
    const outcome = this.#outcome;
    if (outcome === null) return null;
    if (outcome.complete) return outcome.mayGrow && !quiet ? null : this.#accept(outcome.bytes);
    if (givenUp || (quiet && !PASSING.has(outcome.problem))) return this.#refuse(handle, outcome.problem);
    return null;
  }

  #endsWithEoi(handle: number): boolean {
    const last = new Uint8Array(2);
    return (
      this.#state.size >= 4 &&
      readFully(handle, last, this.#state.size - 2) === 2 &&
      last[0] === 0xff &&
      last[1] === 0xd9
    );
  }

  #inspect(handle: number): Outcome | null {
    if (this.#state.size > MOST_BYTES) return { complete: false, problem: 'image-unsupported' };
    const bytes = new Uint8Array(this.#state.size);
    const read = readFully(handle, bytes, 0);
    if (read < bytes.length || !sameState(fstatSync(handle), this.#state)) return null; // it changed under our eyes
    try {
      const { trailingBytes, announcesMore } = inspectJpeg(bytes);
      return { complete: true, bytes, mayGrow: trailingBytes > 0 || announcesMore };
    } catch (error) {
      if (error instanceof KerbsideError) return { complete: false, problem: error.kind };
      throw error;
    }
  }

  #accept(bytes: Uint8Array): ImageArrival {
    this.#outcome = null; // gives the memory back
    return imageArrival(this.fileName, bytes, sha256Of(bytes), bytes.length, null);
  }

  #refuse(handle: number, problem: ErrorName): ImageArrival {
    const head = new Uint8Array(Math.min(this.#state.size, 1 << 20));
    readFully(handle, head, 0);
    return imageArrival(this.fileName, head, hashOfHandle(handle), fstatSync(handle).size, problem);
  }
}

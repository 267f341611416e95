/**
 * One figure for a whole recording: of one file its SHA-256, of several the SHA-256 of the list of theirs, one a line:
 * `sha256sum FILE… | cut -d ' ' -f 1 | sha256sum` gives the same.
 */
import { createHash, type Hash } from 'node:crypto';
import { sha256OfFile } from '../store/files.js';
import { partsIn } from './files.js';
import type { RecordingSink } from './sync-writer.js';

export interface RecordingDigest {
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
}

/** Of each file of a deployment's recording, in order. @throws KerbsideError 'recording-unreadable' */
export async function recordingDigests(folder: string): Promise<RecordingDigest[]> {
  return Promise.all(partsIn(folder).map(async ({ path }) => ({ path, sha256: await sha256OfFile(path) })));
}

/** @returns null where there is no file */
export async function overallDigest(paths: readonly string[]): Promise<string | null> {
  return digestOfList(await Promise.all(paths.map(sha256OfFile)));
}

export function digestOfList(sha256s: readonly string[]): string | null {
  const [first] = sha256s;
  if (first === undefined || sha256s.length === 1) return first ?? null;
  return createHash('sha256')
    .update(sha256s.map((each) => `${each}\n`).join(''))
    .digest('hex');
}

/** The same figures of recordings that are written nowhere: its `sink` takes the bytes of one recording. */
export class RecordingHash {
  #hash: Hash | null = null;
  #part = 0;
  readonly #done: string[] = [];

  readonly sink: RecordingSink = (bytes, part) => {
    if (part !== this.#part) this.#finish();
    this.#part = part;
    this.#hash ??= createHash('sha256');
    this.#hash.update(bytes);
  };

  /** Of each file so far; the recording is over. */
  digests(): readonly string[] {
    this.#finish();
    return this.#done;
  }

  #finish(): void {
    if (this.#hash !== null) this.#done.push(this.#hash.digest('hex'));
    this.#hash = null;
  }
}

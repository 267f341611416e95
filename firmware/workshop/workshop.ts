/**
 * The workshop behind its messages: watches the camera's folder, seals, forgets. One thing at a time, so that memory
 * never holds more than one image.
 */
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { KerbsideError, type ErrorName } from '../../src/errors.js';
import { nowNs } from '../drivers/clock.js';
import { NS_PER_MS } from '../../src/units.js';
import { hashOfFile } from './delivery.js';
import { FolderWatch, WATCH_TIMING, type FolderWatchOptions } from './folder-watch.js';
import type { FromWorkshop, ToWorkshop } from './messages.js';
import { NumberTaken, seal } from './seal.js';

export type WatchTiming = Pick<FolderWatchOptions, 'quietMs' | 'incompleteAfterMs' | 'rescanMs'>;

/** These pass when the disk has room or works again; the image is not to blame. */
const RETRY: ReadonlySet<ErrorName> = new Set(['disk-full', 'store-failed', 'not-available']);
/** Hashes of files found complete; a session has far fewer that wait to be sealed. */
const MOST_INSPECTED = 1000;

export class Workshop {
  readonly #send: (message: FromWorkshop) => void;
  readonly #timing: WatchTiming;
  readonly #inspected = new Set<string>();
  #folder: string | null = null;
  #watch: FolderWatch | null = null;

  constructor(send: (message: FromWorkshop) => void, timing: WatchTiming = WATCH_TIMING) {
    this.#send = send;
    this.#timing = timing;
  }

  handle(message: ToWorkshop): void {
    if (message.type === 'watch') this.#startWatch(message.folder);
    else if (message.type === 'seal') this.#seal(message);
    else if (message.type === 'forget-image') this.#forget(message.imageId, message.sha256);
    else this.#stop();
  }

  /** Nothing is under way then: sealing is synchronous. No message follows `stopped`. */
  #stop(): void {
    this.#watch?.stop();
    this.#watch = null;
    this.#send({ type: 'stopped' });
  }

  #startWatch(folder: string): void {
    this.#watch?.stop();
    this.#folder = folder;
    this.#watch = new FolderWatch({
      ...this.#timing,
      folder,
      nowMs: () => nowNs() / NS_PER_MS,
      onImage: (image) => {
        if (image.problem === null) this.#remember(image.sha256);
        this.#send({ type: 'image', image, atNs: nowNs() });
      },
      onFault: ({ kind, message: sentence }) => {
        this.#send({ type: 'fault', kind, sentence });
      },
    });
    this.#watch.start();
  }

  #remember(sha256: string): void {
    this.#inspected.add(sha256);
    for (const oldest of this.#inspected) {
      if (this.#inspected.size <= MOST_INSPECTED) return;
      this.#inspected.delete(oldest);
    }
  }

  #seal(job: Extract<ToWorkshop, { type: 'seal' }>): void {
    const { jobId, exposure } = job;
    const source = { folder: this.#folder, isInspected: (sha256: string) => this.#inspected.has(sha256) };
    try {
      this.#send({ type: 'sealed', jobId, icn: exposure.icn, ...seal(job, source) });
    } catch (error) {
      if (!(error instanceof KerbsideError)) throw error;
      const waiting = this.#folder === null && exposure.imageId !== null;
      const retry = waiting || RETRY.has(error.kind);
      const { kind, message: sentence } = error;
      const numberTaken = error instanceof NumberTaken;
      this.#send({ type: 'failed', jobId, icn: exposure.icn, kind, sentence, retry, numberTaken });
    }
  }

  /** A camera whose counter began again may have put a newer picture under the name: that one is reported, not removed. */
  #forget(imageId: string, sha256: string): void {
    if (this.#folder === null || imageId !== basename(imageId)) return;
    const path = join(this.#folder, imageId);
    try {
      if (hashOfFile(path) === sha256) rmSync(path, { force: true });
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return;
      const found = cause instanceof Error ? cause.message : String(cause);
      const sentence = `The camera's file ${imageId} cannot be removed: ${found}; it stays in ${this.#folder}.`;
      this.#send({ type: 'fault', kind: 'image-unreadable', sentence });
    }
  }
}

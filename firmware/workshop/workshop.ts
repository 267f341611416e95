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
import { chainName, isDemo } from '../../src/evidence/record-work.js';
import type { Signer } from '../../src/ports/signer.js';
import { lockWhenFree, type DataDirLock } from '../store/lock.js';
import { profileOf } from '../keys/profile.js';
import { openSigner } from '../keys/open-signer.js';
import type { FromWorkshop, ToWorkshop } from './messages.js';
import { loadC2pa } from './c2pa.js';
import { NumberTaken, seal, type Sealed } from './seal.js';

export type WatchTiming = Pick<FolderWatchOptions, 'quietMs' | 'incompleteAfterMs' | 'rescanMs'>;

/**
 * A signature outside the validity of its certificate is refused by every verifier for ever: a board without a clock of
 * its own waits until the time is known, a camera whose certificate has ended until there is a new one.
 */
function refuseOutOfDate({ certificates }: Signer, nowMs: number): void {
  for (const { subject, notBeforeMs, notAfterMs } of certificates.map(profileOf)) {
    if (nowMs >= notBeforeMs && nowMs <= notAfterMs) continue;
    const span = `${new Date(notBeforeMs).toISOString()} to ${new Date(notAfterMs).toISOString()}`;
    const sentence = `The certificate of ${subject} is valid from ${span}, the clock says ${new Date(nowMs).toISOString()}; expected a time between.`;
    throw new KerbsideError('key-unusable', sentence);
  }
}

export type OpenSigner = (folder: string, wish: { readonly demo: boolean }) => Promise<Signer>;

/** These pass when the disk has room or works again; the image is not to blame. */
const RETRY: ReadonlySet<ErrorName> = new Set([
  'disk-full',
  'store-failed',
  'not-available',
  'key-missing',
  'key-unusable',
]);
/** Hashes of files found complete; a session has far fewer that wait to be sealed. */
const MOST_INSPECTED = 1000;

export class Workshop {
  readonly #send: (message: FromWorkshop) => void;
  readonly #timing: WatchTiming;
  readonly #inspected = new Set<string>();
  readonly #openSigner: OpenSigner;
  readonly #signers = new Map<boolean, Promise<Signer>>();
  #folder: string | null = null;
  #keysFolder: string | null = null;
  readonly #ended = new AbortController();
  #lock: Promise<DataDirLock | null> = Promise.resolve(null);
  /** Jobs are done one after the other. */
  #sealing: Promise<void> = Promise.resolve();
  #watch: FolderWatch | null = null;

  constructor(
    send: (message: FromWorkshop) => void,
    timing: WatchTiming = WATCH_TIMING,
    opener: OpenSigner = openSigner,
  ) {
    this.#send = send;
    this.#timing = timing;
    this.#openSigner = opener;
  }

  handle(message: ToWorkshop): void {
    if (message.type === 'watch') this.#begin(message);
    else if (message.type === 'seal') this.#sealing = this.#sealing.then(() => this.#seal(message));
    else if (message.type === 'forget-image') this.#forget(message.imageId, message.sha256);
    else this.#stop();
  }

  /** What is under way is finished. No message follows `stopped`. */
  #stop(): void {
    this.#watch?.stop();
    this.#watch = null;
    this.#ended.abort();
    void this.#sealing.then(async () => {
      await (await this.#lock)?.release();
      this.#send({ type: 'stopped' });
    });
  }

  #begin({ folder, keysFolder, lockFile }: Extract<ToWorkshop, { type: 'watch' }>): void {
    this.#keysFolder = keysFolder;
    this.#lock = this.#lock.then((held) => held ?? lockWhenFree(lockFile, this.#ended.signal));
    this.#signers.clear();
    // The first image is not to wait for it. What is wrong with it is said when it is needed.
    loadC2pa().catch(() => undefined);
    this.#startWatch(folder);
  }

  /** Opened once for each kind; one that could not be opened is tried again with the next job. */
  #signerFor(demo: boolean): Promise<Signer> {
    if (this.#keysFolder === null) {
      const sentence = 'The folder of the keys is not known yet; the job is done when it is.';
      return Promise.reject(new KerbsideError('not-available', sentence));
    }
    const known = this.#signers.get(demo) ?? this.#openSigner(this.#keysFolder, { demo });
    this.#signers.set(demo, known);
    known.catch(() => {
      this.#signers.delete(demo);
    });
    return known;
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

  async #seal(job: Extract<ToWorkshop, { type: 'seal' }>): Promise<void> {
    const { jobId, work } = job;
    const name = chainName(work);
    try {
      this.#send({ type: 'sealed', jobId, name, ...(await this.#sealed(job)) });
    } catch (error) {
      // A defect: whoever supervises this process must see it die.
      if (!(error instanceof KerbsideError)) {
        setImmediate(() => {
          throw error;
        });
        return;
      }
      const waiting = this.#folder === null && work.type === 'exposure' && work.exposure.imageId !== null;
      const retry = waiting || RETRY.has(error.kind);
      const { kind, message: sentence } = error;
      const numberTaken = error instanceof NumberTaken;
      this.#send({ type: 'failed', jobId, name, kind, sentence, retry, numberTaken });
    }
  }

  async #sealed(job: Extract<ToWorkshop, { type: 'seal' }>): Promise<Sealed> {
    const source = { folder: this.#folder, isInspected: (sha256: string) => this.#inspected.has(sha256) };
    const signer = await this.#signerFor(isDemo(job.work));
    if ((await this.#lock) === null) {
      throw new KerbsideError('not-available', 'The workshop ends, the job is done by the next one.');
    }
    refuseOutOfDate(signer, Date.now());
    return seal(job, { source, signer, utcMs: () => Date.now() });
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

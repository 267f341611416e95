/**
 * Images as they come in: known ones are recognised by their SHA-256 (AUD-3), the rest go to the controller. Images that
 * are not kept under a number are moved to `<dataDir>/dropped`, durably; the only file that is ever deleted is a
 * byte-equal copy of an image that is committed.
 */
import { constants } from 'node:fs';
import { copyFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import type { ImageArrival } from '../../src/timeline.js';
import type { UtcMs } from '../../src/units.js';
import { storeError } from '../store/database.js';
import { makeFolder, sha256OfFile, syncFile, syncFolder } from '../store/files.js';
import type { Store } from '../store/store.js';
import type { WriteQueue } from './write-queue.js';

export interface ImageDeskOptions {
  readonly store: Store;
  readonly writes: WriteQueue;
  /** Where the camera delivers; imageId is a name within it. */
  readonly folder: string;
  readonly session: number;
  readonly utcMs: () => UtcMs;
  /** The imageId under which a waiting job will seal these bytes; null when none will. */
  readonly claimant: (sha256: string) => string | null;
  /** The workshop removes the file if it still has these bytes: only ever for an image that is committed. */
  readonly forget: (imageId: string, sha256: string) => void;
  readonly toController: (image: ImageArrival) => void;
  readonly onNotice: (level: 'info' | 'warning', code: string, sentence: string) => void;
}

export class ImageDesk {
  readonly #options: ImageDeskOptions;
  readonly #known = new Map<string, ImageArrival>();
  /** Handed to a controller and neither concluded nor dropped, by imageId. */
  readonly #held = new Map<string, ImageArrival>();
  /** Hashes of this session: the store may be behind (full disk), recognition may not. */
  readonly #namesByHash = new Map<string, string>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: ImageDeskOptions) {
    this.#options = options;
  }

  /** Arrivals are handled one after the other, in the order of the calls. A full disk does not hold them back. */
  onArrival(image: ImageArrival): Promise<void> {
    const handled = this.#last.then(() => this.#handle(image));
    this.#last = handled.catch(() => undefined);
    return handled;
  }

  /** The image is under a number now: whatever becomes of the controller, it is accounted for. */
  concluded(imageId: string, sha256: string | null): void {
    const held = this.#held.get(imageId);
    if (held !== undefined && (sha256 === null || held.sha256 === sha256)) this.#held.delete(imageId);
  }

  /** A new controller knows nothing of the images that its dead predecessor had, nor of those that came in between. */
  handOverAgain(): void {
    for (const image of this.#held.values()) this.#options.toController(image);
  }

  async #handle(image: ImageArrival): Promise<void> {
    const { store, writes, session, utcMs, claimant, forget, toController } = this.#options;
    const { sha256, imageId } = image;
    const claimedAs = claimant(sha256);
    if (claimedAs === imageId) return;
    const seenAs = this.#namesByHash.get(sha256) ?? claimedAs ?? undefined;
    const row = await store.image(sha256);
    this.#known.set(imageId, image);
    // The same file once more: a restarted workshop reports what it finds, or a crash came before the file was removed.
    if (row?.outcome === 'committed' && row.imageId === imageId) {
      forget(imageId, sha256);
      return;
    }
    if (seenAs === imageId && row?.outcome !== 'dropped') return;
    this.#namesByHash.set(sha256, seenAs ?? imageId);
    const duplicate = seenAs !== undefined || (row !== null && row.outcome !== 'seen');
    // The row goes on naming the file that is kept: a duplicate has no row of its own.
    if (!duplicate) writes.post(() => store.rememberImage(image, session, utcMs()));
    const handed = { ...image, duplicate };
    this.#held.set(imageId, handed);
    toController(handed);
  }

  /**
   * `drop-image` of the controller, or an image that turned out to be unusable.
   * @param sha256 of the image that is meant, where it is known: a newer one under the name stays
   */
  async drop(imageId: string, reason: string, sha256: string | null = null): Promise<void> {
    const { store, writes, forget, onNotice } = this.#options;
    const image = this.#known.get(imageId) ?? null;
    if (sha256 !== null && image !== null && image.sha256 !== sha256) {
      onNotice('warning', 'image-dropped', `Image ${imageId} is not evidence (${reason}); its file was overwritten.`);
      return;
    }
    this.#held.delete(imageId);
    const row = image === null ? null : await store.image(image.sha256);
    const path = join(this.#options.folder, imageId);
    if (image !== null && row?.outcome === 'committed' && (await isStill(path, image.sha256))) {
      const sentence = `Image ${image.fileName} is byte for byte that of ${row.icn ?? ''}; removed.`;
      onNotice('info', 'duplicate-image', sentence);
      forget(imageId, image.sha256);
      return;
    }
    const kept = await writes.write(() => this.#moveAside(imageId));
    // A duplicate goes; what becomes of the first of its bytes is another matter.
    if (image !== null && this.#namesByHash.get(image.sha256) === imageId) {
      await writes.write(() => store.markDropped(image.sha256));
    }
    const where = kept === null ? 'its file is gone' : `kept as ${kept}`;
    onNotice('warning', 'image-dropped', `Image ${imageId} is not evidence (${reason}); ${where}.`);
  }

  /** @returns where the file is now; null when it is not there any more */
  async #moveAside(imageId: string): Promise<string | null> {
    const { store, folder } = this.#options;
    const source = join(folder, imageId);
    const target = join(store.dataDir, 'dropped', basename(imageId));
    try {
      await makeFolder(dirname(target));
      const free = await freeName(target, source);
      if (free.taken) await rm(source);
      else await moveDurably(source, free.path);
      await syncFolder(dirname(target));
      await syncFolder(dirname(source));
      return free.path;
    } catch (error) {
      if (isMissing(error)) return null;
      throw storeError(error, target);
    }
  }
}

/** Across file systems a move is a copy that is on the disk before the source goes. */
async function moveDurably(source: string, target: string): Promise<void> {
  try {
    await rename(source, target);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    await copyFile(source, target, constants.COPYFILE_EXCL);
    await syncFile(target);
    await syncFolder(dirname(target));
    await rm(source);
  }
}

/** A name that is free; `taken` when the same bytes lie there already. */
async function freeName(wanted: string, source: string): Promise<{ readonly path: string; readonly taken: boolean }> {
  const hash = await sha256OfFile(source);
  const extension = extname(wanted);
  const stem = wanted.slice(0, wanted.length - extension.length);
  for (let copy = 1; copy < 10_000; copy += 1) {
    const path = copy === 1 ? wanted : `${stem}-${String(copy)}${extension}`;
    const there = await stat(path).then(
      () => true,
      () => false,
    );
    if (!there) return { path, taken: false };
    if ((await sha256OfFile(path)) === hash) return { path, taken: true };
  }
  throw new KerbsideError(
    'store-failed',
    `Folder ${dirname(wanted)} holds 9999 files named like ${basename(wanted)}; empty it.`,
  );
}

async function isStill(path: string, sha256: string): Promise<boolean> {
  try {
    return (await sha256OfFile(path)) === sha256;
  } catch (error) {
    return isMissing(error);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

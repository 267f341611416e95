/**
 * Images as they come in: known ones are recognised by their SHA-256 (AUD-3), the rest go to the controller. Images that
 * are not kept under a number are moved to `<dataDir>/dropped`, durably; the only file that is ever deleted is a
 * byte-equal copy of an image that is committed.
 */
import { constants } from 'node:fs';
import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import type { ImageArrival } from '../../src/timeline.js';
import type { UtcMs } from '../../src/units.js';
import { storeError } from '../store/database.js';
import { sha256OfFile, syncFile, syncFolder } from '../store/files.js';
import type { Store } from '../store/store.js';
import type { WriteQueue } from './write-queue.js';

export interface ImageDeskOptions {
  readonly store: Store;
  readonly writes: WriteQueue;
  /** Where the camera delivers; imageId is a name within it. */
  readonly folder: string;
  readonly session: number;
  readonly utcMs: () => UtcMs;
  /** True for an image that a waiting job of an earlier run will seal. */
  readonly isClaimed: (sha256: string) => boolean;
  /** The workshop removes the file: only ever for an image that is committed. */
  readonly forget: (imageId: string) => void;
  readonly toController: (image: ImageArrival) => void;
  readonly onNotice: (level: 'info' | 'warning', code: string, sentence: string) => void;
}

export class ImageDesk {
  readonly #options: ImageDeskOptions;
  readonly #known = new Map<string, ImageArrival>();
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

  async #handle(image: ImageArrival): Promise<void> {
    const { store, writes, session, utcMs, isClaimed, forget, toController } = this.#options;
    const { sha256, imageId } = image;
    if (isClaimed(sha256)) return;
    const seenAs = this.#namesByHash.get(sha256);
    const row = await store.image(sha256);
    this.#known.set(imageId, image);
    // The same file once more: a restarted workshop reports what it finds, or a crash came before the file was removed.
    if (row?.outcome === 'committed' && row.imageId === imageId) {
      forget(imageId);
      return;
    }
    if (seenAs === imageId && row?.outcome !== 'dropped') return;
    this.#namesByHash.set(sha256, seenAs ?? imageId);
    writes.post(() => store.rememberImage(image, session, utcMs()));
    const duplicate = seenAs !== undefined || (row !== null && row.outcome !== 'seen');
    toController({ ...image, duplicate });
  }

  /** `drop-image` of the controller, or an image that turned out to be unusable. */
  async drop(imageId: string, reason: string): Promise<void> {
    const { store, writes, forget, onNotice } = this.#options;
    const image = this.#known.get(imageId) ?? null;
    const row = image === null ? null : await store.image(image.sha256);
    const path = join(this.#options.folder, imageId);
    if (image !== null && row?.outcome === 'committed' && (await isStill(path, image.sha256))) {
      const sentence = `Image ${image.fileName} is byte for byte that of ${row.icn ?? ''}; removed.`;
      onNotice('info', 'duplicate-image', sentence);
      forget(imageId);
      return;
    }
    const kept = await writes.write(() => this.#moveAside(imageId));
    if (image !== null) await writes.write(() => store.markDropped(image.sha256));
    const where = kept === null ? 'its file is gone' : `kept as ${kept}`;
    onNotice('warning', 'image-dropped', `Image ${imageId} is not evidence (${reason}); ${where}.`);
  }

  /** @returns where the file is now; null when it is not there any more */
  async #moveAside(imageId: string): Promise<string | null> {
    const { store, folder } = this.#options;
    const source = join(folder, imageId);
    const target = join(store.dataDir, 'dropped', basename(imageId));
    try {
      await mkdir(dirname(target), { recursive: true });
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

/**
 * Watches the camera's folder. fs.watch (inotify) gives the speed, a slow rescan gives the certainty: inotify loses events
 * when its queue is full, gives none on network folders and none for a folder that was replaced. Dot files and names in
 * .tmp or .part are a camera's or an FTP server's work in progress.
 */
import { readdirSync, statSync, watch, type FSWatcher, type Stats } from 'node:fs';
import { join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import type { ImageArrival } from '../../src/timeline.js';
import { DEFAULT_TIMING, Delivery, type DeliveryTiming } from './delivery.js';

export interface FolderWatchOptions extends DeliveryTiming {
  readonly folder: string;
  /** A look at everything, whatever inotify says. */
  readonly rescanMs: number;
  readonly onImage: (image: ImageArrival) => void;
  /** The folder cannot be read; said once until it can be again. */
  readonly onFault: (fault: KerbsideError) => void;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

export const WATCH_TIMING = { ...DEFAULT_TIMING, rescanMs: 1000 } as const;

/** Events come in bursts, one for each block that is written. */
const SETTLE_MS = 5;

export const isInProgress = (name: string): boolean => name.startsWith('.') || /\.(?:tmp|part)$/i.test(name);

function statOrNull(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null; // gone between listing and look
  }
}

export class FolderWatch {
  readonly #options: FolderWatchOptions;
  readonly #deliveries = new Map<string, Delivery>();
  /** Files seen under a temporary name, by inode: a rename of one of them is complete. */
  #temporary = new Set<number>();
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | null = null;
  #dueMs = Infinity;
  #faulty = false;
  #stopped = false;

  constructor(options: FolderWatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#scanIn(0);
  }

  stop(): void {
    this.#stopped = true;
    this.#closeWatcher();
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Looks at every file now. Called by events and by the rescan; tests call it, too. */
  scan(): void {
    const { folder, onFault } = this.#options;
    let names: string[];
    try {
      this.#watchFolder();
      names = readdirSync(folder);
    } catch (cause) {
      this.#closeWatcher();
      if (!this.#faulty) onFault(cannotRead(folder, cause));
      this.#faulty = true;
      return;
    }
    this.#faulty = false;
    const states = new Map(names.sort().map((name) => [name, statOrNull(join(folder, name))]));
    for (const name of this.#deliveries.keys()) if (!states.has(name)) this.#deliveries.delete(name);
    for (const [name, state] of states) if (state?.isFile() === true && !isInProgress(name)) this.#look(name, state);
    const inProgress = [...states].flatMap(([name, state]) => (state !== null && isInProgress(name) ? state.ino : []));
    this.#temporary = new Set(inProgress);
  }

  #look(name: string, state: Stats): void {
    const { folder, nowMs, onImage, quietMs } = this.#options;
    const now = nowMs();
    let delivery = this.#deliveries.get(name);
    // A reported name with another inode, size or time is another image: a camera whose counter began again, or one that
    // writes over its own file.
    if (delivery === undefined || (delivery.reported && !delivery.isUnchanged(state))) {
      const renamed = this.#temporary.has(state.ino);
      delivery = new Delivery(join(folder, name), name, state, now, renamed, this.#options);
      this.#deliveries.set(name, delivery);
    }
    if (delivery.reported) return;
    try {
      const arrival = delivery.look(state, now);
      if (arrival !== null) onImage(arrival);
      else this.#scanIn(quietMs);
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return;
      this.#options.onFault(cannotRead(join(folder, name), cause));
    }
  }

  #watchFolder(): void {
    if (this.#watcher !== null || this.#stopped) return;
    try {
      this.#watcher = watch(this.#options.folder, () => {
        this.#scanIn(SETTLE_MS);
      });
    } catch (error) {
      // No watches left or none possible: the rescan alone serves. A missing folder shows when it is read.
      if (!(error instanceof Error)) throw error;
      return;
    }
    this.#watcher.on('error', () => {
      this.#closeWatcher();
    });
  }

  #closeWatcher(): void {
    this.#watcher?.close();
    this.#watcher = null;
  }

  /** One timer: the soonest wish counts. */
  #scanIn(delayMs: number): void {
    const dueMs = this.#options.nowMs() + delayMs;
    if (this.#stopped || dueMs >= this.#dueMs) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dueMs = dueMs;
    this.#timer = setTimeout(() => {
      this.#dueMs = Infinity;
      this.scan();
      this.#scanIn(this.#options.rescanMs);
    }, delayMs);
  }
}

function cannotRead(path: string, cause: unknown): KerbsideError {
  const found = cause instanceof Error ? cause.message : String(cause);
  return new KerbsideError('image-unreadable', `${path} cannot be read: ${found}; expected the camera's files.`, {
    cause,
  });
}

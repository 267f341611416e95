/**
 * How full the disk with the evidence is: a warning while there is still time, and no enforcement before the last of it is
 * gone, so that what is under way can always be written. Space and inodes both count; whichever is scarcer speaks.
 *
 * Free is what this user may write: file systems keep a share for root (ext4: 5 %), which is not ours, so the share is
 * the one that `df` prints. A disk that does not tell how full it is, is as good as full.
 */
import { statfs } from 'node:fs/promises';
import { within } from './deferred.js';
import type { StorageHealth } from './health.js';
import type { StatusDisk } from './status.js';

/** What of `fs.StatFs` is looked at. */
export interface DiskFigures {
  readonly bsize: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  /** 0 on file systems that do not count inodes. */
  readonly files: number;
  readonly ffree: number;
}

export type ReadDisk = (folder: string) => Promise<DiskFigures>;

export interface DiskWatchOptions {
  readonly folder: string;
  readonly health: StorageHealth;
  readonly onDisk: (disk: StatusDisk) => void;
  readonly onNotice: (level: 'info' | 'warning', code: string, sentence: string) => void;
  readonly read?: ReadDisk;
  readonly everyMs?: number;
  /** A look that takes longer than this is a disk that does not answer. */
  readonly patienceMs?: number;
}

/** Shares of the disk. It resumes a little above where it stopped, so that it does not flap. */
export const DISK_LIMITS = { warnBelow: 0.2, warnedUntil: 0.21, stopBelow: 0.05, resumeFrom: 0.06 } as const;
const EVERY_MS = 500;
/** A slow disk is not a full one: under load a look waits behind what the store writes. */
const PATIENCE_MS = 5000;

interface Share {
  readonly share: number;
  readonly freeBytes: number;
  /** What is scarce, for people. */
  readonly found: string;
}

/** The scarcer of space and inodes. */
export function freeShare({ bsize, blocks, bfree, bavail, files, ffree }: DiskFigures): Share {
  const usable = blocks - bfree + bavail;
  const space = usable === 0 ? 0 : bavail / usable;
  const freeBytes = bavail * bsize;
  const inodes = files === 0 ? 1 : ffree / files;
  return inodes < space
    ? { share: inodes, freeBytes, found: `${percent(inodes)} of its inodes free (${ffree} of ${files})` }
    : { share: space, freeBytes, found: `${percent(space)} free (${amount(freeBytes)} of ${amount(usable * bsize)})` };
}

export class DiskWatch {
  readonly #options: DiskWatchOptions;
  #timer: NodeJS.Timeout | null = null;
  #looking = false;
  #low = false;
  #stopped = false;

  constructor(options: DiskWatchOptions) {
    this.#options = options;
  }

  /** Resolves after the first look: a session does not begin on a disk that nobody has looked at. */
  async start(): Promise<void> {
    const { everyMs = EVERY_MS, patienceMs = PATIENCE_MS } = this.#options;
    this.#timer = setInterval(() => void this.look(), everyMs);
    await within(patienceMs + everyMs, this.look());
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** One look, unless one is under way. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const { folder, read = statfs, patienceMs = PATIENCE_MS, health } = this.#options;
    try {
      const reading = read(folder);
      // One that hangs is told at once and waited for: looks behind it would only take threads from the store.
      if (!(await within(patienceMs, reading)) && !this.#stopped) {
        const limit = `expected an answer within ${patienceMs} ms`;
        health.failed('disk', `Disk of ${folder}: does not tell how full it is; ${limit}.`);
      }
      this.#judge(await reading);
    } catch (error) {
      const found = error instanceof Error ? error.message : String(error);
      if (this.#stopped) return;
      health.failed('disk', `Disk of ${folder}: does not tell how full it is (${found}); expected its free space.`);
    } finally {
      this.#looking = false;
    }
  }

  #judge(figures: DiskFigures): void {
    if (this.#stopped) return;
    const { folder, health, onDisk } = this.#options;
    const { share, freeBytes, found } = freeShare(figures);
    onDisk({ freeShare: share, freeBytes });
    const { stopBelow, resumeFrom } = DISK_LIMITS;
    if (share < stopBelow) {
      const limits = `at least ${percent(stopBelow)} needed, enforcement resumes at ${percent(resumeFrom)}`;
      health.failed('disk', `Disk of ${folder}: ${found}; ${limits}.`);
    } else if (share >= resumeFrom) health.recovered('disk');
    this.#warn(share, `Disk of ${folder}: ${found}`);
  }

  #warn(share: number, sentence: string): void {
    const { onNotice } = this.#options;
    const { warnBelow, warnedUntil, stopBelow } = DISK_LIMITS;
    if (!this.#low && share < warnBelow) {
      this.#low = true;
      const limits = `less than ${percent(warnBelow)}, enforcement stops below ${percent(stopBelow)}`;
      onNotice('warning', 'disk-low', `${sentence}; ${limits}.`);
    } else if (this.#low && share >= warnedUntil) {
      this.#low = false;
      onNotice('info', 'disk-enough', `${sentence}; enough again.`);
    }
  }
}

const percent = (share: number): string => `${(Math.floor(share * 1000) / 10).toString()} %`;

/** Rounded down, as free space should be. */
function amount(bytes: number): string {
  const steps = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(steps.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  return `${(Math.floor(bytes / 1000 ** step / 0.1) / 10).toString()} ${steps[step] ?? ''}`;
}

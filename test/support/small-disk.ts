/** A small disk of its own (tmpfs) that a test can fill; where mounting is not permitted the test is skipped and says so. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'mocha';

export class SmallDisk {
  readonly #filler: string;

  private constructor(readonly folder: string) {
    this.#filler = join(folder, 'filler');
  }

  /** Call it first in a test, with its `this`. Does not return where it skips. */
  static mount(context: Context, megabytes: number): SmallDisk {
    const folder = mkdtempSync(join(tmpdir(), 'kerbside-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
    } catch {
      rmSync(folder, { recursive: true });
      if (process.env['CI'] === 'true') throw new Error('this test must mount a small tmpfs, which was refused');
      process.stderr.write('      SKIPPED: mounting a small tmpfs is not permitted here\n');
      context.skip();
    }
    return new SmallDisk(folder);
  }

  /** Leaves so many bytes free. */
  fillTo(freeBytes: number): void {
    rmSync(this.#filler, { force: true });
    const { bavail, bsize } = statfsSync(this.folder);
    writeFileSync(this.#filler, Buffer.alloc(Math.max(0, bavail * bsize - freeBytes)));
  }

  fillToShare(freeShare: number): void {
    const { blocks, bsize } = statfsSync(this.folder);
    this.fillTo(Math.floor(blocks * bsize * freeShare));
  }

  empty(): void {
    rmSync(this.#filler, { force: true });
  }

  unmount(): void {
    execFileSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

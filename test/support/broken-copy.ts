/** A copy of the compiled program that may be broken on purpose, one place at a time. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DIST = new URL('../..', import.meta.url).pathname;
const PROJECT = join(DIST, '..');
/** What compiled code reads from the checkout. */
const BESIDE = ['node_modules', 'package.json', 'package-lock.json', 'proto', 'docs', 'test', 'hw-sim'];

export interface BrokenCopy {
  /** Its own `dist`. */
  readonly dist: string;
  readonly folder: string;
  /** Breaks one place while `work` runs, and mends it again. `from` must stand there exactly once. */
  whileBroken<T>(file: string, from: string, to: string, work: () => T | Promise<T>): Promise<T>;
  remove(): void;
}

export function createBrokenCopy(): BrokenCopy {
  const folder = mkdtempSync(join(tmpdir(), 'kerbside-broken-'));
  const dist = join(folder, 'dist');
  cpSync(DIST, dist, { recursive: true });
  for (const name of BESIDE) symlinkSync(join(PROJECT, name), join(folder, name));
  return {
    ...{ dist, folder },
    async whileBroken(file, from, to, work) {
      const path = join(dist, file);
      const original = readFileSync(path, 'utf8');
      assert.equal(original.split(from).length, 2, `${file} must hold exactly once: ${from}`);
      writeFileSync(
        path,
        original.replace(from, () => to),
      );
      try {
        return await work();
      } finally {
        writeFileSync(path, original);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

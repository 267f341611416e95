/**
 * Inputs that reached something, in the repository: `test/fuzz/corpus/READER/SHA.bin`. Small by its bounds, since it is
 * read in every test run; what a longer search finds is found again by the next.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of one reader; all of them together stay below 300 KB. */
export const MOST_CORPUS_BYTES = 6 * 1024;
const MOST_INPUT_BYTES = 2048;
const ENDING = '.bin';

/** In the order of their names. */
export function readCorpus(folder: string, target: string): Uint8Array[] {
  const own = join(folder, target);
  if (statSync(own, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(own)
    .filter((name) => name.endsWith(ENDING))
    .sort()
    .map((name) => Uint8Array.from(readFileSync(join(own, name))));
}

/** Replaces the corpus of a reader. @param inputs the ones to be kept first come first */
export function writeCorpus(
  folder: string,
  target: string,
  inputs: readonly Uint8Array[],
): { readonly count: number; readonly bytes: number } {
  const own = join(folder, target);
  rmSync(own, { recursive: true, force: true });
  let [count, bytes] = [0, 0];
  for (const input of inputs) {
    if (input.length > MOST_INPUT_BYTES || bytes + input.length > MOST_CORPUS_BYTES) continue;
    mkdirSync(own, { recursive: true });
    const name = createHash('sha256').update(input).digest('hex').slice(0, 16);
    writeFileSync(join(own, `${name}${ENDING}`), input);
    count += 1;
    bytes += input.length;
  }
  return { count, bytes };
}

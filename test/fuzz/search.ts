/**
 * `make fuzz`: a search that is guided by coverage, as V8 itself counts it, over every reader of foreign bytes; bounded by
 * FUZZ_MINUTES, repeatable by FUZZ_SEED, over some readers only with FUZZ_TARGETS=agd350,cms. What fails is written to a
 * file; a reader that does not come back is ended.
 *
 *   node dist/test/fuzz/search.js                 all readers in turn
 *   node dist/test/fuzz/search.js --keep          the same, and inputs that add coverage become the corpus
 *   node dist/test/fuzz/search.js TARGET FILE     one input again
 *
 * Exit codes of the contract: 0 nothing was found, 2 a wish that cannot be granted, 11 a reader hung, 70 one crashed.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, type ExitCode } from '../../src/errors.js';
import { ROOT } from '../house/tree.js';
import { hunt, LIMIT_MS } from './hunt.js';
import type { Task } from './hunter-messages.js';
import { readWish, WishProblem } from './options.js';
import { TARGET_NAMES } from './targets.js';

const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);

function bytesOf(file: string): Uint8Array {
  try {
    return Uint8Array.from(readFileSync(file));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WishProblem(`${file} cannot be read (${reason}), expected the file of an input.`);
  }
}

async function main(words: readonly string[]): Promise<ExitCode> {
  const names = TARGET_NAMES;
  const wish = readWish(words, process.env, names, Date.now());
  const task: Task =
    wish.type === 'one' ? { type: 'one', target: wish.target, bytes: bytesOf(wish.file) } : { ...wish };
  if (wish.type === 'search') {
    const count = wish.only.length === 0 ? names.length : wish.only.length;
    say(`seed ${String(wish.seed)}, ${String(wish.minutes)} minutes for ${String(count)} readers`);
  }
  const request = { names, task, folder: '.', limitMs: LIMIT_MS, corpusFolder: join(ROOT, 'test/fuzz/corpus') };
  return await hunt({ ...request, targetsUrl: new URL('./targets.js', import.meta.url).href }, say);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isWish = error instanceof WishProblem;
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${isWish ? error.message : trace}\n`);
  process.exitCode = isWish ? EXIT.invalid : EXIT.internal;
}

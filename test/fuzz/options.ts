/** What a search was asked for: words and environment. Whatever is no sensible wish is refused before anything runs. */

export interface SearchWish {
  readonly type: 'search';
  readonly minutes: number;
  readonly seed: number;
  /** Write inputs that add coverage into the corpus. */
  readonly keep: boolean;
  /** Names of the readers; empty: all. */
  readonly only: readonly string[];
}

export interface OneInput {
  readonly type: 'one';
  readonly target: string;
  readonly file: string;
}

/** A wish that cannot be granted, as one sentence. */
export class WishProblem extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

const MOST_MINUTES = 7 * 24 * 60;
const MOST_SEED = 0xffffffff;
export const MOST_GARBAGE_BYTES = 1e13;

function numberIn(env: Environment, name: string, usual: number, whole: boolean, most: number): number {
  const text = env[name];
  if (text === undefined || text === '') return usual;
  const value = /^\d{1,15}(\.\d{1,6})?$/.test(text) ? Number(text) : NaN;
  const isFine = value > 0 && value <= most && (!whole || Number.isInteger(value));
  if (isFine) return value;
  const kind = whole ? 'a whole number' : 'a number';
  throw new WishProblem(`${name} is ${JSON.stringify(text)}, expected ${kind} above 0, at most ${String(most)}.`);
}

/** @throws WishProblem */
export const garbageBytes = (env: Environment, usual: number): number =>
  numberIn(env, 'FUZZ_BYTES', usual, true, MOST_GARBAGE_BYTES);

/**
 * @param names of the readers that there are
 * @throws WishProblem
 */
export function readWish(
  words: readonly string[],
  env: Environment,
  names: readonly string[],
  nowMs: number,
): SearchWish | OneInput {
  const options = words.filter((word) => word.startsWith('-'));
  const wrong = options.find((word) => word !== '--keep');
  if (wrong !== undefined) throw new WishProblem(`Option ${wrong} is not known, expected --keep or none.`);
  const minutes = numberIn(env, 'FUZZ_MINUTES', 10, false, MOST_MINUTES);
  const seed = numberIn(env, 'FUZZ_SEED', Math.floor(nowMs / 1000), true, MOST_SEED);
  garbageBytes(env, 1);
  const only = (env['FUZZ_TARGETS'] ?? '').split(',').filter((name) => name !== '');
  for (const name of only) known(name, names);
  const [target, file, ...more] = words.filter((word) => !word.startsWith('-'));
  if (target === undefined) return { type: 'search', minutes, seed, keep: options.length > 0, only };
  known(target, names);
  if (file === undefined) {
    throw new WishProblem(`No file was named for ${target}, expected TARGET FILE, or no word at all for a search.`);
  }
  if (more.length > 0) throw new WishProblem(`${more.join(' ')} is one word too many, expected TARGET FILE.`);
  return { type: 'one', target, file };
}

function known(name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  throw new WishProblem(`${JSON.stringify(name)} is no known target, expected one of ${names.join(', ')}.`);
}

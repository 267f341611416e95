/**
 * One mistake in a file that a person wrote: one sentence with where, what was found and what was expected.
 * The wording is the same for the configuration and for the site file.
 */
import type { Place } from './yaml-document.js';

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Dotted key, e.g. `radar.parity`; null for the file as a whole. */
  readonly key: string | null;
  /** The whole sentence, with file, line and column in front. */
  readonly sentence: string;
}

/** @param clause `is …, expected …`, or `: …` for words that do not follow the key in grammar */
export function problem(file: string, place: Place, key: string | null, clause: string): Problem {
  const where = `${file}:${place.line}:${place.column}`;
  return {
    file,
    line: place.line,
    column: place.column,
    key,
    sentence: `${where}: ${key ?? ''}${key === null || clause.startsWith(':') ? '' : ' '}${clause}.`,
  };
}

/** `lanes[0].widthM`: as people write a path. */
export const dotted = (path: readonly (string | number)[]): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');

/** A found value, short enough for a sentence. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'empty';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a group of keys';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  return typeof value === 'number' || typeof value === 'boolean' ? `${value}` : typeof value;
}

export const oneOf = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`;

/** The known name that was most likely meant: at most two slips, and never more than a third of the word. */
export function nearest(found: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let fewest = Math.min(2, Math.floor(Math.max(found.length, 3) / 3)) + 1;
  for (const name of known) {
    const slips = distance(found.toLowerCase(), name.toLowerCase());
    if (slips < fewest) [best, fewest] = [name, slips];
  }
  return best;
}

/** Levenshtein, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

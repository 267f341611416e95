/** Two outputs that should be the same: where they part, as the path of the first field and what stands there. */
import type { Output } from '../timeline.js';
import { canonicalJson } from './canonical-json.js';

export interface FieldDifference {
  /** E.g. exposure.facts.speedKmh; empty: the whole. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

const NOTHING = 'nothing';
const MOST_TEXT = 160;

/** @returns null where both are the same, byte for byte in their canonical form */
export function differenceOf(expected: Output | null, got: Output | null): FieldDifference | null {
  const [before, after] = [textOf(expected), textOf(got)];
  if (before === after) return null;
  return parting(expected ?? undefined, got ?? undefined, '');
}

function parting(expected: unknown, got: unknown, path: string): FieldDifference {
  if (isPlain(expected) && isPlain(got)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(got)])].sort();
    const key = keys.find((each) => textOf(expected[each]) !== textOf(got[each]));
    if (key !== undefined) return parting(expected[key], got[key], path === '' ? key : `${path}.${key}`);
  }
  return { path, expected: cut(textOf(expected)), got: cut(textOf(got)) };
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !(value instanceof Uint8Array);

const textOf = (value: unknown): string => (value === undefined || value === null ? NOTHING : canonicalJson(value));

const cut = (text: string): string => (text.length <= MOST_TEXT ? text : `${text.slice(0, MOST_TEXT)}…`);

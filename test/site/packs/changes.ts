/** Content of packs with one thing changed. */
import { parse } from 'yaml';
import { readPackContent } from '../../../src/site/packs/index.js';
import type { PackKind } from '../../../src/site/reference.js';
import { contentOf } from '../../reference/packs.js';

type Values = Record<string, never>;
export type Change = (file: Values) => void;

/** `key: clause` of everything that is wrong; empty when the content is good. */
export function complaints(kind: PackKind, change: Change): string[] {
  const file = parse(contentOf(kind)) as Values;
  change(file);
  const reading = readPackContent(kind, file);
  if (reading.ok) return [];
  return [
    ...reading.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
    ...reading.complaints.map(({ path, clause }) => `${path.join('.')}: ${clause}`),
  ];
}

/** Sets the value at a dotted path. */
export const set =
  (path: string, value: unknown): Change =>
  (file) => {
    const steps = path.split('.');
    const last = steps.pop()!;
    let at = file as Record<string, unknown>;
    for (const step of steps) at = at[step] as Record<string, unknown>;
    if (value === undefined) Reflect.deleteProperty(at, last);
    else at[last] = value;
  };

export const all =
  (...changes: Change[]): Change =>
  (file) => {
    for (const change of changes) change(file);
  };

export const again =
  (list: string, changes: Record<string, unknown> = {}): Change =>
  (file) => {
    const entries = file[list] as unknown as Record<string, unknown>[];
    entries.push({ ...structuredClone(entries[0]!), ...changes });
  };

export const history = (...periods: readonly [limitKmh: number, from: string][]): Change =>
  set(
    'sites.0.limitHistory',
    periods.map(([limitKmh, from]) => ({ limitKmh, from, authority: 'A' })),
  );

export const at = (from: string, until: string): unknown => ({ siteCode: 'T-1', name: 'Sports', from, until });

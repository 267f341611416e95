/** `kerbside config show`: every value in force and where it comes from. */
import { valueAt } from './issues.js';
import { keysFolder, radarLink } from './load.js';
import { dotted } from './problem.js';
import type { KerbsideConfig } from './schema.js';
import type { KeyPath, YamlDocument } from './yaml-document.js';

export type Source =
  | { readonly from: 'file'; readonly line: number }
  /** `because`: what the default follows from; null for a fixed one. */
  | { readonly from: 'default'; readonly because: string | null };

export interface EffectiveValue {
  readonly key: string;
  readonly value: unknown;
  readonly source: Source;
}

/** In the order of the schema; lists are one value. */
export function effectiveValues(config: KerbsideConfig, document: YamlDocument): EffectiveValue[] {
  const complete = completed(config);
  return leaves(complete, []).map(([path, value]) => {
    const written = valueAt(document.value, path) !== undefined;
    const source: Source = written
      ? { from: 'file', line: document.placeOfValue(path).line }
      : { from: 'default', because: reasonOf(dotted(path), config) };
    return { key: dotted(path), value, source };
  });
}

/** What the default of `key` follows from; null for a fixed one. */
function reasonOf(key: string, { radar, dataDir }: KerbsideConfig): string | null {
  if (key === 'radar.baudRate' || key === 'radar.parity') return radar.protocol;
  return key === 'keys.folder' ? dataDir : null;
}

/** The configuration with the defaults that depend on another key, too. */
export const completed = (config: KerbsideConfig): KerbsideConfig => ({
  ...config,
  radar: { ...config.radar, ...radarLink(config) },
  keys: { folder: keysFolder(config) },
});

function leaves(value: unknown, path: KeyPath): [KeyPath, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

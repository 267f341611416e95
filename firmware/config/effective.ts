/** `kerbside config show`: every value in force and where it comes from. */
import { valueAt } from './issues.js';
import { radarLink } from './load.js';
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
    const because =
      path[0] === 'radar' && (path[1] === 'baudRate' || path[1] === 'parity') ? config.radar.protocol : null;
    const source: Source = written
      ? { from: 'file', line: document.placeOfValue(path).line }
      : { from: 'default', because };
    return { key: dotted(path), value, source };
  });
}

/** The configuration with the defaults that depend on another key, too. */
export const completed = (config: KerbsideConfig): KerbsideConfig => ({
  ...config,
  radar: { ...config.radar, ...radarLink(config) },
});

function leaves(value: unknown, path: KeyPath): [KeyPath, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

/**
 * Content of packs that nobody has signed, for a world that is pretended throughout (virtual time): read as strictly as
 * that of signed ones, marked DEMO, never written anywhere. A real van and a simulation in real time import signed packs.
 */
import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import { NO_REFERENCE, type PackHead, type PackKind, type Reference } from '../../src/site/reference.js';
import type { Site } from '../../src/site/types.js';
import type { Shelved } from '../van/shelf.js';
import { kindOfContent, readContent } from './content.js';

/** @throws KerbsideError 'pack-invalid' where a pack's content is one that no issuer could sign */
export function shelveUnsigned(packs: readonly Record<string, unknown>[], origin: string): Shelved {
  const heads: Record<PackKind, PackHead | null> = { ...NO_REFERENCE.heads };
  let reference: Reference = NO_REFERENCE;
  const sites: Site[] = [];
  for (const pack of packs) {
    const bytes = Buffer.from(stringify(pack));
    const { kind, serial, issuedUtcMs, content } = readContent(kindOfContent(bytes, origin));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    heads[kind] = { kind, issuer: 'unsigned, pretended', serial, issuedUtcMs, sha256, demo: true };
    reference = { ...reference, ...content.reference };
    sites.push(...content.sites);
  }
  return { reference: { ...reference, heads }, sites };
}

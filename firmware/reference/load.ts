/**
 * The reference data of a van from the packs in force. Every file is read and judged again each time: one that was
 * altered on the disk, or put back from an older copy, is refused by name and nothing of it is used. Only bytes that were verified before are not verified twice.
 */
import { createHash } from 'node:crypto';
import { KerbsideError, type ErrorName } from '../../src/errors.js';
import { ISSUER_OF } from '../../src/site/packs/head.js';
import { NO_REFERENCE, PACK_KINDS, type PackHead, type PackKind, type Reference } from '../../src/site/reference.js';
import type { Site } from '../../src/site/types.js';
import { everImported } from './import-pack.js';
import { openPack, type OpenedPack } from './open-pack.js';
import { packPath, readPackInForce } from './pack-store.js';
import { acceptedRoots, fingerprintOf, type IssuerRoots } from './roots.js';

export interface PackProblem {
  readonly kind: PackKind;
  readonly error: ErrorName;
  readonly sentence: string;
}

export interface LoadedReference {
  readonly reference: Reference;
  readonly sites: readonly Site[];
  /** Packs that lie in the folder and are not used; empty when all is well. A kind without a pack is none. */
  readonly problems: readonly PackProblem[];
  /** The packs in use, with who signed and until when that certificate is valid. */
  readonly packs: readonly OpenedPack[];
}

/**
 * @param folder `referenceFolder(config)`; it need not exist
 * @param roots `issuerRoots(config)`, or `DEMO_ONLY`
 */
export async function loadReference(folder: string, roots: IssuerRoots): Promise<LoadedReference> {
  const heads: Record<PackKind, PackHead | null> = { ...NO_REFERENCE.heads };
  let reference: Reference = NO_REFERENCE;
  let sites: readonly Site[] = [];
  const problems: PackProblem[] = [];
  const packs: OpenedPack[] = [];
  for (const kind of PACK_KINDS) {
    try {
      const pack = openInForce(folder, kind, roots);
      if (pack === null) continue;
      heads[kind] = pack.head;
      reference = { ...reference, ...pack.content.reference };
      sites = [...sites, ...pack.content.sites];
      packs.push(pack);
    } catch (error) {
      if (!(error instanceof KerbsideError)) throw error;
      problems.push({ kind, error: error.kind, sentence: error.message });
    }
  }
  return { reference: { ...reference, heads }, sites, problems, packs };
}

/**
 * What was verified last, by kind. The same bytes under the same roots have the same answer, and the office must not
 * read all sites of the country anew because a line was added to the log.
 */
const verified = new Map<PackKind, { readonly key: string; readonly pack: OpenedPack }>();

function openOnce(bytes: Uint8Array, path: string, kind: PackKind, roots: IssuerRoots): OpenedPack {
  const believed = acceptedRoots(roots, ISSUER_OF[kind]).map(fingerprintOf);
  const key = [createHash('sha256').update(bytes).digest('hex'), ...believed].join(' ');
  const known = verified.get(kind);
  if (known?.key === key) return known.pack;
  const pack = openPack(bytes, path, { roots, importedAtMs: null });
  if (pack.head.kind === kind) verified.set(kind, { key, pack });
  return pack;
}

function openInForce(folder: string, kind: PackKind, roots: IssuerRoots): OpenedPack | null {
  const path = packPath(folder, kind);
  const bytes = readPackInForce(folder, kind);
  if (bytes === null) return null;
  const pack = openOnce(bytes, path, kind, roots);
  const { serial, kind: found } = pack.head;
  if (found !== kind) {
    throw new KerbsideError('pack-invalid', `${path}: is a pack of kind ${found}, expected ${kind}.`);
  }
  const newest = everImported(folder, kind, roots);
  if (newest === null || newest.serial <= serial) return pack;
  const sentence = `${path}: has serial ${serial}, and serial ${newest.serial} ${newest.since}, expected that one.`;
  throw new KerbsideError('pack-older', sentence);
}

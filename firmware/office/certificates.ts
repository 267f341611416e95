/**
 * CAL-5: copies of the certificates of accuracy travel with the evidence. Read and hashed once at the start, copied into
 * the folder of each deployment; the record of every exposure states their hashes.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import type { CertificateFacts } from '../../src/evidence/record-context.js';
import { writeDurably } from '../workshop/durable-write.js';
import { evidenceRoot } from './sealed-files.js';

export interface KeptCertificate {
  readonly facts: CertificateFacts;
  /** The document; null where the configuration names none. */
  readonly copy: { readonly name: string; readonly bytes: Uint8Array } | null;
}

/** @throws KerbsideError 'config-invalid' when a document cannot be read */
export function readCertificate(facts: Omit<CertificateFacts, 'sha256'>, file: string | null): KeptCertificate {
  if (file === null) return { facts: { ...facts, sha256: null }, copy: null };
  try {
    const bytes = readFileSync(file);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    // Two certificates may come as files of one name.
    return { facts: { ...facts, sha256 }, copy: { name: `${sha256.slice(0, 8)}-${basename(file)}`, bytes } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const sentence = `Certificate ${facts.number}: its file ${file} cannot be read (${reason}), expected a copy to keep with the evidence (CAL-5).`;
    throw new KerbsideError('config-invalid', sentence);
  }
}

/** @param deployment six digits. @throws KerbsideError 'disk-full', 'store-failed' */
export function copyCertificates(dataDir: string, deployment: string, certificates: readonly KeptCertificate[]): void {
  for (const { copy } of certificates) {
    if (copy === null) continue;
    writeDurably(join(evidenceRoot(dataDir), deployment, 'certificates'), copy.name, copy.bytes);
  }
}

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
  readonly copy: KeptCopy | null;
}

/** @throws KerbsideError 'config-invalid' when a document cannot be read */
export function readCertificate(facts: Omit<CertificateFacts, 'sha256'>, file: string | null): KeptCertificate {
  if (file === null) return { facts: { ...facts, sha256: null }, copy: null };
  try {
    const bytes = readFileSync(file);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { facts: { ...facts, sha256 }, copy: namedCopy(file, bytes) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const sentence = `Certificate ${facts.number}: its file ${file} cannot be read (${reason}), expected a copy to keep with the evidence (CAL-5).`;
    throw new KerbsideError('config-invalid', sentence);
  }
}

/** A file that travels with the evidence beside the certificates: the packs that were in force. */
export interface KeptCopy {
  readonly name: string;
  readonly bytes: Uint8Array;
}

function namedCopy(file: string, bytes: Uint8Array): KeptCopy {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  // Two files may come under one name.
  return { name: `${sha256.slice(0, 8)}-${basename(file)}`, bytes };
}

/** @param deployment six digits. @throws KerbsideError 'disk-full', 'store-failed' */
export function keepCopies(dataDir: string, deployment: string, copies: readonly KeptCopy[]): void {
  for (const { name, bytes } of copies) {
    writeDurably(join(evidenceRoot(dataDir), deployment, 'certificates'), name, bytes);
  }
}

/** @param deployment six digits. @throws KerbsideError 'disk-full', 'store-failed' */
export function copyCertificates(dataDir: string, deployment: string, certificates: readonly KeptCertificate[]): void {
  const copies = certificates.flatMap(({ copy }) => (copy === null ? [] : [copy]));
  keepCopies(dataDir, deployment, copies);
}

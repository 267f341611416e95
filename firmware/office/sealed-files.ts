/**
 * Files that the workshop wrote before a crash, without a row in the store (crash table, "image written, not committed"):
 * they are verified before they are believed. The record names its number and holds the hash of the image beside it.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_ICN_SCHEME } from '../../src/evidence/icn.js';
import type { ConcludedExposure, Icn } from '../../src/evidence/types.js';
import type { SealedFiles } from '../store/rows.js';

/** What a record says, whoever decodes it. */
export interface ReadRecord {
  readonly exposure: ConcludedExposure;
  /** Hex; null where the number has no image. */
  readonly sealedImageSha256: string | null;
}
/** @throws KerbsideError 'evidence-damaged' when the bytes are no record */
export type RecordReader = (bytes: Uint8Array) => ReadRecord;

export interface FoundFiles {
  readonly exposure: ConcludedExposure;
  readonly files: SealedFiles;
}

/** `<dataDir>/evidence/<six digits of deployment>` */
export function evidenceFolder(dataDir: string, icn: Icn): string {
  const { deployment } = DEFAULT_ICN_SCHEME.parse(icn);
  return join(dataDir, 'evidence', DEFAULT_ICN_SCHEME.formatDeployment(deployment));
}

/** Null when there is no record, or when record and image are not exactly what they claim to be. */
export async function findSealed(dataDir: string, icn: Icn, readRecord: RecordReader): Promise<FoundFiles | null> {
  const folder = evidenceFolder(dataDir, icn);
  const recordPath = join(folder, `${icn}.record`);
  const imagePath = join(folder, `${icn}.jpg`);
  try {
    const bytes = await readFile(recordPath);
    const { exposure, sealedImageSha256 } = readRecord(bytes);
    if (exposure.icn !== icn) return null;
    const record = { path: recordPath, sha256: sha256(bytes) };
    if (sealedImageSha256 === null) return { exposure, files: { image: null, record } };
    if (sha256(await readFile(imagePath)) !== sealedImageSha256) return null;
    return { exposure, files: { image: { path: imagePath, sha256: sealedImageSha256 }, record } };
  } catch {
    return null;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

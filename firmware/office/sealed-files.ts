/**
 * Files that the workshop wrote before a crash, without a row in the store (crash table, "image written, not committed"):
 * they are verified before they are believed. The record names its number and holds the hash of the image beside it; of its
 * signature, which was on the disk before it, only the presence is asked.
 */
import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import { chainName, stemOf, type RecordWork } from '../../src/evidence/record-work.js';
import { decodeEventRecord } from '../../src/evidence/event-record.js';
import { readEnvelope, type ChainLink } from '../../src/evidence/record-envelope.js';
import { decodeRecord } from '../../src/evidence/record.js';
import { decodeDeploymentRecord, decodeParametersRecord } from '../../src/evidence/session-records.js';
import type { SealedFiles } from '../store/rows.js';

export interface FoundRecord {
  readonly work: RecordWork;
  readonly link: ChainLink;
  readonly files: SealedFiles;
}

/** `<dataDir>/evidence` */
export const evidenceRoot = (dataDir: string): string => join(dataDir, 'evidence');

/** The work that these bytes are the record of, its place, and the hash of its image. @throws KerbsideError 'evidence-damaged' */
export function readWork(bytes: Uint8Array): {
  readonly work: RecordWork;
  readonly link: ChainLink;
  readonly sealedImageSha256: string | null;
} {
  const { type } = readEnvelope(bytes);
  if (type === 'exposure') {
    const { exposure, context, link, sealedImageSha256 } = decodeRecord(bytes);
    return { work: { type, exposure, context }, link, sealedImageSha256 };
  }
  const { link, ...work } = readSessionWork(type, bytes);
  return { work, link, sealedImageSha256: null };
}

function readSessionWork(type: Exclude<RecordWork['type'], 'exposure'>, bytes: Uint8Array) {
  if (type === 'deployment') return { type, ...decodeDeploymentRecord(bytes) };
  if (type === 'parameters') return { type, ...decodeParametersRecord(bytes) };
  return { type, ...decodeEventRecord(bytes) };
}

/**
 * @param name in the chain, e.g. 000001/000001002.record
 * @returns null when there is no record, or when record, image and signature are not all there as they claim to be
 */
export async function findRecord(dataDir: string, name: string): Promise<FoundRecord | null> {
  const recordPath = join(evidenceRoot(dataDir), name);
  const beside = (ending: string): string => recordPath.replace(/record$/, ending);
  try {
    const bytes = await readFile(recordPath);
    const { work, link, sealedImageSha256 } = readWork(bytes);
    if (chainName(work) !== name) return null;
    await access(beside('p7s'));
    const record = { path: recordPath, sha256: sha256Hex(bytes) };
    if (sealedImageSha256 === null) return { work, link, files: { image: null, record } };
    const image = { path: beside('jpg'), sha256: sealedImageSha256 };
    if (sha256Hex(await readFile(image.path)) !== sealedImageSha256) return null;
    return { work, link, files: { image, record } };
  } catch (error) {
    if (error instanceof KerbsideError || isMissing(error)) return null;
    throw error;
  }
}

/** A record of another outcome than the one that was decided is not believed. */
export function sameOutcome(found: RecordWork, wanted: RecordWork, files: SealedFiles): boolean {
  if (found.type !== wanted.type || stemOf(found) !== stemOf(wanted)) return false;
  if (found.type !== 'exposure' || wanted.type !== 'exposure') return true;
  const { kind, reason, imageId } = wanted.exposure;
  return (
    found.exposure.kind === kind && found.exposure.reason === reason && (files.image !== null) === (imageId !== null)
  );
}

const sha256Hex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

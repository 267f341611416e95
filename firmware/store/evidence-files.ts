/**
 * Evidence as it is found on a disk, with the store or without it: a data folder may be a copy, a card from a van, or an
 * export, so records alone must do.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import { doubtOf, doubtsAbout, type Doubt } from '../../src/evidence/doubts.js';
import { decodeEventRecord } from '../../src/evidence/event-record.js';
import { DEFAULT_ICN_SCHEME } from '../../src/evidence/icn.js';
import { decodeRecord, type EvidenceRecord } from '../../src/evidence/record.js';
import type { ConcludedExposure, Icn } from '../../src/evidence/types.js';
import { hasStore, readDoubts, readExposure, readExposures, readExposuresOf } from './reader.js';
import type { ExposureRow } from './rows.js';

/** One number with its files, absolute paths. */
export interface EvidenceItem {
  readonly exposure: ConcludedExposure;
  readonly deployment: string;
  readonly image: { readonly path: string; readonly sha256: string } | null;
  readonly record: { readonly path: string; readonly sha256: string };
  /** A failed or missing test speaks against it; it is marked, never deleted. */
  readonly doubts: readonly Doubt[];
}

/**
 * Every number in order.
 *
 * @throws KerbsideError 'store-failed', 'store-schema', 'evidence-damaged'
 */
export async function listEvidenceItems(dataDir: string): Promise<EvidenceItem[]> {
  if (hasStore(dataDir)) {
    const doubts = await readDoubts(dataDir);
    return (await readExposures(dataDir)).map((row) => fromRow(dataDir, row, doubts));
  }
  const paths = await recordPaths(dataDir, NUMBER);
  const doubts = await doubtsOnDisk(dataDir);
  return Promise.all(paths.map((path) => fromRecord(path, doubts)));
}

/** Those of one deployment. @param deployment six digits */
export async function listDeploymentItems(dataDir: string, deployment: string): Promise<EvidenceItem[]> {
  if (hasStore(dataDir)) {
    const doubts = await readDoubts(dataDir);
    return (await readExposuresOf(dataDir, deployment)).map((row) => fromRow(dataDir, row, doubts));
  }
  const paths = (await recordPaths(dataDir, NUMBER)).filter((path) => dirname(path).endsWith(`/${deployment}`));
  const doubts = await doubtsOnDisk(dataDir);
  return Promise.all(paths.map((path) => fromRecord(path, doubts)));
}

/** Without a store, the folders say which deployments there are. */
export async function deploymentsOnDisk(dataDir: string): Promise<string[]> {
  const names = await readdir(join(dataDir, 'evidence')).catch(() => []);
  return names.filter((name) => /^\d{6}$/.test(name)).sort();
}

/** @throws KerbsideError 'icn-unknown' when nothing is known under this number */
export async function findEvidenceItem(dataDir: string, icn: Icn): Promise<EvidenceItem> {
  DEFAULT_ICN_SCHEME.parse(icn);
  const row = hasStore(dataDir) ? await readExposure(dataDir, icn) : null;
  if (row !== null) return fromRow(dataDir, row, await readDoubts(dataDir));
  const path = (await recordPaths(dataDir, NUMBER)).find((candidate) => candidate.endsWith(`/${icn}.record`));
  if (path !== undefined) return fromRecord(path, await doubtsOnDisk(dataDir));
  throw new KerbsideError('icn-unknown', `Number ${icn} is not in ${dataDir}; kerbside evidence list shows which are.`);
}

/** @throws KerbsideError 'evidence-damaged' when the record is missing or cannot be read */
export async function readRecordFile(path: string): Promise<EvidenceRecord> {
  return decodeRecord(await readEvidence(path));
}

/** A file that must be there, since something else refers to it. */
export async function readEvidence(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KerbsideError('evidence-damaged', `Evidence file ${path} cannot be read (${reason}); it must exist.`);
  }
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function fromRow(dataDir: string, row: ExposureRow, doubts: readonly Doubt[]): EvidenceItem {
  const absolute = (file: string): string => (isAbsolute(file) ? file : join(dataDir, file));
  const image =
    row.imageFile === null || row.imageSha256 === null
      ? null
      : { path: absolute(row.imageFile), sha256: row.imageSha256 };
  return {
    exposure: row.exposure,
    deployment: DEFAULT_ICN_SCHEME.formatDeployment(row.deployment),
    image,
    record: { path: absolute(row.recordFile), sha256: row.recordSha256 },
    doubts: doubtsAbout(row.exposure.icn, doubts),
  };
}

async function fromRecord(path: string, doubts: readonly Doubt[]): Promise<EvidenceItem> {
  const bytes = await readEvidence(path);
  const { exposure, sealedImageSha256 } = decodeRecord(bytes);
  const { deployment } = DEFAULT_ICN_SCHEME.parse(exposure.icn);
  const imagePath = path.replace(/\.record$/, '.jpg');
  return {
    exposure,
    deployment: DEFAULT_ICN_SCHEME.formatDeployment(deployment),
    image: sealedImageSha256 === null ? null : { path: imagePath, sha256: sealedImageSha256 },
    record: { path, sha256: sha256Hex(bytes) },
    doubts: doubtsAbout(exposure.icn, doubts),
  };
}

const NUMBER = /(^|\/)\d+\.record$/;
const EVENT = /(^|\/)event-\d+\.record$/;

/** Without a store the event records say it themselves. */
async function doubtsOnDisk(dataDir: string): Promise<Doubt[]> {
  const doubts: Doubt[] = [];
  for (const path of await recordPaths(dataDir, EVENT)) {
    const doubt = doubtOf(decodeEventRecord(await readEvidence(path)).facts.event);
    if (doubt !== null) doubts.push(doubt);
  }
  return doubts;
}

async function recordPaths(dataDir: string, kind: RegExp): Promise<string[]> {
  const root = join(dataDir, 'evidence');
  const entries = await readdir(root, { recursive: true }).catch(() => []);
  return entries
    .filter((name) => kind.test(name))
    .sort()
    .map((name) => join(root, name));
}

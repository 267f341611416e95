/**
 * Seals one record and, where there is one, its image: image, detached signature, record, in this order, each on the
 * disk before the next. The record is the mark that all is there. A job can simply be done again after a crash
 * (processes.md, crash table): salts and signatures differ from one attempt to the next, so a record that lies there
 * already is kept if it says what this job would say.
 */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import { verifyCms } from '../../src/evidence/cms.js';
import type { ChainLink } from '../../src/evidence/record-envelope.js';
import {
  encodeWork,
  isDemo,
  NO_IMAGE,
  stemOf,
  type RecordWork,
  type SealedImageFacts,
} from '../../src/evidence/record-work.js';
import { decodeRecord } from '../../src/evidence/record.js';
import type { Signer } from '../../src/ports/signer.js';
import { sealCrypto } from '../keys/crypto.js';
import { sealRecord } from '../keys/seal-record.js';
import { makeFolder, syncFolder, writeDurably, writeError } from './durable-write.js';
import { makeSealedImage, plainName, sha256Of, type SealSource } from './sealed-image.js';
import { StageTimer } from './stage-timer.js';

export interface SealJob {
  readonly work: RecordWork;
  readonly link: ChainLink;
  /** Where the files go; made if missing. */
  readonly directory: string;
  readonly softwareVersion: string;
}

export interface SealTools {
  readonly source: SealSource;
  readonly signer: Signer;
  readonly utcMs: () => number;
}

export interface WrittenFile {
  readonly path: string;
  readonly sha256: string;
}

export interface Sealed {
  readonly image: WrittenFile | null;
  readonly record: WrittenFile;
  /** How long each stage took, milliseconds. */
  readonly stageMs: Readonly<Record<string, number>>;
}

/** The image is not to blame: it must not be given up for this. */
export class NumberTaken extends KerbsideError {}

interface Names {
  readonly image: string;
  readonly signature: string;
  readonly record: string;
}

function readIfThere(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw writeError(error, path);
  }
}

function isSigned(signature: Uint8Array | null, record: Uint8Array): boolean {
  if (signature === null) return false;
  try {
    verifyCms(signature, record, sealCrypto);
    return true;
  } catch {
    return false;
  }
}

/** What the record on the disk says of its image; all else it must say as the job does, the camera's file included. */
function imageFactsOf(found: Uint8Array): { readonly facts: SealedImageFacts; readonly softwareVersion: string } {
  const { sealedImageSha256, splice, softwareVersion, exposure } = decodeRecord(found);
  return { facts: { sealedImageSha256, splice, cameraFileSha256: exposure.imageSha256 }, softwareVersion };
}

function saysTheSame(found: Uint8Array, job: SealJob): boolean {
  try {
    const { facts, softwareVersion } =
      job.work.type === 'exposure' ? imageFactsOf(found) : { facts: NO_IMAGE, softwareVersion: '' };
    const matched = job.work.type === 'exposure' ? job.work.exposure.imageSha256 : null;
    if (matched !== null && matched !== facts.cameraFileSha256) return false;
    return sha256Of(encodeWork(job.work, job.link, facts, softwareVersion)) === sha256Of(found);
  } catch {
    return false;
  }
}

/**
 * What an earlier attempt has finished. Its signature may be lost or torn where the disk lied: a new one is made.
 * @returns null when there is no record yet
 * @throws NumberTaken evidence-damaged: what was sealed under this number stays, whatever it is
 */
async function finishEarlier(
  job: SealJob,
  names: Names,
  { signer, utcMs }: SealTools,
): Promise<Omit<Sealed, 'stageMs'> | null> {
  const { directory } = job;
  const path = join(directory, names.record);
  const found = readIfThere(path);
  if (found === null) return null;
  if (!saysTheSame(found, job)) {
    const sentence = `${path} holds another record; expected none, or the same: it is not overwritten, move it away and keep it.`;
    throw new NumberTaken('evidence-damaged', sentence);
  }
  const stated = job.work.type === 'exposure' ? imageFactsOf(found).facts.sealedImageSha256 : null;
  const imagePath = join(directory, names.image);
  if (stated !== null && sha256Of(readIfThere(imagePath) ?? new Uint8Array()) !== stated) {
    const sentence = `${imagePath} is not the image that its record states (SHA-256 ${stated}); both are kept as they are.`;
    throw new NumberTaken('evidence-damaged', sentence);
  }
  if (!isSigned(readIfThere(join(directory, names.signature)), found)) {
    writeDurably(directory, names.signature, await sealRecord(signer, found, utcMs()));
  }
  const image = stated === null ? null : { path: imagePath, sha256: stated };
  return { image, record: { path, sha256: sha256Of(found) } };
}

/** An image that an earlier attempt had sealed, and that is not to be issued any more, is not left beside its record. */
function setAside(directory: string, name: string): void {
  const path = join(directory, name);
  if (!existsSync(path)) return;
  const aside = join(directory, '..', '..', 'dropped');
  try {
    makeFolder(aside);
    renameSync(path, join(aside, `${basename(name, '.jpg')}.sealed.jpg`));
    syncFolder(aside);
    syncFolder(directory);
  } catch (error) {
    throw writeError(error, path);
  }
}

/**
 * @throws KerbsideError disk-full, store-failed or key-*: the same job may succeed later; image-*: this image can never be
 *   sealed; evidence-damaged: the camera's file has changed, or the number has another record already
 */
export async function seal(job: SealJob, tools: SealTools): Promise<Sealed> {
  const { work, link, directory, softwareVersion } = job;
  const { signer, source, utcMs } = tools;
  const timer = new StageTimer();
  const stem = plainName(stemOf(work));
  const names = { image: `${stem}.jpg`, signature: `${stem}.p7s`, record: `${stem}.record` };
  if (isDemo(work) !== signer.demo) {
    const found = signer.demo ? 'a demo key' : 'no demo key';
    throw new KerbsideError(
      'key-unusable',
      `${names.record}: found ${found}; expected demo key and demo record together.`,
    );
  }
  const earlier = await finishEarlier(job, names, tools);
  if (earlier !== null) return { ...earlier, stageMs: timer.stageMs };
  const imageId = work.type === 'exposure' ? work.exposure.imageId : null;
  const image =
    work.type !== 'exposure' || imageId === null
      ? null
      : await makeSealedImage(
          { exposure: work.exposure, link, directory, softwareVersion },
          imageId,
          source,
          signer,
          timer,
        );
  const record = timer.run('record', () => encodeWork(work, link, image?.facts ?? NO_IMAGE, softwareVersion));
  const signature = await timer.wait('sign', () => sealRecord(signer, record, utcMs()));
  if (image === null) setAside(directory, names.image);
  else timer.run('write image', () => writeDurably(directory, names.image, image.bytes));
  timer.run('write record', () => writeDurably(directory, names.signature, signature));
  const path = timer.run('write record', () => writeDurably(directory, names.record, record));
  const sealedSha256 = image?.facts.sealedImageSha256 ?? null;
  return {
    image: sealedSha256 === null ? null : { path: join(directory, names.image), sha256: sealedSha256 },
    record: { path, sha256: sha256Of(record) },
    stageMs: timer.stageMs,
  };
}

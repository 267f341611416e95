/**
 * Seals one number: reads the camera's file, makes sure it is the one that was matched, appends the data block, writes
 * image and then record. Deterministic and repeatable: the same job gives the same bytes, so that after a crash it can
 * simply be done again (processes.md, crash table). The camera's file is only read.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import { dataBlock, describe } from '../../src/evidence/data-block.js';
import { writeExif } from '../../src/evidence/exif.js';
import { inspectJpeg } from '../../src/evidence/jpeg/inspect.js';
import { parseJpeg } from '../../src/evidence/jpeg/parse.js';
import { recoverOriginal } from '../../src/evidence/jpeg/private-data.js';
import { appendStrip, type SplicedJpeg } from '../../src/evidence/jpeg/splice.js';
import { encodeRecord, type SpliceFacts } from '../../src/evidence/record.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';
import { readCameraNotes } from './camera-notes.js';
import { writeDurably, writeError } from './durable-write.js';
import { paintStrip } from './strip.js';

export interface SealJob {
  readonly exposure: ConcludedExposure;
  /** Where image and record go; made if missing. */
  readonly directory: string;
  readonly softwareVersion: string;
}

export interface SealSource {
  /** The camera's folder; null while it is not known. */
  readonly folder: string | null;
  /** True for a file that this process has found complete: its scan need not be walked again. */
  readonly isInspected: (sha256: string) => boolean;
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

interface CameraFile {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

class StageTimer {
  readonly stageMs: Record<string, number> = {};

  run<T>(stage: string, work: () => T): T {
    const start = performance.now();
    try {
      return work();
    } finally {
      this.stageMs[stage] = (this.stageMs[stage] ?? 0) + performance.now() - start;
    }
  }
}

/** File names only: a number or an image that names a path of its own would leave its folder. */
function plainName(name: string): string {
  if (name === '' || name !== basename(name) || name.startsWith('.')) {
    throw new KerbsideError('image-unreadable', `"${name}" is no plain file name.`);
  }
  return name;
}

/**
 * The camera's file. Where it is gone, an image sealed before the crash gives it back.
 * @throws KerbsideError image-unreadable, evidence-damaged
 */
function readCameraFile(job: SealJob, imageId: string, source: SealSource): CameraFile {
  const path = join(source.folder ?? '', plainName(imageId));
  const expected = job.exposure.imageSha256;
  let bytes: Uint8Array;
  try {
    if (source.folder === null) throw new Error('the folder of the camera is not known yet');
    bytes = readFileSync(path);
  } catch (cause) {
    const earlier = recoverEarlier(job);
    if (earlier !== null) return earlier;
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new KerbsideError('image-unreadable', `The camera's file ${path} cannot be read: ${found}.`, { cause });
  }
  const sha256 = sha256Of(bytes);
  if (expected !== null && sha256 !== expected) {
    const sentence = `The camera's file ${path} has changed: its SHA-256 is ${sha256}, expected ${expected}.`;
    throw new KerbsideError('evidence-damaged', sentence);
  }
  return { bytes, sha256 };
}

function recoverEarlier({ directory, exposure }: SealJob): CameraFile | null {
  try {
    const bytes = recoverOriginal(readFileSync(join(directory, `${exposure.icn}.jpg`)));
    const sha256 = sha256Of(bytes);
    return sha256 === exposure.imageSha256 ? { bytes, sha256 } : null;
  } catch {
    return null; // no sealed image, or not a whole one
  }
}

/** Strip and EXIF on the camera's bytes; no files. */
export function stamp(original: Uint8Array, imageName: string, job: SealJob): SplicedJpeg {
  const { facts, icn } = job.exposure;
  const block = dataBlock(job.exposure);
  const notes = readCameraNotes(imageName, original);
  const strip = paintStrip(block, parseJpeg(original).width);
  return appendStrip(original, strip, (picture) =>
    writeExif(
      {
        icn,
        description: describe(block),
        software: `Kerbside ${job.softwareVersion}`,
        make: notes.make,
        model: notes.model ?? facts.cameraModel,
        bodySerialNumber: notes.serialNumber,
        utcMs: facts.utcMs,
        zone: facts.zone,
        cameraPosition: facts.cameraPosition,
        cameraPositionErrorM: facts.cameraPositionErrorM,
      },
      picture,
    ),
  );
}

interface SealedImage {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly splice: SpliceFacts;
  readonly cameraSha256: string;
}

function stampImage(job: SealJob, imageId: string, source: SealSource, timer: StageTimer): SealedImage {
  const camera = timer.run('read', () => readCameraFile(job, imageId, source));
  if (!source.isInspected(camera.sha256)) timer.run('inspect', () => inspectJpeg(camera.bytes));
  const spliced = timer.run('stamp', () => stamp(camera.bytes, imageId, job));
  const sha256 = timer.run('hash', () => sha256Of(spliced.bytes));
  const { bytes, photoRows, sealedRows, edgeRows } = spliced;
  return { bytes, sha256, splice: { photoRows, sealedRows, edgeRows }, cameraSha256: camera.sha256 };
}

/** The image is not to blame: it must not be given up for this. */
export class NumberTaken extends KerbsideError {}

/**
 * What was sealed under this number stays: the same record may be written again, no other. The record is written last,
 * so an image without one is what a crash left of a job, and may be written anew.
 * @throws NumberTaken evidence-damaged
 */
function refuseAnotherRecord(path: string, record: Uint8Array): void {
  let found: Uint8Array;
  try {
    found = readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw writeError(error, path);
  }
  if (sha256Of(found) === sha256Of(record)) return;
  const sentence = `${path} holds another record; expected none, or the same: it is not overwritten, move it away and keep it.`;
  throw new NumberTaken('evidence-damaged', sentence);
}

/**
 * @throws KerbsideError disk-full or store-failed: the same job may succeed later; image-*: this image can never be
 *   sealed; evidence-damaged: the camera's file has changed, or the number has another record already
 */
export function seal(job: SealJob, source: SealSource): Sealed {
  const timer = new StageTimer();
  const { exposure, softwareVersion } = job;
  const name = plainName(exposure.icn);
  const image = exposure.imageId === null ? null : stampImage(job, exposure.imageId, source, timer);
  const record = encodeRecord({
    exposure: image === null ? exposure : { ...exposure, imageSha256: image.cameraSha256 },
    sealedImageSha256: image?.sha256 ?? null,
    splice: image?.splice ?? null,
    softwareVersion,
  });
  timer.run('record', () => refuseAnotherRecord(join(job.directory, `${name}.record`), record));
  const imageFile =
    image === null
      ? null
      : {
          path: timer.run('write', () => writeDurably(job.directory, `${name}.jpg`, image.bytes)),
          sha256: image.sha256,
        };
  const path = timer.run('record', () => writeDurably(job.directory, `${name}.record`, record));
  return { image: imageFile, record: { path, sha256: sha256Of(record) }, stageMs: timer.stageMs };
}

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
import { writeDurably } from './durable-write.js';
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
  readonly file: WrittenFile;
  readonly splice: SpliceFacts;
  readonly cameraSha256: string;
}

function sealImage(job: SealJob, imageId: string, source: SealSource, timer: StageTimer): SealedImage {
  const camera = timer.run('read', () => readCameraFile(job, imageId, source));
  if (!source.isInspected(camera.sha256)) timer.run('inspect', () => inspectJpeg(camera.bytes));
  const spliced = timer.run('stamp', () => stamp(camera.bytes, imageId, job));
  const sha256 = timer.run('hash', () => sha256Of(spliced.bytes));
  const path = timer.run('write', () =>
    writeDurably(job.directory, `${plainName(job.exposure.icn)}.jpg`, spliced.bytes),
  );
  const { photoRows, sealedRows, edgeRows } = spliced;
  return { file: { path, sha256 }, splice: { photoRows, sealedRows, edgeRows }, cameraSha256: camera.sha256 };
}

/**
 * @throws KerbsideError disk-full or store-failed: the same job may succeed later; image-* or evidence-damaged: this
 *   image can never be sealed
 */
export function seal(job: SealJob, source: SealSource): Sealed {
  const timer = new StageTimer();
  const { exposure, softwareVersion } = job;
  const image = exposure.imageId === null ? null : sealImage(job, exposure.imageId, source, timer);
  const record = encodeRecord({
    exposure: image === null ? exposure : { ...exposure, imageSha256: image.cameraSha256 },
    sealedImageSha256: image?.file.sha256 ?? null,
    splice: image?.splice ?? null,
    softwareVersion,
  });
  const path = timer.run('record', () => writeDurably(job.directory, `${plainName(exposure.icn)}.record`, record));
  return { image: image?.file ?? null, record: { path, sha256: sha256Of(record) }, stageMs: timer.stageMs };
}

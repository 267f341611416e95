/**
 * From the camera's file to the sealed image, without writing anything: reads the file, makes sure it is the one that was
 * matched, appends the data block, and puts the C2PA manifest in. The camera's file is only read.
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
import type { ChainLink } from '../../src/evidence/record-envelope.js';
import type { SealedImageFacts } from '../../src/evidence/record-work.js';
import { measurementClaim } from '../../src/evidence/seal-claim.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';
import type { Signer } from '../../src/ports/signer.js';
import { sealImage } from './c2pa.js';
import { readCameraNotes } from './camera-notes.js';
import type { StageTimer } from './stage-timer.js';
import { paintStrip } from './strip.js';

export interface SealSource {
  /** The camera's folder; null while it is not known. */
  readonly folder: string | null;
  /** True for a file that this process has found complete: its scan need not be walked again. */
  readonly isInspected: (sha256: string) => boolean;
}

export interface StampOrder {
  readonly exposure: ConcludedExposure;
  readonly softwareVersion: string;
}

export interface ImageOrder extends StampOrder {
  /** Where the sealed image will lie, and may lie since before a crash. */
  readonly directory: string;
  readonly link: ChainLink;
}

export interface SealedImage {
  readonly bytes: Uint8Array;
  readonly facts: SealedImageFacts;
}

interface CameraFile {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** File names only: a number or an image that names a path of its own would leave its folder. */
export function plainName(name: string): string {
  if (name === '' || name !== basename(name) || name.startsWith('.')) {
    throw new KerbsideError('image-unreadable', `"${name}" is no plain file name.`);
  }
  return name;
}

/**
 * The camera's file. Where it is gone, an image sealed before the crash gives it back.
 * @throws KerbsideError image-unreadable: it is gone for good; store-failed: the disk does not give it now;
 *   evidence-damaged
 */
function readCameraFile(order: ImageOrder, imageId: string, source: SealSource): CameraFile {
  const path = join(source.folder ?? '', plainName(imageId));
  const expected = order.exposure.imageSha256;
  let bytes: Uint8Array;
  try {
    if (source.folder === null) throw new Error('the folder of the camera is not known yet');
    bytes = readFileSync(path);
  } catch (cause) {
    const earlier = recoverEarlier(order);
    if (earlier !== null) return earlier;
    const found = cause instanceof Error ? cause.message : String(cause);
    const kind = source.folder === null || isGone(cause) ? 'image-unreadable' : 'store-failed';
    throw new KerbsideError(kind, `The camera's file ${path} cannot be read: ${found}.`, { cause });
  }
  const sha256 = sha256Of(bytes);
  if (expected !== null && sha256 !== expected) {
    // The camera may have put a newer picture under the name since this one was sealed.
    const earlier = recoverEarlier(order);
    if (earlier !== null) return earlier;
    const sentence = `The camera's file ${path} has changed: its SHA-256 is ${sha256}, expected ${expected}.`;
    throw new KerbsideError('evidence-damaged', sentence);
  }
  return { bytes, sha256 };
}

/** What is not there now never will be; every other refusal is the disk's, and may pass. */
function isGone(cause: unknown): boolean {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return ['ENOENT', 'EISDIR', 'ENOTDIR', 'ELOOP'].includes(code);
}

function recoverEarlier({ directory, exposure }: ImageOrder): CameraFile | null {
  try {
    const bytes = recoverOriginal(readFileSync(join(directory, `${exposure.icn}.jpg`)));
    const sha256 = sha256Of(bytes);
    return sha256 === exposure.imageSha256 ? { bytes, sha256 } : null;
  } catch {
    return null; // no sealed image, or not a whole one
  }
}

/** Strip and EXIF on the camera's bytes; no files. */
export function stamp(original: Uint8Array, imageName: string, order: StampOrder): SplicedJpeg {
  const { facts, icn } = order.exposure;
  const block = dataBlock(order.exposure);
  const notes = readCameraNotes(imageName, original);
  const strip = paintStrip(block, parseJpeg(original).width);
  return appendStrip(original, strip, (picture) =>
    writeExif(
      {
        icn,
        description: describe(block),
        software: `Kerbside ${order.softwareVersion}`,
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

/** @throws KerbsideError image-*: this image can never be sealed; store-failed; evidence-damaged; key-unusable */
export async function makeSealedImage(
  order: ImageOrder,
  imageId: string,
  source: SealSource,
  signer: Signer,
  timer: StageTimer,
): Promise<SealedImage> {
  const { exposure, link, softwareVersion } = order;
  const camera = timer.run('read', () => readCameraFile(order, imageId, source));
  if (!source.isInspected(camera.sha256)) timer.run('inspect', () => inspectJpeg(camera.bytes));
  const spliced = timer.run('stamp', () => stamp(camera.bytes, imageId, order));
  const measurement = measurementClaim({ ...exposure, imageSha256: camera.sha256 }, link);
  const claim = { title: `${exposure.icn}.jpg`, softwareVersion, measurement, demo: exposure.facts.demo };
  const bytes = await timer.wait('c2pa', () => sealImage(spliced.bytes, claim, signer));
  const { photoRows, sealedRows, edgeRows } = spliced;
  return {
    bytes,
    facts: {
      sealedImageSha256: timer.run('hash', () => sha256Of(bytes)),
      splice: { photoRows, sealedRows, edgeRows },
      cameraFileSha256: camera.sha256,
    },
  };
}

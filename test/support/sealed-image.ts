/** A small image as the workshop seals it, and the two steps of checking it. */
import { createHash } from 'node:crypto';
import { sealImage, type SealClaim } from '../../firmware/workshop/c2pa.js';
import { stamp } from '../../firmware/workshop/sealed-image.js';
import { checkSeal } from '../../src/evidence/c2pa/check-seal.js';
import { readSeal, type SealReading } from '../../src/evidence/c2pa/read-seal.js';
import type { Signer } from '../../src/ports/signer.js';
import { fullExposure } from '../evidence/samples.js';
import { jpegFile, withExif } from '../workshop/camera-files.js';
import { nodeSealCrypto } from './memory-signer.js';

export const MEASUREMENT = {
  icn: '000123002',
  speedKmh: 67.25,
  limitKmh: 50,
  direction: 'towards',
  utc: '2026-12-31T11:30:05.078Z',
  site: { code: 'NG-1', road: 'Ngāūranga Gorge', latitude: -41.2893 },
  lane: null,
  exposure: [1, 2],
};

export const CLAIM: SealClaim = {
  title: '000123002.jpg',
  softwareVersion: '0.1.0',
  measurement: MEASUREMENT,
  demo: false,
};

export const cameraFile = (width = 64, height = 48): Buffer =>
  withExif(jpegFile(width, height), { make: 'Nordlicht', model: 'NX-12', serial: '20260815' });

export function stampedImage(original: Buffer = cameraFile()): Uint8Array {
  const exposure = { ...fullExposure, imageSha256: createHash('sha256').update(original).digest('hex') };
  return stamp(original, 'DSC_0042.JPG', { exposure, softwareVersion: '0.1.0' }).bytes;
}

export async function sealedImage(signer: Signer, changes: Partial<SealClaim> = {}): Promise<Buffer> {
  return Buffer.from(await sealImage(stampedImage(), { ...CLAIM, ...changes }, signer));
}

export function hashWithout(jpeg: Uint8Array, { start, length }: SealReading['exclusion']): Uint8Array {
  return createHash('sha256')
    .update(jpeg.subarray(0, start))
    .update(jpeg.subarray(start + length))
    .digest();
}

/** @throws KerbsideError evidence-damaged */
export function readAndCheck(jpeg: Uint8Array): SealReading {
  const reading = readSeal(jpeg);
  checkSeal(reading, hashWithout(jpeg, reading.exclusion), nodeSealCrypto);
  return reading;
}

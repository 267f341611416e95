/** The camera's files, and sealed images. */
import { readCameraNotes } from '../../../firmware/workshop/camera-notes.js';
import { createTinyPictures } from '../../../hw-sim/virtual/tiny-pictures.js';
import { inspectJpeg } from '../../../src/evidence/jpeg/inspect.js';
import { parseJpeg } from '../../../src/evidence/jpeg/parse.js';
import { recoverOriginal } from '../../../src/evidence/jpeg/private-data.js';
import { appendStrip } from '../../../src/evidence/jpeg/splice.js';
import { readCbor, plainValue, writeCbor } from '../../../src/evidence/c2pa/cbor.js';
import type { Signer } from '../../../src/ports/signer.js';
import { cameraFile, MEASUREMENT, readAndCheck, sealedImage, stampedImage } from '../../support/sealed-image.js';
import { testStrip } from '../../support/pictures.js';
import { jpegFile, withExif } from '../../workshop/camera-files.js';
import type { FuzzTarget } from '../target.js';
import { refusing } from './parts.js';

/** Wider than this no picture of the corpus is; a file may say that it is 65,535 wide, and would cost that much. */
const MOST_WIDTH_PX = 512;
const STRIP_ROWS = 9;

/** What a splice promises: the photo can be had back, byte for byte. */
function splice(bytes: Uint8Array): boolean {
  inspectJpeg(bytes);
  const { width } = parseJpeg(bytes);
  if (width > MOST_WIDTH_PX) return false;
  const sealed = appendStrip(bytes, testStrip(width, STRIP_ROWS));
  if (!Buffer.from(recoverOriginal(sealed.bytes)).equals(bytes)) throw new Error('another file came back');
  return true;
}

export async function pictureTargets(signer: Signer): Promise<FuzzTarget[]> {
  const pictures = createTinyPictures();
  const tiny = [0, 3].map((vehicles) => pictures({ counter: 7, cameraUtcMs: 1.77e12, flash: false, vehicles }));
  const cameras = [...tiny, Uint8Array.from(cameraFile(16, 16))];
  const noted = withExif(jpegFile(16, 16), {
    stamp: '2026:06:06 07:08:09',
    subSeconds: '12',
    serial: 'SN-1',
    make: 'Nordlicht',
  });
  const small = cameraFile(16, 16);
  return [
    { name: 'jpeg', seeds: cameras, run: refusing(inspectJpeg) },
    {
      name: 'camera-notes',
      seeds: [noted, ...cameras],
      run: (bytes) => readCameraNotes('IMG_0007.JPG', bytes).make !== null,
    },
    { name: 'splice', seeds: cameras, run: refusing(splice) },
    { name: 'original', seeds: [stampedImage(small)], run: refusing(recoverOriginal) },
    { name: 'seal', seeds: [Uint8Array.from(await sealedImage(signer, { demo: true }))], run: refusing(readAndCheck) },
    {
      name: 'cbor',
      seeds: [writeCbor(MEASUREMENT), writeCbor([new Map<unknown, unknown>([['a', [1, 2.5, null]]]), 'b', true])],
      run: refusing((bytes) => plainValue(readCbor(bytes, 'fuzz')) !== undefined),
    },
  ];
}

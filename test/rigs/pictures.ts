/** The pictures of the rigs: small, real, each different; made once and handed to the processes of a rig as a folder. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cjpeg, testPhoto } from '../support/pictures.js';
import type { Pictures } from './session.js';

const COUNT = 4;

/** Needs cjpeg. */
export function makePictures(folder: string): Pictures {
  for (let seed = 1; seed <= COUNT; seed++) {
    writeFileSync(join(folder, `${seed}.jpg`), cjpeg(testPhoto(64, 48, 3, seed), '-quality', '80'));
  }
  return readPictures(folder);
}

export function readPictures(folder: string): Pictures {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .sort()
    .map((name) => readFileSync(join(folder, name)));
}

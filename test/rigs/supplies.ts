/** What the sessions of a rig need: small real pictures, each different, and a key. Made once, for all processes of a rig. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSigner } from '../../firmware/keys/open-signer.js';
import { cjpeg, testPhoto } from '../support/pictures.js';

/** Pictures with different bytes, and the folder of the demo key. */
export interface Supplies {
  readonly pictures: readonly Uint8Array[];
  readonly keys: string;
}

const COUNT = 3;

/** Needs cjpeg. */
export async function makeSupplies(folder: string): Promise<Supplies> {
  mkdirSync(join(folder, 'pictures'));
  for (let seed = 1; seed <= COUNT; seed++) {
    const picture = cjpeg(testPhoto(64, 48, 3, seed), '-quality', '80');
    writeFileSync(join(folder, 'pictures', `${seed}.jpg`), picture);
  }
  await openSigner(join(folder, 'keys'), { demo: true });
  return readSupplies(folder);
}

export function readSupplies(folder: string): Supplies {
  const names = readdirSync(join(folder, 'pictures')).sort();
  return {
    pictures: names.map((name) => readFileSync(join(folder, 'pictures', name))),
    keys: join(folder, 'keys'),
  };
}

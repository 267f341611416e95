/** The imported packs of this van, as the shelf holds them. */
import { referenceFolder } from '../config/load.js';
import type { KerbsideConfig } from '../config/schema.js';
import { loadReference } from '../reference/load.js';
import { issuerRoots } from '../reference/roots.js';
import type { Shelved } from './shelf.js';

/** @throws KerbsideError 'config-invalid' where a root of the configuration is none */
export async function readShelf(config: KerbsideConfig): Promise<Shelved> {
  const { reference, sites, problems } = await loadReference(referenceFolder(config), issuerRoots(config));
  return { reference, sites, problems: problems.map(({ sentence }) => sentence) };
}

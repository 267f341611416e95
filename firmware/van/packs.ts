/**
 * The imported packs of this van, as the shelf holds them. To read and judge all sites of a country takes seconds, in
 * which the office must go on: it journals triggers and carries images. So a running van reads them in a thread.
 */
import { Worker } from 'node:worker_threads';
import { KerbsideError } from '../../src/errors.js';
import { referenceFolder } from '../config/load.js';
import type { KerbsideConfig } from '../config/schema.js';
import { loadReference } from '../reference/load.js';
import { issuerRoots, type IssuerRoots } from '../reference/roots.js';
import type { Shelved } from './shelf.js';

/** What the thread is told. */
export interface PacksToRead {
  readonly folder: string;
  readonly roots: IssuerRoots;
}

const toRead = (config: KerbsideConfig): PacksToRead => ({
  folder: referenceFolder(config),
  roots: issuerRoots(config),
});

/** @throws KerbsideError 'config-invalid' where a root of the configuration is none */
export const readShelf = async (config: KerbsideConfig): Promise<Shelved> => readPacks(toRead(config));

export async function readPacks({ folder, roots }: PacksToRead): Promise<Shelved> {
  const { reference, sites, problems } = await loadReference(folder, roots);
  return { reference, sites, problems: problems.map(({ sentence }) => sentence) };
}

/** The same in a thread of its own, which ends with it. @throws KerbsideError as above, 'pack-unreadable' */
export async function readShelfAside(config: KerbsideConfig): Promise<Shelved> {
  const packs = toRead(config);
  const worker = new Worker(new URL('./packs-worker.js', import.meta.url), { workerData: packs });
  try {
    return await new Promise<Shelved>((resolve, reject) => {
      const failed = (why: string): void => {
        reject(new KerbsideError('pack-unreadable', `The packs in ${packs.folder} could not be read (${why}).`));
      };
      worker.once('message', resolve);
      worker.once('error', (error) => failed(error instanceof Error ? error.message : String(error)));
      worker.once('exit', (code) => failed(`the reading thread ended with code ${code}`));
    });
  } finally {
    await worker.terminate();
  }
}

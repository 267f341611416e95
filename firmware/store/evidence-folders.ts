/**
 * The deployment numbers that the disk knows, whatever the store says: `<dataDir>/evidence/<digits>`. A store that was lost
 * or put back from a copy has forgotten numbers that are printed on images already (ICN-2: no number twice).
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { storeError } from './database.js';

/** @returns null where there is no such folder @throws KerbsideError 'store-failed' when the disk does not tell */
export async function highestEvidenceFolder(dataDir: string, digits: number): Promise<number | null> {
  const root = join(dataDir, 'evidence');
  const names = await readdir(root).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw storeError(error, root);
  });
  const numbers = names.filter((name) => /^[0-9]+$/.test(name) && name.length === digits).map(Number);
  return numbers.length === 0 ? null : Math.max(...numbers);
}

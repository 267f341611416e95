/**
 * One controller a data folder. The lock is an exclusive SQLite transaction on an empty file beside the store: the kernel
 * drops it with the process, so a crash leaves no stale lock behind, and a second start inside the same process is
 * refused, too. The store itself stays free for readers (`kerbside evidence list`).
 */
import { join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import { Database } from './database.js';

export interface DataDirLock {
  release(): Promise<void>;
}

/** @throws KerbsideError 'store-locked' when another controller works in `dataDir` */
export async function lockDataDir(dataDir: string): Promise<DataDirLock> {
  const file = join(dataDir, 'controller.lock');
  const database = await Database.open(file, 'write');
  try {
    await database.exec('PRAGMA locking_mode = NORMAL; BEGIN EXCLUSIVE');
  } catch (error) {
    await database.close();
    if (error instanceof KerbsideError && error.kind === 'store-locked') {
      throw new KerbsideError(
        'store-locked',
        `Data folder ${dataDir} is in use by another running controller; stop it first, or give this one its own dataDir.`,
        { cause: error },
      );
    }
    throw error;
  }
  return { release: () => database.close() };
}

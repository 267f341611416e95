/**
 * One controller a data folder. The lock is an exclusive SQLite transaction on an empty file beside the store: the kernel
 * drops it with the process, so a crash leaves no stale lock behind, and a second start inside the same process is
 * refused, too. The store itself stays free for readers (`kerbside evidence list`).
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { KerbsideError } from '../../src/errors.js';
import { Database } from './database.js';

export interface DataDirLock {
  release(): Promise<void>;
}

const AGAIN_MS = 20;

/**
 * Waits for the file, however long its holder lives, and for a disk that does not give it now. For two processes of one
 * van of which the older is about to end.
 *
 * @param given up when it is aborted: then null
 */
export async function lockWhenFree(file: string, given: AbortSignal): Promise<DataDirLock | null> {
  while (!given.aborted) {
    const lock = await tryLock(file).catch(() => null);
    if (lock !== null) return lock;
    await delay(AGAIN_MS, undefined, { signal: given }).catch(() => undefined);
  }
  return null;
}

async function tryLock(file: string): Promise<DataDirLock> {
  const database = await Database.open(file, 'write');
  try {
    await database.exec('PRAGMA locking_mode = NORMAL; BEGIN EXCLUSIVE');
  } catch (error) {
    await database.close();
    throw error;
  }
  return { release: () => database.close() };
}

/** @throws KerbsideError 'store-locked' when another controller works in `dataDir` */
export async function lockDataDir(dataDir: string, name = 'controller.lock'): Promise<DataDirLock> {
  const file = join(dataDir, name);
  try {
    return await tryLock(file);
  } catch (error) {
    if (error instanceof KerbsideError && error.kind === 'store-locked') {
      throw new KerbsideError(
        'store-locked',
        `Data folder ${dataDir} is in use by another running controller; stop it first, or give this one its own dataDir.`,
        { cause: error },
      );
    }
    throw error;
  }
}

/**
 * The socket in the data folder. Whoever may open it may run the camera: owner and group (mode 0660), nobody else. Beside
 * it lies a lock that the kernel drops with its process; whoever holds it may remove the socket that a dead one left
 * behind, so that two starts at once can never take each other's socket away.
 */
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import { lockDataDir, type DataDirLock } from '../store/lock.js';

export const controlSocket = (dataDir: string): string => join(dataDir, 'control.sock');

/** Of a Unix socket on Linux. Surprise: a longer path is not refused but cut off, so the socket gets another name. */
const LONGEST_PATH_BYTES = 107;

/** Where no controller can serve and no client can ask. */
export const isTooLong = (path: string): boolean => Buffer.byteLength(path) > LONGEST_PATH_BYTES;

const LOCK_FILE = 'control.lock';
const MODE = 0o660;
/** Everything but read and write for owner and group. */
const UMASK = 0o117;

/**
 * @returns to be released after the server was closed
 * @throws KerbsideError 'store-locked' when another controller works in this folder, 'control-socket' when none can be made
 */
export async function listenInFolder(server: Server, dataDir: string): Promise<DataDirLock> {
  const path = controlSocket(dataDir);
  if (isTooLong(path)) throw cannotServe(path, `it has ${Buffer.byteLength(path)} bytes`);
  const lock = await lockDataDir(dataDir, LOCK_FILE);
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === false) {
      throw new KerbsideError(
        'control-socket',
        `Control socket ${path} is a file of another kind; expected a free path.`,
      );
    }
    rmSync(path, { force: true });
    await listen(server, path);
    return lock;
  } catch (error) {
    await lock.release();
    throw error instanceof KerbsideError ? error : cannotServe(path, error);
  }
}

/** The file gets its name and its mode within this call: nobody else can come in between. */
function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const before = process.umask(UMASK);
    try {
      server.listen(path, () => {
        server.off('error', reject);
        server.on('error', () => undefined);
        chmodSync(path, MODE);
        resolve();
      });
    } finally {
      process.umask(before);
    }
  });
}

function cannotServe(path: string, cause: unknown): KerbsideError {
  const code = typeof cause === 'string' ? cause : ((cause as NodeJS.ErrnoException).code ?? String(cause));
  return new KerbsideError(
    'control-socket',
    `Control socket ${path} cannot be made (${code}); expected a folder that may be written and a path of at most 107 bytes.`,
    { cause },
  );
}

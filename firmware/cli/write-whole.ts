/** Files that a command writes for a person: never half a file under the name that was asked for. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { KerbsideError } from '../../src/errors.js';

/** @param option that named the file, for the sentence. @throws KerbsideError 'usage' */
export async function writeWhole(target: string, bytes: Uint8Array, option = '--output'): Promise<void> {
  const half = `${target}.part`;
  try {
    await writeFile(half, bytes);
    await rename(half, target);
  } catch (error) {
    await rm(half, { force: true });
    const reason = error instanceof Error ? error.message : String(error);
    throw new KerbsideError('usage', `File ${target} cannot be written (${reason}); give another ${option}.`);
  }
}

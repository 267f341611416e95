/**
 * Writes a file so that after a power cut it is there whole or not at all: a temporary name in the same folder, fsync,
 * rename, fsync of the folder. The temporary name follows from the name, so what a crash leaves is overwritten by the
 * next attempt. Synchronous: the workshop has nothing else to do meanwhile.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** @returns disk-full, or store-failed for everything else that a file system can say */
export function writeError(error: unknown, path: string): KerbsideError {
  if (error instanceof KerbsideError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  return FULL.has(code)
    ? new KerbsideError('disk-full', `${path} cannot be written: the disk is full.`, { cause: error })
    : new KerbsideError('store-failed', `${path} cannot be written: ${message}.`, { cause: error });
}

export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes the folder and those above it, each entry durable. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  const above = dirname(folder);
  makeFolder(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process of the van was quicker, and syncs it.
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    throw error;
  }
  try {
    syncFolder(above);
  } catch (error) {
    unmakeFolder(folder);
    throw error;
  }
}

/** The next attempt must not take a folder that was just made for one that is on the disk. */
function unmakeFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It stays; the power would have to fail before the file system writes it by itself.
  }
}

function writeAll(path: string, bytes: Uint8Array): void {
  const handle = openSync(path, 'w', 0o640);
  try {
    let at = 0;
    while (at < bytes.length) at += writeSync(handle, bytes, at);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Best effort: a disk that refuses to write may refuse this, too, and the next attempt overwrites the file. */
function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The reason why the file could not be written is what counts.
  }
}

/**
 * @returns the path of the file
 * @throws KerbsideError disk-full or store-failed; where the disk still allows it no temporary file is left behind
 */
export function writeDurably(directory: string, name: string, bytes: Uint8Array): string {
  const path = join(directory, name);
  const temporary = join(directory, `.${name}.tmp`);
  try {
    makeFolder(directory);
    writeAll(temporary, bytes);
    renameSync(temporary, path);
    syncFolder(directory);
    return path;
  } catch (error) {
    removeIfPossible(temporary);
    throw writeError(error, path);
  }
}

/**
 * The files of the keys folder, written so that a power cut leaves each of them whole or absent. A private key is never
 * written over another one: it comes under its name by a hard link, which fails where the name is taken.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import { syncFolder, writeError } from '../workshop/durable-write.js';

export const KEY_MODE = 0o400;
export const CERTIFICATE_MODE = 0o444;
/** Nobody else has to see even the names. */
const FOLDER_MODE = 0o700;
const MOST_KEPT = 999;

export interface KeyPaths {
  readonly key: string;
  /** PEM chain, the signer's certificate first, without the root. */
  readonly certificates: string;
  /** The root, where the device issued its own certificate. */
  readonly root: string;
  readonly request: string;
}

export const keyPaths = (folder: string, kind: 'device' | 'demo'): KeyPaths => ({
  key: join(folder, `${kind}.key`),
  certificates: join(folder, `${kind}.crt`),
  root: join(folder, `${kind}-root.crt`),
  request: join(folder, `${kind}.csr`),
});

/** @returns null where there is no such file @throws KerbsideError 'key-unusable' when it cannot be read */
export function readKeyFile(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw new KerbsideError('key-unusable', `${path} cannot be read (${codeOf(error)}), expected a readable file.`, {
      cause: error,
    });
  }
}

export interface WriteRules {
  readonly mode: number;
  /** A file of that name stays as it is. */
  readonly exclusive?: boolean;
}

/**
 * @returns false when it is exclusive and a file of that name was there already
 * @throws KerbsideError 'disk-full', 'store-failed'
 */
export function writeKeyFile(path: string, bytes: string | Uint8Array, { mode, exclusive }: WriteRules): boolean {
  const folder = dirname(path);
  // Two processes that make the demo key at once must not write into each other's file.
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    makeFolder(folder);
    rmSync(temporary, { force: true });
    writeSynced(temporary, Buffer.from(bytes), mode);
    if (exclusive === true) linkSync(temporary, path);
    else renameSync(temporary, path);
    rmSync(temporary, { force: true });
    syncFolder(folder);
    return true;
  } catch (error) {
    rmSync(temporary, { force: true });
    if (exclusive === true && codeOf(error) === 'EEXIST') return false;
    throw writeError(error, path);
  }
}

/**
 * Gives the file a second, numbered name (`device.crt` becomes `device-1.crt`, too), under which it stays when another
 * takes its place.
 * @returns the new name; null where there is no such file
 */
export function keepOld(path: string): string | null {
  for (let number = 1; number <= MOST_KEPT; number += 1) {
    const kept = path.replace(/(\.[a-z]+)$/, `-${number}$1`);
    try {
      linkSync(path, kept);
      syncFolder(dirname(path));
      return kept;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      if (codeOf(error) !== 'EEXIST') throw writeError(error, kept);
    }
  }
  throw new KerbsideError('store-failed', `${path} has ${MOST_KEPT} older versions beside it; move some of them away.`);
}

/** A crash while a key was written leaves a second copy of it. Only where no other process can be writing it. */
export function removeLeftovers(path: string): void {
  const folder = dirname(path);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${basename(path)}.`) && name.endsWith('.tmp')) removeKeyFile(join(folder, name));
  }
}

/** @throws KerbsideError 'store-failed' */
export function removeKeyFile(path: string): void {
  try {
    rmSync(path, { force: true });
    syncFolder(dirname(path));
  } catch (error) {
    throw writeError(error, path);
  }
}

function makeFolder(folder: string): void {
  const first = mkdirSync(dirname(folder), { recursive: true });
  if (first !== undefined) {
    for (let made = dirname(folder); made.length >= first.length; made = dirname(made)) syncFolder(dirname(made));
  }
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  syncFolder(dirname(folder));
}

function writeSynced(path: string, bytes: Uint8Array, mode: number): void {
  const handle = openSync(path, 'wx', mode);
  try {
    let at = 0;
    while (at < bytes.length) at += writeSync(handle, bytes, at);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

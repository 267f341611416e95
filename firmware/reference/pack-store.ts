/**
 * The packs of a van on its disk: one file for each kind that is in force, kept byte for byte as it came, and every pack
 * that ever was in force under `history/`, since evidence of years ago must show the certificate of that time (CAL-5).
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import { PACK_KINDS, type PackHead, type PackKind, type Reference } from '../../src/site/reference.js';
import { writeDurably } from '../workshop/durable-write.js';
import { readPackFile } from './pack-file.js';

export const packName = (kind: PackKind): string => `${kind}.pack`;

/** Where the pack in force lies. */
export const packPath = (folder: string, kind: PackKind): string => join(folder, packName(kind));

export const historyFolder = (folder: string): string => join(folder, 'history');

export const historyName = ({ kind, serial, sha256 }: Pick<PackHead, 'kind' | 'serial' | 'sha256'>): string =>
  `${kind}-${String(serial).padStart(9, '0')}-${sha256.slice(0, 16)}.pack`;

/** @returns null where no pack of the kind is in force @throws KerbsideError 'pack-unreadable' */
export function readPackInForce(folder: string, kind: PackKind): Uint8Array | null {
  const path = packPath(folder, kind);
  return existsSync(path) ? readPackFile(path) : null;
}

/**
 * First under its name for ever, then as the one in force: a cut between the two leaves the earlier one in force.
 * @throws KerbsideError 'disk-full', 'store-failed'
 */
export function putInForce(folder: string, head: PackHead, bytes: Uint8Array): string {
  writeDurably(historyFolder(folder), historyName(head), bytes);
  return writeDurably(folder, packName(head.kind), bytes);
}

export interface PackCopy {
  readonly kind: PackKind;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/**
 * CAL-5: copies of the packs that a deployment went by, to travel with its evidence; those of these heads, also where
 * others were imported since.
 * @throws KerbsideError 'pack-unreadable' where the file of a head is gone or is no longer that file
 */
export function packCopies(
  folder: string,
  heads: Reference['heads'],
  kinds: readonly PackKind[] = PACK_KINDS,
): PackCopy[] {
  return kinds.flatMap((kind) => {
    const head = heads[kind];
    return head === null ? [] : [copyOf(folder, head)];
  });
}

function copyOf(folder: string, head: PackHead): PackCopy {
  const { kind, sha256 } = head;
  const name = historyName(head);
  for (const path of [packPath(folder, kind), join(historyFolder(folder), name)]) {
    if (!existsSync(path)) continue;
    const bytes = readPackFile(path);
    if (createHash('sha256').update(bytes).digest('hex') === sha256) return { kind, name, bytes, sha256 };
  }
  const sentence = `${folder} no longer holds the ${kind} pack with SHA-256 ${sha256}, expected ${name} in its history.`;
  throw new KerbsideError('pack-unreadable', sentence);
}

/** Names of the packs under `history/`, oldest serial first. */
export function packHistory(folder: string, kind: PackKind): string[] {
  if (!existsSync(historyFolder(folder))) return [];
  return readdirSync(historyFolder(folder))
    .filter((name) => name.startsWith(`${kind}-`) && name.endsWith('.pack'))
    .sort();
}

/**
 * What was imported and what was refused: one JSON line each, appended and synced, never rewritten. Beside the account it
 * gives, it remembers the highest serial of each kind, so that taking a pack away does not open the door to an older one.
 */
import { closeSync, fsyncSync, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PACK_KINDS, type PackKind } from '../../src/site/reference.js';
import { makeFolder, syncFolder, writeError } from '../workshop/durable-write.js';

export const IMPORT_RESULTS = ['imported', 'already-imported', 'restored', 'refused'] as const;

const entrySchema = z.object({
  /** UTC. */
  at: z.string(),
  /** Who typed the command. */
  by: z.string(),
  /** As it was named. */
  file: z.string(),
  /** Of the whole file; null: it could not be read. */
  sha256: z.string().nullable(),
  kind: z.enum(PACK_KINDS).nullable(),
  serial: z.number().nullable(),
  issuer: z.string().nullable(),
  demo: z.boolean().nullable(),
  /** Of what was signed. */
  contentSha256: z.string().nullable(),
  /** Of the certificate of the root. */
  rootSha256: z.string().nullable(),
  result: z.enum(IMPORT_RESULTS),
  /** Name of the refusal, and its sentence. */
  error: z.string().nullable(),
  sentence: z.string().nullable(),
});

export type ImportEntry = z.infer<typeof entrySchema>;

export const importLogPath = (folder: string): string => join(folder, 'imports.jsonl');

/** Whole lines only: what a crash left half-written says nothing. */
export function readImportLog(folder: string): ImportEntry[] {
  let text: string;
  try {
    text = readFileSync(importLogPath(folder), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw writeError(error, importLogPath(folder));
  }
  return text.split('\n').flatMap((line) => {
    try {
      const parsed = entrySchema.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

/** @throws KerbsideError 'disk-full', 'store-failed' */
export function appendToImportLog(folder: string, entry: ImportEntry): void {
  const path = importLogPath(folder);
  try {
    makeFolder(folder);
    const handle = openSync(path, 'a+', 0o640);
    try {
      const isNew = fstatSync(handle).size === 0;
      const line = Buffer.from(`${endsMidLine(handle) ? '\n' : ''}${JSON.stringify(entry)}\n`);
      let at = 0;
      while (at < line.length) at += writeSync(handle, line, at);
      fsyncSync(handle);
      if (isNew) syncFolder(folder);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw writeError(error, path);
  }
}

/** Before a pack is taken into force: what cannot be accounted for is not done. @throws as above */
export function openImportLog(folder: string): void {
  const path = importLogPath(folder);
  try {
    closeSync(openSync(path, 'a', 0o640));
  } catch (error) {
    throw writeError(error, path);
  }
}

function endsMidLine(handle: number): boolean {
  const { size } = fstatSync(handle);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(handle, last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}

/** The newest pack of a kind that was ever taken under one of these roots. */
export function highestImported(
  entries: readonly ImportEntry[],
  kind: PackKind,
  rootSha256s: readonly string[],
): { readonly serial: number; readonly contentSha256: string; readonly at: string } | null {
  let highest: { serial: number; contentSha256: string; at: string } | null = null;
  for (const { result, kind: of, serial, contentSha256, rootSha256, at } of entries) {
    if (result === 'refused' || of !== kind || serial === null || contentSha256 === null) continue;
    if (rootSha256 === null || !rootSha256s.includes(rootSha256)) continue;
    if (highest === null || serial >= highest.serial) highest = { serial, contentSha256, at };
  }
  return highest;
}

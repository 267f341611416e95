/**
 * Keeps all recordings together below `recording.keepMb`: whole recordings, the oldest first, and never one that an exhibit
 * may need. What a recording is of that the store does not know is not ours to judge, so it stays, too.
 */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_ICN_SCHEME } from '../../src/evidence/icn.js';
import type { KnownDeployments } from '../store/exhibit-table.js';
import { syncFolder } from '../store/files.js';
import { partOf } from './files.js';

export interface PruneOptions {
  readonly dataDir: string;
  readonly keepBytes: number;
  readonly deployments: KnownDeployments;
  /** In which the recording goes on: a replay needs all that came before. */
  readonly current: number;
}

export interface Pruned {
  /** Deployments whose recording was deleted, as printed. */
  readonly deleted: readonly string[];
  /** Of all recordings that are left. */
  readonly bytes: number;
}

interface Kept {
  readonly number: number;
  readonly folder: string;
  readonly files: readonly string[];
  readonly bytes: number;
}

export async function pruneRecordings(options: PruneOptions): Promise<Pruned> {
  const { keepBytes, deployments, current } = options;
  const recordings = await recordingsIn(join(options.dataDir, 'evidence'));
  let bytes = recordings.reduce((sum, each) => sum + each.bytes, 0);
  const deleted: string[] = [];
  for (const recording of recordings) {
    if (bytes <= keepBytes) break;
    const { number } = recording;
    if (number === current || !deployments.all.has(number) || deployments.withExhibits.has(number)) continue;
    await remove(recording);
    bytes -= recording.bytes;
    deleted.push(DEFAULT_ICN_SCHEME.formatDeployment(number));
  }
  return { deleted, bytes };
}

/** The first file last: without the others it still says what it was, without it the others say nothing. */
async function remove({ folder, files }: Kept): Promise<void> {
  for (const file of [...files].reverse()) await rm(join(folder, file), { force: true });
  await syncFolder(folder);
}

/** Oldest first: numbers are given out in order. */
async function recordingsIn(root: string): Promise<Kept[]> {
  const names = (await namesIn(root)).filter((name) => /^\d{6}$/.test(name)).sort();
  const found: Kept[] = [];
  for (const name of names) {
    const folder = join(root, name);
    const files = (await namesIn(folder)).filter((file) => partOf(file) !== null);
    files.sort((a, b) => (partOf(a) ?? 0) - (partOf(b) ?? 0));
    let bytes = 0;
    for (const file of files) bytes += (await stat(join(folder, file))).size;
    if (files.length > 0) found.push({ number: Number(name), folder, files, bytes });
  }
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return [];
    throw error;
  });
}

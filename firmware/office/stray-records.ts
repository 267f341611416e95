/**
 * Records on the disk that neither the store nor the chain file knows. No crash leaves any: a record's job waits in the
 * store until it is committed. They are found when both copies of the chain were lost, or both were put back from older
 * ones; their own links then say in which order they belong to it.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import { chainName } from '../../src/evidence/record-work.js';
import { readEnvelope } from '../../src/evidence/record-envelope.js';
import type { ChainLine } from '../../src/evidence/chain.js';
import type { Store } from '../store/store.js';
import { evidenceRoot } from './sealed-files.js';

const FOLDER = /^[0-9]{6}$/;
const RECORD = /^(?:[0-9]{9}|deployment|parameters|event-[0-9]{4,9})\.record$/;

export interface StrayRecords {
  /** Names in the chain, in no order. */
  readonly strays: readonly string[];
  /** On the disk as well, but their jobs wait: an older store may not know yet that they were done and that strays followed. */
  readonly waiting: readonly string[];
}

export async function strayRecords(store: Store, lines: readonly ChainLine[]): Promise<StrayRecords> {
  const root = evidenceRoot(store.dataDir);
  const known = new Set(lines.map(({ name }) => name));
  const jobs = new Set((await store.openJobs()).map(({ work }) => chainName(work)));
  for (const name of await store.unchainedRecords()) known.add(name);
  const strays: string[] = [];
  const waiting: string[] = [];
  for (const folder of await readdir(root)) {
    if (!FOLDER.test(folder)) continue;
    for (const file of await readdir(join(root, folder)).catch(() => [])) {
      const name = `${folder}/${file}`;
      if (!RECORD.test(file) || known.has(name)) continue;
      (jobs.has(name) ? waiting : strays).push(name);
    }
  }
  return { strays, waiting };
}

/** By the place that each claims. @throws KerbsideError 'chain-broken' for one that cannot be read */
export async function bySequence(store: Store, strays: readonly string[]): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  for (const name of strays) {
    try {
      found.set(readEnvelope(await readFile(join(evidenceRoot(store.dataDir), name))).sequence, name);
    } catch (error) {
      if (!(error instanceof KerbsideError)) throw error;
    }
  }
  return found;
}

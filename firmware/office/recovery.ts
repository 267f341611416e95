/**
 * What a crash left open is brought to an end (processes.md, crash table): triggers of the journal go into the store, files
 * without a row are verified and committed, and every number without an end becomes a void record with its reason.
 * Nothing here needs the workshop; what it still has to write comes back as jobs.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_ICN_SCHEME } from '../../src/evidence/icn.js';
import { chainName, stemOf } from '../../src/evidence/record-work.js';
import type { ConcludedExposure, ExposureFacts, ExposureStart } from '../../src/evidence/types.js';
import type { Clock } from '../../src/ports/index.js';
import type { Journal } from '../store/journal.js';
import type { JobRow } from '../store/rows.js';
import type { Store } from '../store/store.js';
import { accountFor, type OpenNumber } from './accounting.js';
import type { Finding, RecordChain } from './record-chain.js';
import { evidenceRoot, findRecord, sameOutcome, type FoundRecord } from './sealed-files.js';

export interface RecoveryReport {
  /** In order; the seal queue takes them. */
  readonly jobs: readonly JobRow[];
  readonly committed: number;
  readonly voided: number;
  readonly findings: readonly Finding[];
}

/** @param entries of the journal, as it was opened */
export async function recover(
  store: Store,
  journal: Journal,
  entries: readonly unknown[],
  chain: RecordChain,
  clock: Clock,
): Promise<RecoveryReport> {
  await store.markFired(entries.filter(isStart));
  await journal.checkpoint();
  const findings = await sweepHalfWritten(store);
  const committed = await commitSealedJobs(store, chain, clock);
  const voids = await openExposures(store, 'crash', clock);
  for (const exposure of voids) await store.addJob(exposure);
  const now = { atNs: clock.monotonicNs(), utcMs: clock.utcMs() };
  for (const { number } of await store.openDeployments()) await store.closeDeployment(number, 'crash', now);
  return { jobs: await store.openJobs(), committed, voided: voids.length, findings };
}

/** Temporary files of writes that a crash or a power cut ended: they never had a name, so nothing refers to them. */
async function sweepHalfWritten(store: Store): Promise<Finding[]> {
  const swept: string[] = [];
  for (const number of await store.unaccountedDeployments()) {
    const folder = join(evidenceRoot(store.dataDir), DEFAULT_ICN_SCHEME.formatDeployment(number));
    for (const name of await readdir(folder).catch(() => [])) {
      if (!/^\..*\.tmp$/.test(name)) continue;
      await rm(join(folder, name), { force: true });
      swept.push(name);
    }
  }
  if (swept.length === 0) return [];
  const sentence = `Files that were being written when the last session ended were removed, their jobs are done again: ${swept.join(', ')}.`;
  return [{ level: 'info', code: 'half-written', sentence }];
}

/** Every number that has neither end nor job gets a void exposure. */
export async function openExposures(
  store: Store,
  ended: 'orderly' | 'crash',
  clock: Clock,
): Promise<ConcludedExposure[]> {
  const waiting = new Set((await store.openJobs()).map(({ work }) => stemOf(work)));
  const facts = new Map<number, ExposureFacts>();
  const open: OpenNumber[] = [];
  for (const number of await store.openNumbers()) {
    if (waiting.has(number.icn)) continue;
    const known = facts.get(number.deployment) ?? (await store.factsOf(number.deployment));
    facts.set(number.deployment, known);
    open.push({ ...number, facts: known });
  }
  return accountFor(open, ended, clock.monotonicNs());
}

/** The workshop had finished, the commit is missing. A record of another outcome is not believed. */
async function commitSealedJobs(store: Store, chain: RecordChain, clock: Clock): Promise<number> {
  let committed = 0;
  for (const { work } of await store.openJobs()) {
    const found = await findNext(store, chain, chainName(work));
    if (found === null || !sameOutcome(found.work, work, found.files)) continue;
    await chain.commit(work, found.files, clock.utcMs());
    committed += 1;
  }
  return committed;
}

/** What was sealed last may be committed, nothing else: it hangs on the end of the chain. */
async function findNext(store: Store, chain: RecordChain, name: string): Promise<FoundRecord | null> {
  const found = await findRecord(store.dataDir, name);
  const { sequence, previousSha256 } = chain.next;
  return found?.link.sequence === sequence && found.link.previousSha256 === previousSha256 ? found : null;
}

function isStart(entry: unknown): entry is ExposureStart {
  return typeof entry === 'object' && entry !== null && 'icn' in entry && typeof entry.icn === 'string';
}

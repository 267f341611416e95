/**
 * What a crash left open is brought to an end (processes.md, crash table): triggers of the journal go into the store, files
 * without a row are verified and committed, and every number without an end becomes a void record with its reason.
 * Nothing here needs the workshop; what it still has to write comes back as jobs.
 */
import { DEFAULT_ICN_SCHEME } from '../../src/evidence/icn.js';
import type { ConcludedExposure, ExposureFacts, ExposureStart } from '../../src/evidence/types.js';
import type { Clock } from '../../src/ports/index.js';
import type { Journal } from '../store/journal.js';
import type { JobRow, SealedFiles } from '../store/rows.js';
import type { Store } from '../store/store.js';
import { accountFor, type OpenNumber } from './accounting.js';
import { findSealed, type RecordReader } from './sealed-files.js';

export interface RecoveryReport {
  /** In order; the seal queue takes them. */
  readonly jobs: readonly JobRow[];
  readonly committed: number;
  readonly voided: number;
}

/** @param entries of the journal, as it was opened */
export async function recover(
  store: Store,
  journal: Journal,
  entries: readonly unknown[],
  clock: Clock,
  readRecord: RecordReader,
): Promise<RecoveryReport> {
  await store.markFired(entries.filter(isStart));
  await journal.checkpoint();
  const committed =
    (await commitSealedJobs(store, clock, readRecord)) + (await commitSealedNumbers(store, clock, readRecord));
  const voids = await openExposures(store, 'crash', clock);
  for (const exposure of voids) await store.addJob(exposure);
  for (const { number } of await store.openDeployments()) await store.closeDeployment(number, 'crash', clock.utcMs());
  return { jobs: await store.openJobs(), committed, voided: voids.length };
}

/** Every number that has neither end nor job gets a void exposure. */
export async function openExposures(
  store: Store,
  ended: 'orderly' | 'crash',
  clock: Clock,
): Promise<ConcludedExposure[]> {
  const waiting = new Set((await store.openJobs()).map(({ exposure }) => exposure.icn));
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

/** The workshop had finished, the commit is missing. A record of another outcome is not believed: it is written anew. */
async function commitSealedJobs(store: Store, clock: Clock, readRecord: RecordReader): Promise<number> {
  let committed = 0;
  for (const { exposure } of await store.openJobs()) {
    const found = await findSealed(store.dataDir, exposure.icn, readRecord);
    if (found === null || !sameOutcome(found.exposure, exposure, found.files)) continue;
    await commit(store, exposure, found.files, clock);
    committed += 1;
  }
  return committed;
}

/** Files of a number that has not even a job: an older backup of the store was put back. */
async function commitSealedNumbers(store: Store, clock: Clock, readRecord: RecordReader): Promise<number> {
  const waiting = new Set((await store.openJobs()).map(({ exposure }) => exposure.icn));
  let committed = 0;
  for (const { icn } of await store.openNumbers()) {
    if (waiting.has(icn)) continue;
    const found = await findSealed(store.dataDir, icn, readRecord);
    if (found === null) continue;
    await commit(store, found.exposure, found.files, clock);
    committed += 1;
  }
  return committed;
}

function commit(store: Store, exposure: ConcludedExposure, files: SealedFiles, clock: Clock): Promise<void> {
  return store.commit(exposure, files, DEFAULT_ICN_SCHEME.parse(exposure.icn).deployment, clock.utcMs());
}

function sameOutcome(found: ConcludedExposure, wanted: ConcludedExposure, files: SealedFiles): boolean {
  return (
    found.kind === wanted.kind && found.reason === wanted.reason && (files.image !== null) === (wanted.imageId !== null)
  );
}

function isStart(entry: unknown): entry is ExposureStart {
  return typeof entry === 'object' && entry !== null && 'icn' in entry && typeof entry.icn === 'string';
}

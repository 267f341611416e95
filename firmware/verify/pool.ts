/**
 * Verifies many exhibits on all cores. A thread takes about a tenth of a second to start, in which one core hashes some
 * 100 MB; so a small set is judged here, and threads are started only for what keeps them busy. Each thread holds one
 * image at a time and two batches of names, so that memory does not grow with the folder.
 */
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { ExhibitResult } from '../../src/evidence/verify/exhibit.js';
import type { ExhibitFiles } from './collect.js';
import { createJudge } from './judge.js';

export interface WorkerStart {
  readonly roots: readonly Uint8Array[];
}

export interface Batch {
  /** Index of the first among all exhibits. */
  readonly first: number;
  readonly files: readonly ExhibitFiles[];
}

export interface BatchDone {
  readonly first: number;
  readonly results: readonly ExhibitResult[];
}

/** Told of each batch, in the order in which they end. */
export type OnDone = (files: readonly ExhibitFiles[], results: readonly ExhibitResult[], first: number) => void;

const SMALL_BYTES = 64 * 1024 * 1024;
const SMALL_COUNT = 128;
const BATCH_BYTES = 8 * 1024 * 1024;
const BATCH_COUNT = 64;
const BATCHES_AHEAD = 2;

export interface PoolOptions {
  readonly roots: readonly Uint8Array[];
  /** Threads at most; as many as the machine has cores unless told. */
  readonly threads?: number;
}

export async function verifyFiles(
  exhibits: readonly ExhibitFiles[],
  options: PoolOptions,
  onDone: OnDone,
): Promise<void> {
  const bytes = exhibits.reduce((sum, files) => sum + files.bytes, 0);
  const threads = options.threads ?? availableParallelism();
  const isSmall = bytes < SMALL_BYTES && exhibits.length < SMALL_COUNT;
  if (threads < 2 || isSmall) await verifyHere(exhibits, options.roots, onDone);
  else await verifyInThreads(exhibits, { roots: options.roots, threads }, onDone);
}

async function verifyHere(
  exhibits: readonly ExhibitFiles[],
  roots: readonly Uint8Array[],
  onDone: OnDone,
): Promise<void> {
  const judge = createJudge(roots);
  for (const { first, files } of batches(exhibits)) {
    onDone(files, files.map(judge), first);
    await nextTurn();
  }
}

function* batches(exhibits: readonly ExhibitFiles[]): Generator<Batch, undefined> {
  let first = 0;
  let bytes = 0;
  for (let end = 1; end <= exhibits.length; end += 1) {
    bytes += exhibits[end - 1]?.bytes ?? 0;
    const next = exhibits[end]?.bytes ?? Infinity;
    if (bytes + next <= BATCH_BYTES && end - first < BATCH_COUNT) continue;
    yield { first, files: exhibits.slice(first, end) };
    first = end;
    bytes = 0;
  }
}

async function verifyInThreads(
  exhibits: readonly ExhibitFiles[],
  { roots, threads }: Required<PoolOptions>,
  onDone: OnDone,
): Promise<void> {
  const waiting = batches(exhibits);
  const workers: Worker[] = [];
  const runThread = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.js', import.meta.url), {
        workerData: { roots } satisfies WorkerStart,
      });
      workers.push(worker);
      const given = new Map<number, Batch>();
      const give = (): void => {
        const next = waiting.next();
        if (next.done === true) {
          if (given.size === 0) resolve();
          return;
        }
        given.set(next.value.first, next.value);
        worker.postMessage(next.value);
      };
      worker.on('message', ({ first, results }: BatchDone) => {
        const files = given.get(first)?.files ?? [];
        given.delete(first);
        onDone(files, results, first);
        give();
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('a verifying thread ended before its work was done')));
      for (let i = 0; i < BATCHES_AHEAD; i += 1) give();
    });
  try {
    await Promise.all(Array.from({ length: threads }, runThread));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/**
 * Concluded exposures on their way to the disk: stored as a job, given to the workshop one at a time and in order,
 * committed when their files are safe, and only then is the camera's own file given free. What the workshop cannot do
 * now is tried again; an image that can never be sealed leaves a record that says so, and the file is kept aside.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { KerbsideError } from '../../src/errors.js';
import { chainName, deploymentOf, type RecordWork } from '../../src/evidence/record-work.js';
import type { DeploymentEvent } from '../../src/deployment/events.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';
import type { UtcMs } from '../../src/units.js';
import type { JobRow, SealedFiles } from '../store/rows.js';
import type { Store } from '../store/store.js';
import type { FromWorkshop, ToWorkshop } from '../workshop/messages.js';
import { Deferred, within } from './deferred.js';
import type { StorageHealth } from './health.js';
import type { RecordChain } from './record-chain.js';
import { evidenceRoot } from './sealed-files.js';
import type { WriteQueue } from './write-queue.js';

export interface SealQueueOptions {
  readonly store: Store;
  readonly chain: RecordChain;
  readonly writes: WriteQueue;
  readonly health: StorageHealth;
  readonly softwareVersion: string;
  readonly retryMs: number;
  /** A job that is unanswered for so long will never be. */
  readonly answerMs: number;
  readonly utcMs: () => UtcMs;
  readonly send: (message: ToWorkshop) => void;
  /** The number is in the store with its files. */
  readonly onCommitted: (work: RecordWork, files: SealedFiles) => void;
  /** The image of this exposure will never be sealed: keep the file aside. */
  readonly onUnusableImage: (imageId: string, sha256: string | null, sentence: string) => void;
  /** The workshop hangs: end it, so that a new one is asked. */
  readonly onUnanswered: (sentence: string) => void;
  readonly onFatal: (error: unknown) => void;
}

type ExposureWork = Extract<RecordWork, { type: 'exposure' }>;
type Sealed = Extract<FromWorkshop, { type: 'sealed' }>;
type Failed = Extract<FromWorkshop, { type: 'failed' }>;

export class SealQueue {
  readonly #options: SealQueueOptions;
  readonly #jobs: JobRow[] = [];
  readonly #ended = new AbortController();
  /** Of the first job. `settling`: answered, and the answer is being carried out; whatever else comes in is an echo. */
  #stage: 'waiting' | 'asked' | 'settling' = 'waiting';
  #patience: NodeJS.Timeout | null = null;
  #adding = 0;
  /** A deployment has ended: its account is written when nothing else waits. */
  #accountsDue = false;
  /** One has, and some of its numbers are still on their way: asked again with each that ends. */
  #accountsLater = false;
  #whenIdle: (() => void)[] = [];

  constructor(options: SealQueueOptions) {
    this.#options = options;
  }

  /** Resolves when the job is in the store; the rest goes by itself. A number that is already done is no new job. */
  add(exposure: ConcludedExposure): Promise<void> {
    const { store } = this.#options;
    return this.#add(async () => listOf(await store.addJob(exposure)));
  }

  /** The same for an event: it is numbered when it is stored (OPR-2). @param deployment that is open when it is stored */
  addEvent(deployment: () => number, event: DeploymentEvent): Promise<void> {
    const { store } = this.#options;
    return this.#add(async () => listOf(await store.addDeploymentEvent(deployment(), event)));
  }

  /** Ends a deployment; its last events go the same way. */
  end(close: () => Promise<readonly JobRow[]>): Promise<void> {
    return this.#add(close);
  }

  async #add(store: () => Promise<readonly JobRow[]>): Promise<void> {
    this.#adding += 1;
    try {
      this.load(await this.#options.writes.write(store));
    } finally {
      this.#adding -= 1;
      this.#next();
      this.#wake();
    }
  }

  /** Jobs that are in the store already. */
  load(jobs: readonly JobRow[]): void {
    this.#jobs.push(...jobs);
    this.#next();
  }

  /** Deployments have ended: when all that waits is written, so are the accounts of their numbers (ICN-2). */
  account(): void {
    this.#accountsDue = true;
    this.#next();
  }

  get isIdle(): boolean {
    return this.#jobs.length === 0 && this.#adding === 0 && !this.#accountsDue;
  }

  /** The imageId under which a waiting job will seal these bytes; null when none will. */
  claimant(sha256: string): string | null {
    for (const { work } of this.#jobs) {
      if (work.type === 'exposure' && work.exposure.imageSha256 === sha256 && work.exposure.imageId !== null)
        return work.exposure.imageId;
    }
    return null;
  }

  /** A new workshop knows nothing of what the dead one was asked: ask again what it has not answered. */
  resend(): void {
    if (this.#stage === 'settling') return;
    this.#stage = 'waiting';
    this.#next();
  }

  /** @returns false when jobs are left after `patienceMs`; they wait in the store for the next start */
  async idle(patienceMs: number): Promise<boolean> {
    if (this.isIdle) return true;
    const empty = new Deferred<null>();
    this.#whenIdle.push(() => {
      empty.resolve(null);
    });
    return within(patienceMs, empty.promise);
  }

  stop(): void {
    this.#ended.abort();
    this.#stopWaiting();
  }

  /** @param message answers to jobs that were not asked, or are answered, are late echoes of a restart and are ignored */
  async onSealed(message: Sealed): Promise<void> {
    const job = this.#settle(message);
    if (job === null) return;
    const { chain, writes, health, send, onCommitted, utcMs } = this.#options;
    const { work } = job;
    const files = { image: message.image, record: message.record };
    await writes.write(() => chain.commit(work, files, utcMs()));
    health.recovered('workshop');
    if (work.type === 'exposure') {
      const { imageId, imageSha256: sha256 } = work.exposure;
      if (imageId !== null && sha256 !== null) send({ type: 'forget-image', imageId, sha256 });
    }
    this.#jobs.shift();
    this.#accountsDue ||= this.#accountsLater;
    onCommitted(work, files);
    this.#stage = 'waiting';
    this.#next();
    this.#wake();
  }

  async onFailed(message: Failed): Promise<void> {
    const job = this.#settle(message);
    if (job === null) return;
    const { health, retryMs, onFatal } = this.#options;
    if (message.retry) {
      health.failed('workshop', message.sentence);
      await delay(retryMs, undefined, { signal: this.#ended.signal }).catch(() => undefined);
    } else if (job.work.type === 'exposure' && job.work.exposure.imageId !== null && message.numberTaken !== true) {
      await this.#withoutImage(job, job.work, message.sentence);
    } else {
      onFatal(new KerbsideError(message.kind, message.sentence));
      return;
    }
    this.#stage = 'waiting';
    this.#next();
  }

  /** The job that this answers; null for an echo. */
  #settle(message: Sealed | Failed): JobRow | null {
    const job = this.#jobs[0];
    if (job?.id !== message.jobId || this.#stage !== 'asked') return null;
    this.#stage = 'settling';
    this.#stopWaiting();
    return job;
  }

  #stopWaiting(): void {
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = null;
  }

  async #withoutImage(job: JobRow, work: ExposureWork, sentence: string): Promise<void> {
    const { store, writes, onUnusableImage } = this.#options;
    const { imageId, imageSha256 } = work.exposure;
    const kind = work.exposure.kind === 'unmatched' ? 'unmatched' : 'void';
    const exposure: ConcludedExposure = { ...work.exposure, kind, reason: 'image-unusable', imageId: null };
    const changed = { id: job.id, work: { ...work, exposure } };
    await writes.write(() => store.replaceJob(changed));
    this.#jobs[0] = changed;
    if (imageId !== null) onUnusableImage(imageId, imageSha256, sentence);
  }

  #next(): void {
    const job = this.#jobs[0];
    if (this.#stage !== 'waiting' || this.#ended.signal.aborted) return;
    if (job === undefined) {
      if (this.#accountsDue && this.#adding === 0) this.#addAccounts();
      return;
    }
    const { store, chain, send, softwareVersion, answerMs, onUnanswered } = this.#options;
    const { work } = job;
    this.#stage = 'asked';
    this.#stopWaiting();
    this.#patience = setTimeout(() => {
      onUnanswered(`record ${chainName(work)} not sealed within ${String(answerMs / 1000)} s`);
    }, answerMs);
    const directory = join(evidenceRoot(store.dataDir), deploymentOf(work));
    send({ type: 'seal', jobId: job.id, work, link: chain.next, directory, softwareVersion });
  }

  #addAccounts(): void {
    const { store, writes } = this.#options;
    this.#adding += 1;
    writes
      .write(() => store.addAccounts())
      .then(
        ({ jobs, left }) => {
          this.#adding -= 1;
          this.#accountsDue = false;
          this.#accountsLater = left;
          this.load(jobs);
          this.#wake();
        },
        // The queue of writes has reported it; the accounts are due again at the next start.
        () => {
          this.#adding -= 1;
          this.#accountsDue = false;
        },
      );
  }

  #wake(): void {
    if (!this.isIdle) return;
    for (const wake of this.#whenIdle.splice(0)) wake();
  }
}

const listOf = (job: JobRow | null): readonly JobRow[] => (job === null ? [] : [job]);

/**
 * The numbers of the running session: leased durably before the controller gets them, journalled when fired, and brought
 * to an end when the trigger process dies or the session closes (ICN-2).
 */
import { KerbsideError } from '../../src/errors.js';
import { DEFAULT_ICN_SCHEME } from '../../src/evidence/icn.js';
import type { ExposureStart, Icn } from '../../src/evidence/types.js';
import type { Clock } from '../../src/ports/index.js';
import type { Journal } from '../store/journal.js';
import type { NewDeployment } from '../store/rows.js';
import type { IcnRange, Store } from '../store/store.js';
import type { StorageHealth } from './health.js';
import { openExposures } from './recovery.js';
import type { SealQueue } from './seal-queue.js';
import type { WriteQueue } from './write-queue.js';

export interface NumberDeskOptions {
  readonly store: Store;
  readonly journal: Journal;
  readonly writes: WriteQueue;
  readonly health: StorageHealth;
  readonly seals: SealQueue;
  readonly clock: Clock;
  readonly range: IcnRange;
  /** What a deployment that opens after image 999 is like. */
  readonly deployment: () => NewDeployment;
  readonly onLeased: (icns: readonly Icn[]) => void;
  readonly onDeployment: (number: number) => void;
  readonly onAlarm: (code: string, sentence: string) => void;
}

/** Past this the journal is emptied; a session rarely gets there. */
const CHECKPOINT_BYTES = 128 * 1024;

export class NumberDesk {
  readonly #options: NumberDeskOptions;
  #deployment: number;
  #leasing = false;
  /** Triggers on their way into journal and store. */
  readonly #firing = new Set<Promise<void>>();
  /** Leases of a trigger process that has died since are not handed to its successor. */
  #generation = 0;

  constructor(options: NumberDeskOptions, deployment: number) {
    this.#options = options;
    this.#deployment = deployment;
  }

  get deployment(): number {
    return this.#deployment;
  }

  /** A request that is repeated while one is under way is the same request. */
  async lease(count: number): Promise<void> {
    const { store, writes, seals, range, deployment, onLeased, onDeployment, onAlarm } = this.#options;
    if (this.#leasing) return;
    this.#leasing = true;
    const generation = this.#generation;
    try {
      const leased = await writes.write(() => store.lease(this.#deployment, count, range, deployment()));
      if (leased.deployment !== this.#deployment) {
        this.#deployment = leased.deployment;
        seals.load(leased.jobs);
        onDeployment(leased.deployment);
      }
      if (generation === this.#generation) onLeased(leased.icns);
    } catch (error) {
      if (!(error instanceof KerbsideError) || error.kind !== 'icn-exhausted') throw error;
      onAlarm('icn-exhausted', error.message);
    } finally {
      this.#leasing = false;
    }
  }

  /** Right after the pulse. The journal comes first: it does not wait for the store. */
  fired(start: ExposureStart): Promise<void> {
    const done = this.#writeDown(start).finally(() => {
      this.#firing.delete(done);
    });
    this.#firing.add(done);
    return done;
  }

  /** Ends what is open; resolves when the void records wait in the store as jobs. */
  async endAll(ended: 'orderly' | 'crash'): Promise<number> {
    const { store, writes, clock, seals } = this.#options;
    this.#generation += 1;
    await Promise.allSettled(this.#firing);
    const voids = await writes.write(() => openExposures(store, ended, clock));
    for (const exposure of voids) await seals.add(exposure);
    return voids.length;
  }

  get printedDeployment(): string {
    return DEFAULT_ICN_SCHEME.formatDeployment(this.#deployment);
  }

  async #writeDown(start: ExposureStart): Promise<void> {
    const { journal, health, store, writes, onAlarm } = this.#options;
    await journal.append(start).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      const sentence = `Trigger ${start.icn} could not be journalled: ${reason}.`;
      health.failed('journal', sentence);
      onAlarm('journal-failed', sentence);
    });
    await writes.write(() => store.markFired([start]));
    // The store has it now, so a journal that failed holds nothing up.
    health.recovered('journal');
    if (this.#firing.size === 1 && journal.usedBytes > CHECKPOINT_BYTES) await journal.checkpoint();
  }
}

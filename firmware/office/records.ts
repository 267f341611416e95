/**
 * All that the office writes: store, journal, the queue in front of them, the jobs of the workshop, the disk below them,
 * and the notices that tell people about it. Opened before any process is started, closed after the last.
 */
import { join } from 'node:path';
import type { Alarm } from '../../src/deployment/office-events.js';
import { KerbsideError } from '../../src/errors.js';
import { storeError } from '../store/database.js';
import { Journal } from '../store/journal.js';
import { MIGRATIONS } from '../store/schema.js';
import { Store } from '../store/store.js';
import type { ToWorkshop } from '../workshop/messages.js';
import { DiskWatch } from './disk-watch.js';
import { StorageHealth } from './health.js';
import type { OfficeParts } from './parts.js';
import { RecordChain } from './record-chain.js';
import { recover, type RecoveryReport } from './recovery.js';
import { SealQueue } from './seal-queue.js';
import { StatusBoard } from './status.js';
import { WriteQueue } from './write-queue.js';

export const JOURNAL_FILE = 'triggers.journal';

/** What the records ask of the rest of the office. */
export interface RecordsHooks {
  readonly toWorkshop: (message: ToWorkshop) => void;
  readonly onHealth: (usable: boolean, detail: string) => void;
  readonly onUnusableImage: (imageId: string, sha256: string | null, sentence: string) => void;
  /** The workshop does not answer. */
  readonly onUnanswered: (sentence: string) => void;
  readonly onFatal: (error: unknown) => void;
}

export class Records {
  readonly board: StatusBoard;
  readonly store: Store;
  readonly journal: Journal;
  readonly chain: RecordChain;
  readonly health: StorageHealth;
  readonly writes: WriteQueue;
  readonly seals: SealQueue;
  /** Deployment that notices belong to; null before one is open. */
  deployment: number | null = null;
  /** Told of every alarm; those from before it listens are kept for it. */
  #onAlarm: ((alarm: Alarm) => void) | null = null;
  readonly #earlyAlarms: Alarm[] = [];
  /** An image is sealed and committed. */
  onImage: (() => void) | null = null;
  readonly #parts: OfficeParts;
  readonly #disk: DiskWatch;

  private constructor(parts: OfficeParts, store: Store, journal: Journal, chain: RecordChain, hooks: RecordsHooks) {
    this.#parts = parts;
    this.store = store;
    this.journal = journal;
    this.chain = chain;
    const { controller, software, timing, clock } = parts;
    const { camera, site, demo } = controller;
    const { code: siteCode, road, zone, limitKmh } = site;
    this.board = new StatusBoard({
      camera: camera.id,
      siteCode,
      road,
      zone,
      limitKmh,
      demo,
      software,
      eventCounter: null,
      plan: controller.plan,
    });
    this.health = new StorageHealth((usable, detail) => {
      this.board.storage(usable, detail);
      hooks.onHealth(usable, detail);
      this.notice(usable ? 'info' : 'alarm', usable ? 'store-usable' : 'store-unusable', detail);
    });
    this.#disk = new DiskWatch({
      folder: parts.dataDir,
      health: this.health,
      onDisk: (disk) => {
        this.board.disk(disk);
      },
      onNotice: (level, code, sentence) => {
        this.notice(level, code, sentence);
      },
      ...parts.disk,
    });
    const { onFatal, onUnusableImage, onUnanswered } = hooks;
    this.writes = new WriteQueue({ health: this.health, retryMs: timing.retryMs, onFatal });
    this.seals = new SealQueue({
      store,
      chain,
      writes: this.writes,
      health: this.health,
      softwareVersion: software.version,
      retryMs: timing.retryMs,
      answerMs: timing.sealMs,
      utcMs: () => clock.utcMs(),
      send: hooks.toWorkshop,
      onCommitted: (work, files) => {
        if (work.type !== 'exposure') return;
        this.board.exposure(work.exposure, files.image !== null);
        if (files.image !== null) this.onImage?.();
      },
      onUnusableImage,
      onUnanswered,
      onFatal,
    });
  }

  /**
   * Locks and opens, brings to an end what the last run left open. The jobs of the report wait for `seals.load`.
   *
   * @throws KerbsideError 'store-locked', 'store-version', 'store-schema', 'store-failed', 'disk-full', 'evidence-damaged',
   *   'chain-broken'
   */
  static async open(parts: OfficeParts, hooks: RecordsHooks): Promise<{ records: Records; report: RecoveryReport }> {
    const { dataDir, clock } = parts;
    const store = await Store.open(dataDir, clock.utcMs());
    try {
      const { journal, entries } = await Journal.open(join(dataDir, JOURNAL_FILE));
      try {
        const { chain, findings } = await openChain(store, clock);
        const report = await recover(store, journal, entries, chain, clock).catch(async (error: unknown) => {
          await chain.close();
          throw error;
        });
        const records = new Records(parts, store, journal, chain, hooks);
        if (store.schemaFound > 0 && store.schemaFound < MIGRATIONS.length) {
          const sentence = `The store had schema ${store.schemaFound}, of an older Kerbside; it was brought to schema ${MIGRATIONS.length}.`;
          records.notice('info', 'schema-migrated', sentence);
        }
        for (const { level, code, sentence } of [...findings, ...report.findings])
          records.notice(level, code, sentence);
        const { committed, voided } = report;
        if (committed + voided > 0) {
          const sentence = `The last session did not end in order: ${String(committed)} sealed exposures committed, ${String(voided)} numbers voided.`;
          records.notice('warning', 'recovered', sentence);
        }
        await records.#disk.start();
        return { records, report };
      } catch (error) {
        await journal.close();
        throw error;
      }
    } catch (error) {
      await store.close();
      throw storeError(error, dataDir);
    }
  }

  /** Status page, terminal and store. */
  notice(level: 'info' | 'warning' | 'alarm', code: string, sentence: string): void {
    const { clock, say } = this.#parts;
    const notice = { level, code, sentence, utcMs: clock.utcMs() };
    this.board.notice(notice);
    if (level === 'info') say.progress(sentence);
    else say.warn(sentence);
    const { deployment } = this;
    if (level === 'alarm') this.#alarm({ code, sentence, atNs: clock.monotonicNs(), utcMs: notice.utcMs });
    this.writes.post(() => this.store.addEvent(deployment, notice));
  }

  /** A deployment is open: its register tells of alarms, those of the start too. null: it has ended. */
  listenToAlarms(listener: ((alarm: Alarm) => void) | null): void {
    this.#onAlarm = listener;
    if (listener !== null) this.#earlyAlarms.splice(0).forEach(listener);
  }

  #alarm(alarm: Alarm): void {
    if (this.#onAlarm !== null) this.#onAlarm(alarm);
    else if (this.deployment === null) this.#earlyAlarms.push(alarm);
  }

  /** No more retries; what could not be written is found open at the next start. */
  async close(): Promise<void> {
    this.#disk.stop();
    this.seals.stop();
    this.writes.giveUp();
    await this.writes.settled();
    await this.journal.close();
    await this.chain.close();
    await this.store.close();
  }
}

/** A contradiction refuses the start, and the store remembers that it did. */
async function openChain(store: Store, clock: OfficeParts['clock']): ReturnType<typeof RecordChain.open> {
  try {
    return await RecordChain.open(store, clock.utcMs());
  } catch (error) {
    if (error instanceof KerbsideError) {
      const event = { level: 'alarm', code: error.kind, sentence: error.message, utcMs: clock.utcMs() } as const;
      await store.addEvent(null, event).catch(() => undefined);
    }
    throw error;
  }
}

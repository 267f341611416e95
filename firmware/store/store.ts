/**
 * The store of one camera: `<dataDir>/kerbside.db`, WAL with synchronous FULL, one writing connection that also
 * checkpoints. Every method that writes resolves when its transaction is on the disk.
 */
import { join } from 'node:path';
import type { DeploymentEvent } from '../../src/deployment/events.js';
import { closedEvent } from '../../src/deployment/office-events.js';
import { KerbsideError } from '../../src/errors.js';
import { DEFAULT_ICN_SCHEME, nextDeployment, nextNumbers, type IcnScheme } from '../../src/evidence/icn.js';
import type { ChainEntry, ChainHead } from '../../src/evidence/chain.js';
import type { RecordContext } from '../../src/evidence/record-context.js';
import type { RecordWork } from '../../src/evidence/record-work.js';
import type { PassSummary } from '../../src/enforcement/types.js';
import type { ConcludedExposure, ExposureStart, Icn } from '../../src/evidence/types.js';
import type { ImageArrival } from '../../src/timeline.js';
import type { MonotonicNs, UtcMs } from '../../src/units.js';
import { Database, storeError } from './database.js';
import { highestEvidenceFolder } from './evidence-folders.js';
import { adoptWork, enterFired } from './adoption.js';
import { chainEntries, chainHead, insertChainEntry } from './chain-table.js';
import { assertDurable, assertSound } from './checks.js';
import {
  contextOf,
  deploymentFacts,
  deploymentsToAccount,
  endDeployment,
  eventCounter,
  hasUnaccounted,
  highestDeployment,
  insertContinuation,
  insertSession,
} from './deployment-table.js';
import { insertEvent, openDeploymentOf } from './event-table.js';
import { knownDeployments, type KnownDeployments } from './exhibit-table.js';
import { workToJson } from './exposure-json.js';
import { commitExposure, oldestUnexported } from './exposure-table.js';
import { imageRow, insertImage } from './image-table.js';
import { insertJob, openJobs } from './job-table.js';
import { makeFolder } from './files.js';
import { lockDataDir, type DataDirLock } from './lock.js';
import { insertPass } from './pass-table.js';
import type { ImageRow, JobRow, NewDeployment, NumberRow, SealedFiles, StoredEvent } from './rows.js';
import { migrate } from './schema.js';
import { assertSafeSqlite } from './sqlite-version.js';

export const STORE_FILE = 'kerbside.db';

export interface IcnRange {
  readonly firstDeployment: number;
  readonly lastDeployment: number;
}

interface StoredNumber {
  icn: string;
  deployment: number;
  lease: number;
  state: NumberRow['state'];
  kind: NumberRow['kind'];
  reason: string | null;
  start_json: string | null;
}

export class Store {
  readonly dataDir: string;
  /** Schema that was found when it was opened; 0: there was no store. */
  readonly schemaFound: number;
  readonly #database: Database;
  /** Of the journal: a deployment that an older copy of the store has forgotten is not opened again. */
  #highestFired = 0;
  readonly #lock: DataDirLock;
  readonly #scheme: IcnScheme;

  private constructor(dataDir: string, database: Database, lock: DataDirLock, scheme: IcnScheme, schemaFound: number) {
    this.dataDir = dataDir;
    this.schemaFound = schemaFound;
    this.#database = database;
    this.#lock = lock;
    this.#scheme = scheme;
  }

  /**
   * Locks the data folder, opens and checks the store, brings its schema up to date.
   *
   * @throws KerbsideError 'store-locked', 'store-version', 'store-schema', 'store-failed', 'evidence-damaged', 'disk-full'
   */
  static async open(dataDir: string, utcMs: UtcMs, scheme: IcnScheme = DEFAULT_ICN_SCHEME): Promise<Store> {
    assertSafeSqlite();
    await makeFolder(dataDir).catch((error: unknown) => {
      throw storeError(error, dataDir);
    });
    const lock = await lockDataDir(dataDir);
    try {
      const database = await Database.open(join(dataDir, STORE_FILE), 'write');
      let schemaFound: number;
      try {
        await database.exec(
          'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON',
        );
        await assertDurable(database);
        await assertSound(database);
        schemaFound = await migrate(database, utcMs);
      } catch (error) {
        await database.close();
        throw error;
      }
      return new Store(dataDir, database, lock, scheme, schemaFound);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** The next deployment number of the issued range, behind all in store and on disk. @throws KerbsideError 'icn-exhausted' */
  async openDeployment(deployment: NewDeployment, range: IcnRange): Promise<number> {
    const onDisk = await highestEvidenceFolder(this.dataDir, this.#scheme.deploymentDigits);
    return this.#database.transaction(async (queries) => {
      const stored = await highestDeployment(queries);
      const highest = Math.max(stored ?? 0, onDisk ?? 0, this.#highestFired);
      const number = nextDeployment(highest, range, this.#scheme);
      await insertSession(queries, number, deployment, this.#scheme);
      return number;
    });
  }

  /** @returns the jobs of its last events; none where it has ended already. @param detail what else that event says */
  closeDeployment(
    number: number,
    ended: 'closed' | 'crash',
    now: { readonly atNs: MonotonicNs; readonly utcMs: UtcMs },
    detail: DeploymentEvent['detail'] = {},
  ): Promise<JobRow[]> {
    return this.#database.transaction((queries) =>
      endDeployment(queries, number, closedEvent(ended, now, detail), this.#scheme),
    );
  }

  /** Deployments that were open when the last run ended. */
  openDeployments(): Promise<{ number: number; facts_json: string }[]> {
    return this.#database.all('SELECT number, facts_json FROM deployments WHERE ended IS NULL ORDER BY number');
  }

  /** Those whose account is not written yet, open or ended. */
  async unaccountedDeployments(): Promise<number[]> {
    const sql = 'SELECT number FROM deployments WHERE record_sha256 IS NULL ORDER BY number';
    return (await this.#database.all<{ number: number }>(sql)).map(({ number }) => number);
  }

  /** Records of an older program, from before there was a chain; names as the chain would have them. */
  async unchainedRecords(): Promise<string[]> {
    const sql = `SELECT record_file FROM exposures AS e JOIN deployments AS d ON d.number = e.deployment
      WHERE d.context_json IS NULL`;
    const rows = await this.#database.all<{ record_file: string }>(sql);
    return rows.map(({ record_file: file }) => file.replace(/^evidence\//, ''));
  }

  async factsOf(deployment: number): Promise<ConcludedExposure['facts']> {
    const row = await this.#database.get<{ facts_json: string }>(
      'SELECT facts_json FROM deployments WHERE number = ?',
      [deployment],
    );
    if (row === null)
      throw new KerbsideError('store-failed', `Store ${this.#database.file} has no deployment ${String(deployment)}.`);
    return JSON.parse(row.facts_json) as ConcludedExposure['facts'];
  }

  /**
   * Leases the next numbers of a session; the next deployment number opens by itself after the last image number.
   *
   * @param current the deployment number that is open now
   * @returns the numbers in order, the deployment number that is open afterwards, and the jobs of what came between
   * @throws KerbsideError 'icn-exhausted'
   */
  lease(
    current: number,
    count: number,
    range: IcnRange,
    deployment: NewDeployment,
  ): Promise<{ readonly icns: readonly Icn[]; readonly deployment: number; readonly jobs: readonly JobRow[] }> {
    return this.#database.transaction(async (queries) => {
      const last = await queries.get<{ image: number | null; lease: number | null }>(
        'SELECT MAX(image) AS image, (SELECT MAX(lease) FROM numbers) AS lease FROM numbers WHERE deployment = ?',
        [current],
      );
      const state = { deployment: current, nextImage: (last?.image ?? 0) + 1, lastDeployment: range.lastDeployment };
      const { numbers, state: after } = nextNumbers(state, count, this.#scheme);
      let open = current;
      const jobs: JobRow[] = [];
      for (const number of numbers) {
        if (number.deployment !== open) {
          jobs.push(...(await insertContinuation(queries, number.deployment, open, deployment, this.#scheme)));
          open = number.deployment;
        }
        await queries.run("INSERT INTO numbers (icn, deployment, image, lease, state) VALUES (?, ?, ?, ?, 'leased')", [
          number.icn,
          number.deployment,
          number.image,
          (last?.lease ?? 0) + 1,
        ]);
      }
      return { icns: numbers.map(({ icn }) => icn), deployment: after.deployment, jobs };
    });
  }

  /** Numbers whose fate is open, in the order in which they were leased. */
  async openNumbers(): Promise<NumberRow[]> {
    const rows = await this.#database.all<StoredNumber>(
      "SELECT * FROM numbers WHERE state <> 'concluded' ORDER BY icn",
    );
    return rows.map(toNumberRow);
  }

  async number(icn: Icn): Promise<NumberRow | null> {
    const row = await this.#database.get<StoredNumber>('SELECT * FROM numbers WHERE icn = ?', [icn]);
    return row === null ? null : toNumberRow(row);
  }

  /** From the journal into the table; a number that is already fired or concluded stays as it is. */
  async markFired(starts: readonly ExposureStart[]): Promise<void> {
    await this.#database.transaction(async (queries) => {
      for (const start of starts) {
        const { icn } = start;
        if ((await queries.get('SELECT icn FROM numbers WHERE icn = ?', [icn])) === null)
          this.#highestFired = Math.max(this.#highestFired, this.#scheme.parse(icn).deployment);
        await enterFired(queries, icn, this.#scheme);
        await queries.run("UPDATE numbers SET state = 'fired', start_json = ? WHERE icn = ? AND state = 'leased'", [
          JSON.stringify(start),
          icn,
        ]);
      }
    });
  }

  /** Stores what is to be sealed before the workshop is asked; null when the number is already concluded or waiting. */
  addJob(exposure: ConcludedExposure): Promise<JobRow | null> {
    return this.#database.transaction(async (queries) => {
      const number = await queries.get<{ state: string; deployment: number }>(
        'SELECT state, deployment FROM numbers WHERE icn = ?',
        [exposure.icn],
      );
      if (number === null) {
        throw new KerbsideError(
          'store-failed',
          `Number ${exposure.icn} was concluded but never leased; only leased numbers may be used (ICN-2).`,
        );
      }
      if (number.state === 'concluded') return null;
      const context = await contextOf(queries, number.deployment);
      return insertJob(queries, number.deployment, { type: 'exposure', exposure, context });
    });
  }

  /**
   * The accounts that are due now, as jobs: of every deployment that has ended and whose numbers are all written down.
   * `left`: another has ended, and not all of its numbers have.
   */
  addAccounts(): Promise<{ readonly jobs: readonly JobRow[]; readonly left: boolean }> {
    return this.#database.transaction(async (queries) => {
      const jobs: JobRow[] = [];
      for (const number of await deploymentsToAccount(queries)) {
        const facts = await deploymentFacts(queries, number, this.#scheme);
        const job = await insertJob(queries, number, { type: 'deployment', facts });
        if (job !== null) jobs.push(job);
      }
      return { jobs, left: await hasUnaccounted(queries) };
    });
  }

  /** The same number with another outcome, e.g. when its image turned out to be unusable. */
  async replaceJob(job: JobRow): Promise<void> {
    await this.#database.transaction((queries) =>
      queries.run('UPDATE jobs SET work_json = ? WHERE id = ?', [workToJson(job.work), job.id]),
    );
  }

  openJobs(): Promise<JobRow[]> {
    return openJobs(this.#database);
  }

  /** Of one deployment: what its opening left to be written. */
  async openJobsOf(deployment: number): Promise<JobRow[]> {
    return openJobs(this.#database, deployment);
  }

  chainHead(): Promise<ChainHead> {
    return chainHead(this.#database);
  }

  chainEntries(): Promise<ChainEntry[]> {
    return chainEntries(this.#database);
  }

  contextOf(deployment: number): Promise<RecordContext> {
    return contextOf(this.#database, deployment);
  }

  /** Sessions so far in which a measuring parameter had changed; never goes back. */
  eventCounter(): Promise<number> {
    return eventCounter(this.#database);
  }

  /** The commit of the crash table: row, number concluded, image accounted for, chain, job done; all or nothing. */
  async commit(work: RecordWork, files: SealedFiles, entry: ChainEntry, utcMs: UtcMs): Promise<void> {
    await this.#database.transaction(async (queries) => {
      if (work.type === 'exposure')
        await commitExposure(queries, work.exposure, files, { dataDir: this.dataDir, utcMs }, this.#scheme);
      else if (work.type === 'deployment') {
        await queries.run('UPDATE deployments SET record_sha256 = ? WHERE number = ?', [
          files.record.sha256,
          Number(work.facts.deployment),
        ]);
      }
      await insertChainEntry(queries, entry);
      await queries.run('DELETE FROM jobs WHERE name = ?', [entry.name]);
    });
  }

  /**
   * What the chain file and the disk know and the store does not: an older copy of the store was put back. The
   * deployment and its numbers up to the highest that has a record come back; what has none is ended by recovery.
   */
  adopt(work: RecordWork, utcMs: UtcMs): Promise<void> {
    return this.#database.transaction((queries) => adoptWork(queries, work, utcMs, this.#scheme));
  }

  image(sha256: string): Promise<ImageRow | null> {
    return imageRow(this.#database, sha256);
  }

  /** Remembers a delivered image; one that an earlier session saw and never used begins anew. */
  rememberImage(image: ImageArrival, session: number, utcMs: UtcMs): Promise<void> {
    return this.#database.transaction((queries) => insertImage(queries, image, session, utcMs));
  }

  async markDropped(sha256: string): Promise<void> {
    await this.#database.transaction((queries) =>
      queries.run("UPDATE images SET outcome = 'dropped' WHERE sha256 = ? AND outcome = 'seen'", [sha256]),
    );
  }

  /** STAT-1: every pass, offender or not. */
  addPass(deployment: number, pass: PassSummary): Promise<void> {
    return this.#database.transaction((queries) => insertPass(queries, deployment, pass));
  }

  /**
   * The next event of a session, numbered and stored with the job that seals it (OPR-2).
   * @param deployment the one that is open, or that goes on in the one that is
   */
  addDeploymentEvent(deployment: number, event: DeploymentEvent): Promise<JobRow | null> {
    return this.#database.transaction(async (queries) =>
      insertEvent(queries, await openDeploymentOf(queries, deployment), event, this.#scheme),
    );
  }

  /** EXP-1: when the oldest sealed image was made whose export nobody has confirmed; null: there is none. */
  oldestUnexportedUtcMs(): Promise<UtcMs | null> {
    return oldestUnexported(this.#database);
  }

  /** Which deployments there are, and of which something is kept for a court. */
  knownDeployments(): Promise<KnownDeployments> {
    return knownDeployments(this.#database);
  }

  /** What tells people; chained events are `addDeploymentEvent`. */
  async addEvent(deployment: number | null, event: StoredEvent): Promise<void> {
    await this.#database.transaction((queries) =>
      queries.run('INSERT INTO events (deployment, utc_ms, level, code, sentence) VALUES (?, ?, ?, ?, ?)', [
        deployment,
        event.utcMs,
        event.level,
        event.code,
        event.sentence,
      ]),
    );
  }

  /** Closes the store and gives the data folder free. */
  async close(): Promise<void> {
    try {
      await this.#database.close();
    } finally {
      await this.#lock.release();
    }
  }
}

function toNumberRow(row: StoredNumber): NumberRow {
  const { icn, deployment, lease, state, kind, reason } = row;
  const start = row.start_json === null ? null : (JSON.parse(row.start_json) as ExposureStart);
  return { icn, deployment, lease, state, kind, reason, start };
}

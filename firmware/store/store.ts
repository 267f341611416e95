/**
 * The store of one camera: `<dataDir>/kerbside.db`, WAL with synchronous FULL, one writing connection that also
 * checkpoints. Every method that writes resolves when its transaction is on the disk.
 */
import { join, relative } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import { DEFAULT_ICN_SCHEME, nextDeployment, nextNumbers, type IcnScheme } from '../../src/evidence/icn.js';
import type { PassSummary } from '../../src/enforcement/types.js';
import type { ConcludedExposure, ExposureStart, Icn } from '../../src/evidence/types.js';
import type { ImageArrival } from '../../src/timeline.js';
import type { UtcMs } from '../../src/units.js';
import { Database, storeError, type Queries } from './database.js';
import { highestEvidenceFolder } from './evidence-folders.js';
import { exposureFromJson, exposureToJson } from './exposure-json.js';
import { makeFolder } from './files.js';
import { lockDataDir, type DataDirLock } from './lock.js';
import type { ImageOutcome, ImageRow, JobRow, NewDeployment, NumberRow, SealedFiles, StoredEvent } from './rows.js';
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

/** SQLite's number for synchronous = FULL. */
const SYNCHRONOUS_FULL = 2;

export class Store {
  readonly dataDir: string;
  readonly #database: Database;
  readonly #lock: DataDirLock;
  readonly #scheme: IcnScheme;

  private constructor(dataDir: string, database: Database, lock: DataDirLock, scheme: IcnScheme) {
    this.dataDir = dataDir;
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
      try {
        await database.exec(
          'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON',
        );
        await assertDurable(database);
        await assertSound(database);
        await migrate(database, utcMs);
      } catch (error) {
        await database.close();
        throw error;
      }
      return new Store(dataDir, database, lock, scheme);
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
      const highest = Math.max(stored ?? 0, onDisk ?? 0);
      const number = nextDeployment(highest, range, this.#scheme);
      await insertDeployment(queries, number, null, deployment);
      return number;
    });
  }

  async closeDeployment(number: number, ended: 'closed' | 'crash', utcMs: UtcMs): Promise<void> {
    await this.#database.transaction((queries) =>
      queries.run('UPDATE deployments SET closed_utc_ms = ?, ended = ? WHERE number = ? AND ended IS NULL', [
        utcMs,
        ended,
        number,
      ]),
    );
  }

  /** Deployments that were open when the last run ended. */
  openDeployments(): Promise<{ number: number; facts_json: string }[]> {
    return this.#database.all('SELECT number, facts_json FROM deployments WHERE ended IS NULL ORDER BY number');
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
   * @returns the numbers in order and the deployment number that is open afterwards
   * @throws KerbsideError 'icn-exhausted'
   */
  lease(
    current: number,
    count: number,
    range: IcnRange,
    deployment: NewDeployment,
  ): Promise<{ readonly icns: readonly Icn[]; readonly deployment: number }> {
    return this.#database.transaction(async (queries) => {
      const last = await queries.get<{ image: number | null; lease: number | null }>(
        'SELECT MAX(image) AS image, (SELECT MAX(lease) FROM numbers) AS lease FROM numbers WHERE deployment = ?',
        [current],
      );
      const state = { deployment: current, nextImage: (last?.image ?? 0) + 1, lastDeployment: range.lastDeployment };
      const { numbers, state: after } = nextNumbers(state, count, this.#scheme);
      let open = current;
      for (const number of numbers) {
        if (number.deployment !== open) {
          await queries.run("UPDATE deployments SET closed_utc_ms = ?, ended = 'continued' WHERE number = ?", [
            deployment.openedUtcMs,
            open,
          ]);
          await insertDeployment(queries, number.deployment, open, deployment);
          open = number.deployment;
        }
        await queries.run("INSERT INTO numbers (icn, deployment, image, lease, state) VALUES (?, ?, ?, ?, 'leased')", [
          number.icn,
          number.deployment,
          number.image,
          (last?.lease ?? 0) + 1,
        ]);
      }
      return { icns: numbers.map(({ icn }) => icn), deployment: after.deployment };
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
        await queries.run("UPDATE numbers SET state = 'fired', start_json = ? WHERE icn = ? AND state = 'leased'", [
          JSON.stringify(start),
          start.icn,
        ]);
      }
    });
  }

  /** Stores what is to be sealed before the workshop is asked; null when the number is already concluded or waiting. */
  addJob(exposure: ConcludedExposure): Promise<JobRow | null> {
    return this.#database.transaction(async (queries) => {
      const number = await queries.get<{ state: string }>('SELECT state FROM numbers WHERE icn = ?', [exposure.icn]);
      if (number === null) {
        throw new KerbsideError(
          'store-failed',
          `Number ${exposure.icn} was concluded but never leased; only leased numbers may be used (ICN-2).`,
        );
      }
      const waiting = await queries.get('SELECT id FROM jobs WHERE icn = ?', [exposure.icn]);
      if (number.state === 'concluded' || waiting !== null) return null;
      const { lastId } = await queries.run('INSERT INTO jobs (icn, exposure_json) VALUES (?, ?)', [
        exposure.icn,
        exposureToJson(exposure),
      ]);
      return { id: lastId, exposure };
    });
  }

  /** The same number with another outcome, e.g. when its image turned out to be unusable. */
  async replaceJob(job: JobRow): Promise<void> {
    await this.#database.transaction((queries) =>
      queries.run('UPDATE jobs SET exposure_json = ? WHERE id = ?', [exposureToJson(job.exposure), job.id]),
    );
  }

  async openJobs(): Promise<JobRow[]> {
    const rows = await this.#database.all<{ id: number; exposure_json: string }>('SELECT * FROM jobs ORDER BY id');
    return rows.map((row) => ({ id: row.id, exposure: exposureFromJson(row.exposure_json) }));
  }

  /** The commit of the crash table: exposure row, number concluded, image accounted for, job done; all or nothing. */
  async commit(exposure: ConcludedExposure, files: SealedFiles, deployment: number, utcMs: UtcMs): Promise<void> {
    await this.#database.transaction(async (queries) => {
      const { changes } = await queries.run(
        "UPDATE numbers SET state = 'concluded', kind = ?, reason = ? WHERE icn = ? AND state <> 'concluded'",
        [exposure.kind, exposure.reason, exposure.icn],
      );
      if (changes !== 1) {
        throw new KerbsideError(
          'store-failed',
          `Number ${exposure.icn} is not open; it cannot be concluded again (ICN-2).`,
        );
      }
      const withoutReadings = exposureToJson({ ...exposure, readings: [] });
      await queries.run('INSERT INTO exposures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
        exposure.icn,
        exposure.incident,
        deployment,
        exposure.kind,
        exposure.reason,
        exposure.facts.utcMs,
        withoutReadings,
        files.image === null ? null : relative(this.dataDir, files.image.path),
        files.image?.sha256 ?? null,
        exposure.imageSha256,
        relative(this.dataDir, files.record.path),
        files.record.sha256,
        utcMs,
      ]);
      if (files.image !== null && exposure.imageSha256 !== null) {
        await queries.run("UPDATE images SET outcome = 'committed', icn = ? WHERE sha256 = ?", [
          exposure.icn,
          exposure.imageSha256,
        ]);
      }
      await queries.run('DELETE FROM jobs WHERE icn = ?', [exposure.icn]);
    });
  }

  async image(sha256: string): Promise<ImageRow | null> {
    const row = await this.#database.get<{
      sha256: string;
      image_id: string;
      file_name: string;
      session: number;
      outcome: ImageOutcome;
      icn: string | null;
    }>('SELECT * FROM images WHERE sha256 = ?', [sha256]);
    if (row === null) return null;
    const { sha256: hash, image_id: imageId, file_name: fileName, session, outcome, icn } = row;
    return { sha256: hash, imageId, fileName, session, outcome, icn };
  }

  /** Remembers a delivered image; one that an earlier session saw and never used begins anew. */
  async rememberImage(image: ImageArrival, session: number, utcMs: UtcMs): Promise<void> {
    await this.#database.transaction((queries) =>
      queries.run(
        `INSERT INTO images (sha256, image_id, file_name, bytes, session, seen_utc_ms) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (sha256) DO UPDATE SET image_id = excluded.image_id, file_name = excluded.file_name,
           session = excluded.session WHERE outcome = 'seen'`,
        [image.sha256, image.imageId, image.fileName, image.bytes, session, utcMs],
      ),
    );
  }

  async markDropped(sha256: string): Promise<void> {
    await this.#database.transaction((queries) =>
      queries.run("UPDATE images SET outcome = 'dropped' WHERE sha256 = ? AND outcome = 'seen'", [sha256]),
    );
  }

  /** STAT-1: every pass, offender or not. */
  async addPass(deployment: number, pass: PassSummary): Promise<void> {
    await this.#database.transaction((queries) =>
      queries.run(
        `INSERT INTO passes (deployment, pass_id, utc_ms, direction, speed_kmh, truncated_kmh, verdict, reason, armed,
           icn, pass_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [
          deployment,
          pass.passId,
          pass.utcMs,
          pass.direction,
          pass.speedKmh,
          pass.truncatedKmh,
          pass.verdict.kind,
          pass.verdict.reason,
          pass.armed ? 1 : 0,
          pass.icn,
          JSON.stringify(pass),
        ],
      ),
    );
  }

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

/** The withdrawn SQLite 3.52.0 and ageing cards are both answered by looking before trusting. */
/** A pragma that is not taken says nothing: read back what evidence depends on. */
async function assertDurable(database: Database): Promise<void> {
  const journal = await database.get<{ journal_mode: string }>('PRAGMA journal_mode');
  const sync = await database.get<{ synchronous: number }>('PRAGMA synchronous');
  if (journal?.journal_mode === 'wal' && sync?.synchronous === SYNCHRONOUS_FULL) return;
  const found = `journal_mode ${journal?.journal_mode ?? 'unknown'}, synchronous ${sync?.synchronous ?? 'unknown'}`;
  throw new KerbsideError(
    'store-failed',
    `Store ${database.file}: found ${found}; expected journal_mode wal, synchronous ${SYNCHRONOUS_FULL} (FULL).`,
  );
}

async function assertSound(database: Database): Promise<void> {
  const rows = await database.all<{ quick_check: string }>('PRAGMA quick_check(1)');
  const found = rows[0]?.quick_check ?? 'no answer';
  if (found === 'ok') return;
  throw new KerbsideError(
    'evidence-damaged',
    `Store ${database.file} is damaged (${found}); expected an intact database: restore a backup and keep this file.`,
  );
}

async function highestDeployment(queries: Queries): Promise<number | null> {
  const row = await queries.get<{ number: number | null }>('SELECT MAX(number) AS number FROM deployments');
  return row?.number ?? null;
}

async function insertDeployment(
  queries: Queries,
  number: number,
  follows: number | null,
  deployment: NewDeployment,
): Promise<void> {
  await queries.run(
    `INSERT INTO deployments (number, follows, site_code, camera_id, demo, facts_json, software_version, opened_utc_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      number,
      follows,
      deployment.siteCode,
      deployment.cameraId,
      deployment.demo ? 1 : 0,
      JSON.stringify(deployment.facts),
      deployment.softwareVersion,
      deployment.openedUtcMs,
    ],
  );
}

function toNumberRow(row: StoredNumber): NumberRow {
  const { icn, deployment, lease, state, kind, reason } = row;
  const start = row.start_json === null ? null : (JSON.parse(row.start_json) as ExposureStart);
  return { icn, deployment, lease, state, kind, reason, start };
}

/**
 * Reads the store while a controller may be writing it: a read-only connection that can neither checkpoint nor change
 * anything, and takes no lock that a writer would feel (WAL).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DeploymentEvent } from '../../src/deployment/events.js';
import { doubtOf, type Doubt } from '../../src/evidence/doubts.js';
import type { Icn } from '../../src/evidence/types.js';
import type { UtcMs } from '../../src/units.js';
import { Database } from './database.js';
import { exposureFromJson } from './exposure-json.js';
import { oldestUnexported } from './exposure-table.js';
import type { ExposureRow } from './rows.js';
import { checkSchema, WITH_EVENTS } from './schema.js';
import { assertSafeSqlite } from './sqlite-version.js';
import { STORE_FILE } from './store.js';

interface StoredExposure {
  exposure_json: string;
  deployment: number;
  image_file: string | null;
  image_sha256: string | null;
  record_file: string;
  record_sha256: string;
}

/** Whether `dataDir` has a store at all. */
export function hasStore(dataDir: string): boolean {
  return existsSync(join(dataDir, STORE_FILE));
}

/** Every committed exposure in the order of the numbers. @throws KerbsideError 'store-failed', 'store-schema' */
export function readExposures(dataDir: string): Promise<ExposureRow[]> {
  return read(dataDir, 'SELECT * FROM exposures ORDER BY icn', []);
}

/** Those of one deployment. */
export function readExposuresOf(dataDir: string, deployment: string): Promise<ExposureRow[]> {
  return read(dataDir, 'SELECT * FROM exposures WHERE deployment = CAST(? AS INTEGER) ORDER BY icn', [deployment]);
}

/** One committed exposure; null when there is none under this number. */
export async function readExposure(dataDir: string, icn: Icn): Promise<ExposureRow | null> {
  const [row] = await read(dataDir, 'SELECT * FROM exposures WHERE icn = ?', [icn]);
  return row ?? null;
}

/** Doubts in the order in which they were raised; none in a store of an older schema. */
export async function readDoubts(dataDir: string): Promise<Doubt[]> {
  const sql = "SELECT event_json FROM deployment_events WHERE type = 'doubt' ORDER BY deployment, number";
  return withEvents(dataDir, [], async (database) => {
    const rows = await database.all<{ event_json: string }>(sql);
    return rows.map((row) => doubtOf(JSON.parse(row.event_json) as DeploymentEvent)).filter((doubt) => doubt !== null);
  });
}

/** EXP-1. @param deployment null: of all @returns undefined where the store cannot tell: it is of an older schema */
export function readOldestUnexported(
  dataDir: string,
  deployment: number | null = null,
): Promise<UtcMs | null | undefined> {
  return withEvents<UtcMs | null | undefined>(dataDir, undefined, (database) => oldestUnexported(database, deployment));
}

async function withEvents<T>(dataDir: string, otherwise: T, look: (database: Database) => Promise<T>): Promise<T> {
  assertSafeSqlite();
  const database = await Database.open(join(dataDir, STORE_FILE), 'read');
  try {
    return (await checkSchema(database)) < WITH_EVENTS ? otherwise : await look(database);
  } finally {
    await database.close();
  }
}

async function read(dataDir: string, sql: string, values: readonly string[]): Promise<ExposureRow[]> {
  assertSafeSqlite();
  const database = await Database.open(join(dataDir, STORE_FILE), 'read');
  try {
    await checkSchema(database);
    const rows = await database.all<StoredExposure>(sql, values);
    return rows.map((row) => ({
      exposure: exposureFromJson(row.exposure_json),
      deployment: row.deployment,
      imageFile: row.image_file,
      imageSha256: row.image_sha256,
      recordFile: row.record_file,
      recordSha256: row.record_sha256,
    }));
  } finally {
    await database.close();
  }
}

/**
 * Deployments as the store knows them, read while a controller may be writing (`reader.ts`). The register itself is made
 * from the signed records; the store says which deployments there are and what was counted (STAT-1).
 */
import { join } from 'node:path';
import type { PassCount } from '../../src/deployment/register.js';
import { KerbsideError } from '../../src/errors.js';
import { DEFAULT_ICN_SCHEME } from '../../src/evidence/icn.js';
import { Database } from './database.js';
import { hasStore } from './reader.js';
import { checkSchema, WITH_EVENTS } from './schema.js';
import { assertSafeSqlite } from './sqlite-version.js';
import { STORE_FILE } from './store.js';

/** One row of `deployment list`. */
export interface DeploymentRow {
  /** Six digits. */
  readonly number: string;
  readonly siteCode: string;
  readonly cameraId: string;
  /** Operator id; `controller` where nobody opened it by name; null: of an older program. */
  readonly operator: string | null;
  readonly openedUtcMs: number;
  readonly closedUtcMs: number | null;
  readonly ended: 'closed' | 'continued' | 'crash' | null;
  /** Code of the last event of the type `state`; null: there is none. */
  readonly lastState: string | null;
  /** Its account is written (ICN-2). */
  readonly accounted: boolean;
  readonly images: number;
  readonly demo: boolean;
}

interface StoredRow {
  number: number;
  site_code: string;
  camera_id: string;
  demo: number;
  opened_utc_ms: number;
  closed_utc_ms: number | null;
  ended: DeploymentRow['ended'];
  record_sha256: string | null;
  operator: string | null;
  last_state: string | null;
  images: number;
}

const DEPLOYMENTS = `
SELECT number, site_code, camera_id, demo, opened_utc_ms, closed_utc_ms, ended, record_sha256,
  (SELECT json_extract(event_json, '$.by') FROM deployment_events WHERE deployment = d.number AND number = 1) AS operator,
  (SELECT json_extract(event_json, '$.code') FROM deployment_events
    WHERE deployment = d.number AND type = 'state' ORDER BY number DESC LIMIT 1) AS last_state,
  (SELECT COUNT(*) FROM exposures WHERE deployment = d.number AND image_file IS NOT NULL) AS images
FROM deployments AS d ORDER BY number`;

/**
 * Oldest first; empty where there is no store.
 * @throws KerbsideError 'store-failed', 'store-schema'
 */
export async function readDeployments(dataDir: string): Promise<DeploymentRow[]> {
  if (!hasStore(dataDir)) return [];
  const rows = await withStore(dataDir, (database) => database.all<StoredRow>(DEPLOYMENTS));
  return rows.map((row) => ({
    number: DEFAULT_ICN_SCHEME.formatDeployment(row.number),
    siteCode: row.site_code,
    cameraId: row.camera_id,
    operator: row.operator,
    openedUtcMs: row.opened_utc_ms,
    closedUtcMs: row.closed_utc_ms,
    ended: row.ended,
    lastState: row.last_state,
    accounted: row.record_sha256 !== null,
    images: row.images,
    demo: row.demo === 1,
  }));
}

/** What the store knows of one deployment's story. */
export interface StoredStory {
  /** Numbers of the events that are sealed and committed. */
  readonly sealed: readonly number[];
  readonly passes: readonly PassCount[];
}

/** @param deployment six digits. @throws KerbsideError 'store-failed', 'store-schema' */
export function readStoryOf(dataDir: string, deployment: string): Promise<StoredStory> {
  const number = Number(deployment);
  return withStore(dataDir, async (database) => {
    const sealed = await database.all<{ name: string }>(
      "SELECT name FROM chain WHERE type = 'event' AND name >= ?1 || '/' AND name < ?1 || '0' ORDER BY sequence",
      [deployment],
    );
    const passes = await database.all<PassCount>(
      'SELECT verdict, reason, COUNT(*) AS count FROM passes WHERE deployment = ? GROUP BY verdict, reason',
      [number],
    );
    return { sealed: sealed.map(({ name }) => Number(/event-(\d+)/.exec(name)?.[1] ?? 0)), passes };
  });
}

/** @throws KerbsideError 'store-schema' where an older program wrote the store */
export async function withStore<T>(dataDir: string, read: (database: Database) => Promise<T>): Promise<T> {
  assertSafeSqlite();
  const database = await Database.open(join(dataDir, STORE_FILE), 'read');
  try {
    const version = await checkSchema(database);
    if (version < WITH_EVENTS) {
      const sentence = `Store ${database.file} has schema ${String(version)}, of an older Kerbside that chained no events; expected ${String(WITH_EVENTS)} or newer: start this one once.`;
      throw new KerbsideError('store-schema', sentence);
    }
    return await read(database);
  } finally {
    await database.close();
  }
}

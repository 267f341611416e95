/** Deployments in the store: opened with what every record of them states, ended, and accounted for (ICN-2). */
import type { DeploymentEvent } from '../../src/deployment/events.js';
import { closedEvent } from '../../src/deployment/office-events.js';
import { KerbsideError } from '../../src/errors.js';
import type { IcnScheme } from '../../src/evidence/icn.js';
import { parameterChanges, type ParameterChange } from '../../src/evidence/parameters.js';
import type { RecordContext } from '../../src/evidence/record-context.js';
import type { RecordWork } from '../../src/evidence/record-work.js';
import type { DeploymentFacts } from '../../src/evidence/session-records.js';
import type { ExposureKind } from '../../src/evidence/types.js';
import type { Queries } from './database.js';
import { workToJson } from './exposure-json.js';
import { insertEndDoubts } from './end-doubts.js';
import { closingOf, eventCount, insertEvent } from './event-table.js';
import type { JobRow, NewDeployment } from './rows.js';

interface StoredDeployment {
  number: number;
  follows: number | null;
  site_code: string;
  camera_id: string;
  demo: number;
  opened_utc_ms: number;
  closed_utc_ms: number | null;
  ended: DeploymentFacts['ended'] | null;
  context_json: string | null;
}

export async function highestDeployment(queries: Queries): Promise<number | null> {
  const row = await queries.get<{ number: number | null }>('SELECT MAX(number) AS number FROM deployments');
  return row?.number ?? null;
}

/** Sessions so far in which a measuring parameter had changed. */
export async function eventCounter(queries: Queries): Promise<number> {
  const row = await queries.get<{ counter: number | null }>('SELECT MAX(counter) AS counter FROM parameter_changes');
  return row?.counter ?? 0;
}

async function insertRow(
  queries: Queries,
  number: number,
  follows: number | null,
  deployment: NewDeployment,
  context: RecordContext,
): Promise<void> {
  await queries.run(
    `INSERT INTO deployments (number, follows, site_code, camera_id, demo, facts_json, software_version, opened_utc_ms,
       context_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      number,
      follows,
      deployment.siteCode,
      deployment.cameraId,
      deployment.demo ? 1 : 0,
      JSON.stringify(deployment.facts),
      deployment.softwareVersion,
      deployment.openedUtcMs,
      JSON.stringify(context),
    ],
  );
}

/**
 * A session begins: compares its measuring parameters with those last in force, moves the event counter where they
 * differ, and leaves the job for the record that says so.
 */
export async function insertSession(
  queries: Queries,
  number: number,
  deployment: NewDeployment,
  scheme: IcnScheme,
): Promise<void> {
  const rows = await queries.all<{ name: string; value: string }>('SELECT name, value FROM parameters ORDER BY name');
  const before = new Map(rows.map(({ name, value }) => [name, value]));
  const changes = parameterChanges(before, deployment.parameters);
  const counter = (await eventCounter(queries)) + (changes.length > 0 ? 1 : 0);
  const context = { ...deployment.context, eventCounter: counter };
  await insertRow(queries, number, null, deployment, context);
  for (const { name, newValue } of changes) {
    if (newValue === null) await queries.run('DELETE FROM parameters WHERE name = ?', [name]);
  }
  for (const [name, value] of deployment.parameters) {
    if (before.get(name) === value) continue;
    await queries.run('INSERT INTO parameters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value', [
      name,
      value,
    ]);
  }
  if (changes.length > 0) await insertChange(queries, number, deployment, context, changes, scheme);
  await insertEvent(queries, number, openingOf(deployment, context), scheme);
}

async function insertChange(
  queries: Queries,
  number: number,
  deployment: NewDeployment,
  context: RecordContext,
  changes: readonly ParameterChange[],
  scheme: IcnScheme,
): Promise<void> {
  const { who, openedUtcMs, cameraId, demo } = deployment;
  await queries.run('INSERT INTO parameter_changes VALUES (?, ?, ?, ?, ?)', [
    context.eventCounter,
    number,
    who,
    openedUtcMs,
    JSON.stringify(changes),
  ]);
  const printed = scheme.formatDeployment(number);
  const work: RecordWork = {
    type: 'parameters',
    facts: {
      deployment: printed,
      cameraId,
      demo,
      changedUtcMs: openedUtcMs,
      who,
      changes,
      software: context.software,
      eventCounter: context.eventCounter,
      parametersSha256: context.parametersSha256,
    },
  };
  await queries.run('INSERT INTO jobs (name, deployment, work_json) VALUES (?, ?, ?)', [
    `${printed}/parameters.record`,
    number,
    workToJson(work),
  ]);
}

/**
 * The first event carries all that every record of the deployment states, so that a store which was lost, and has nothing
 * but this record on the disk, can end the numbers that the journal knows (`adoption.ts`).
 */
function openingOf({ opened, facts }: NewDeployment, context: RecordContext, more: object = {}): DeploymentEvent {
  return { ...opened, detail: { ...opened.detail, ...more, context, facts } };
}

/**
 * Image 999 is given out: the same session goes on under the next number.
 * @returns the jobs of the two events that say so
 */
export async function insertContinuation(
  queries: Queries,
  number: number,
  follows: number,
  deployment: NewDeployment,
  scheme: IcnScheme,
): Promise<JobRow[]> {
  const { opened, openedUtcMs: utcMs } = deployment;
  const next = { next: scheme.formatDeployment(number) };
  const closing = closedEvent('continued', { atNs: opened.atNs, utcMs }, next);
  const closed = await endDeployment(queries, follows, closing, scheme);
  const context = await contextOf(queries, follows);
  await insertRow(queries, number, follows, deployment, context);
  const opening = openingOf(deployment, context, { follows: scheme.formatDeployment(follows) });
  const begun = await insertEvent(queries, number, opening, scheme);
  return [...closed, ...(begun === null ? [] : [begun])];
}

/**
 * The last event of a deployment and its end are one. Where a record on the disk has brought the event back, that one
 * says how it ended. A deployment that an older program opened has no events, and gets none.
 * @param closing an event of the type `closed`, its code says how
 * @returns the jobs of its last events; none where it has ended already, or its closing is written down
 */
export async function endDeployment(
  queries: Queries,
  number: number,
  closing: DeploymentEvent,
  scheme: IcnScheme,
): Promise<JobRow[]> {
  const open = await queries.get('SELECT number FROM deployments WHERE number = ? AND ended IS NULL', [number]);
  if (open === null) return [];
  const known = await closingOf(queries, number);
  const hasStory = (await eventCount(queries, number)) > 0;
  const jobs: JobRow[] = [];
  if (known === null && hasStory) {
    if (closing.code !== 'continued') jobs.push(...(await insertEndDoubts(queries, number, closing, scheme)));
    const job = await insertEvent(queries, number, closing, scheme);
    if (job !== null) jobs.push(job);
  }
  const { code, utcMs } = known ?? closing;
  await queries.run('UPDATE deployments SET closed_utc_ms = ?, ended = ? WHERE number = ?', [utcMs, code, number]);
  return jobs;
}

/** @throws KerbsideError 'store-failed' where the deployment is not known, or of an older program */
export async function contextOf(queries: Queries, number: number): Promise<RecordContext> {
  const row = await queries.get<{ context_json: string | null }>(
    'SELECT context_json FROM deployments WHERE number = ?',
    [number],
  );
  const text = row?.context_json ?? null;
  if (text === null) {
    throw new KerbsideError('store-failed', `The store holds no context of deployment ${String(number)}.`);
  }
  return JSON.parse(text) as RecordContext;
}

/** Deployments that have ended, whose numbers are all written down, and whose account is not. */
export async function deploymentsToAccount(queries: Queries): Promise<number[]> {
  const rows = await queries.all<{ number: number }>(
    `SELECT number FROM deployments AS d WHERE ended IS NOT NULL AND record_sha256 IS NULL AND context_json IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM numbers WHERE deployment = d.number AND state <> 'concluded')
       AND NOT EXISTS (SELECT 1 FROM jobs WHERE deployment = d.number)
     ORDER BY number`,
  );
  return rows.map(({ number }) => number);
}

/** Whether a deployment has ended of which numbers are still open. */
export async function hasUnaccounted(queries: Queries): Promise<boolean> {
  const row = await queries.get(
    `SELECT number FROM deployments AS d WHERE ended IS NOT NULL AND record_sha256 IS NULL AND context_json IS NOT NULL
       AND EXISTS (SELECT 1 FROM numbers WHERE deployment = d.number AND state <> 'concluded') LIMIT 1`,
  );
  return row !== null;
}

/** The account of a deployment's numbers as its record states it. */
export async function deploymentFacts(queries: Queries, number: number, scheme: IcnScheme): Promise<DeploymentFacts> {
  const row = await queries.get<StoredDeployment>('SELECT * FROM deployments WHERE number = ?', [number]);
  if (row === null || row.ended === null || row.closed_utc_ms === null) {
    throw new KerbsideError('store-failed', `Deployment ${String(number)} has not ended; it cannot be accounted for.`);
  }
  const context = await contextOf(queries, number);
  const leases = await queries.all<{ lease: number; firstIcn: string; lastIcn: string }>(
    'SELECT lease, MIN(icn) AS firstIcn, MAX(icn) AS lastIcn FROM numbers WHERE deployment = ? GROUP BY lease ORDER BY lease',
    [number],
  );
  const counts = await queries.all<{ kind: ExposureKind; count: number }>(
    'SELECT kind, COUNT(*) AS count FROM numbers WHERE deployment = ? GROUP BY kind ORDER BY kind',
    [number],
  );
  const printed = scheme.formatDeployment(number);
  const span = await queries.get<{ first: number | null; last: number | null }>(
    "SELECT MIN(sequence) AS first, MAX(sequence) AS last FROM chain WHERE type <> 'deployment' AND name LIKE ?",
    [`${printed}/%`],
  );
  return {
    deployment: printed,
    follows: row.follows === null ? null : scheme.formatDeployment(row.follows),
    cameraId: row.camera_id,
    siteCode: row.site_code,
    demo: row.demo === 1,
    openedUtcMs: row.opened_utc_ms,
    closedUtcMs: row.closed_utc_ms,
    ended: row.ended,
    leases,
    eventCount: await eventCount(queries, number),
    numberCount: counts.reduce((sum, { count }) => sum + count, 0),
    counts,
    software: context.software,
    eventCounter: context.eventCounter,
    firstSequence: span?.first ?? null,
    lastSequence: span?.last ?? null,
  };
}

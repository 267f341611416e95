/**
 * Events of deployments in the store, each with the job that seals it; part of a transaction, so that what is numbered is
 * also written down (OPR-2). The table's own triggers refuse a gap.
 */
import type { DeploymentEvent } from '../../src/deployment/events.js';
import type { EventFacts } from '../../src/evidence/event-record.js';
import type { IcnScheme } from '../../src/evidence/icn.js';
import type { RecordContext } from '../../src/evidence/record-context.js';
import { KerbsideError } from '../../src/errors.js';
import type { Queries } from './database.js';
import { insertJob } from './job-table.js';
import type { JobRow } from './rows.js';

interface EventDeployment {
  number: number;
  camera_id: string;
  demo: number;
  ended: string | null;
  context_json: string | null;
}

/** The event as the next one of this deployment. @returns null where the deployment is of an older program */
export async function insertEvent(
  queries: Queries,
  deployment: number,
  event: DeploymentEvent,
  scheme: IcnScheme,
): Promise<JobRow | null> {
  const row = await queries.get<EventDeployment>('SELECT * FROM deployments WHERE number = ?', [deployment]);
  if (row === null) throw new KerbsideError('store-failed', `The store has no deployment ${String(deployment)}.`);
  if (row.context_json === null) return null;
  const { software, eventCounter } = JSON.parse(row.context_json) as RecordContext;
  const number = (await eventCount(queries, deployment)) + 1;
  const facts: EventFacts = {
    deployment: scheme.formatDeployment(deployment),
    cameraId: row.camera_id,
    demo: row.demo === 1,
    number,
    event,
    software,
    eventCounter,
  };
  await insertRow(queries, deployment, facts);
  return insertJob(queries, deployment, { type: 'event', facts });
}

/**
 * Where an event of a session belongs: after image 999 the session goes on in the next deployment, which the one who
 * tells of the event may not have heard yet.
 * @throws KerbsideError 'store-failed' where the deployment has ended otherwise
 */
export async function openDeploymentOf(queries: Queries, deployment: number): Promise<number> {
  let number = deployment;
  for (;;) {
    const row = await queries.get<EventDeployment>('SELECT * FROM deployments WHERE number = ?', [number]);
    if (row?.ended === null) return number;
    const next = await queries.get<EventDeployment>('SELECT * FROM deployments WHERE follows = ?', [number]);
    if (next === null) {
      const sentence = `Deployment ${String(number)} has ended or is not known; it takes no more events.`;
      throw new KerbsideError('store-failed', sentence);
    }
    number = next.number;
  }
}

export async function eventCount(queries: Queries, deployment: number): Promise<number> {
  const row = await queries.get<{ count: number }>(
    'SELECT COALESCE(MAX(number), 0) AS count FROM deployment_events WHERE deployment = ?',
    [deployment],
  );
  return row?.count ?? 0;
}

export async function closingOf(queries: Queries, deployment: number): Promise<DeploymentEvent | null> {
  const sql = "SELECT event_json FROM deployment_events WHERE deployment = ? AND type = 'closed' LIMIT 1";
  const row = await queries.get<{ event_json: string }>(sql, [deployment]);
  return row === null ? null : (JSON.parse(row.event_json) as DeploymentEvent);
}

/** From a record on the disk, which the store has forgotten. The opening brings back what the deployment's records state. */
export async function adoptEvent(queries: Queries, facts: EventFacts): Promise<void> {
  const { deployment, cameraId, demo, software, event, number } = facts;
  const standing = standingOf(event);
  await queries.run(
    `INSERT INTO deployments (number, site_code, camera_id, demo, facts_json, software_version, opened_utc_ms, context_json)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET context_json = excluded.context_json,
       facts_json = excluded.facts_json, site_code = excluded.site_code
       WHERE context_json IS NULL AND excluded.context_json IS NOT NULL`,
    [
      Number(deployment),
      standing?.siteCode ?? '',
      cameraId,
      demo ? 1 : 0,
      standing?.facts ?? '{}',
      software.version,
      event.utcMs ?? 0,
      standing?.context ?? null,
    ],
  );
  // Asked first: the trigger that guards the numbers fires before a conflict is looked at.
  if ((await eventCount(queries, Number(deployment))) < number) await insertRow(queries, Number(deployment), facts);
}

function standingOf({ type, detail }: DeploymentEvent) {
  const { context, facts } = detail;
  if (type !== 'opened' || !isObject(context) || !isObject(facts)) return null;
  const siteCode = typeof facts['siteCode'] === 'string' ? facts['siteCode'] : '';
  return { siteCode, context: JSON.stringify(context), facts: JSON.stringify(facts) };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function insertRow(queries: Queries, deployment: number, { number, event }: EventFacts): Promise<void> {
  await queries.run('INSERT INTO deployment_events VALUES (?, ?, ?, ?, ?)', [
    deployment,
    number,
    event.type,
    event.utcMs,
    JSON.stringify(event),
  ]);
}

/** The doubts that a crash leaves, as events of the deployment before its end; part of the transaction that closes it. */
import { doubtsOfCrash } from '../../src/deployment/crash-doubt.js';
import type { DeploymentEvent } from '../../src/deployment/events.js';
import { doubtEvent } from '../../src/deployment/log.js';
import type { IcnScheme } from '../../src/evidence/icn.js';
import type { ExposureStart } from '../../src/evidence/types.js';
import type { Queries } from './database.js';
import { insertEvent } from './event-table.js';

export async function insertCrashDoubts(
  queries: Queries,
  number: number,
  { atNs, utcMs }: Pick<DeploymentEvent, 'atNs' | 'utcMs'>,
  scheme: IcnScheme,
): Promise<void> {
  const numbers = await sessionOf(queries, number);
  const marks = numbers.map(() => '?').join();
  const events = await queries.all<{ event_json: string }>(
    `SELECT event_json FROM deployment_events WHERE deployment IN (${marks}) ORDER BY deployment, number`,
    numbers,
  );
  const fired = await queries.all<{ start_json: string }>(
    `SELECT start_json FROM numbers WHERE deployment IN (${marks}) AND start_json IS NOT NULL ORDER BY deployment, image`,
    numbers,
  );
  const doubts = doubtsOfCrash(
    events.map((row) => JSON.parse(row.event_json) as DeploymentEvent),
    fired.map((row) => JSON.parse(row.start_json) as ExposureStart),
  );
  for (const doubt of doubts) await insertEvent(queries, number, doubtEvent(doubt, atNs, utcMs), scheme);
}

/** This deployment and those that it goes on from after their image 999: one session, and one story of tests. */
async function sessionOf(queries: Queries, number: number): Promise<number[]> {
  const rows = await queries.all<{ number: number }>(
    `WITH RECURSIVE session (number, follows) AS (
       SELECT number, follows FROM deployments WHERE number = ?
       UNION SELECT before.number, before.follows FROM deployments AS before JOIN session ON before.number = session.follows
     ) SELECT number FROM session`,
    [number],
  );
  return rows.map((row) => row.number);
}

/** The doubts that an end leaves, as events of the deployment before its last; part of the transaction that closes it. */
import { doubtsAtEnd } from '../../src/deployment/end-doubts.js';
import type { DeploymentEvent } from '../../src/deployment/events.js';
import { doubtEvent } from '../../src/deployment/log.js';
import type { IcnScheme } from '../../src/evidence/icn.js';
import type { ExposureStart } from '../../src/evidence/types.js';
import type { Queries } from './database.js';
import { insertEvent } from './event-table.js';
import type { JobRow } from './rows.js';

/** After image 999 a session goes on under another number, and its last good test may lie in the first. */
const SESSION = `WITH RECURSIVE session (number) AS (
  SELECT ? UNION SELECT d.follows FROM deployments AS d JOIN session AS s ON d.number = s.number
  WHERE d.follows IS NOT NULL)`;

/** @returns their jobs, in order */
export async function insertEndDoubts(
  queries: Queries,
  number: number,
  { atNs, utcMs }: Pick<DeploymentEvent, 'atNs' | 'utcMs'>,
  scheme: IcnScheme,
): Promise<JobRow[]> {
  const events = await queries.all<{ event_json: string }>(
    `${SESSION} SELECT event_json FROM deployment_events WHERE deployment IN session ORDER BY deployment, number`,
    [number],
  );
  const fired = await queries.all<{ start_json: string }>(
    `${SESSION} SELECT start_json FROM numbers WHERE deployment IN session AND start_json IS NOT NULL
       ORDER BY deployment, image`,
    [number],
  );
  const doubts = doubtsAtEnd(
    events.map((row) => JSON.parse(row.event_json) as DeploymentEvent),
    fired.map((row) => JSON.parse(row.start_json) as ExposureStart),
  );
  const jobs: JobRow[] = [];
  for (const doubt of doubts) {
    const job = await insertEvent(queries, number, doubtEvent(doubt, atNs, utcMs), scheme);
    if (job !== null) jobs.push(job);
  }
  return jobs;
}

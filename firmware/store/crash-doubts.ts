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
  const events = await queries.all<{ event_json: string }>(
    'SELECT event_json FROM deployment_events WHERE deployment = ? ORDER BY number',
    [number],
  );
  const fired = await queries.all<{ start_json: string }>(
    'SELECT start_json FROM numbers WHERE deployment = ? AND start_json IS NOT NULL ORDER BY image',
    [number],
  );
  const doubts = doubtsOfCrash(
    events.map((row) => JSON.parse(row.event_json) as DeploymentEvent),
    fired.map((row) => JSON.parse(row.start_json) as ExposureStart),
  );
  for (const doubt of doubts) await insertEvent(queries, number, doubtEvent(doubt, atNs, utcMs), scheme);
}

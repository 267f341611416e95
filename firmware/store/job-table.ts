/** Records that wait for their files, each under the name that it will have in the chain. */
import { chainName, type RecordWork } from '../../src/evidence/record-work.js';
import type { Queries } from './database.js';
import { workFromJson, workToJson } from './exposure-json.js';
import type { JobRow } from './rows.js';

/** @returns null when the record waits already */
export async function insertJob(queries: Queries, deployment: number, work: RecordWork): Promise<JobRow | null> {
  const name = chainName(work);
  if ((await queries.get('SELECT id FROM jobs WHERE name = ?', [name])) !== null) return null;
  const { lastId } = await queries.run('INSERT INTO jobs (name, deployment, work_json) VALUES (?, ?, ?)', [
    name,
    deployment,
    workToJson(work),
  ]);
  return { id: lastId, work };
}

/** In the order in which they were added: the order of the chain. */
export async function openJobs(queries: Queries, deployment: number | null = null): Promise<JobRow[]> {
  const rows = await queries.all<{ id: number; work_json: string }>(
    'SELECT * FROM jobs WHERE ?1 IS NULL OR deployment = ?1 ORDER BY id',
    [deployment],
  );
  return rows.map((row) => ({ id: row.id, work: workFromJson(row.work_json) }));
}

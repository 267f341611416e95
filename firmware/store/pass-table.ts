/** STAT-1: every measured vehicle, offender or not. */
import type { PassSummary } from '../../src/enforcement/types.js';
import type { Queries } from './database.js';

export async function insertPass(queries: Queries, deployment: number, pass: PassSummary): Promise<void> {
  await queries.run(
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
  );
}

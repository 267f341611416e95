/** Deployments of which something may come before a court: what belongs to them is kept. */
import type { Queries } from './database.js';

/**
 * A number counts that was used for a vehicle or whose fate nobody knows; one that was given out and never fired does not,
 * nor do the camera's own shots. A deployment that went on under another number (ICN: after image 999) counts with it.
 */
const WITH_EXHIBITS = `
WITH RECURSIVE kept(number) AS (
  SELECT DISTINCT deployment FROM numbers
    WHERE state <> 'concluded' OR kind IN ('incident', 'annulled', 'unmatched')
      OR (kind = 'void' AND reason IS NOT 'lease-unused')
  UNION
  SELECT d.follows FROM deployments d JOIN kept ON d.number = kept.number WHERE d.follows IS NOT NULL
)
SELECT number FROM kept`;

export interface KnownDeployments {
  readonly all: ReadonlySet<number>;
  readonly withExhibits: ReadonlySet<number>;
}

export async function knownDeployments(queries: Queries): Promise<KnownDeployments> {
  const all = await queries.all<{ number: number }>('SELECT number FROM deployments');
  const kept = await queries.all<{ number: number }>(WITH_EXHIBITS);
  return { all: new Set(all.map(({ number }) => number)), withExhibits: new Set(kept.map(({ number }) => number)) };
}

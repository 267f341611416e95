/**
 * A store that was put back from an older copy learns again what it has forgotten, from the records on the disk: the
 * deployment, its numbers, the change of parameters. Only what a record vouches for comes back; nothing is invented, and
 * numbers that the record's deployment must have leased before it are entered open, for recovery to end (ICN-2).
 */
import type { IcnScheme } from '../../src/evidence/icn.js';
import type { RecordWork } from '../../src/evidence/record-work.js';
import type { ConcludedExposure, ExposureFacts, Icn } from '../../src/evidence/types.js';
import type { UtcMs } from '../../src/units.js';
import type { Queries } from './database.js';
import { adoptEvent } from './event-table.js';

export async function adoptWork(queries: Queries, work: RecordWork, utcMs: UtcMs, scheme: IcnScheme): Promise<void> {
  if (work.type === 'exposure') await adoptExposure(queries, work, utcMs, scheme);
  else if (work.type === 'parameters') await adoptParameters(queries, work.facts);
  else if (work.type === 'event') await adoptEvent(queries, work.facts);
  else await adoptDeployment(queries, work.facts);
}

type Exposure = Extract<RecordWork, { type: 'exposure' }>;
type Parameters = Extract<RecordWork, { type: 'parameters' }>['facts'];
type Deployment = Extract<RecordWork, { type: 'deployment' }>['facts'];

async function adoptExposure(
  queries: Queries,
  { exposure, context }: Exposure,
  utcMs: UtcMs,
  scheme: IcnScheme,
): Promise<void> {
  const { deployment, image } = scheme.parse(exposure.icn);
  await queries.run(
    `INSERT INTO deployments (number, site_code, camera_id, demo, facts_json, software_version, opened_utc_ms, context_json)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET context_json = excluded.context_json,
       facts_json = excluded.facts_json, site_code = excluded.site_code WHERE context_json IS NULL`,
    [
      deployment,
      exposure.facts.siteCode,
      exposure.facts.cameraId,
      exposure.facts.demo ? 1 : 0,
      JSON.stringify(standing(exposure)),
      context.software.version,
      exposure.facts.utcMs ?? utcMs,
      JSON.stringify(context),
    ],
  );
  await enterNumbers(queries, deployment, image, scheme);
}

/** A number of the journal that the store does not know, though it knows the deployment: it was leased, too. */
export async function enterFired(queries: Queries, icn: Icn, scheme: IcnScheme): Promise<void> {
  const { deployment, image } = scheme.parse(icn);
  const known = await queries.get('SELECT number FROM deployments WHERE number = ?', [deployment]);
  if (known !== null) await enterNumbers(queries, deployment, image, scheme);
}

/** Every number up to this image, open. */
async function enterNumbers(queries: Queries, deployment: number, image: number, scheme: IcnScheme): Promise<void> {
  const last = await queries.get<{ image: number | null; lease: number | null }>(
    'SELECT MAX(image) AS image, (SELECT MAX(lease) FROM numbers) AS lease FROM numbers WHERE deployment = ?',
    [deployment],
  );
  for (let next = (last?.image ?? 0) + 1; next <= image; next += 1) {
    await queries.run("INSERT INTO numbers (icn, deployment, image, lease, state) VALUES (?, ?, ?, ?, 'leased')", [
      scheme.format(deployment, next),
      deployment,
      next,
      (last?.lease ?? 0) + 1,
    ]);
  }
}

/** What a record states whether or not there is a vehicle. */
function standing({ facts }: ConcludedExposure): ExposureFacts {
  return {
    ...facts,
    ...{ speedKmh: null, truncatedKmh: null, direction: null, headingDeg: null, lane: null, rangeM: null },
    ...{ vehicleChainageM: null, vehicleFromChainageM: null, vehicleToChainageM: null, vehiclePosition: null },
    ...{ utcMs: null, readingsUsed: 0, readingsCut: 0 },
  };
}

async function adoptParameters(queries: Queries, facts: Parameters): Promise<void> {
  const deployment = Number(facts.deployment);
  await queries.run(
    `INSERT INTO deployments (number, site_code, camera_id, demo, facts_json, software_version, opened_utc_ms)
     VALUES (?, '', ?, ?, '{}', ?, ?) ON CONFLICT (number) DO NOTHING`,
    [deployment, facts.cameraId, facts.demo ? 1 : 0, facts.software.version, facts.changedUtcMs],
  );
  // Asked first: the trigger that guards the counter fires before ON CONFLICT is looked at.
  const { eventCounter: counter, who, changedUtcMs, changes } = facts;
  if ((await queries.get('SELECT counter FROM parameter_changes WHERE counter = ?', [counter])) === null) {
    const values = [counter, deployment, who, changedUtcMs, JSON.stringify(changes)];
    await queries.run('INSERT INTO parameter_changes VALUES (?, ?, ?, ?, ?)', values);
  }
  for (const { name, newValue } of changes) {
    if (newValue === null) await queries.run('DELETE FROM parameters WHERE name = ?', [name]);
    else {
      const sql = 'INSERT INTO parameters VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value';
      await queries.run(sql, [name, newValue]);
    }
  }
}

async function adoptDeployment(queries: Queries, facts: Deployment): Promise<void> {
  await queries.run(
    `INSERT INTO deployments (number, site_code, camera_id, demo, facts_json, software_version, opened_utc_ms, context_json)
     VALUES (?, ?, ?, ?, '{}', ?, ?, NULL) ON CONFLICT (number) DO NOTHING`,
    [
      Number(facts.deployment),
      facts.siteCode,
      facts.cameraId,
      facts.demo ? 1 : 0,
      facts.software.version,
      facts.openedUtcMs,
    ],
  );
  await queries.run('UPDATE deployments SET closed_utc_ms = ?, ended = ? WHERE number = ? AND ended IS NULL', [
    facts.closedUtcMs,
    facts.ended,
    Number(facts.deployment),
  ]);
}

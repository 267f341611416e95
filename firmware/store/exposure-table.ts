/** Committed exposures: the row that `evidence list` shows, once and for ever. */
import { relative } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import type { IcnScheme } from '../../src/evidence/icn.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';
import type { UtcMs } from '../../src/units.js';
import type { Queries } from './database.js';
import { exposureToJson } from './exposure-json.js';
import type { SealedFiles } from './rows.js';

/** The number is concluded, its row written, its image accounted for; part of the commit's transaction. */
export async function commitExposure(
  queries: Queries,
  exposure: ConcludedExposure,
  files: SealedFiles,
  { dataDir, utcMs }: { readonly dataDir: string; readonly utcMs: UtcMs },
  scheme: IcnScheme,
): Promise<void> {
  const { changes } = await queries.run(
    "UPDATE numbers SET state = 'concluded', kind = ?, reason = ? WHERE icn = ? AND state <> 'concluded'",
    [exposure.kind, exposure.reason, exposure.icn],
  );
  if (changes !== 1) {
    throw new KerbsideError(
      'store-failed',
      `Number ${exposure.icn} is not open; it cannot be concluded again (ICN-2).`,
    );
  }
  const withoutReadings = exposureToJson({ ...exposure, readings: [] });
  await queries.run('INSERT INTO exposures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
    exposure.icn,
    exposure.incident,
    scheme.parse(exposure.icn).deployment,
    exposure.kind,
    exposure.reason,
    exposure.facts.utcMs,
    withoutReadings,
    files.image === null ? null : relative(dataDir, files.image.path),
    files.image?.sha256 ?? null,
    exposure.imageSha256,
    relative(dataDir, files.record.path),
    files.record.sha256,
    utcMs,
  ]);
  if (files.image !== null && exposure.imageSha256 !== null) {
    await queries.run("UPDATE images SET outcome = 'committed', icn = ? WHERE sha256 = ?", [
      exposure.icn,
      exposure.imageSha256,
    ]);
  }
}

/** EXP-1. @param deployment null: of all. An image whose own time was not known counts from when it was sealed. */
export async function oldestUnexported(queries: Queries, deployment: number | null = null): Promise<UtcMs | null> {
  const row = await queries.get<{ oldest: UtcMs | null }>(
    `SELECT MIN(COALESCE(utc_ms, committed_utc_ms)) AS oldest FROM exposures AS e
     WHERE image_file IS NOT NULL AND NOT EXISTS (SELECT 1 FROM exports WHERE icn = e.icn)
     AND deployment = COALESCE(?, deployment)`,
    [deployment],
  );
  return row?.oldest ?? null;
}

/**
 * The tables, as migrations that are applied once and in order. ICN-2 is kept by the database itself: a number comes
 * into being leased, in sequence without a hole; its state only goes forward; it is never changed in its identity and
 * never deleted. A bug elsewhere in the program then stops the camera instead of damaging the account of numbers.
 *
 * Surprise of SQLite: `INSERT OR REPLACE` deletes silently, and delete triggers fire for it only with
 * `recursive_triggers` on, which is set at opening.
 */
import { KerbsideError } from '../../src/errors.js';
import type { Database } from './database.js';

const DEPLOYMENTS_AND_NUMBERS = `
CREATE TABLE deployments (
  number INTEGER PRIMARY KEY CHECK (number > 0),
  follows INTEGER REFERENCES deployments(number),
  site_code TEXT NOT NULL,
  camera_id TEXT NOT NULL,
  demo INTEGER NOT NULL CHECK (demo IN (0, 1)),
  facts_json TEXT NOT NULL,
  software_version TEXT NOT NULL,
  opened_utc_ms REAL NOT NULL,
  closed_utc_ms REAL,
  ended TEXT CHECK (ended IN ('closed', 'continued', 'crash')),
  CHECK ((closed_utc_ms IS NULL) = (ended IS NULL))
) STRICT;
CREATE TABLE numbers (
  icn TEXT PRIMARY KEY,
  deployment INTEGER NOT NULL REFERENCES deployments(number),
  image INTEGER NOT NULL CHECK (image > 0),
  lease INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('leased', 'fired', 'concluded')),
  kind TEXT CHECK (kind IN ('incident', 'annulled', 'void', 'unmatched', 'sync', 'alignment', 'test')),
  reason TEXT,
  start_json TEXT,
  UNIQUE (deployment, image),
  CHECK ((state = 'concluded') = (kind IS NOT NULL)),
  CHECK (state <> 'fired' OR start_json IS NOT NULL)
) STRICT;
CREATE INDEX numbers_open ON numbers(state) WHERE state <> 'concluded';
CREATE TRIGGER numbers_begin BEFORE INSERT ON numbers
WHEN NEW.state <> 'leased'
  OR NEW.image <> 1 + (SELECT COALESCE(MAX(image), 0) FROM numbers WHERE deployment = NEW.deployment)
BEGIN SELECT RAISE(ABORT, 'ICN-2: a number begins leased and next in its deployment'); END;
CREATE TRIGGER numbers_forward BEFORE UPDATE ON numbers
WHEN NEW.icn <> OLD.icn OR NEW.deployment <> OLD.deployment OR NEW.image <> OLD.image OR NEW.lease <> OLD.lease
  OR OLD.state = 'concluded'
  OR (OLD.state = 'fired' AND (NEW.state = 'leased' OR NEW.start_json IS NOT OLD.start_json))
BEGIN SELECT RAISE(ABORT, 'ICN-2: the state of a number only goes forward'); END;
CREATE TRIGGER numbers_kept BEFORE DELETE ON numbers
BEGIN SELECT RAISE(ABORT, 'ICN-2: a number is never deleted'); END;
`;

const EXPOSURES = `
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  icn TEXT NOT NULL UNIQUE REFERENCES numbers(icn),
  exposure_json TEXT NOT NULL
) STRICT;
CREATE TABLE exposures (
  icn TEXT PRIMARY KEY REFERENCES numbers(icn),
  incident TEXT NOT NULL,
  deployment INTEGER NOT NULL REFERENCES deployments(number),
  kind TEXT NOT NULL,
  reason TEXT,
  utc_ms REAL,
  exposure_json TEXT NOT NULL,
  image_file TEXT,
  image_sha256 TEXT,
  original_sha256 TEXT,
  record_file TEXT NOT NULL,
  record_sha256 TEXT NOT NULL,
  committed_utc_ms REAL NOT NULL,
  CHECK ((image_file IS NULL) = (image_sha256 IS NULL))
) STRICT;
CREATE TRIGGER exposures_fixed BEFORE UPDATE ON exposures
BEGIN SELECT RAISE(ABORT, 'a committed exposure is never changed'); END;
CREATE TRIGGER exposures_kept BEFORE DELETE ON exposures
BEGIN SELECT RAISE(ABORT, 'a committed exposure is never deleted'); END;
CREATE TABLE images (
  sha256 TEXT PRIMARY KEY,
  image_id TEXT NOT NULL,
  file_name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  session INTEGER NOT NULL,
  seen_utc_ms REAL NOT NULL,
  outcome TEXT NOT NULL DEFAULT 'seen' CHECK (outcome IN ('seen', 'committed', 'dropped')),
  icn TEXT REFERENCES numbers(icn),
  CHECK ((outcome = 'committed') = (icn IS NOT NULL))
) STRICT;
`;

const SESSION_DATA = `
CREATE TABLE passes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  deployment INTEGER NOT NULL REFERENCES deployments(number),
  pass_id INTEGER NOT NULL,
  utc_ms REAL,
  direction TEXT NOT NULL,
  speed_kmh REAL,
  truncated_kmh INTEGER,
  verdict TEXT NOT NULL,
  reason TEXT,
  armed INTEGER NOT NULL,
  icn TEXT,
  pass_json TEXT NOT NULL
) STRICT;
CREATE INDEX passes_of_deployment ON passes(deployment);
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  deployment INTEGER,
  utc_ms REAL NOT NULL,
  level TEXT NOT NULL,
  code TEXT NOT NULL,
  sentence TEXT NOT NULL
) STRICT;
CREATE TABLE counters (
  deployment INTEGER NOT NULL REFERENCES deployments(number),
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (deployment, name)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER passes_counted AFTER INSERT ON passes
BEGIN
  INSERT INTO counters VALUES (NEW.deployment, 'pass-' || NEW.verdict || COALESCE('-' || NEW.reason, ''), 1)
  ON CONFLICT DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER exposures_counted AFTER INSERT ON exposures
BEGIN
  INSERT INTO counters VALUES (NEW.deployment, 'exposure-' || NEW.kind || COALESCE('-' || NEW.reason, ''), 1)
  ON CONFLICT DO UPDATE SET value = value + 1;
END;
`;

/** In order; never edited once released: a change is a new entry. */
export const MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [
  { name: 'deployments and numbers', sql: DEPLOYMENTS_AND_NUMBERS },
  { name: 'exposures, jobs and images', sql: EXPOSURES },
  { name: 'passes, events and counters', sql: SESSION_DATA },
];

/** @throws KerbsideError 'store-schema' when a newer program has written this store */
export async function checkSchema(database: Database): Promise<number> {
  const row = await database.get<{ version: number | null }>('SELECT MAX(version) AS version FROM migrations');
  const version = row?.version ?? 0;
  if (version > MIGRATIONS.length) {
    throw new KerbsideError(
      'store-schema',
      `Store ${database.file} has schema ${String(version)}, written by a newer Kerbside; this one knows up to ${String(MIGRATIONS.length)}.`,
    );
  }
  return version;
}

/** Brings the store to the newest schema, each step whole or not at all. */
export async function migrate(database: Database, utcMs: number): Promise<void> {
  await database.exec(
    'CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_utc_ms REAL NOT NULL) STRICT',
  );
  const from = await checkSchema(database);
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < from) continue;
    await database.transaction(async (queries) => {
      await queries.exec(migration.sql);
      await queries.run('INSERT INTO migrations VALUES (?, ?, ?)', [index + 1, migration.name, utcMs]);
    });
  }
}

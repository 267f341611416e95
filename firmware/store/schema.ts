/**
 * The tables, as migrations that are applied once and in order. ICN-2 is kept by the database itself: a number comes
 * into being leased, in sequence without a hole; its state only goes forward; it is never changed in its identity and
 * never deleted. A bug elsewhere in the program then stops the camera instead of damaging the account of numbers.
 *
 * Surprise of SQLite: `INSERT OR REPLACE` deletes silently, and delete triggers fire for it only with
 * `recursive_triggers` on, which is set at opening.
 */
import { KerbsideError } from '../../src/errors.js';
import { NO_RECORD_SHA256 } from '../../src/evidence/record-envelope.js';
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

/** What holds of the table of the chain, whenever it is made. */
const CHAIN_RULES = `CREATE TRIGGER chain_next BEFORE INSERT ON chain
WHEN NEW.sequence <> 1 + (SELECT COALESCE(MAX(sequence), 0) FROM chain)
  OR NEW.previous_sha256 <> COALESCE((SELECT sha256 FROM chain WHERE sequence = NEW.sequence - 1), '${NO_RECORD_SHA256}')
BEGIN SELECT RAISE(ABORT, 'a record hangs on the one before it'); END;
CREATE TRIGGER chain_fixed BEFORE UPDATE ON chain
BEGIN SELECT RAISE(ABORT, 'the chain of records is never changed'); END;
CREATE TRIGGER chain_kept BEFORE DELETE ON chain
BEGIN SELECT RAISE(ABORT, 'the chain of records is never cut'); END;
`;

/** The chain, its jobs, and the event counter (ICN-2; docs/decisions/0011). */
const CHAIN = `
ALTER TABLE deployments ADD COLUMN context_json TEXT;
ALTER TABLE deployments ADD COLUMN record_sha256 TEXT;
CREATE TABLE chain (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  type TEXT NOT NULL CHECK (type IN ('exposure', 'deployment', 'parameters')),
  name TEXT NOT NULL UNIQUE,
  sha256 TEXT NOT NULL UNIQUE,
  previous_sha256 TEXT NOT NULL
) STRICT;
${CHAIN_RULES}DROP TABLE jobs;
CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  deployment INTEGER NOT NULL REFERENCES deployments(number),
  work_json TEXT NOT NULL
) STRICT;
CREATE TABLE parameters (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
CREATE TABLE parameter_changes (
  counter INTEGER PRIMARY KEY CHECK (counter > 0),
  deployment INTEGER NOT NULL REFERENCES deployments(number),
  who TEXT NOT NULL,
  utc_ms REAL NOT NULL,
  changes_json TEXT NOT NULL
) STRICT;
CREATE TRIGGER parameter_changes_counted BEFORE INSERT ON parameter_changes
WHEN NEW.counter <= (SELECT COALESCE(MAX(counter), 0) FROM parameter_changes)
BEGIN SELECT RAISE(ABORT, 'the event counter only goes up'); END;
CREATE TRIGGER parameter_changes_fixed BEFORE UPDATE ON parameter_changes
BEGIN SELECT RAISE(ABORT, 'the log of parameters is never changed'); END;
CREATE TRIGGER parameter_changes_kept BEFORE DELETE ON parameter_changes
BEGIN SELECT RAISE(ABORT, 'the log of parameters is never cut'); END;
`;

/**
 * Events as a fourth kind of record (OPR-2), and what PIB has confirmed (EXP-1). SQLite cannot change a CHECK, so the
 * chain is copied into a new table; dropping the old one fires no trigger.
 */
const EVENTS = `
CREATE TABLE chain_with_events (
  sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
  type TEXT NOT NULL CHECK (type IN ('exposure', 'deployment', 'parameters', 'event')),
  name TEXT NOT NULL UNIQUE,
  sha256 TEXT NOT NULL UNIQUE,
  previous_sha256 TEXT NOT NULL
) STRICT;
INSERT INTO chain_with_events SELECT sequence, type, name, sha256, previous_sha256 FROM chain ORDER BY sequence;
DROP TABLE chain;
ALTER TABLE chain_with_events RENAME TO chain;
${CHAIN_RULES}CREATE TABLE deployment_events (
  deployment INTEGER NOT NULL REFERENCES deployments(number),
  number INTEGER NOT NULL CHECK (number > 0),
  type TEXT NOT NULL,
  utc_ms REAL,
  event_json TEXT NOT NULL,
  PRIMARY KEY (deployment, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX deployment_doubts ON deployment_events(type) WHERE type = 'doubt';
CREATE TRIGGER deployment_events_next BEFORE INSERT ON deployment_events
WHEN NEW.number <> 1 + (SELECT COALESCE(MAX(number), 0) FROM deployment_events WHERE deployment = NEW.deployment)
BEGIN SELECT RAISE(ABORT, 'the events of a deployment have no gap'); END;
CREATE TRIGGER deployment_events_fixed BEFORE UPDATE ON deployment_events
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;
CREATE TRIGGER deployment_events_kept BEFORE DELETE ON deployment_events
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;
CREATE TABLE exports (
  icn TEXT PRIMARY KEY REFERENCES exposures(icn),
  confirmed_utc_ms REAL NOT NULL
) STRICT;
`;

/** In order; never edited once released: a change is a new entry. */
export const MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [
  { name: 'deployments and numbers', sql: DEPLOYMENTS_AND_NUMBERS },
  { name: 'exposures, jobs and images', sql: EXPOSURES },
  { name: 'passes, events and counters', sql: SESSION_DATA },
  { name: 'chain of records, event counter', sql: CHAIN },
  { name: 'chained events, confirmed exports', sql: EVENTS },
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

/** The first schema that has the tables of events and exports. */
export const WITH_EVENTS = 5;

/** The last schema whose records were not chained. */
const LAST_UNCHAINED = 3;

/** What an older program left open can only be ended by it: a chained record states what it never wrote down. */
async function refuseOpenNumbers(database: Database, version: number): Promise<void> {
  const row = await database.get<{ open: number }>("SELECT COUNT(*) AS open FROM numbers WHERE state <> 'concluded'");
  if (row === null || row.open === 0) return;
  throw new KerbsideError(
    'store-schema',
    `Store ${database.file} has schema ${String(version)} and ${String(row.open)} numbers without an end; expected none: start and close the Kerbside that wrote it once, then this one.`,
  );
}

/**
 * Brings the store to the newest schema, each step whole or not at all.
 * @returns the schema that was found; the newest where nothing had to be done, 0 for a new store
 */
export async function migrate(database: Database, utcMs: number): Promise<number> {
  await database.exec(
    'CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_utc_ms REAL NOT NULL) STRICT',
  );
  const from = await checkSchema(database);
  if (from > 0 && from <= LAST_UNCHAINED) await refuseOpenNumbers(database, from);
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < from) continue;
    await database.transaction(async (queries) => {
      await queries.exec(migration.sql);
      await queries.run('INSERT INTO migrations VALUES (?, ?, ?)', [index + 1, migration.name, utcMs]);
    });
  }
  return from;
}

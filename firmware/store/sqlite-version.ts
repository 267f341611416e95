/**
 * Which SQLite may hold evidence. The WAL-reset bug loses commits that were acknowledged when two connections write and
 * checkpoint at the same instant; it is in 3.7.0 to 3.51.2 and was fixed in 3.51.3, 3.50.7 and 3.44.6
 * (sqlite.org/wal.html). See docs/decisions/0004 for the withdrawn 3.52.0, which holds the fix.
 */
import sqlite3 from 'sqlite3';
import { KerbsideError } from '../../src/errors.js';

/** First patch release of each maintained line that holds the fix. */
const FIXED_LINES: ReadonlyMap<number, number> = new Map([
  [44, 6],
  [50, 7],
  [51, 3],
]);

/**
 * True when this SQLite has the WAL-reset bug, or when the version cannot be read (what is not known is not trusted).
 *
 * @param version as `sqlite_version()` states it, e.g. '3.52.0'
 */
export function walResetBug(version: string): boolean {
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
  if (match === null) return true;
  const [major, minor, patch] = match.slice(1).map(Number) as [number, number, number];
  if (major !== 3) return true;
  if (minor < 7 || minor > 51) return false;
  const fixedFrom = FIXED_LINES.get(minor);
  return fixedFrom === undefined || patch < fixedFrom;
}

/** @throws KerbsideError 'store-version' */
export function assertSafeSqlite(version: string = sqlite3.VERSION): void {
  if (!walResetBug(version)) return;
  throw new KerbsideError(
    'store-version',
    `SQLite ${version} may lose committed evidence (WAL-reset bug); expected 3.51.3 or later, 3.50.7 or later in 3.50, or 3.44.6 or later in 3.44.`,
  );
}

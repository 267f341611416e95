/** Looks at a store before it is trusted: a pragma that is not taken says nothing, and cards grow old. */
import { KerbsideError } from '../../src/errors.js';
import type { Database } from './database.js';

/** SQLite's number for synchronous = FULL. */
const SYNCHRONOUS_FULL = 2;

/** Reads back what evidence depends on. @throws KerbsideError 'store-failed' */
export async function assertDurable(database: Database): Promise<void> {
  const journal = await database.get<{ journal_mode: string }>('PRAGMA journal_mode');
  const sync = await database.get<{ synchronous: number }>('PRAGMA synchronous');
  if (journal?.journal_mode === 'wal' && sync?.synchronous === SYNCHRONOUS_FULL) return;
  const found = `journal_mode ${journal?.journal_mode ?? 'unknown'}, synchronous ${sync?.synchronous ?? 'unknown'}`;
  throw new KerbsideError(
    'store-failed',
    `Store ${database.file}: found ${found}; expected journal_mode wal, synchronous ${SYNCHRONOUS_FULL} (FULL).`,
  );
}

/** @throws KerbsideError 'evidence-damaged' */
export async function assertSound(database: Database): Promise<void> {
  const rows = await database.all<{ quick_check: string }>('PRAGMA quick_check(1)');
  const found = rows[0]?.quick_check ?? 'no answer';
  if (found === 'ok') return;
  throw new KerbsideError(
    'evidence-damaged',
    `Store ${database.file} is damaged (${found}); expected an intact database: restore a backup and keep this file.`,
  );
}

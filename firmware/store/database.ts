/**
 * Promises over sqlite3's callbacks: one connection, typed rows, one error class, and transactions that queue behind each
 * other. sqlite3's own types hand out `any`; only this file sees them. Surprise of the driver: statements of two
 * overlapping transactions on one connection interleave silently, so every write goes through `exclusively`.
 */
import sqlite3 from 'sqlite3';
import { KerbsideError, type ErrorName } from '../../src/errors.js';

export type SqlValue = string | number | null | Uint8Array;
type SqlRow = Readonly<Record<string, SqlValue>>;

export interface RunOutcome {
  readonly changes: number;
  readonly lastId: number;
}

/** What queries need; a transaction gives the same to its body. */
export interface Queries {
  run(sql: string, values?: readonly SqlValue[]): Promise<RunOutcome>;
  get<Row = SqlRow>(sql: string, values?: readonly SqlValue[]): Promise<Row | null>;
  all<Row = SqlRow>(sql: string, values?: readonly SqlValue[]): Promise<Row[]>;
  exec(sql: string): Promise<void>;
}

const ERROR_KINDS: Readonly<Record<string, ErrorName>> = {
  SQLITE_FULL: 'disk-full',
  SQLITE_BUSY: 'store-locked',
  SQLITE_LOCKED: 'store-locked',
};

/** SQLite's error as ours; the sentence keeps SQLite's words, they are what a technician can look up. */
export function storeError(error: unknown, file: string): KerbsideError {
  if (error instanceof KerbsideError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  const kind = code === 'ENOSPC' || code === 'EDQUOT' ? 'disk-full' : (ERROR_KINDS[code] ?? 'store-failed');
  const what = kind === 'disk-full' ? 'cannot be written, the disk is full' : 'failed';
  return new KerbsideError(kind, `Store ${file} ${what}: ${message}.`, { cause: error });
}

const MAY_PASS = new Set([
  ...['SQLITE_IOERR', 'SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_PROTOCOL', 'SQLITE_NOMEM'],
  ...['EIO', 'EROFS', 'EINTR', 'EAGAIN', 'EMFILE', 'ENFILE', 'ENOMEM', 'EBUSY'],
]);

/** True for failures that may pass (full disk, I/O, lock): the same write is tried again. False: a bug or damage. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof KerbsideError)) return false;
  if (error.kind === 'disk-full' || error.kind === 'store-locked') return true;
  const cause = error.cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return MAY_PASS.has(code);
}

export class Database implements Queries {
  readonly file: string;
  readonly #handle: sqlite3.Database;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(file: string, handle: sqlite3.Database) {
    this.file = file;
    this.#handle = handle;
  }

  /** @throws KerbsideError 'store-failed', 'store-locked', 'disk-full' */
  static open(file: string, mode: 'write' | 'read'): Promise<Database> {
    const flags = mode === 'read' ? sqlite3.OPEN_READONLY : sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE;
    return new Promise((resolve, reject) => {
      const handle = new sqlite3.Database(file, flags | sqlite3.OPEN_FULLMUTEX, (error) => {
        if (error === null) resolve(new Database(file, handle));
        else reject(storeError(error, file));
      });
    });
  }

  run(sql: string, values: readonly SqlValue[] = []): Promise<RunOutcome> {
    return new Promise((resolve, reject) => {
      const { file } = this;
      this.#handle.run(sql, [...values], function (this: sqlite3.RunResult, error: Error | null) {
        if (error === null) resolve({ changes: this.changes, lastId: this.lastID });
        else reject(storeError(error, file));
      });
    });
  }

  get<Row = SqlRow>(sql: string, values: readonly SqlValue[] = []): Promise<Row | null> {
    return new Promise((resolve, reject) => {
      this.#handle.get<Row>(sql, [...values], (error, row) => {
        if (error === null) resolve(row ?? null);
        else reject(storeError(error, this.file));
      });
    });
  }

  all<Row = SqlRow>(sql: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.#handle.all<Row>(sql, [...values], (error, rows) => {
        if (error === null) resolve(rows);
        else reject(storeError(error, this.file));
      });
    });
  }

  exec(sql: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#handle.exec(sql, (error) => {
        if (error === null) resolve();
        else reject(storeError(error, this.file));
      });
    });
  }

  /** All of `body` or nothing, in the order of the calls. With synchronous FULL the commit is on the disk when it resolves. */
  transaction<T>(body: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#exclusively(async () => {
      await this.exec('BEGIN IMMEDIATE');
      try {
        const result = await body(this);
        await this.exec('COMMIT');
        return result;
      } catch (error) {
        // A full disk may have rolled back already; what counts is the first error.
        await this.exec('ROLLBACK').catch(() => undefined);
        throw storeError(error, this.file);
      }
    });
  }

  /** Waits for what is under way, then closes. */
  close(): Promise<void> {
    return this.#exclusively(
      () =>
        new Promise<void>((resolve, reject) => {
          this.#handle.close((error) => {
            if (error === null) resolve();
            else reject(storeError(error, this.file));
          });
        }),
    );
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

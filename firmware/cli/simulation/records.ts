/** What the controller has written down, read from outside while it runs and afterwards. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { PassSummary } from '../../../src/enforcement/types.js';
import { Database } from '../../store/database.js';
import { STORE_FILE } from '../../store/store.js';

const PROGRAM = fileURLToPath(new URL('../kerbside.js', import.meta.url));

export interface ListedEvidence {
  readonly icn: string;
  readonly kind: string;
  readonly reason?: string | null;
  readonly speedKmh: number | null;
  readonly demo: boolean;
  readonly files: Readonly<Record<string, string | null | undefined>>;
}

/** New passes since the last call, from a read-only connection. */
export class PassReader {
  readonly #file: string;
  #database: Database | null = null;
  #lastId = 0;

  constructor(dataDir: string) {
    this.#file = join(dataDir, STORE_FILE);
  }

  /** Empty while there is no store yet, or while it cannot be read just now. */
  async take(): Promise<PassSummary[]> {
    if (!existsSync(this.#file)) return [];
    try {
      this.#database ??= await Database.open(this.#file, 'read');
      const rows = await this.#database.all<{ id: number; pass_json: string }>(
        'SELECT id, pass_json FROM passes WHERE id > ? ORDER BY id',
        [this.#lastId],
      );
      this.#lastId = rows.at(-1)?.id ?? this.#lastId;
      return rows.map((row) => JSON.parse(row.pass_json) as PassSummary);
    } catch {
      // The writer is just making its tables: the next look will do.
      return [];
    }
  }

  async close(): Promise<void> {
    await this.#database?.close();
    this.#database = null;
  }
}

/** `kerbside evidence list --json`, through the command line that everybody else uses. */
export async function listEvidence(configFile: string): Promise<ListedEvidence[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [PROGRAM, 'evidence', 'list', '--json', '--config', configFile],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(stdout) as ListedEvidence[];
}

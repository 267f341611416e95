/**
 * What the rig knows from outside about one van, and what must hold of it: what was acknowledged stays, no number is used
 * twice, every number and every delivered image is accounted for. It looks while the controller lives, and judges at the
 * end; a sentence for each thing that does not hold.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { decodeRecord } from '../../src/evidence/record.js';
import { Database } from '../../firmware/store/database.js';
import { hasStore, readExposures } from '../../firmware/store/reader.js';
import { STORE_FILE } from '../../firmware/store/store.js';

export interface LedgerRow {
  readonly id: number;
  readonly icn: string;
  readonly kind: string;
  readonly reason: string | null;
  readonly image_file: string | null;
  readonly image_sha256: string | null;
  readonly original_sha256: string | null;
  readonly record_file: string;
  readonly record_sha256: string;
}

interface NumberState {
  readonly icn: string;
  readonly deployment: number;
  readonly image: number;
  readonly state: string;
  readonly kind: string | null;
  readonly reason: string | null;
}

export interface Judgement {
  readonly lost: readonly string[];
  readonly reused: readonly string[];
  readonly unaccounted: readonly string[];
  readonly numbers: number;
  readonly kinds: Readonly<Record<string, number>>;
}

const SELECT_ROWS =
  'SELECT rowid AS id, icn, kind, reason, image_file, image_sha256, original_sha256, record_file, record_sha256 FROM exposures';

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Null: there is no such file. */
function hashOf(path: string): string | null {
  return existsSync(path) ? sha256Of(readFileSync(path)) : null;
}

async function query<Row>(dataDir: string, sql: string, values: number[] = []): Promise<Row[]> {
  const database = await Database.open(join(dataDir, STORE_FILE), 'read');
  try {
    return await database.all<Row>(sql, values);
  } finally {
    await database.close();
  }
}

export class KillLedger {
  readonly #dataDir: string;
  readonly #spool: string;
  readonly #delivered: ReadonlyMap<string, string>;
  /** Acknowledged: seen in the store while the controller lived. */
  readonly #rows = new Map<string, LedgerRow>();
  /** Hash of each record file as it was first seen on the disk, committed or not. */
  readonly #records = new Map<string, string>();
  /** Camera files that the controller has taken away. */
  readonly #taken = new Set<string>();
  readonly #lost: string[] = [];
  readonly #reused: string[] = [];
  #unverified: LedgerRow[] = [];
  #lastId = 0;

  constructor(dataDir: string, spool: string, delivered: ReadonlyMap<string, string>) {
    this.#dataDir = dataDir;
    this.#spool = spool;
    this.#delivered = delivered;
  }

  get acknowledged(): number {
    return this.#rows.size;
  }

  /** Vehicles that were enforced, of what was acknowledged. */
  get incidents(): number {
    return [...this.#rows.values()].filter(({ kind }) => kind === 'incident').length;
  }

  /** Looks at store and spool while the controller works. A store that is only being made tells nothing yet. */
  async observe(): Promise<void> {
    if (!hasStore(this.#dataDir)) return;
    const delivered = [...this.#delivered.keys()];
    const there = new Set(readdirSync(this.#spool));
    const gone = delivered.filter((name) => !there.has(name) && !this.#taken.has(name));
    // The spool first: what is gone from it must be in the store or the folder that are read after it.
    const rows = await query<LedgerRow>(this.#dataDir, `${SELECT_ROWS} WHERE rowid > ?`, [this.#lastId]);
    for (const row of rows) this.#acknowledge(row);
    for (const name of gone) this.#take(name);
  }

  /** Between two runs: what the last one acknowledged is on the disk, and each record file is what it was. */
  checkFiles(deployment: number | null): void {
    for (const row of this.#unverified.splice(0)) this.#checkFiles(row);
    if (deployment === null) return;
    const folder = join(this.#dataDir, 'evidence', String(deployment).padStart(6, '0'));
    for (const path of existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []) {
      if (/^[0-9]+\.record$/.test(basename(path))) this.#checkRecord(path);
    }
  }

  /**
   * After the last orderly close.
   * @param pulses shutter pulses by deployment, as the camera counted them
   */
  async judge(pulses: ReadonlyMap<number, number>): Promise<Judgement> {
    await this.observe();
    const rows = await query<LedgerRow>(this.#dataDir, SELECT_ROWS);
    const byIcn = new Map(rows.map((row) => [row.icn, row]));
    for (const [icn, row] of this.#rows) {
      const now = byIcn.get(icn);
      if (now === undefined) this.#lost.push(`${icn} was acknowledged and is no longer in the store`);
      else if (JSON.stringify(now) !== JSON.stringify(row)) this.#reused.push(`${icn} has another row now`);
    }
    for (const row of rows) this.#checkFiles(row);
    const numbers = await query<NumberState>(this.#dataDir, 'SELECT * FROM numbers ORDER BY icn');
    const listed = new Set((await readExposures(this.#dataDir)).map(({ exposure }) => exposure.icn));
    const unaccounted = [
      ...numbersWithoutEnd(numbers, byIcn, listed),
      ...this.#strayFiles(byIcn),
      ...this.#imagesNowhere(rows),
      ...wrongPulses(numbers, pulses),
    ];
    const kinds: Record<string, number> = {};
    for (const { kind, reason } of rows) {
      const name = reason === null ? kind : `${kind} ${reason}`;
      kinds[name] = (kinds[name] ?? 0) + 1;
    }
    this.#reused.push(...twice(rows));
    return { lost: this.#lost, reused: this.#reused, unaccounted, numbers: numbers.length, kinds };
  }

  #acknowledge(row: LedgerRow): void {
    if (this.#rows.has(row.icn)) this.#reused.push(`${row.icn} came into the store twice`);
    this.#rows.set(row.icn, row);
    this.#unverified.push(row);
    this.#lastId = Math.max(this.#lastId, row.id);
  }

  #take(name: string): void {
    this.#taken.add(name);
    const sha256 = this.#delivered.get(name)!;
    if (!this.#isKept(name, sha256)) this.#lost.push(`image ${name} is gone and neither evidence nor in dropped/`);
  }

  #isKept(name: string, sha256: string): boolean {
    const isEvidence = [...this.#rows.values()].some((row) => row.original_sha256 === sha256);
    return isEvidence || hashOf(join(this.#dataDir, 'dropped', name)) === sha256;
  }

  #checkFiles(row: LedgerRow): void {
    const { icn, record_file, record_sha256, image_file, image_sha256 } = row;
    const recordPath = join(this.#dataDir, record_file);
    if (hashOf(recordPath) !== record_sha256) this.#lost.push(`${icn}: ${record_file} is not as in the store`);
    else if (decodeRecord(readFileSync(recordPath)).exposure.icn !== icn)
      this.#reused.push(`${icn}: its record names another number`);
    if (image_file !== null && hashOf(join(this.#dataDir, image_file)) !== image_sha256)
      this.#lost.push(`${icn}: ${image_file} is not as in the store`);
  }

  #checkRecord(path: string): void {
    const icn = basename(path, '.record');
    const sha256 = sha256Of(readFileSync(path));
    const first = this.#records.get(icn) ?? sha256;
    this.#records.set(icn, first);
    if (first !== sha256) this.#reused.push(`${icn}: its record was written over by another one`);
  }

  /** Files without a row, and what a broken write left. */
  #strayFiles(byIcn: ReadonlyMap<string, LedgerRow>): string[] {
    const root = join(this.#dataDir, 'evidence');
    const files = existsSync(root) ? (readdirSync(root, { recursive: true }) as string[]) : [];
    const stray: string[] = [];
    for (const file of files) {
      const icn = /([0-9]{9})\.(?:record|jpg)$/.exec(file)?.[1];
      if (icn === undefined) {
        if (/\.(?:tmp|part)$/.test(file)) stray.push(`${file}: left behind by a broken write`);
        continue;
      }
      if (file.endsWith('.record')) this.#checkRecord(join(root, file));
      const row = byIcn.get(icn);
      const named = file.endsWith('.jpg') ? row?.image_file : row?.record_file;
      if (named !== join('evidence', file)) stray.push(`${file}: no row of the store names it`);
    }
    return stray;
  }

  #imagesNowhere(rows: readonly LedgerRow[]): string[] {
    const evidence = new Set(rows.map(({ original_sha256 }) => original_sha256));
    const kept = new Set(evidence);
    for (const folder of [this.#spool, join(this.#dataDir, 'dropped')]) {
      for (const name of existsSync(folder) ? readdirSync(folder) : []) kept.add(hashOf(join(folder, name)));
    }
    return [...this.#delivered].filter(([, sha256]) => !kept.has(sha256)).map(([name]) => `image ${name} is nowhere`);
  }
}

/** ICN-2: every number of every lease is concluded as exactly one kind, and none is missing in between. */
function numbersWithoutEnd(
  numbers: readonly NumberState[],
  byIcn: ReadonlyMap<string, LedgerRow>,
  listed: ReadonlySet<string>,
): string[] {
  const found: string[] = [];
  const next = new Map<number, number>();
  for (const { icn, deployment, image, state, kind } of numbers) {
    if (image !== (next.get(deployment) ?? 1)) found.push(`${icn}: a number before it was never leased`);
    next.set(deployment, image + 1);
    const row = byIcn.get(icn);
    if (state !== 'concluded' || row === undefined || !listed.has(icn))
      found.push(`${icn} is ${state}, without a record`);
    else if (row.kind !== kind) found.push(`${icn} is ${row.kind} in one place and ${String(kind)} in the other`);
  }
  const leased = new Set(numbers.map(({ icn }) => icn));
  return [...found, ...[...byIcn.keys()].filter((icn) => !leased.has(icn)).map((icn) => `${icn} was never leased`)];
}

/** Reasons of numbers for which no shutter was raised. */
const NOT_FIRED = new Set(['lease-unused', 'no-trigger', 'late-image']);

/** Each pulse has a number of its own; only what a crash left unknown may be more than the pulses. */
function wrongPulses(numbers: readonly NumberState[], pulses: ReadonlyMap<number, number>): string[] {
  const found: string[] = [];
  for (const [deployment, given] of pulses) {
    const used = numbers.filter((number) => number.deployment === deployment && !NOT_FIRED.has(number.reason ?? ''));
    const sure = used.filter(({ reason, kind }) => reason !== 'crash-unknown' && kind !== 'unmatched').length;
    const possible = used.filter(({ kind }) => kind !== 'unmatched').length;
    if (given > possible || given < sure) {
      found.push(`deployment ${deployment}: ${given} shutter pulses, numbers of ${sure} to ${possible} of them`);
    }
  }
  return found;
}

/** One image under two numbers. */
function twice(rows: readonly LedgerRow[]): string[] {
  const seen = new Map<string, string>();
  const found: string[] = [];
  for (const { icn, original_sha256: sha256, image_file } of rows) {
    if (sha256 === null || image_file === null) continue;
    const other = seen.get(sha256);
    if (other !== undefined) found.push(`${icn} and ${other} have the same image`);
    seen.set(sha256, icn);
  }
  return found;
}

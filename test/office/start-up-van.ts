/**
 * A van whose data folder is played with between two starts: copied away and put back, cut, altered. Fakes stand for the
 * child processes; store, chain, journal and files are real.
 */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sinon from 'sinon';
import { KerbsideError } from '../../src/errors.js';
import { Office } from '../../firmware/office/office.js';
import { Database } from '../../firmware/store/database.js';
import { Store, STORE_FILE } from '../../firmware/store/store.js';
import { sampleExposure, sampleStart } from '../store/samples.js';
import { makeVan, queryStore, sha256, until, type Van } from './fakes.js';

type Row = Record<string, unknown>;
type Parts = Partial<Van['parts']>;

export class StartUpVan {
  readonly root = mkdtempSync(join(tmpdir(), 'kerbside-start-up-'));
  van: Van = makeVan(this.root);
  #office: Office | null = null;

  get office(): Office {
    assert.ok(this.#office !== null, 'no office runs');
    return this.#office;
  }

  get dataDir(): string {
    return join(this.root, 'data');
  }

  /** A path below the evidence folder. */
  evidence(...path: string[]): string {
    return join(this.dataDir, 'evidence', ...path);
  }

  get chainFile(): string {
    return this.evidence('chain.sha256');
  }

  chainLines(): string[] {
    return readFileSync(this.chainFile, 'utf8').split('\n').slice(0, -1);
  }

  /** Names of the records in the chain file. */
  chainNames(): string[] {
    return this.chainLines().map((line) => line.slice(66));
  }

  query(sql: string): Promise<Row[]> {
    return queryStore(this.dataDir, sql);
  }

  /** A second connection that breaks in. */
  async tamper(sql: string): Promise<void> {
    const database = await Database.open(join(this.dataDir, STORE_FILE), 'write');
    await database.exec(sql).finally(() => database.close());
  }

  /** The last event of this kind; fails where there is none. */
  async event(code: string): Promise<{ readonly level: string; readonly sentence: string }> {
    const rows = await this.query(`SELECT level, sentence FROM events WHERE code = '${code}' ORDER BY id`);
    const found = rows.at(-1);
    assert.ok(found !== undefined, `no event ${code}`);
    return { level: String(found['level']), sentence: String(found['sentence']) };
  }

  async start(changes: Parts = {}): Promise<void> {
    const van = makeVan(this.root);
    // Patience for a machine that does much else; nothing waits for it to pass.
    const timing = { ...van.parts.timing, closeMs: 15_000, drainMs: 15_000 };
    this.van = { ...van, parts: { ...van.parts, timing, ...changes } };
    this.#office = await Office.start(this.van.parts);
  }

  async close(): Promise<void> {
    const running = this.#office;
    this.#office = null;
    await running?.close();
  }

  /** Pulled out of the wall, as far as a process can do that to itself. */
  async crash(): Promise<void> {
    const running = this.#office;
    this.#office = null;
    await running?.abort();
  }

  async remove(): Promise<void> {
    await this.crash();
    rmSync(this.root, { recursive: true });
  }

  /** The controller's part of one incident; with a file of the camera unless told otherwise. */
  enforce(icn: string, { image = true } = {}): void {
    const delivered = image ? this.van.workshop.deliver(`IMG_${icn}.JPG`, Buffer.from(icn)) : null;
    this.van.trigger.put({ type: 'fire', exposure: sampleStart(icn) });
    const named = { imageId: delivered?.imageId ?? null, imageSha256: delivered?.sha256 ?? null };
    this.van.trigger.put({ type: 'conclude', exposure: sampleExposure(icn, named) });
  }

  sealed(count: number): Promise<void> {
    return until(async () => (await this.query('SELECT COUNT(*) AS n FROM exposures'))[0]?.['n'] === count);
  }

  /** One session that ends in order: two incidents, one of them with an image, and two numbers that are not used. */
  async session(changes: Parts = {}): Promise<readonly string[]> {
    await this.start(changes);
    const icns = await this.van.trigger.lease(4);
    this.enforce(icns[0] ?? '');
    this.enforce(icns[1] ?? '', { image: false });
    await this.close();
    return icns;
  }

  /** Does `work` while the power goes between the line of the chain file and the commit of such a record. */
  async crashBeforeCommit(name: RegExp, work: () => Promise<unknown>): Promise<void> {
    const stub = sinon.stub(Store.prototype, 'commit').callsFake(function (this: Store, ...args) {
      if (!name.test(args[2].name)) return stub.wrappedMethod.apply(this, args);
      return Promise.reject(new KerbsideError('store-failed', 'the power is gone'));
    });
    await assert.rejects(
      work().then(() => this.#office?.fatal),
      /the power is gone/,
    );
    await this.crash();
    stub.restore();
  }

  /** Every file below the evidence folder with its hash. */
  evidenceFiles(): Record<string, string> {
    const names = readdirSync(this.evidence(), { recursive: true }).map(String).sort();
    const files = names.filter((name) => statSync(this.evidence(name)).isFile());
    return Object.fromEntries(files.map((name) => [name, sha256(readFileSync(this.evidence(name)))]));
  }

  /** Of these files what the evidence folder holds now; the list of all records only grows. */
  known(files: Record<string, string>): Record<string, string> {
    const now = this.evidenceFiles();
    const entries = Object.keys(files).map((name): [string, string] => [name, now[name] ?? 'gone']);
    return {
      ...Object.fromEntries(entries),
      ...('chain.sha256' in files ? { 'chain.sha256': files['chain.sha256'] ?? '' } : {}),
    };
  }

  /** What the store knows of deployments, numbers, chain and jobs. */
  async account() {
    return {
      deployments: await this.query('SELECT number, ended, record_sha256 FROM deployments ORDER BY number'),
      numbers: await this.query('SELECT icn, state, kind FROM numbers ORDER BY icn'),
      chain: await this.query('SELECT sequence, name, sha256 FROM chain ORDER BY sequence'),
      jobs: await this.query('SELECT name FROM jobs ORDER BY id'),
    };
  }

  /** The start is refused with this sentence, the store remembers it, and all evidence is as it was. */
  async refused(kind: KerbsideError['kind'], sentence: RegExp, changes: Parts = {}): Promise<void> {
    const before = [this.evidenceFiles(), await this.account()];
    await assert.rejects(this.start(changes), (error) => {
      assert.ok(error instanceof KerbsideError);
      assert.equal(error.kind, kind, error.message);
      assert.match(error.message, sentence);
      return true;
    });
    assert.deepEqual([this.evidenceFiles(), await this.account()], before);
    const { level, sentence: stored } = await this.event(kind);
    assert.equal(level, 'alarm');
    assert.match(stored, sentence);
  }

  /** Both copies of the chain are the same, every record is as they say, every number has its end (ICN-2). */
  async accounted(): Promise<void> {
    const chain = await this.query('SELECT sha256, name FROM chain ORDER BY sequence');
    assert.deepEqual(
      this.chainLines(),
      chain.map((row) => `${String(row['sha256'])}  ${String(row['name'])}`),
    );
    for (const row of chain) assert.equal(sha256(readFileSync(this.evidence(String(row['name'])))), row['sha256']);
    assert.deepEqual(await this.query("SELECT icn FROM numbers WHERE state <> 'concluded'"), []);
    assert.deepEqual(await this.query('SELECT icn FROM numbers EXCEPT SELECT icn FROM exposures'), []);
    assert.deepEqual(await this.query('SELECT name FROM jobs'), []);
    assert.deepEqual(await this.query('SELECT number FROM deployments WHERE record_sha256 IS NULL'), []);
  }

  /** Copies the store away as it is now. */
  keepStore(folder: string): void {
    mkdirSync(join(this.root, folder), { recursive: true });
    for (const suffix of ['', '-wal']) {
      const file = join(this.dataDir, STORE_FILE + suffix);
      if (existsSync(file)) copyFileSync(file, join(this.root, folder, STORE_FILE + suffix));
    }
  }

  loseStore(): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(this.dataDir, STORE_FILE + suffix), { force: true });
  }

  putStoreBack(folder: string): void {
    this.loseStore();
    const kept = join(this.root, folder);
    for (const name of readdirSync(kept)) copyFileSync(join(kept, name), join(this.dataDir, name));
  }
}

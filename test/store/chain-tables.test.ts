/** The chain, the event counter and the accounts in the store: the database itself refuses what may not be. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EMPTY_CHAIN, nextLink, type ChainEntry } from '../../src/evidence/chain.js';
import { KerbsideError } from '../../src/errors.js';
import { chainName, type RecordWork } from '../../src/evidence/record-work.js';
import { monotonicNs, utcMs } from '../../src/units.js';
import { Database } from '../../firmware/store/database.js';
import { sha256Hex } from '../../firmware/store/evidence-files.js';
import { MIGRATIONS } from '../../firmware/store/schema.js';
import { Store, STORE_FILE } from '../../firmware/store/store.js';
import { sampleContext } from '../evidence/samples.js';
import { RANGE, sampleDeployment, sampleExposure } from './samples.js';

const NOW = utcMs(1_790_000_000_000);
const CLOSED = { atNs: monotonicNs(2e9), utcMs: NOW };
const HASH = (text: string): string => sha256Hex(Buffer.from(text));
const failing = (sentence: RegExp) => (error: unknown) => {
  assert.ok(error instanceof KerbsideError && error.kind === 'store-failed', String(error));
  assert.match(error.message, sentence);
  return true;
};

describe('Chain and event counter in the store', () => {
  let dataDir = '';
  let store: Store;

  /** A second connection that breaks in, as a bug would. */
  const tamper = async (sql: string): Promise<void> => {
    const database = await Database.open(join(dataDir, STORE_FILE), 'write');
    await database.exec(`PRAGMA recursive_triggers = ON; ${sql}`).finally(() => database.close());
  };
  const commit = async (work: RecordWork, changes: Partial<ChainEntry> = {}): Promise<void> => {
    const name = chainName(work);
    const record = { path: join(dataDir, 'evidence', name), sha256: HASH(name) };
    const entry = { ...nextLink(await store.chainHead()), type: work.type, name, sha256: record.sha256, ...changes };
    await store.commit(work, { image: null, record }, entry, NOW);
  };
  /** Seals the events that wait. */
  const commitEvents = async (): Promise<void> => {
    for (const { work } of await store.openJobs()) if (work.type === 'event') await commit(work);
  };
  const exposure = (icn: string): RecordWork => ({
    type: 'exposure',
    exposure: sampleExposure(icn),
    context: sampleContext,
  });
  const parameters = (angleDeg: string) => new Map([['mounting.angleDeg', angleDeg]]);
  const open = (changes: Parameters<typeof sampleDeployment>[0] = {}) =>
    store.openDeployment(sampleDeployment({ parameters: parameters('22.5'), ...changes }), RANGE);

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'kerbside-chain-'));
    store = await Store.open(dataDir, NOW);
    await open();
    await store.lease(1, 3, RANGE, sampleDeployment());
  });
  afterEach(async () => {
    await store.close();
    await rm(dataDir, { recursive: true });
  });

  it('a record hangs on the one before it', async () => {
    assert.deepEqual(await store.chainHead(), EMPTY_CHAIN);
    await commit(exposure('000001001'));
    await commit(exposure('000001002'));
    assert.deepEqual(
      (await store.chainEntries()).map(({ sequence, previousSha256 }) => [sequence, previousSha256]),
      [
        [1, '00'.repeat(32)],
        [2, HASH('000001/000001001.record')],
      ],
    );
    assert.deepEqual(await store.chainHead(), { sequence: 2, sha256: HASH('000001/000001002.record') });
  });

  it('a wrong link is refused with all that would have been committed with it', async () => {
    await commit(exposure('000001001'));
    const wrong: Partial<ChainEntry>[] = [
      { previousSha256: HASH('another') },
      { previousSha256: '00'.repeat(32) },
      { sequence: 3 },
      { sequence: 1 },
      { sequence: 0 },
    ];
    for (const changes of wrong) {
      await assert.rejects(commit(exposure('000001002'), changes), failing(/hangs on the one before it/));
    }
    await assert.rejects(commit(exposure('000001002'), { sha256: HASH('000001/000001001.record') }), failing(/UNIQUE/));
    await assert.rejects(commit(exposure('000001002'), { name: '000001/000001001.record' }), failing(/UNIQUE/));
    assert.equal((await store.number('000001002'))?.state, 'leased');
    assert.equal((await store.chainEntries()).length, 1);
  });

  it('an entry is never changed, exchanged or deleted', async () => {
    await commit(exposure('000001001'));
    await commit(exposure('000001002'));
    const before = await store.chainEntries();
    for (const [sql, sentence] of [
      ['UPDATE chain SET sha256 = previous_sha256 WHERE sequence = 1', /never changed/],
      ["UPDATE chain SET name = 'x' WHERE sequence = 2", /never changed/],
      ['UPDATE chain SET sequence = 3 WHERE sequence = 2', /never changed/],
      ['DELETE FROM chain WHERE sequence = 2', /never cut/],
      ['DELETE FROM chain', /never cut/],
      ["INSERT OR REPLACE INTO chain VALUES (2, 'exposure', 'x', 'y', 'z')", /hangs on|never cut/],
    ] as const) {
      await assert.rejects(tamper(sql), failing(sentence), sql);
    }
    assert.deepEqual(await store.chainEntries(), before);
  });

  it('the event counter goes up with a change only, and never back', async () => {
    assert.equal(await store.eventCounter(), 0);
    await open();
    assert.equal(await store.eventCounter(), 0);
    await open({ parameters: parameters('22') });
    await open({ parameters: parameters('22') });
    assert.equal(await store.eventCounter(), 1);
    await open({ parameters: parameters('22.5') });
    assert.equal(await store.eventCounter(), 2);
    for (const [sql, sentence] of [
      ["INSERT INTO parameter_changes VALUES (2, 1, 'x', 0, '[]')", /only goes up/],
      ["INSERT INTO parameter_changes VALUES (1, 1, 'x', 0, '[]')", /only goes up/],
      ["INSERT OR REPLACE INTO parameter_changes VALUES (2, 1, 'x', 0, '[]')", /only goes up|never cut/],
      ['UPDATE parameter_changes SET counter = 1 WHERE counter = 2', /never changed/],
      ["UPDATE parameter_changes SET who = 'nobody'", /never changed/],
      ['DELETE FROM parameter_changes', /never cut/],
    ] as const) {
      await assert.rejects(tamper(sql), failing(sentence), sql);
    }
    assert.equal(await store.eventCounter(), 2);
  });

  it('a changed parameter leaves a job that says who, old and new, and the context states the counter', async () => {
    const number = await open({ parameters: parameters('22'), who: 'ana' });
    const [job] = await store.openJobsOf(number);
    assert.ok(job?.work.type === 'parameters');
    const { changes, who, eventCounter, deployment } = job.work.facts;
    assert.deepEqual([who, eventCounter, deployment], ['ana', 1, '000002']);
    assert.deepEqual(changes, [{ name: 'mounting.angleDeg', oldValue: '22.5', newValue: '22' }]);
    assert.equal((await store.contextOf(number)).eventCounter, 1);
    assert.equal((await store.contextOf(1)).eventCounter, 0);
  });

  it('ICN-2: a deployment is accounted for once, when it has ended and all its numbers have their records', async () => {
    assert.deepEqual((await store.addAccounts()).jobs, []);
    for (const icn of ['000001001', '000001002']) await commit(exposure(icn));
    await store.closeDeployment(1, 'closed', CLOSED);
    assert.deepEqual((await store.addAccounts()).jobs, []);
    await commitEvents();
    assert.deepEqual((await store.addAccounts()).jobs, []);
    await store.addJob(sampleExposure('000001003'));
    assert.deepEqual((await store.addAccounts()).jobs, []);
    await commit(exposure('000001003'));
    const [job, ...others] = (await store.addAccounts()).jobs;
    assert.deepEqual(others, []);
    assert.ok(job?.work.type === 'deployment');
    const { numberCount, eventCount, counts, firstSequence, lastSequence, ended } = job.work.facts;
    assert.deepEqual([numberCount, eventCount, firstSequence, lastSequence, ended], [3, 2, 1, 5, 'closed']);
    assert.deepEqual(counts, [{ kind: 'incident', count: 3 }]);
    assert.deepEqual((await store.addAccounts()).jobs, []);
    await commit(job.work);
    assert.deepEqual((await store.addAccounts()).jobs, []);
    assert.deepEqual(await store.openJobs(), []);
  });

  it('ICN-2: the account states the places of all records of its deployment, that of changed parameters among them', async () => {
    await commitEvents();
    for (const icn of ['000001001', '000001002', '000001003']) await commit(exposure(icn));
    const number = await open({ parameters: parameters('22') });
    const [change] = await store.openJobsOf(number);
    assert.ok(change !== undefined);
    await commit(change.work);
    await store.lease(number, 1, RANGE, sampleDeployment());
    await store.addJob(sampleExposure('000002001'));
    await commit(exposure('000002001'));
    await store.closeDeployment(number, 'closed', CLOSED);
    await commitEvents();
    const [job] = (await store.addAccounts()).jobs;
    assert.ok(job?.work.type === 'deployment');
    assert.deepEqual([job.work.facts.firstSequence, job.work.facts.lastSequence], [5, 8]);
  });
});

describe('Schema of the store', () => {
  let dataDir = '';
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'kerbside-schema-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  /** A store of the last program without a chain, with one deployment. */
  const oldStore = async (numbers: string): Promise<void> => {
    const database = await Database.open(join(dataDir, STORE_FILE), 'write');
    await database.exec(
      'CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_utc_ms REAL NOT NULL) STRICT',
    );
    for (const [index, { name, sql }] of MIGRATIONS.slice(0, 3).entries()) {
      await database.exec(sql);
      await database.run('INSERT INTO migrations VALUES (?, ?, 0)', [index + 1, name]);
    }
    await database.exec(
      `INSERT INTO deployments VALUES (1, NULL, '4711', 'SC-014', 1, '{}', '0.0.9', 0, 1, 'closed'); ${numbers}`,
    );
    await database.close();
  };
  const look = async (sql: string): Promise<unknown[]> => {
    const database = await Database.open(join(dataDir, STORE_FILE), 'read');
    return database.all(sql).finally(() => database.close());
  };
  const LEASED = "INSERT INTO numbers VALUES ('000001001', 1, 1, 1, 'leased', NULL, NULL, NULL);";
  const FIRED = `${LEASED} UPDATE numbers SET state = 'fired', start_json = '{}';`;
  const CONCLUDED = `${LEASED} UPDATE numbers SET state = 'concluded', kind = 'void';`;

  it('ICN-2: without a chain and with numbers that have no end, refused, and left as it is', async () => {
    for (const numbers of [LEASED, FIRED]) {
      await oldStore(numbers);
      await assert.rejects(Store.open(dataDir, NOW), (error) => {
        assert.ok(error instanceof KerbsideError);
        assert.equal(error.kind, 'store-schema');
        assert.match(error.message, /has schema 3 and 1 numbers without an end; expected none: start and close/);
        return true;
      });
      assert.deepEqual(await look('SELECT MAX(version) AS version FROM migrations'), [{ version: 3 }]);
      assert.deepEqual(await look("SELECT name FROM sqlite_master WHERE name = 'chain'"), []);
      await rm(join(dataDir, STORE_FILE));
    }
  });

  it('without a chain and with all numbers ended, brought up to date once; nothing of it is accounted for again', async () => {
    await oldStore(CONCLUDED);
    for (let round = 0; round < 2; round += 1) {
      const store = await Store.open(dataDir, NOW);
      assert.deepEqual(await store.chainHead(), EMPTY_CHAIN);
      assert.deepEqual((await store.addAccounts()).jobs, []);
      assert.equal(await store.eventCounter(), 0);
      assert.equal((await store.number('000001001'))?.kind, 'void');
      await store.close();
    }
    assert.deepEqual(
      await look('SELECT version FROM migrations'),
      [1, 2, 3, 4, 5].map((version) => ({ version })),
    );
  });
});

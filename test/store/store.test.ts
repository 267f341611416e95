import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { KerbsideError } from '../../src/errors.js';
import { nextLink } from '../../src/evidence/chain.js';
import { chainName, type RecordWork } from '../../src/evidence/record-work.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';
import { utcMs } from '../../src/units.js';
import { Database } from '../../firmware/store/database.js';
import { sha256Hex } from '../../firmware/store/evidence-files.js';
import { MIGRATIONS } from '../../firmware/store/schema.js';
import { Store, STORE_FILE } from '../../firmware/store/store.js';
import { sampleContext } from '../evidence/samples.js';
import { RANGE, sampleDeployment, sampleExposure, samplePass, sampleStart } from './samples.js';
import { runs } from '../support/fuzz.js';

const NOW = utcMs(1_790_000_000_000);
const ofKind = (kind: string) => (error: unknown) => error instanceof KerbsideError && error.kind === kind;

describe('Store', () => {
  let dataDir = '';
  let store: Store;
  let opened = false;

  const open = async (): Promise<void> => {
    store = await Store.open(dataDir, NOW);
    opened = true;
  };
  const close = async (): Promise<void> => {
    if (opened) await store.close();
    opened = false;
  };
  /** A second connection that breaks in, as a bug would. */
  const tamper = async (sql: string): Promise<void> => {
    const database = await Database.open(join(dataDir, STORE_FILE), 'write');
    try {
      await database.exec(`PRAGMA recursive_triggers = ON; ${sql}`);
    } finally {
      await database.close();
    }
  };
  const lease = async (count: number, deployment = 1): Promise<readonly string[]> =>
    (await store.lease(deployment, count, RANGE, sampleDeployment())).icns;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'kerbside-store-'));
    await open();
    assert.equal(await store.openDeployment(sampleDeployment(), RANGE), 1);
  });
  afterEach(async () => {
    await close();
    await rm(dataDir, { recursive: true });
  });

  const record = (icn: string) => ({
    image: null,
    record: { path: join(dataDir, 'evidence', '000001', `${icn}.record`), sha256: sha256Hex(Buffer.from(icn)) },
  });
  /** What the office does when the files are on the disk: the record gets the next place in the chain. */
  const commit = async (exposure: ConcludedExposure): Promise<void> => {
    const work: RecordWork = { type: 'exposure', exposure, context: sampleContext };
    const files = record(exposure.icn);
    const entry = { ...nextLink(await store.chainHead()), type: work.type, name: chainName(work) };
    await store.commit(work, files, { ...entry, sha256: files.record.sha256 }, NOW);
  };

  it('ICN-2: evidence on the disk counts when the store is gone or an older copy was put back', async () => {
    for (const name of ['000007', '000012', 'notes', '0000999', '99']) {
      await mkdir(join(dataDir, 'evidence', name), { recursive: true });
    }
    assert.equal(await store.openDeployment(sampleDeployment(), RANGE), 13);
    assert.equal(await store.openDeployment(sampleDeployment(), RANGE), 14);
    await close();
    for (const file of await readdir(dataDir)) if (file.startsWith(STORE_FILE)) await rm(join(dataDir, file));
    await open();
    assert.equal(await store.openDeployment(sampleDeployment(), RANGE), 13);
  });

  it('ICN-2: leases survive, in order, and the next lease goes on behind them', async () => {
    assert.deepEqual(await lease(3), ['000001001', '000001002', '000001003']);
    await close();
    await open();
    assert.deepEqual(
      (await store.openNumbers()).map(({ icn, state }) => [icn, state]),
      [
        ['000001001', 'leased'],
        ['000001002', 'leased'],
        ['000001003', 'leased'],
      ],
    );
    assert.deepEqual(await lease(2), ['000001004', '000001005']);
  });

  it('ICN-2: a session never opens a deployment number twice', async () => {
    await close();
    await open();
    assert.equal(await store.openDeployment(sampleDeployment(), RANGE), 2);
    assert.equal(await store.openDeployment(sampleDeployment(), { firstDeployment: 90, lastDeployment: 99 }), 90);
  });

  it('ICN-3: after 999 numbers the next deployment opens and the first is closed', async () => {
    await lease(995);
    const { icns, deployment } = await store.lease(1, 8, RANGE, sampleDeployment());
    assert.deepEqual(icns.slice(3, 6), ['000001999', '000002001', '000002002']);
    assert.equal(deployment, 2);
    assert.deepEqual(
      (await store.openDeployments()).map(({ number }) => number),
      [2],
    );
    assert.deepEqual(await lease(1, 2), ['000002005']);
  });

  it('ICN-2: a lease past the end of the range is refused and leaves nothing behind', async () => {
    await assert.rejects(
      store.openDeployment(sampleDeployment(), { firstDeployment: 1, lastDeployment: 1 }),
      ofKind('icn-exhausted'),
    );
    const range = { firstDeployment: 1, lastDeployment: 1 };
    assert.equal((await store.lease(1, 2000, range, sampleDeployment())).icns.length, 999);
    await assert.rejects(store.lease(1, 1, range, sampleDeployment()), ofKind('icn-exhausted'));
    assert.equal((await store.openNumbers()).length, 999);
  });

  it('ICN-2: states only go forward and a number is concluded once, whatever the order of the calls', async () => {
    const [icn = ''] = await lease(1);
    await store.markFired([sampleStart(icn)]);
    assert.equal((await store.number(icn))?.state, 'fired');
    await commit(sampleExposure(icn));
    await store.markFired([sampleStart(icn, { flash: true })]);
    assert.equal((await store.number(icn))?.state, 'concluded');
    await assert.rejects(commit(sampleExposure(icn)), ofKind('store-failed'));
  });

  it('ICN-2: the database itself refuses to turn back, rename, reuse, skip or delete a number', async () => {
    const icns = await lease(3);
    await store.markFired([sampleStart(icns[0] ?? '')]);
    await commit(sampleExposure(icns[1] ?? ''));
    const attempts = [
      "UPDATE numbers SET state = 'leased' WHERE icn = '000001001'",
      "UPDATE numbers SET start_json = '{}' WHERE icn = '000001001'",
      "UPDATE numbers SET state = 'fired' WHERE icn = '000001002'",
      "UPDATE numbers SET reason = 'image-missed' WHERE icn = '000001002'",
      "UPDATE numbers SET icn = '000001009' WHERE icn = '000001003'",
      "DELETE FROM numbers WHERE icn = '000001003'",
      "INSERT INTO numbers (icn, deployment, image, lease, state) VALUES ('000001003', 1, 3, 9, 'leased')",
      "INSERT OR REPLACE INTO numbers (icn, deployment, image, lease, state) VALUES ('000001003', 1, 4, 9, 'leased')",
      "INSERT INTO numbers (icn, deployment, image, lease, state) VALUES ('000001005', 1, 5, 9, 'leased')",
      "INSERT INTO numbers (icn, deployment, image, lease, state, kind) VALUES ('000001004', 1, 4, 9, 'concluded', 'void')",
      "UPDATE exposures SET kind = 'void'",
      'DELETE FROM exposures',
    ];
    for (const sql of attempts) await assert.rejects(tamper(sql), ofKind('store-failed'), sql);
    assert.deepEqual(
      (await store.openNumbers()).map(({ icn, state }) => [icn, state]),
      [
        ['000001001', 'fired'],
        ['000001003', 'leased'],
      ],
    );
  });

  it('ICN-2: any order of firing, concluding and restarting accounts for every number exactly once', async () => {
    const steps = fc.array(fc.constantFrom('lease', 'fire', 'conclude', 'restart'), { maxLength: 14 });
    let session = 1;
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        session = await store.openDeployment(sampleDeployment(), RANGE);
        const given: string[] = [];
        for (const step of sequence) {
          const [next] = await store.openNumbers();
          if (step === 'lease') given.push(...(await lease(2, session)));
          else if (step === 'restart') {
            await close();
            await open();
          } else if (next !== undefined && step === 'fire') await store.markFired([sampleStart(next.icn)]);
          else if (next !== undefined) await commit(sampleExposure(next.icn));
        }
        for (const { icn } of await store.openNumbers()) {
          await commit(sampleExposure(icn, { kind: 'void', reason: 'lease-unused' }));
        }
        assert.equal(new Set(given).size, given.length);
        for (const icn of given) assert.equal((await store.number(icn))?.state, 'concluded');
      }),
      { numRuns: runs(12) },
    );
  });

  it('a job waits in the store until its files are committed, then it is done', async () => {
    const [icn = ''] = await lease(1);
    const exposure = sampleExposure(icn, { imageId: 'IMG_1.JPG', imageSha256: 'cd' });
    assert.notEqual(await store.addJob(exposure), null);
    assert.equal(await store.addJob(exposure), null);
    await close();
    await open();
    const [opened, job] = await store.openJobs();
    assert.equal(opened?.work.type, 'event');
    assert.deepEqual(job?.work, { type: 'exposure', exposure, context: { ...sampleContext, eventCounter: 0 } });
    await commit(exposure);
    assert.deepEqual(await store.openJobs(), [opened]);
    assert.equal(await store.addJob(exposure), null);
  });

  it('ICN-2: a number that was never leased cannot be concluded', async () => {
    await assert.rejects(store.addJob(sampleExposure('000009001')), ofKind('store-failed'));
  });

  it('STAT-1: every pass is stored and counted by its verdict', async () => {
    await store.addPass(1, samplePass(1));
    await store.addPass(1, samplePass(2, { armed: false, whyNot: 'no-fix' }));
    const reader = await Database.open(join(dataDir, STORE_FILE), 'read');
    const passes = await reader.all('SELECT pass_id, truncated_kmh, armed FROM passes ORDER BY id');
    const counters = await reader.all('SELECT name, value FROM counters');
    await reader.close();
    assert.deepEqual(passes, [
      { pass_id: 1, truncated_kmh: 48, armed: 1 },
      { pass_id: 2, truncated_kmh: 48, armed: 0 },
    ]);
    assert.deepEqual(counters, [{ name: 'pass-observe-not-above-threshold', value: 2 }]);
  });

  it('a second controller on the same data folder is refused and told to try again', async () => {
    await assert.rejects(Store.open(dataDir, NOW), (error) => {
      assert.ok(error instanceof KerbsideError);
      assert.equal(error.kind, 'store-locked');
      assert.equal(error.exitCode, 75);
      return true;
    });
    await close();
    await open();
  });

  it('a store that a newer program has written is refused', async () => {
    await close();
    await tamper(`INSERT INTO migrations VALUES (${String(MIGRATIONS.length + 1)}, 'later', 0)`);
    await assert.rejects(Store.open(dataDir, NOW), ofKind('store-schema'));
  });

  it('writes ahead, fully synchronous, with foreign keys', async () => {
    await assert.rejects(store.addPass(77, samplePass(1)), ofKind('store-failed'));
    const reader = await Database.open(join(dataDir, STORE_FILE), 'read');
    const mode = await reader.get<{ journal_mode: string }>('PRAGMA journal_mode');
    await reader.close();
    assert.equal(mode?.journal_mode, 'wal');
  });

  it('a file that is no database is one clear sentence, and the folder is free again', async () => {
    await close();
    const { writeFile } = await import('node:fs/promises');
    await writeFile(join(dataDir, STORE_FILE), 'this is no database, '.repeat(300));
    await rm(join(dataDir, `${STORE_FILE}-wal`), { force: true });
    await assert.rejects(Store.open(dataDir, NOW), ofKind('store-failed'));
    await rm(join(dataDir, STORE_FILE));
    await open();
  });
});

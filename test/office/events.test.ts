/** Events on their way from controller and office into the chain (OPR-2), and what the office tells of exports (EXP-1). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sinon from 'sinon';
import type { DeploymentEvent } from '../../src/deployment/events.js';
import { KerbsideError } from '../../src/errors.js';
import { monotonicNs, utcMs } from '../../src/units.js';
import { Office } from '../../firmware/office/office.js';
import { Database } from '../../firmware/store/database.js';
import { STORE_FILE, Store } from '../../firmware/store/store.js';
import { sampleExposure, sampleStart } from '../store/samples.js';
import { makeVan, until, type Van } from './fakes.js';

describe('Events of a deployment in the office', () => {
  let root = '';
  let van: Van;
  let office: Office | null = null;

  const start = async (): Promise<Office> => (office = await Office.start(van.parts));
  const close = async (): Promise<void> => {
    const running = office;
    office = null;
    await running?.close();
  };
  const query = async (sql: string): Promise<Record<string, unknown>[]> => {
    const database = await Database.open(join(van.parts.dataDir, STORE_FILE), 'read');
    return database.all<Record<string, unknown>>(sql).finally(() => database.close());
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'kerbside-events-'));
    van = makeVan(root);
  });
  afterEach(async () => {
    sinon.restore();
    await office?.abort();
    office = null;
    await rm(root, { recursive: true });
  });

  const events = async (deployment = 1): Promise<[string, string, unknown][]> => {
    const rows = await query(
      `SELECT event_json FROM deployment_events WHERE deployment = ${String(deployment)} ORDER BY number`,
    );
    return rows.map((row) => {
      const { type, code, detail } = JSON.parse(String(row['event_json'])) as DeploymentEvent;
      return [type, code, detail];
    });
  };
  /** The controller tells of an event. */
  const put = (event: Omit<DeploymentEvent, 'atNs' | 'utcMs'>): void => {
    van.trigger.put({ type: 'event', event: { ...event, atNs: monotonicNs(3e9), utcMs: null } });
  };

  it('OPR-2: events of the controller, opening and closing are chained in their order, each once', async () => {
    await start();
    const attested = { check: 'visible', by: 'OP-7', given: true };
    put({ type: 'attestation', by: 'OP-7', code: 'visible', sentence: 'Visible: OP-7 says yes.', detail: attested });
    await close();
    assert.deepEqual(
      (await events()).map(([type, code]) => `${type} ${code}`),
      ['opened opened', 'attestation visible', 'closed closed'],
    );
    assert.deepEqual(
      (await query("SELECT name FROM chain WHERE type = 'event' ORDER BY sequence")).map(({ name }) => name),
      [1, 2, 3].map((n) => `000001/event-000${String(n)}.record`),
    );
    assert.deepEqual((await events())[1]?.[2], attested);
  });

  it('OPR-2: what was stored of an event before a crash is sealed at the next start, which closes the deployment', async () => {
    const full = new KerbsideError('disk-full', 'Store kerbside.db cannot be written, the disk is full.');
    const commit = sinon.stub(Store.prototype, 'commit').rejects(full);
    await start();
    put({ type: 'test', by: 'OP-7', code: 'fork', sentence: 'Fork: good.', detail: { passed: true } });
    await until(async () => (await events()).some(([type]) => type === 'test'));
    await office?.abort();
    office = null;
    commit.restore();
    assert.deepEqual(await query('SELECT name FROM chain'), []);
    van = makeVan(root);
    await start();
    await close();
    // The store that could not be written is a fault of its own.
    const told = (await events(1)).map(([, code]) => code);
    assert.deepEqual([...told].sort(), ['crash', 'fork', 'opened', 'store-unusable']);
    assert.deepEqual([told[0], told[3]], ['opened', 'crash']);
    const names = await query("SELECT name FROM chain WHERE name LIKE '000001/%' ORDER BY sequence");
    const stems = [...[1, 2, 3, 4].map((n) => `event-000${String(n)}`), 'deployment'];
    assert.deepEqual(
      names.map(({ name }) => name),
      stems.map((stem) => `000001/${stem}.record`),
    );
  });

  it('OPR-4, TAM-1: an alarm becomes a fault of the deployment, and its closing counts them all', async () => {
    await start();
    const alarm = { type: 'notice', level: 'alarm', code: 'tamper', sentence: 'The loop is open.' } as const;
    for (let n = 1; n <= 3; n += 1) van.trigger.put({ ...alarm, atNs: monotonicNs(n * 1e9) });
    await until(async () => (await events()).length === 2);
    await close();
    const told = await events();
    assert.deepEqual(told[1], ['fault', 'tamper', { count: 1 }]);
    assert.deepEqual(told[2], ['closed', 'closed', { ended: 'closed', orderly: true, faults: { tamper: 3 } }]);
  });

  it('EXP-1: the controller hears of the oldest image without export, at the start and with the first one', async () => {
    await start();
    await until(() => van.trigger.ofType('unexported').length === 1);
    assert.equal(van.trigger.ofType('unexported')[0]?.oldestUtcMs, null);
    const [icn = ''] = await van.trigger.lease();
    const image = van.workshop.deliver('A.JPG', Buffer.from('A'));
    const { imageId, sha256: imageSha256 } = image;
    const oldestUtcMs = utcMs(1_790_000_000_000 - 4.1 * 86_400_000);
    const facts = { ...sampleExposure(icn).facts, utcMs: oldestUtcMs };
    van.trigger.put({ type: 'fire', exposure: sampleStart(icn) });
    van.trigger.put({ type: 'conclude', exposure: sampleExposure(icn, { imageId, imageSha256, facts }) });
    await until(() => van.trigger.ofType('unexported').length === 2);
    assert.equal(van.trigger.ofType('unexported')[1]?.oldestUtcMs, oldestUtcMs);
    assert.equal(office?.status.oldestUnexportedUtcMs, oldestUtcMs);
    // Older than four days: that is an alarm, in the log and in the register.
    const due = office.status.notices.filter(({ code }) => code === 'export-due');
    assert.deepEqual(
      due.map(({ level }) => level),
      ['alarm'],
    );
    assert.match(due[0]?.sentence ?? '', /it is overdue|export it at once/);
  });

  it('CAL-5: copies of the packs lie beside the certificates of each deployment', async () => {
    van = { ...van, parts: { ...van.parts, packs: [{ name: '0123abcd-sites.pack', bytes: Buffer.from('pack') }] } };
    await start();
    const copy = join(van.parts.dataDir, 'evidence', '000001', 'certificates', '0123abcd-sites.pack');
    assert.equal(readFileSync(copy, 'utf8'), 'pack');
  });
});

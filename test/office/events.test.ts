/** Events on their way from controller and office into the chain (OPR-2), and what the office tells of exports (EXP-1). */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sinon from 'sinon';
import type { DeploymentEvent } from '../../src/deployment/events.js';
import { KerbsideError } from '../../src/errors.js';
import { NO_REFERENCE } from '../../src/site/reference.js';
import { monotonicNs, utcMs } from '../../src/units.js';
import { Office } from '../../firmware/office/office.js';
import { Store } from '../../firmware/store/store.js';
import { sampleExposure, sampleStart } from '../store/samples.js';
import { GOOD_PLAN } from '../support/full-deployment.js';
import { CONTROLLER, makeVan, queryStore, until, type Van } from './fakes.js';

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
  const query = (sql: string) => queryStore(van.parts.dataDir, sql);

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

  /** An operator's deployment that carries a fork. */
  const withPlan = (): void => {
    const plan = { ...GOOD_PLAN, operatorId: 'OP-7' };
    const equipment = { ...CONTROLLER.equipment, forks: ['TF-1'] };
    van = { ...van, parts: { ...van.parts, controller: { ...CONTROLLER, plan, equipment } } };
  };
  const fork = (passed: boolean, atS: number): void => {
    const event = { type: 'test', code: 'fork', by: 'OP-7', sentence: 'Fork.', detail: { passed } } as const;
    van.trigger.put({ type: 'event', event: { ...event, atNs: monotonicNs(atS * 1e9), utcMs: null } });
  };
  const doubts = async (deployment = 1): Promise<unknown[]> =>
    (await events(deployment))
      .filter(([type]) => type === 'doubt')
      .map(([, code, detail]) => {
        const { fromIcn, untilIcn } = detail as Record<string, unknown>;
        return [code, fromIcn, untilIcn];
      });

  it('ICN-2: what was photographed before the trigger process died is in doubt where no good test follows', async () => {
    withPlan();
    const running = await start();
    const [icn = ''] = await van.trigger.lease();
    van.trigger.put({ type: 'fire', exposure: sampleStart(icn) });
    van.trigger.put({ type: 'state', atNs: monotonicNs(6e9), state: 'enforcing', reasons: [] });
    van.trigger.die('signal SIGKILL');
    await until(() => van.trigger.starts === 2);
    await close();
    assert.deepEqual(await doubts(), [['fork', '000001001', '000001001']]);
    const told = await events();
    assert.deepEqual(
      told.map(([type, code]) => `${type} ${code}`),
      ['opened opened', 'fault trigger-died', 'state suspended', 'doubt fork', 'closed closed'],
    );
    assert.equal((told[2]?.[2] as { from: string }).from, 'enforcing');
    assert.match(JSON.stringify(told[2]?.[2]), /Attestations and tests before it count no more/);
    assert.ok(running.status.notices.some(({ code }) => code === 'in-doubt'));
    const sealed = await query("SELECT name FROM chain WHERE name LIKE '000001/event%'");
    assert.equal(sealed.length, told.length);
  });

  it('a good test after the trigger process died vouches for what came before it, a failed one does not', async () => {
    withPlan();
    await start();
    const [icn = ''] = await van.trigger.lease();
    van.trigger.put({ type: 'fire', exposure: sampleStart(icn) });
    van.trigger.die('signal SIGKILL');
    await until(() => van.trigger.starts === 2);
    fork(true, 9);
    await close();
    assert.deepEqual(await doubts(), []);
    van = makeVan(join(root, 'second'));
    withPlan();
    await start();
    const [other = ''] = await van.trigger.lease();
    van.trigger.put({ type: 'fire', exposure: sampleStart(other) });
    van.trigger.die('signal SIGKILL');
    await until(() => van.trigger.starts === 2);
    fork(false, 9);
    fork(true, 10);
    await close();
    assert.deepEqual(await doubts(), [['fork', '000001001', '000001001']]);
  });

  it('ICN-3: a crash after image 999 puts what the first number holds in doubt as well', async () => {
    withPlan();
    await start();
    let fired = '';
    for (let last = ''; !last.startsWith('000002');) {
      const leased = await van.trigger.lease(400);
      last = leased.at(-1) ?? '';
      if (fired === '') van.trigger.put({ type: 'fire', exposure: sampleStart((fired = leased[0] ?? '')) });
    }
    await until(async () => (await query('SELECT icn FROM numbers WHERE start_json IS NOT NULL')).length === 1);
    await office?.abort();
    office = null;
    van = makeVan(root);
    await start();
    await close();
    assert.deepEqual(await doubts(1), []);
    assert.deepEqual(await doubts(2), [['fork', fired, fired]]);
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
    van = {
      ...van,
      parts: { ...van.parts, packs: () => [{ name: '0123abcd-sites.pack', bytes: Buffer.from('pack') }] },
    };
    await start();
    const copy = join(van.parts.dataDir, 'evidence', '000001', 'certificates', '0123abcd-sites.pack');
    assert.equal(readFileSync(copy, 'utf8'), 'pack');
  });

  it('CAL-5: a pack that is imported while the deployment is open lies beside the ones before it', async () => {
    let name = 'sites-1.pack';
    van = { ...van, parts: { ...van.parts, packs: () => [{ name, bytes: Buffer.from(name) }] } };
    const running = await start();
    name = 'sites-2.pack';
    running.command({ type: 'reference', atNs: monotonicNs(5e9), reference: NO_REFERENCE });
    const folder = join(van.parts.dataDir, 'evidence', '000001', 'certificates');
    await until(() => readdirSync(folder).length === 2);
    assert.deepEqual(readdirSync(folder).sort(), ['sites-1.pack', 'sites-2.pack']);
  });

  it('CAL-5: a deployment is refused, and takes no number, where a pack that it goes by is gone', async () => {
    const gone = new KerbsideError('pack-unreadable', 'Folder no longer holds the sites pack.');
    const packs = (): never => {
      throw gone;
    };
    van = { ...van, parts: { ...van.parts, packs } };
    await assert.rejects(start(), gone);
    assert.deepEqual(await query('SELECT number FROM deployments'), []);
  });
});

/** Start-up after anything else than a chain that differs: leases, half-written files, schemas, keys, parameters. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sinon from 'sinon';
import { KerbsideError } from '../../src/errors.js';
import { decodeRecord } from '../../src/evidence/record.js';
import {
  decodeDeploymentRecord,
  decodeParametersRecord,
  type DeploymentFacts,
} from '../../src/evidence/session-records.js';
import { kmh } from '../../src/units.js';
import { readCertificate } from '../../firmware/office/certificates.js';
import { Database } from '../../firmware/store/database.js';
import { MIGRATIONS } from '../../firmware/store/schema.js';
import { STORE_FILE } from '../../firmware/store/store.js';
import { sampleStart } from '../store/samples.js';
import { CONTROLLER, sha256, until } from './fakes.js';
import { StartUpVan } from './start-up-van.js';

const { site } = CONTROLLER;
const SLOWER = { controller: { ...CONTROLLER, site: { ...site, limitKmh: kmh(60) } }, who: 'ana as root' };
const ELSEWHERE = { controller: { ...CONTROLLER, site: { ...site, code: '4712', limitKmh: kmh(80) } } };

describe('Start-up after anything', () => {
  let van: StartUpVan;

  beforeEach(() => {
    van = new StartUpVan();
  });
  afterEach(async () => {
    sinon.restore();
    await van.remove();
  });

  const deploymentRecord = (deployment: string): DeploymentFacts =>
    decodeDeploymentRecord(readFileSync(van.evidence(deployment, 'deployment.record'))).facts;

  it('ICN-2: open leases: each number gets its end, the event says how many, the deployment is accounted for', async () => {
    await van.start();
    const icns = await van.van.trigger.lease(3);
    van.van.trigger.put({ type: 'fire', exposure: sampleStart(icns[0] ?? '') });
    await until(async () => (await van.query("SELECT 1 FROM numbers WHERE state = 'fired'")).length === 1);
    await van.crash();
    assert.equal(existsSync(van.evidence('000001', 'deployment.record')), false);
    await van.start();
    const { level, sentence } = await van.event('recovered');
    assert.equal(level, 'warning');
    assert.match(sentence, /did not end in order: 0 sealed exposures committed, 3 numbers voided/);
    await van.close();
    await van.accounted();
    const { ended, numberCount, counts } = deploymentRecord('000001');
    assert.deepEqual([ended, numberCount, counts], ['crash', 3, [{ kind: 'void', count: 3 }]]);
    assert.deepEqual(van.chainNames(), [
      '000001/event-0001.record',
      ...icns.map((icn) => `000001/${icn}.record`),
      '000001/event-0002.record',
      '000002/event-0001.record',
      '000001/deployment.record',
      '000002/event-0002.record',
      '000002/deployment.record',
    ]);
  });

  it('half-written files have no name that anything refers to: removed, named in an event, their jobs done again', async () => {
    await van.start();
    const [icn = ''] = await van.van.trigger.lease(1);
    van.van.workshop.refuse = () => 'silent';
    van.enforce(icn);
    await until(async () => (await van.query('SELECT name FROM jobs')).length === 1);
    await van.crash();
    mkdirSync(van.evidence('000001'), { recursive: true });
    const halves = [`.${icn}.jpg.tmp`, `.${icn}.record.tmp`];
    for (const name of halves) writeFileSync(van.evidence('000001', name), 'half of it');
    await van.start();
    const { level, sentence } = await van.event('half-written');
    assert.equal(level, 'info');
    for (const name of halves) assert.ok(sentence.includes(name), name);
    await van.close();
    for (const name of halves) assert.ok(!existsSync(van.evidence('000001', name)), name);
    assert.deepEqual(await van.query("SELECT kind FROM exposures WHERE icn = '000001001'"), [{ kind: 'incident' }]);
    await van.accounted();
  });

  it('a missing key: refused before a deployment number is burned, recorded, and the next start goes on', async () => {
    await van.session();
    const sentence = 'Key file /keys/device.key is missing, expected the key of the device.';
    const missing = { check: () => Promise.reject(new KerbsideError('key-missing', sentence)) };
    await van.refused('key-missing', /device\.key is missing/, { keys: { folder: '/keys', ...missing } });
    assert.deepEqual(await van.query('SELECT number FROM deployments'), [{ number: 1 }]);
    await van.start();
    assert.equal(van.office.status.deployment, '000002');
  });

  describe('schemas', () => {
    /** A store as the last program without a chain left it. */
    const oldStore = async (sql: string): Promise<void> => {
      mkdirSync(van.dataDir, { recursive: true });
      const database = await Database.open(join(van.dataDir, STORE_FILE), 'write');
      await database.exec(
        'CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_utc_ms REAL NOT NULL) STRICT',
      );
      for (const [index, migration] of MIGRATIONS.slice(0, 3).entries()) {
        await database.exec(migration.sql);
        await database.run('INSERT INTO migrations VALUES (?, ?, 0)', [index + 1, migration.name]);
      }
      await database.exec(sql);
      await database.close();
    };
    const DEPLOYMENT = "INSERT INTO deployments VALUES (1, NULL, '4711', 'SC-014', 1, '{}', '0.0.9', 0, NULL, NULL);";
    const NUMBER = "INSERT INTO numbers VALUES ('000001001', 1, 1, 1, 'leased', NULL, NULL, NULL);";
    const versions = async (): Promise<unknown[]> =>
      (await van.query('SELECT version FROM migrations ORDER BY version')).map((row) => row['version']);

    it('an older schema whose numbers all have their end is brought up to date, and numbers go on behind it', async () => {
      await oldStore(`${DEPLOYMENT} ${NUMBER} UPDATE numbers SET state = 'concluded', kind = 'void'`);
      await van.start();
      assert.deepEqual(await versions(), [1, 2, 3, 4, 5]);
      assert.match((await van.event('schema-migrated')).sentence, /had schema 3, .* brought to schema 5/);
      assert.deepEqual(await van.van.trigger.lease(1), ['000002001']);
      await van.close();
      assert.deepEqual(await van.query('SELECT number, ended FROM deployments'), [
        { number: 1, ended: 'crash' },
        { number: 2, ended: 'closed' },
      ]);
    });

    it('ICN-2: an older schema with open numbers is refused: only the program that wrote them can end them', async () => {
      await oldStore(`${DEPLOYMENT} ${NUMBER}`);
      await assert.rejects(van.start(), (error) => {
        assert.ok(error instanceof KerbsideError);
        assert.equal(error.kind, 'store-schema');
        assert.match(error.message, /has schema 3 and 1 numbers without an end; expected none/);
        return true;
      });
      assert.deepEqual(await versions(), [1, 2, 3]);
      assert.deepEqual(await van.query('SELECT icn, state FROM numbers'), [{ icn: '000001001', state: 'leased' }]);
      assert.equal(existsSync(van.evidence()), false);
    });

    it('a newer schema is refused and left as it is', async () => {
      await van.session();
      await van.tamper(`INSERT INTO migrations VALUES (${MIGRATIONS.length + 1}, 'later', 0)`);
      const before = [van.evidenceFiles(), await van.account(), readFileSync(join(van.dataDir, STORE_FILE))];
      await assert.rejects(van.start(), (error) => {
        assert.ok(error instanceof KerbsideError);
        assert.equal(error.kind, 'store-schema');
        assert.match(error.message, /has schema 6, written by a newer Kerbside; this one knows up to 5/);
        return true;
      });
      assert.deepEqual([van.evidenceFiles(), await van.account(), readFileSync(join(van.dataDir, STORE_FILE))], before);
    });
  });

  describe('measuring parameters', () => {
    const changes = () => van.query('SELECT counter, deployment, who FROM parameter_changes');

    it('changed: the event counter goes up, and who, old and new are sealed before the first exposure', async () => {
      await van.session();
      await van.session(SLOWER);
      const names = van.chainNames().slice(7, 10);
      assert.deepEqual(names, ['000002/parameters.record', '000002/event-0001.record', '000002/000002001.record']);
      const { facts } = decodeParametersRecord(readFileSync(van.evidence('000002', 'parameters.record')));
      assert.deepEqual([facts.eventCounter, facts.who, facts.deployment], [1, 'ana as root', '000002']);
      const [opened] = await van.query('SELECT opened_utc_ms FROM deployments WHERE number = 2');
      assert.equal(facts.changedUtcMs, opened?.['opened_utc_ms']);
      assert.deepEqual(facts.changes, [{ name: 'site.4711.limitKmh', oldValue: '50', newValue: '60' }]);
      const { context } = decodeRecord(readFileSync(van.evidence('000002', '000002001.record')));
      assert.deepEqual([context.eventCounter, context.parametersSha256], [1, facts.parametersSha256]);
      const before = decodeRecord(readFileSync(van.evidence('000001', '000001001.record'))).context;
      assert.equal(before.eventCounter, 0);
      assert.notEqual(before.parametersSha256, facts.parametersSha256);
      assert.equal(deploymentRecord('000002').eventCounter, 1);
      await van.accounted();
    });

    it('the change waits in front of every exposure even when the session crashes before it is written', async () => {
      await van.session();
      await van.crashBeforeCommit(/parameters/, () => van.start(SLOWER));
      rmSync(van.evidence('000002', 'parameters.record'));
      writeFileSync(van.chainFile, `${van.chainLines().slice(0, 7).join('\n')}\n`);
      await van.session(SLOWER);
      assert.equal(van.chainNames()[7], '000002/parameters.record');
      assert.deepEqual(await changes(), [{ counter: 1, deployment: 2, who: 'ana as root' }]);
      await van.accounted();
    });

    it('unchanged, at another site, and back again: no change', async () => {
      for (const parts of [{}, {}, ELSEWHERE, {}, ELSEWHERE]) await van.session(parts);
      assert.deepEqual(await changes(), []);
      assert.deepEqual(
        van.chainNames().filter((name) => name.includes('parameters')),
        [],
      );
    });

    it('a site that is visited again is compared with what was last in force there', async () => {
      for (const parts of [{}, ELSEWHERE, SLOWER, ELSEWHERE, SLOWER, {}]) await van.session(parts);
      assert.deepEqual(
        (await changes()).map(({ counter, deployment }) => [counter, deployment]),
        [
          [1, 3],
          [2, 6],
        ],
      );
    });
  });

  it('ICN-2, ICN-3: behind image 999 the same session goes on under the next deployment; both are accounted for', async () => {
    await van.start();
    await van.van.trigger.lease(995);
    // All but the last few are done with; what they were does not matter here.
    await van.tamper("UPDATE numbers SET state = 'concluded', kind = 'void' WHERE image < 990");
    const icns = await van.van.trigger.lease(8);
    assert.deepEqual(icns.slice(3, 6), ['000001999', '000002001', '000002002']);
    assert.equal(van.office.status.deployment, '000002');
    van.enforce('000002001');
    await van.close();
    const [first, second] = [deploymentRecord('000001'), deploymentRecord('000002')];
    assert.deepEqual([first.ended, first.follows, first.numberCount], ['continued', null, 999]);
    assert.deepEqual(
      first.leases.map(({ firstIcn, lastIcn }) => [firstIcn, lastIcn]),
      [
        ['000001001', '000001995'],
        ['000001996', '000001999'],
      ],
    );
    assert.deepEqual([second.ended, second.follows, second.numberCount], ['closed', '000001', 4]);
    assert.equal(second.leases[0]?.lease, first.leases[1]?.lease);
  });

  it('CAL-5: copies of the certificates lie beside the evidence, and every record states their hashes', async () => {
    const file = join(van.root, 'radar certificate.pdf');
    writeFileSync(file, 'a certificate');
    const dates = { issuedOn: '2026-02-03', validUntil: '2027-02-03' };
    const stated = { kind: 'radar', number: 'CS-118', issuer: 'Calibration Services', ...dates } as const;
    const certificates = [readCertificate(stated, file), readCertificate({ ...stated, kind: 'fork' }, null)];
    await van.session({ certificates });
    const hash8 = sha256(readFileSync(file)).slice(0, 8);
    const copy = van.evidence('000001', 'certificates', `${hash8}-radar certificate.pdf`);
    assert.equal(readFileSync(copy, 'utf8'), 'a certificate');
    const { context } = decodeRecord(readFileSync(van.evidence('000001', '000001001.record')));
    assert.deepEqual(
      context.certificates.map(({ kind, sha256: hash }) => [kind, hash]),
      [
        ['radar', sha256(readFileSync(copy))],
        ['fork', null],
      ],
    );
    assert.throws(() => readCertificate(stated, join(van.root, 'nowhere.pdf')), {
      kind: 'config-invalid',
      message: /Certificate CS-118: its file .*nowhere\.pdf cannot be read/,
    });
  });
});

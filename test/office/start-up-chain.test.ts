/** The chain of records at the start: what differs is named, recorded, and recovered or refused, never silently mended. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import sinon from 'sinon';
import { decodeRecord, encodeRecord } from '../../src/evidence/record.js';
import { decodeDeploymentRecord } from '../../src/evidence/session-records.js';
import { kmh } from '../../src/units.js';
import { sampleStart } from '../store/samples.js';
import { CONTROLLER, sha256, until } from './fakes.js';
import { StartUpVan } from './start-up-van.js';

const SLOWER = { controller: { ...CONTROLLER, site: { ...CONTROLLER.site, limitKmh: kmh(60) } } };

describe('Start-up with a chain of records that is not as it was left', () => {
  let van: StartUpVan;

  beforeEach(() => {
    van = new StartUpVan();
  });
  afterEach(async () => {
    sinon.restore();
    await van.remove();
  });

  it('ICN-2: a session that ended in order leaves one chain, twice, and the account of its numbers', async () => {
    const icns = await van.session();
    assert.deepEqual(
      van.chainLines().map((line) => line.slice(66)),
      ['event-0001', ...icns, 'event-0002', 'deployment'].map((name) => `000001/${name}.record`),
    );
    const { facts } = decodeDeploymentRecord(readFileSync(van.evidence('000001/deployment.record')));
    assert.equal(facts.ended, 'closed');
    assert.deepEqual(facts.leases, [{ lease: 1, firstIcn: '000001001', lastIcn: '000001004' }]);
    assert.deepEqual(facts.counts, [
      { kind: 'incident', count: 2 },
      { kind: 'void', count: 2 },
    ]);
    assert.deepEqual([facts.numberCount, facts.eventCount, facts.firstSequence, facts.lastSequence], [4, 2, 1, 6]);
    await van.accounted();
    const before = van.evidenceFiles();
    await van.start();
    assert.deepEqual(van.known(before), before);
    assert.deepEqual(await van.query("SELECT code FROM events WHERE code LIKE 'chain-%' OR code = 'recovered'"), []);
  });

  it('one line ahead of the store is a crash between the two: committed as it was sealed, and recorded', async () => {
    await van.start();
    await van.van.trigger.lease(3);
    await van.crashBeforeCommit(/000001001\.record/, () => {
      van.enforce('000001001');
      return Promise.resolve();
    });
    assert.deepEqual([van.chainLines().length, (await van.query('SELECT * FROM chain')).length], [2, 1]);
    const image = sha256(readFileSync(van.evidence('000001/000001001.jpg')));
    await van.start();
    const { level, sentence } = await van.event('chain-committed');
    assert.equal(level, 'info');
    assert.match(sentence, /000001\/000001001\.record was sealed and not committed; it is committed now/);
    await van.close();
    const [row] = await van.query('SELECT kind, image_sha256 FROM exposures ORDER BY icn');
    assert.deepEqual(row, { kind: 'incident', image_sha256: image });
    assert.equal(sha256(readFileSync(van.evidence('000001/000001001.jpg'))), image);
    await van.accounted();
  });

  it('one line ahead is the record of changed parameters: the event counter does not move again', async () => {
    await van.session();
    await van.crashBeforeCommit(/parameters/, () => van.start(SLOWER));
    await van.start(SLOWER);
    assert.match((await van.event('chain-committed')).sentence, /000002\/parameters\.record/);
    assert.equal(van.office.status.eventCounter, 1);
    await van.close();
    await van.accounted();
  });

  it('one line ahead is the account of a deployment', async () => {
    await van.start();
    await van.van.trigger.lease(1);
    await van.crash();
    await van.crashBeforeCommit(/000001\/deployment/, () => van.start());
    assert.deepEqual(van.chainNames(), [
      '000001/event-0001.record',
      '000001/000001001.record',
      '000001/event-0002.record',
      '000002/event-0001.record',
      '000001/deployment.record',
    ]);
    await van.start();
    assert.match((await van.event('chain-committed')).sentence, /000001\/deployment\.record/);
    await van.close();
    await van.accounted();
    assert.deepEqual(
      van
        .chainNames()
        .slice(5)
        .filter((name) => name.endsWith('deployment.record')),
      ['000002/deployment.record', '000003/deployment.record'],
    );
  });

  it('ICN-2: an older copy of the store was put back: it learns again what it forgot, and no number comes twice', async () => {
    await van.start();
    const icns = [...(await van.van.trigger.lease(3))];
    van.enforce(icns[0] ?? '');
    van.enforce(icns[1] ?? '');
    await van.sealed(2);
    van.keepStore('copy');
    icns.push(...(await van.van.trigger.lease(3)));
    for (const icn of icns.slice(2, 5)) van.enforce(icn);
    await van.close();
    const records = van.evidenceFiles();
    van.putStoreBack('copy');
    await van.start();
    const { level, sentence } = await van.event('chain-adopted');
    assert.equal(level, 'alarm');
    assert.match(sentence, /forgotten 6 records from 000001\/000001003\.record on: an older copy/);
    assert.deepEqual(van.known(records), records);
    assert.deepEqual(await van.van.trigger.lease(1), ['000002001']);
    await van.close();
    await van.accounted();
    assert.equal((await van.query("SELECT 1 FROM numbers WHERE icn LIKE '000001%'")).length, 6);
  });

  it('ICN-2: an older copy, and the session had crashed: numbers without a record are ended, none comes twice', async () => {
    await van.start();
    const icns = [...(await van.van.trigger.lease(2))];
    van.enforce(icns[0] ?? '');
    await van.sealed(1);
    van.keepStore('copy');
    icns.push(...(await van.van.trigger.lease(3)));
    van.enforce(icns[1] ?? '');
    van.enforce(icns[3] ?? '');
    await van.sealed(3);
    await van.crash();
    van.putStoreBack('copy');
    await van.start();
    assert.match((await van.event('chain-adopted')).sentence, /2 records from 000001\/000001002/);
    assert.deepEqual(await van.van.trigger.lease(1), ['000002001']);
    await van.close();
    assert.deepEqual(await van.query("SELECT icn, kind, reason FROM exposures WHERE icn LIKE '000001%' ORDER BY icn"), [
      { icn: '000001001', kind: 'incident', reason: null },
      { icn: '000001002', kind: 'incident', reason: null },
      { icn: '000001003', kind: 'void', reason: 'crash-unknown' },
      { icn: '000001004', kind: 'incident', reason: null },
    ]);
    await van.accounted();
  });

  it('ICN-2: an older copy, and numbers were fired that it never leased: they are ended, too, none comes twice', async () => {
    await van.start();
    const [first = ''] = await van.van.trigger.lease(1);
    van.enforce(first);
    await van.sealed(1);
    van.keepStore('copy');
    const [, second = ''] = await van.van.trigger.lease(3);
    van.van.trigger.put({ type: 'fire', exposure: sampleStart(second) });
    await until(async () => (await van.query("SELECT 1 FROM numbers WHERE state = 'fired'")).length === 1);
    await van.crash();
    van.putStoreBack('copy');
    await van.start();
    assert.deepEqual(await van.van.trigger.lease(1), ['000002001']);
    await van.close();
    assert.deepEqual(await van.query("SELECT icn, kind, reason FROM exposures WHERE icn LIKE '000001%' ORDER BY icn"), [
      { icn: '000001001', kind: 'incident', reason: null },
      { icn: '000001002', kind: 'void', reason: 'crash-unknown' },
      { icn: '000001003', kind: 'void', reason: 'image-missed' },
    ]);
    await van.accounted();
  });

  it('ICN-2: the store is lost altogether: everything comes back from the records, the event counter, too', async () => {
    await van.session();
    await van.session(SLOWER);
    const before = await van.account();
    const records = van.evidenceFiles();
    van.loseStore();
    await van.start();
    const { level, sentence } = await van.event('chain-adopted');
    assert.equal(level, 'alarm');
    assert.match(sentence, /forgotten 15 records from 000001\/event-0001\.record on/);
    const after = await van.account();
    assert.deepEqual(after.chain.slice(0, 15), before.chain);
    assert.deepEqual(
      after.numbers.filter(({ icn }) => String(icn) < '000003'),
      before.numbers,
    );
    assert.deepEqual(after.deployments.slice(0, 2), before.deployments);
    assert.deepEqual(
      Object.entries(records).filter(([name, hash]) => name !== 'chain.sha256' && van.evidenceFiles()[name] !== hash),
      [],
    );
    assert.ok((van.office.status.eventCounter ?? 0) >= 1);
    assert.deepEqual(await van.van.trigger.lease(1), ['000003001']);
    await van.close();
    await van.accounted();
  });

  it('ICN-2: the store is lost and only the opening is on the disk: a fired number of the journal gets its end', async () => {
    await van.start();
    const [first = ''] = await van.van.trigger.lease(1);
    await until(() => existsSync(van.evidence('000001/event-0001.record')));
    await until(async () => (await van.query('SELECT 1 FROM chain')).length === 1);
    van.van.trigger.put({ type: 'fire', exposure: sampleStart(first) });
    await until(async () => (await van.query("SELECT 1 FROM numbers WHERE state = 'fired'")).length === 1);
    await van.crash();
    van.loseStore();
    await van.start();
    await van.close();
    assert.deepEqual(await van.query("SELECT icn, kind, reason FROM exposures WHERE icn LIKE '000001%'"), [
      { icn: first, kind: 'void', reason: 'image-missed' },
    ]);
    await van.accounted();
  });

  it('both copies are lost: rebuilt from the records by their own links, an alarm says so, no number comes twice', async () => {
    await van.session();
    await van.session();
    const [records, names] = [van.evidenceFiles(), van.chainNames()];
    van.loseStore();
    rmSync(van.chainFile);
    await van.start();
    const { level, sentence } = await van.event('chain-rebuilt');
    assert.equal(level, 'alarm');
    assert.match(sentence, new RegExp(`did not know ${names.length} records on the disk`));
    assert.deepEqual(van.chainNames().slice(0, names.length), names);
    assert.deepEqual(van.known(records), records);
    assert.deepEqual(await van.van.trigger.lease(1), ['000003001']);
    await van.close();
    await van.accounted();
  });

  it('ICN-2: older copies of both were put back: concluded out of order or not, every record finds its place', async () => {
    await van.start();
    const icns = [...(await van.van.trigger.lease(3))];
    van.keepStore('copy');
    const chain = existsSync(van.chainFile) ? readFileSync(van.chainFile) : Buffer.alloc(0);
    for (const icn of [icns[2], icns[0], icns[1]]) van.enforce(icn ?? '');
    await van.sealed(3);
    await van.crash();
    van.putStoreBack('copy');
    writeFileSync(van.chainFile, chain);
    await van.start();
    assert.equal((await van.event('chain-rebuilt')).level, 'alarm');
    await van.close();
    assert.deepEqual(await van.query("SELECT DISTINCT kind FROM exposures WHERE icn LIKE '000001%'"), [
      { kind: 'incident' },
    ]);
    await van.accounted();
  });

  it('older copies of both were put back while a record waited to be sealed: it was, and others hang on it', async () => {
    await van.start();
    const [icn = ''] = await van.van.trigger.lease(2);
    await until(() => van.chainLines().length === 1);
    van.van.workshop.refuse = () => 'silent';
    van.enforce(icn);
    await until(async () => (await van.query('SELECT * FROM jobs')).length === 1);
    van.keepStore('copy');
    const chain = readFileSync(van.chainFile);
    await van.crash();
    await van.start();
    await van.close();
    const before = van.evidenceFiles();
    van.putStoreBack('copy');
    writeFileSync(van.chainFile, chain);
    await van.start();
    assert.equal((await van.event('chain-rebuilt')).level, 'alarm');
    assert.deepEqual(van.known(before), before, 'nothing was sealed twice');
    await van.close();
    await van.accounted();
  });

  it('a record that hangs on nothing that is known: refused, nothing is changed', async () => {
    await van.session();
    const record = readFileSync(van.evidence('000001/000001002.record'));
    mkdirSync(van.evidence('000009'));
    writeFileSync(van.evidence('000009/000009001.record'), record);
    await van.refused('chain-broken', /holds 1 records that neither the store nor the chain file knows .*000009001/);
  });

  it('shorter than the store: restored, after every record was found as it was sealed; an alarm says so', async () => {
    await van.session();
    const whole = readFileSync(van.chainFile, 'utf8');
    writeFileSync(van.chainFile, `${van.chainLines().slice(0, 3).join('\n')}\n`);
    await van.start();
    const { level, sentence } = await van.event('chain-restored');
    assert.equal(level, 'alarm');
    assert.match(sentence, /its last 4 lines were missing; they were written again from the store/);
    assert.ok(readFileSync(van.chainFile, 'utf8').startsWith(whole));
    await van.close();
    await van.accounted();
  });

  it('shorter than the store, and a record is missing or altered: refused, nothing is changed', async () => {
    await van.session();
    writeFileSync(van.chainFile, `${van.chainLines().slice(0, 3).join('\n')}\n`);
    const path = van.evidence('000001/deployment.record');
    const record = readFileSync(path);
    rmSync(path);
    await van.refused(
      'chain-broken',
      /lacks line 7, and .*000001\/deployment\.record has SHA-256 none, it cannot be read/,
    );
    writeFileSync(path, Buffer.concat([record, Buffer.from([0])]));
    await van.refused('chain-broken', /lacks line 7, and .*deployment\.record has SHA-256 [0-9a-f]{64}; expected/);
    writeFileSync(path, record);
    await van.start();
    await van.close();
    await van.accounted();
  });

  it('the chain file is missing: written again from the store, with an alarm', async () => {
    await van.session();
    const whole = readFileSync(van.chainFile, 'utf8');
    rmSync(van.chainFile);
    await van.start();
    assert.match((await van.event('chain-restored')).sentence, /its last 7 lines were missing/);
    assert.ok(readFileSync(van.chainFile, 'utf8').startsWith(whole));
  });

  it('the chain file is missing, and a record, too: refused', async () => {
    await van.session();
    writeFileSync(van.chainFile, '');
    rmSync(van.evidence('000001/000001002.record'));
    await van.refused('chain-broken', /lacks line 3, and .*000001002\.record/);
  });

  it('a line altered, exchanged, or no line at all: refused with the number of the line, nothing is changed', async () => {
    await van.session();
    const whole = readFileSync(van.chainFile, 'utf8');
    const [first = '', second = '', ...rest] = van.chainLines();
    const altered = `${first.startsWith('0') ? '1' : '0'}${first.slice(1)}`;
    const cases: [string[], RegExp][] = [
      [[altered, second, ...rest], /sequence 1: the file .* says 000001\/event-0001\.record with SHA-256/],
      [[second, first, ...rest], /sequence 1: the file .* says 000001\/000001001\.record with/],
      [[first, ...rest], /sequence 2: the file .* says 000001\/000001002\.record with/],
      [[first, second.replace('  ', ' *'), ...rest], /Chain file, line 2: found ".*", expected a SHA-256/],
      [[first, second, '', ...rest], /Chain file, line 3: found ""/],
    ];
    for (const [lines, sentence] of cases) {
      writeFileSync(van.chainFile, `${lines.join('\n')}\n`);
      await van.refused('chain-broken', sentence);
    }
    // A torn tail is evidence of something, too, while the rest is not understood.
    writeFileSync(van.chainFile, `${[altered, second, ...rest].join('\n')}\n0123`);
    await van.refused('chain-broken', /sequence 1/);
    writeFileSync(van.chainFile, whole);
    await van.start();
  });

  for (const cut of [1, 30, 70]) {
    it(`the last line is torn, ${cut} bytes of it are lost: said, and the line comes again`, async () => {
      await van.session();
      const whole = readFileSync(van.chainFile, 'utf8');
      writeFileSync(van.chainFile, whole.slice(0, -cut));
      await van.start();
      assert.match(
        (await van.event('chain-torn')).sentence,
        /was not whole, found \d+ bytes of one; they were removed/,
      );
      assert.match((await van.event('chain-restored')).sentence, /its last 1 lines were missing/);
      assert.ok(readFileSync(van.chainFile, 'utf8').startsWith(whole));
      await van.close();
      await van.accounted();
    });
  }

  it('a line that was begun and never committed is removed, with a warning', async () => {
    await van.session();
    const whole = readFileSync(van.chainFile, 'utf8');
    appendFileSync(van.chainFile, 'ab'.repeat(20));
    await van.start();
    const { level, sentence } = await van.event('chain-torn');
    assert.equal(level, 'warning');
    assert.match(sentence, /found 40 bytes of one/);
    assert.ok(readFileSync(van.chainFile, 'utf8').startsWith(whole));
  });

  it('lines ahead whose record, signature or image is missing or altered: refused, nothing is taken in', async () => {
    await van.start();
    van.keepStore('copy');
    const icns = await van.van.trigger.lease(3);
    for (const icn of icns) van.enforce(icn);
    await van.sealed(3);
    await van.close();
    van.putStoreBack('copy');
    for (const [ending, line] of [
      ['000001003.record', 4],
      ['000001003.p7s', 4],
      ['000001003.jpg', 4],
      ['000001002.record', 3],
    ] as const) {
      const path = van.evidence('000001', ending);
      const bytes = readFileSync(path);
      const sentence = new RegExp(
        `line ${line}: 000001/00000100${line - 1}\\.record .* is not on the disk as it was sealed`,
      );
      rmSync(path);
      await van.refused('chain-broken', sentence);
      if (!ending.endsWith('p7s')) {
        writeFileSync(path, Buffer.concat([bytes, Buffer.from('x')]));
        await van.refused('chain-broken', sentence);
      }
      writeFileSync(path, bytes);
    }
    // A whole record in the right place of the chain, with another speed in it.
    const path = van.evidence('000001', '000001003.record');
    const bytes = readFileSync(path);
    const record = decodeRecord(bytes);
    const facts = { ...record.exposure.facts, speedKmh: kmh(99), truncatedKmh: 99 };
    writeFileSync(path, encodeRecord({ ...record, exposure: { ...record.exposure, facts } }));
    await van.refused('chain-broken', /line 4: 000001\/000001003\.record .* is not on the disk as it was sealed/);
    writeFileSync(path, bytes);
    await van.start();
    await van.close();
    await van.accounted();
  });
});

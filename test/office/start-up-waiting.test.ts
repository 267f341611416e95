/** Older copies of store and chain file that still wait for what was sealed long ago. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { until } from './fakes.js';
import { StartUpVan } from './start-up-van.js';

describe('Start-up with records that wait in an older store', () => {
  let van: StartUpVan;

  beforeEach(() => {
    van = new StartUpVan();
  });
  afterEach(() => van.remove());

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
});

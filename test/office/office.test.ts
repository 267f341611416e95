import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sinon from 'sinon';
import { KerbsideError } from '../../src/errors.js';
import { monotonicNs } from '../../src/units.js';
import { Office } from '../../firmware/office/office.js';
import { readExposures } from '../../firmware/store/reader.js';
import { Store } from '../../firmware/store/store.js';
import { sampleExposure, samplePass, sampleStart } from '../store/samples.js';
import { makeVan, queryStore, sha256, until, type Van } from './fakes.js';

describe('Office', () => {
  let root = '';
  let van: Van;
  let office: Office | null = null;

  const start = async (): Promise<Office> => (office = await Office.start(van.parts));
  const close = async (): Promise<void> => {
    const running = office;
    office = null;
    await running?.close();
  };
  const outcomes = async () =>
    (await readExposures(van.parts.dataDir)).map(({ exposure }) => [exposure.icn, exposure.kind, exposure.reason]);
  const query = (sql: string) => queryStore(van.parts.dataDir, sql);
  const deliver = (name: string, text = name): ReturnType<Van['workshop']['deliver']> =>
    van.workshop.deliver(name, Buffer.from(text));
  /** The controller's part of one enforced vehicle. */
  const enforce = (icn: string, image: { imageId: string; sha256: string } | null): void => {
    van.trigger.put({ type: 'fire', exposure: sampleStart(icn) });
    van.trigger.put({
      type: 'conclude',
      exposure: sampleExposure(icn, { imageId: image?.imageId ?? null, imageSha256: image?.sha256 ?? null }),
    });
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'kerbside-office-'));
    van = makeVan(root);
  });
  afterEach(async () => {
    sinon.restore();
    await office?.abort();
    office = null;
    await rm(root, { recursive: true });
  });

  it('opens a deployment when the trigger has its devices, and closes it with nothing left open', async () => {
    await start();
    assert.equal(office?.status.deployment, '000001');
    await close();
    assert.deepEqual(await query('SELECT number, ended FROM deployments'), [{ number: 1, ended: 'closed' }]);
    assert.equal(van.trigger.stopped, true);
  });

  it('a device that is missing ends the start with its own error and burns no deployment number', async () => {
    van.trigger.onStart = (trigger) => {
      trigger.say({
        type: 'fault',
        kind: 'link-missing',
        sentence: 'Port /dev/radar is missing, expected a serial port.',
      });
    };
    await assert.rejects(start(), (error) => error instanceof KerbsideError && error.exitCode === 4);
    assert.deepEqual(await query('SELECT number FROM deployments'), []);
    van.trigger.onStart = (trigger) => {
      trigger.say({ type: 'started' });
    };
    await start();
    assert.equal(office?.status.deployment, '000001');
  });

  it('ICN-2: numbers are durable in the store before the controller gets them', async () => {
    await start();
    const icns = await van.trigger.lease();
    const stored = await query('SELECT icn, state FROM numbers ORDER BY icn');
    assert.deepEqual(
      stored,
      icns.map((icn) => ({ icn, state: 'leased' })),
    );
    assert.equal(icns[0], '000001001');
    assert.equal(icns.length, 8);
  });

  it('ICN-2: a request that is repeated while the store is slow is answered once', async () => {
    await start();
    const request = { type: 'request-lease', atNs: monotonicNs(1e9), count: 8 } as const;
    van.trigger.put(request, request);
    van.trigger.put(request);
    await until(() => van.trigger.icns.length > 0);
    await until(async () => (await query('SELECT count(*) AS n FROM numbers'))[0]?.['n'] === 8);
    assert.equal(van.trigger.icns.length, 8);
  });

  it('an enforced vehicle becomes a sealed image and a record; the camera file goes after the commit', async () => {
    await start();
    const [icn = ''] = await van.trigger.lease();
    const image = deliver('IMG_0001.JPG');
    await until(() => van.trigger.ofType('image').length === 1);
    enforce(icn, image);
    await until(() => van.workshop.forgotten.includes('IMG_0001.JPG'));
    const [row] = await readExposures(van.parts.dataDir);
    assert.equal(row?.imageFile, `evidence/000001/${icn}.jpg`);
    assert.equal(row.imageSha256, sha256(readFileSync(join(van.parts.dataDir, row.imageFile))));
    assert.equal(row.recordSha256, sha256(readFileSync(join(van.parts.dataDir, row.recordFile))));
    assert.equal(existsSync(join(van.parts.imageFolder, 'IMG_0001.JPG')), false);
    assert.equal(office?.status.exposures[0]?.icn, icn);
  });

  it('ICN-2: at the close every number that was given out and not used becomes a void record with a file', async () => {
    await start();
    const icns = await van.trigger.lease();
    enforce(icns[0] ?? '', null);
    await close();
    assert.deepEqual(await outcomes(), [
      ['000001001', 'incident', null],
      ...icns.slice(1).map((icn) => [icn, 'void', 'lease-unused']),
    ]);
    for (const icn of icns) {
      assert.ok(existsSync(join(van.parts.dataDir, 'evidence', '000001', `${icn}.record`)), icn);
    }
  });

  it('a controller that does not answer the close leaves its next number unknown, the others unused', async () => {
    van.trigger.onClose = () => undefined;
    await start();
    const icns = await van.trigger.lease(3);
    van.trigger.put({ type: 'fire', exposure: sampleStart(icns[0] ?? '') });
    await close();
    assert.deepEqual(await outcomes(), [
      [icns[0], 'void', 'image-missed'],
      [icns[1], 'void', 'crash-unknown'],
      [icns[2], 'void', 'lease-unused'],
    ]);
  });

  it('STAT-1: passes are stored for every vehicle and shown', async () => {
    await start();
    for (let id = 1; id <= 3; id += 1) van.trigger.put({ type: 'pass', pass: samplePass(id) });
    await close();
    assert.deepEqual(await query('SELECT deployment, pass_id FROM passes'), [
      { deployment: 1, pass_id: 1 },
      { deployment: 1, pass_id: 2 },
      { deployment: 1, pass_id: 3 },
    ]);
  });

  it('two controllers on one data folder: the second is refused, the first goes on', async () => {
    await start();
    const second = makeVan(root);
    await assert.rejects(
      Office.start(second.parts),
      (error) => error instanceof KerbsideError && error.kind === 'store-locked' && error.exitCode === 75,
    );
    assert.equal(second.trigger.starts, 0);
    assert.equal((await van.trigger.lease()).length, 8);
  });

  describe('images', () => {
    it('AUD-3: bytes that were seen under another name are handed over as a duplicate', async () => {
      await start();
      deliver('A.JPG', 'same');
      deliver('B.JPG', 'same');
      deliver('C.JPG', 'other');
      await until(() => van.trigger.ofType('image').length === 3);
      assert.deepEqual(
        van.trigger.ofType('image').map(({ image }) => [image.imageId, image.duplicate]),
        [
          ['A.JPG', false],
          ['B.JPG', true],
          ['C.JPG', false],
        ],
      );
    });

    it('a byte-equal copy of a committed image is removed, any other dropped image is kept aside', async () => {
      await start();
      const [icn = ''] = await van.trigger.lease();
      const image = deliver('A.JPG', 'same');
      enforce(icn, image);
      await until(() => van.workshop.forgotten.includes('A.JPG'));
      deliver('B.JPG', 'same');
      deliver('C.JPG', 'no picture at all');
      await until(() => van.trigger.ofType('image').length === 3);
      van.trigger.put({ type: 'drop-image', atNs: monotonicNs(1), imageId: 'B.JPG', reason: 'duplicate' });
      van.trigger.put({ type: 'drop-image', atNs: monotonicNs(1), imageId: 'C.JPG', reason: 'image-unusable' });
      await until(() => office?.status.notices.some(({ code }) => code === 'image-dropped') ?? false);
      assert.deepEqual(van.workshop.forgotten, ['A.JPG', 'B.JPG']);
      assert.equal(existsSync(join(van.parts.imageFolder, 'B.JPG')), false);
      assert.deepEqual(readdirSync(join(van.parts.dataDir, 'dropped')), ['C.JPG']);
      assert.equal(readFileSync(join(van.parts.dataDir, 'dropped', 'C.JPG'), 'utf8'), 'no picture at all');
    });

    it('two dropped images of one name are both kept', async () => {
      await start();
      for (const text of ['first', 'second']) {
        deliver('A.JPG', text);
        await until(() => van.trigger.ofType('image').some(({ image }) => image.sha256 === sha256(Buffer.from(text))));
        van.trigger.put({ type: 'drop-image', atNs: monotonicNs(1), imageId: 'A.JPG', reason: 'image-unusable' });
        await until(() => !existsSync(join(van.parts.imageFolder, 'A.JPG')));
      }
      assert.deepEqual(readdirSync(join(van.parts.dataDir, 'dropped')).sort(), ['A-2.JPG', 'A.JPG']);
    });

    it('an image that can never be sealed leaves its number a record and its file aside', async () => {
      await start();
      const [icn = ''] = await van.trigger.lease();
      van.workshop.refuse = ({ imageId }) => (imageId === null ? null : { sentence: 'No JPEG.', retry: false });
      enforce(icn, deliver('A.JPG'));
      await until(async () => (await outcomes()).length === 1);
      await until(() => !existsSync(join(van.parts.imageFolder, 'A.JPG')));
      assert.deepEqual(await outcomes(), [[icn, 'void', 'image-unusable']]);
      assert.deepEqual(readdirSync(join(van.parts.dataDir, 'dropped')), ['A.JPG']);
    });
  });

  describe('children that die', () => {
    it('ICN-2: a dead trigger process ends its numbers and the next one begins with fresh ones', async () => {
      await start();
      const icns = await van.trigger.lease(4);
      van.trigger.put({ type: 'fire', exposure: sampleStart(icns[0] ?? '') });
      van.trigger.die('signal SIGSEGV');
      await until(() => van.trigger.starts === 2);
      await until(async () => (await outcomes()).length === 4);
      assert.deepEqual(await outcomes(), [
        [icns[0], 'void', 'image-missed'],
        [icns[1], 'void', 'crash-unknown'],
        [icns[2], 'void', 'lease-unused'],
        [icns[3], 'void', 'lease-unused'],
      ]);
      await until(() => van.trigger.ofType('clock').length >= 2);
      assert.deepEqual(await van.trigger.lease(1), ['000001005']);
      assert.ok(office?.status.notices.some(({ code, level }) => code === 'trigger-died' && level === 'alarm'));
    });

    it('the position link is told to the new controller, which has not heard of it', async () => {
      await start();
      van.position({ type: 'gps-link', atNs: monotonicNs(1), up: true, detail: 'gpsd reports' });
      await until(() => van.trigger.ofType('gps-link').length === 1);
      van.trigger.die('signal SIGSEGV');
      await until(() => van.trigger.ofType('gps-link').length === 2);
      assert.equal(van.trigger.ofType('gps-link')[1]?.up, true);
    });

    it('a dead workshop is started again and gets the open job again; nothing is lost or doubled', async () => {
      await start();
      const [first = '', second = ''] = await van.trigger.lease();
      let deaths = 0;
      van.workshop.refuse = () => (deaths++ === 0 ? 'die' : null);
      enforce(first, deliver('A.JPG'));
      enforce(second, deliver('B.JPG'));
      await until(() => van.workshop.forgotten.length === 2);
      assert.equal(van.workshop.starts, 2);
      assert.deepEqual(await outcomes(), [
        [first, 'incident', null],
        [second, 'incident', null],
      ]);
    });

    it('what a restarted workshop reports once more is not a new image', async () => {
      await start();
      const image = deliver('A.JPG');
      await until(() => van.trigger.ofType('image').length === 1);
      van.workshop.die('signal SIGSEGV');
      await until(() => van.workshop.starts === 2);
      van.workshop.say({ type: 'image', image, atNs: 2e9 });
      deliver('B.JPG');
      await until(() => van.trigger.ofType('image').some(({ image: { imageId } }) => imageId === 'B.JPG'));
      assert.equal(van.trigger.ofType('image').length, 2);
    });
  });

  describe('a full disk', () => {
    const full = (): KerbsideError =>
      new KerbsideError('disk-full', 'Store kerbside.db cannot be written, the disk is full.');

    it('the controller is told, everything waits, and goes on in order when there is room again', async () => {
      await start();
      const [icn = ''] = await van.trigger.lease();
      const addJob = sinon.stub(Store.prototype, 'addJob').rejects(full());
      enforce(icn, deliver('A.JPG'));
      van.trigger.put({ type: 'pass', pass: samplePass(1) });
      await until(() => van.trigger.ofType('store').length === 1);
      assert.equal(van.trigger.ofType('store')[0]?.usable, false);
      assert.equal(office?.status.storage.usable, false);
      addJob.restore();
      await until(() => van.workshop.forgotten.includes('A.JPG'));
      await close();
      assert.equal(van.trigger.ofType('store').at(-1)?.usable, true);
      assert.deepEqual((await outcomes())[0], [icn, 'incident', null]);
      assert.equal((await query('SELECT * FROM passes')).length, 1);
    });

    it('the workshop that cannot write is asked again until it can', async () => {
      await start();
      const [icn = ''] = await van.trigger.lease();
      let refusals = 0;
      van.workshop.refuse = () => (refusals++ < 3 ? { sentence: 'The disk is full.', retry: true } : null);
      enforce(icn, deliver('A.JPG'));
      await until(() => van.workshop.forgotten.includes('A.JPG'));
      assert.equal(van.workshop.asked.filter((asked) => asked === icn).length, 4);
      assert.deepEqual(
        van.trigger.ofType('store').map(({ usable }) => usable),
        [false, true],
      );
    });

    it('images are still recognised and handed over while nothing can be stored', async () => {
      await start();
      const remember = sinon.stub(Store.prototype, 'rememberImage').rejects(full());
      deliver('A.JPG', 'same');
      deliver('B.JPG', 'same');
      await until(() => van.trigger.ofType('image').length === 2);
      assert.equal(van.trigger.ofType('image')[1]?.image.duplicate, true);
      remember.restore();
    });

    it('a disk that stays full does not keep the close waiting for ever, and the next start finishes the work', async () => {
      van = makeVan(root);
      van = { ...van, parts: { ...van.parts, timing: { ...van.parts.timing, closeMs: 30, drainMs: 30 } } };
      await start();
      const [icn = ''] = await van.trigger.lease(2);
      van.trigger.put({ type: 'fire', exposure: sampleStart(icn) });
      await until(async () => (await query("SELECT 1 FROM numbers WHERE state = 'fired'")).length === 1);
      const addJob = sinon.stub(Store.prototype, 'addJob').rejects(full());
      await assert.rejects(close(), (error) => error instanceof KerbsideError && error.exitCode === 75);
      addJob.restore();
      van = makeVan(root);
      await start();
      await close();
      assert.deepEqual(await outcomes(), [
        ['000001001', 'void', 'image-missed'],
        ['000001002', 'void', 'crash-unknown'],
      ]);
    });

    it('a failure that cannot pass ends the session with one sentence instead of vanishing', async () => {
      const running = await start();
      van.trigger.put({ type: 'conclude', exposure: sampleExposure('000009001') });
      await assert.rejects(running.fatal, (error) => {
        assert.ok(error instanceof KerbsideError);
        assert.equal(error.exitCode, 5);
        assert.match(error.message, /000009001/);
        return true;
      });
    });
  });

  it('an image that is reported before the session begins is handed to it', async () => {
    van.trigger.onStart = (trigger) => {
      deliver('OLD.JPG');
      setTimeout(() => {
        trigger.say({ type: 'started' });
      }, 20);
    };
    await start();
    await until(() => van.trigger.ofType('image').length === 1);
    assert.equal(van.trigger.ofType('image')[0]?.image.duplicate, false);
  });
});

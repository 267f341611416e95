import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sinon from 'sinon';
import { KerbsideError } from '../../src/errors.js';
import { monotonicNs } from '../../src/units.js';
import { Office } from '../../firmware/office/office.js';
import type { OfficeParts } from '../../firmware/office/parts.js';
import { readExposures } from '../../firmware/store/reader.js';
import { Store } from '../../firmware/store/store.js';
import { sampleExposure, sampleStart } from '../store/samples.js';
import { makeVan, sha256, until, type Van } from './fakes.js';

describe('Office, when processes hang, die or repeat themselves', () => {
  let root = '';
  let van: Van;
  let office: Office;
  let fatal: unknown = null;

  const start = async (changes: Partial<OfficeParts> = {}, timing: Partial<OfficeParts['timing']> = {}) => {
    const { parts } = van;
    office = await Office.start({ ...parts, ...changes, timing: { ...parts.timing, ...timing } });
    office.fatal.catch((error: unknown) => (fatal = error));
  };
  const deliver = (name: string, text = name) => van.workshop.deliver(name, Buffer.from(text));
  const images = () => van.trigger.ofType('image').map(({ image }) => `${image.imageId} ${image.sha256.slice(0, 8)}`);
  const named = (name: string, text = name) => `${name} ${sha256(Buffer.from(text)).slice(0, 8)}`;
  const enforce = (icn: string, image: { imageId: string; sha256: string }): void => {
    van.trigger.put({ type: 'fire', exposure: sampleStart(icn) });
    const exposure = sampleExposure(icn, { imageId: image.imageId, imageSha256: image.sha256 });
    van.trigger.put({ type: 'conclude', exposure });
  };
  const outcomes = async () =>
    (await readExposures(van.parts.dataDir)).map(({ exposure }) => [exposure.icn, exposure.kind, exposure.reason]);
  /** The trigger dies and a new one has heard the clock. */
  const replaceTrigger = async (between: () => void = () => undefined): Promise<void> => {
    await until(() => van.trigger.ofType('clock').length > 0);
    van.trigger.inputs.length = 0;
    van.trigger.die('signal SIGSEGV');
    between();
    await until(() => van.trigger.ofType('clock').length > 0);
  };

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'kerbside-hardening-'));
    van = makeVan(root);
    fatal = null;
  });
  afterEach(async () => {
    sinon.restore();
    await office.abort();
    await rm(root, { recursive: true });
  });

  it('images that nobody has concluded are told to the new controller, those that came in between, too', async () => {
    await start();
    const [icn = ''] = await van.trigger.lease();
    const sealed = deliver('SEALED.JPG');
    deliver('HELD.JPG');
    deliver('DROPPED.JPG');
    await until(() => images().length === 3);
    enforce(icn, sealed);
    van.trigger.put({ type: 'drop-image', atNs: monotonicNs(1), imageId: 'DROPPED.JPG', reason: 'image-unusable' });
    await until(() => van.workshop.forgotten.includes('SEALED.JPG'));
    await until(() => !existsSync(join(van.parts.imageFolder, 'DROPPED.JPG')));
    await replaceTrigger(() => deliver('BETWEEN.JPG'));
    await until(() => images().length >= 2);
    assert.deepEqual(images().sort(), [named('BETWEEN.JPG'), named('HELD.JPG')]);
    const late = deliver('LATE.JPG');
    await until(() => images().includes(named(late.imageId)));
    assert.equal(images().length, 3, 'and each of them once');
  });

  it('the status board says that nothing is enforced while no controller runs', async () => {
    await start({}, { restartMs: [60_000] });
    van.trigger.put({ type: 'state', atNs: monotonicNs(1), state: 'enforcing', reasons: [] });
    assert.equal(office.status.state, 'enforcing');
    van.trigger.die('signal SIGSEGV');
    assert.equal(office.status.state, 'suspended');
    assert.deepEqual(
      office.status.reasons.map(({ code }) => code),
      ['trigger-died'],
    );
    assert.match(office.status.reasons[0]?.sentence ?? '', /SIGSEGV/);
  });

  it('a state that the new controller shares with its predecessor is told again', async () => {
    await start();
    const told = () => van.said.filter((text) => text.startsWith('State: enforcing')).length;
    const enforcing = { type: 'state', atNs: monotonicNs(1), state: 'enforcing', reasons: [] } as const;
    van.trigger.put(enforcing);
    await replaceTrigger();
    van.trigger.put(enforcing);
    assert.equal(told(), 2);
    assert.equal(office.status.state, 'enforcing');
  });

  it('a trigger that has started and says nothing more is ended and started again', async () => {
    await start({}, { silentMs: 40 });
    await until(() => van.trigger.starts >= 2);
    assert.ok(
      office.status.notices.some(({ code, sentence }) => code === 'trigger-died' && /life sign/.test(sentence)),
    );
  });

  it('a workshop that does not answer a job is ended, and the next one gets the job', async () => {
    await start({}, { sealMs: 40 });
    const [icn = ''] = await van.trigger.lease();
    van.workshop.refuse = () => (van.workshop.starts === 1 ? 'silent' : null);
    enforce(icn, deliver('A.JPG'));
    await until(async () => (await outcomes()).length === 1);
    assert.equal(van.workshop.starts, 2);
    assert.ok(
      office.status.notices.some(({ sentence }) => sentence.includes(`record 000001/${icn}.record not sealed within`)),
    );
  });

  it('an answer that comes twice is carried out once', async () => {
    await start();
    const [first = '', second = ''] = await van.trigger.lease();
    const say = van.workshop.say.bind(van.workshop);
    van.workshop.say = (message) => {
      say(message);
      if (message.type === 'sealed') say(message);
    };
    enforce(first, deliver('A.JPG'));
    enforce(second, deliver('B.JPG'));
    await until(async () => fatal !== null || (await outcomes()).length === 2);
    assert.equal(fatal, null);
    assert.deepEqual(van.workshop.asked, ['event-0001', first, second]);
  });

  it('a workshop that dies while its answer is being committed is not asked again', async () => {
    await start();
    const [icn = ''] = await van.trigger.lease();
    const full = new KerbsideError('disk-full', 'Store kerbside.db cannot be written, the disk is full.');
    let refused = 0;
    const commit = sinon.stub(Store.prototype, 'commit').callsFake(function (this: Store, ...args) {
      if (args[0].type !== 'exposure') return commit.wrappedMethod.apply(this, args);
      refused += 1;
      return Promise.reject(full);
    });
    enforce(icn, deliver('A.JPG'));
    await until(() => refused > 0);
    van.workshop.die('signal SIGSEGV');
    await until(() => van.workshop.starts === 2);
    commit.restore();
    await until(async () => fatal !== null || (await outcomes()).length === 1);
    assert.equal(fatal, null);
    assert.deepEqual(
      van.workshop.asked.filter((stem) => stem === icn),
      [icn],
    );
  });

  it('ICN-2: a number that is taken on the disk ends the session and leaves image and job as they are', async () => {
    await start();
    const [icn = ''] = await van.trigger.lease();
    const say = van.workshop.say.bind(van.workshop);
    van.workshop.say = (message) => {
      say(message.type === 'failed' ? { ...message, kind: 'evidence-damaged', numberTaken: true } : message);
    };
    van.workshop.refuse = () => ({ sentence: 'Another record.', retry: false });
    enforce(icn, deliver('A.JPG'));
    await until(() => fatal !== null);
    assert.ok(fatal instanceof KerbsideError && fatal.exitCode === 5);
    assert.ok(existsSync(join(van.parts.imageFolder, 'A.JPG')));
    assert.deepEqual(
      van.workshop.asked.filter((stem) => stem === icn),
      [icn],
    );
  });

  it('a newer picture under the name of one that is sealed stays in the folder', async () => {
    await start();
    const [icn = ''] = await van.trigger.lease();
    const old = deliver('A.JPG', 'old');
    const say = van.workshop.say.bind(van.workshop);
    van.workshop.say = (message) => {
      if (message.type === 'sealed') writeFileSync(join(van.parts.imageFolder, 'A.JPG'), 'newer');
      say(message);
    };
    enforce(icn, old);
    await until(() => van.workshop.forgotten.includes('A.JPG'));
    assert.equal(readFileSync(join(van.parts.imageFolder, 'A.JPG'), 'utf8'), 'newer');
  });

  it('a newer picture is not put aside for the one that it has overwritten', async () => {
    await start();
    const [icn = ''] = await van.trigger.lease();
    const old = deliver('A.JPG', 'old');
    deliver('A.JPG', 'newer');
    await until(() => images().length === 2);
    van.workshop.refuse = ({ imageId }) => (imageId === null ? null : { sentence: 'It has changed.', retry: false });
    enforce(icn, old);
    await until(async () => (await outcomes()).length === 1);
    assert.deepEqual(await outcomes(), [[icn, 'void', 'image-unusable']]);
    assert.equal(readFileSync(join(van.parts.imageFolder, 'A.JPG'), 'utf8'), 'newer');
  });

  it('AUD-3: a copy that comes while its twin waits to be sealed is a duplicate and is seen', async () => {
    await start();
    const [icn = ''] = await van.trigger.lease();
    van.workshop.refuse = () => 'silent';
    enforce(icn, deliver('A.JPG', 'same'));
    await until(() => van.workshop.asked.length === 1);
    deliver('B.JPG', 'same');
    await until(() => images().length === 2);
    assert.deepEqual(
      van.trigger.ofType('image').map(({ image }) => [image.imageId, image.duplicate]),
      [
        ['A.JPG', false],
        ['B.JPG', true],
      ],
    );
    van.trigger.put({ type: 'drop-image', atNs: monotonicNs(1), imageId: 'B.JPG', reason: 'duplicate' });
    await until(() => office.status.notices.some(({ code }) => code === 'image-dropped'));
    assert.deepEqual(readdirSync(join(van.parts.dataDir, 'dropped')), ['B.JPG']);
  });

  it('output lines are low after the death of the process that had raised them', async () => {
    const gpioRoot = join(root, 'gpio');
    const valueOf = (number: number) => join(gpioRoot, `gpio${number}`, 'value');
    for (const [folder, files] of [
      ['gpiochip512', { label: 'pinctrl-bcm2711', base: '512', ngpio: '58' }],
      ['gpio529', { value: '1' }],
      ['gpio530', { value: '1' }],
      ['gpio531', { value: '1' }],
    ] as const) {
      mkdirSync(join(gpioRoot, folder), { recursive: true });
      for (const [name, text] of Object.entries(files)) writeFileSync(join(gpioRoot, folder, name), text);
    }
    const lines = { driver: 'onoff', gpioRoot, shutter: 17, flash: 18, strobe: 19, tamper: null, ready: null } as const;
    await start({ lines });
    van.trigger.die('signal SIGKILL');
    assert.deepEqual(
      [529, 530, 531].map((number) => readFileSync(valueOf(number), 'utf8')),
      ['0', '0', '1'],
    );
    writeFileSync(valueOf(529), '1');
    await rm(join(gpioRoot, 'gpio530'), { recursive: true });
    await office.abort();
    assert.equal(readFileSync(valueOf(529), 'utf8'), '0');
    assert.equal(existsSync(join(gpioRoot, 'gpio530')), false);
  });
});

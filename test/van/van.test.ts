import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { monotonicNs, utcMs } from '../../src/units.js';
import { statusDocument, statusWords } from '../../firmware/cli/deployment-status-view.js';
import { KerbsideError, type ErrorName } from '../../src/errors.js';
import type { ControlAnswers } from '../../firmware/control/messages.js';
import { controlRequestSchema, type ControlQuestion } from '../../firmware/control/messages.js';
import { Office } from '../../firmware/office/office.js';
import { readDeployments } from '../../firmware/store/deployment-reader.js';
import { Store } from '../../firmware/store/store.js';
import { readExposures } from '../../firmware/store/reader.js';
import { makeVan, until } from '../office/fakes.js';
import { DemoVan, finding, FORK, OPEN, reference, site } from './fake-van.js';

describe('Van: deployments one after the other', () => {
  let demo: DemoVan;

  beforeEach(() => {
    demo = new DemoVan();
  });
  afterEach(() => demo.dispose());

  const ask = <T extends keyof ControlAnswers>(question: ControlQuestion & { type: T }): Promise<ControlAnswers[T]> =>
    demo.van?.handle(controlRequestSchema.parse(question)) as Promise<ControlAnswers[T]>;

  const refuses = (work: Promise<unknown>, kind: ErrorName, words: RegExp): Promise<void> =>
    assert.rejects(work, (error) => error instanceof KerbsideError && error.kind === kind && words.test(error.message));

  const open = (changes: object = {}) => ask({ ...OPEN, ...changes });

  it('waits closed, knows the sites of the packs, opens, closes, and opens again under a new number', async () => {
    await demo.start();
    assert.equal(demo.status.state, 'closed');
    assert.equal(demo.status.siteCode, null);
    assert.deepEqual(
      demo.status.sites.map(({ code }) => code),
      ['7421', '7422'],
    );
    assert.deepEqual(await open(), { deployment: '000001' });
    assert.equal(demo.status.siteCode, '7421');
    assert.equal(demo.status.plan?.operatorId, 'OP1');
    assert.deepEqual(await ask({ type: 'close' }), { deployment: '000001' });
    assert.equal(demo.status.deployment, null);
    assert.deepEqual(await open({ site: '7422' }), { deployment: '000002' });
    assert.equal(demo.status.siteCode, '7422');
  });

  it('EXP-1: shows the oldest image that waits for its export while nothing is open, too', async () => {
    demo.oldestUnexportedUtcMs = utcMs(1_790_000_000_000);
    await demo.start();
    assert.equal(demo.status.oldestUnexportedUtcMs, demo.oldestUnexportedUtcMs);
    await open();
    await ask({ type: 'close' });
    await until(() => demo.status.oldestUnexportedUtcMs === demo.oldestUnexportedUtcMs);
    const words = statusWords(demo.status, 1_790_000_000_000 + 4.5 * 86_400_000);
    assert.match(words, /not confirmed is 4 days 12 hours old; EXP-1 allows 5 days: export it at once/);
    assert.equal(statusDocument(demo.status, 1_790_000_000_000).exportAge.level, 'fine');
  });

  it('what is given up while a deployment is being opened leaves nothing open', async () => {
    const van = await demo.start();
    let release: (() => void) | null = null;
    demo.beforeOpen = () => new Promise((resolve) => (release = resolve));
    const opening = open().catch(() => undefined);
    await until(() => release !== null);
    const ended = van.abort();
    release!();
    await Promise.all([ended, opening]);
    // The folder of a session that lives on is locked.
    await (await Store.open(demo.dataDir, utcMs(0))).close();
  });

  it('twenty deployments one after the other leave nothing behind: descriptors, listeners, state', async () => {
    await demo.start();
    const cycle = async (): Promise<void> => {
      await open();
      assert.equal(demo.status.counts.passes, 0);
      demo.trigger.put({ type: 'notice', level: 'alarm', code: 'tamper', sentence: 'Open.', atNs: monotonicNs(1) });
      demo.session.judge();
      await ask({ type: 'close' });
      const { deployment, plan, checks, reasons, state } = demo.status;
      assert.deepEqual([deployment, plan, checks, reasons, state], [null, null, [], [], 'closed']);
    };
    const descriptors = (): number => readdirSync('/proc/self/fd').length;
    for (let n = 0; n < 3; n += 1) await cycle();
    const before = descriptors();
    for (let n = 3; n < 20; n += 1) await cycle();
    assert.ok(descriptors() <= before, `${descriptors()} descriptors, ${before} before`);
    assert.equal((await readDeployments(demo.dataDir)).length, 20);
    assert.ok(process.listenerCount('exit') < 10 && process.listenerCount('SIGTERM') < 10);
  }).timeout(30_000);

  it('tells the controller the plan, and the site with only the lanes of the plan monitored', async () => {
    await demo.start();
    await open({ lanes: ['L2'], heading: 'decreasing', lateralM: 6, occupier: 'Demo Occupier', weather: 'rain' });
    const [planned] = demo.opened;
    assert.deepEqual(planned?.plan, {
      operatorId: 'OP1',
      vehicle: 'DEMO1',
      lanes: ['L2'],
      vanHeading: 'decreasing',
      lateralM: 6,
      occupier: 'Demo Occupier',
      weather: 'rain',
      start: 'operator',
    });
    assert.deepEqual(
      planned.site.lanes.map(({ id, monitored }) => [id, monitored]),
      [
        ['L1', false],
        ['L2', true],
      ],
    );
    assert.deepEqual(planned.site.deployment, { vanHeading: 'decreasing', lateralM: 6 });
  });

  it('refuses a second deployment while one is open or being opened, and goes on', async () => {
    await demo.start();
    let release: (() => void) | null = null;
    demo.beforeOpen = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    const first = open();
    await until(() => release !== null);
    await refuses(open(), 'deployment-refused', /opening at this moment/);
    await refuses(ask({ type: 'close' }), 'deployment-refused', /opening/);
    (release as (() => void) | null)?.();
    assert.deepEqual(await first, { deployment: '000001' });
    await refuses(open(), 'deployment-refused', /000001 is open at site 7421.*close first/);
  });

  it('stays closed and usable after an opening that failed', async () => {
    await demo.start();
    demo.beforeOpen = () => Promise.reject(new KerbsideError('link-missing', 'Radar port /dev/none is missing.'));
    await refuses(open(), 'link-missing', /\/dev\/none/);
    assert.equal(demo.status.state, 'closed');
    demo.beforeOpen = () => Promise.resolve();
    assert.deepEqual(await open(), { deployment: '000001' });
  });

  it('refuses what needs an open deployment while none is', async () => {
    await demo.start();
    for (const type of ['close', 'start', 'suspend'] as const) {
      await refuses(ask({ type }), 'deployment-refused', /No deployment is open/);
    }
  });

  describe('closing', () => {
    it('is refused after an exposure until a fork test was good, and says what to do', async () => {
      await demo.start();
      await open();
      const [icn = ''] = await demo.trigger.lease();
      demo.session.fire(icn);
      await until(() => demo.trigger.icns.length > 0);
      await refuses(ask({ type: 'close' }), 'deployment-refused', /test fork TF-1 first, or --without-end-test/);
      demo.session.forkPasses = false;
      assert.equal((await ask({ type: 'test', test: 'fork', fork: FORK })).passed, false);
      await refuses(ask({ type: 'close' }), 'deployment-refused', /since the last good fork test/);
      demo.session.forkPasses = true;
      assert.equal((await ask({ type: 'test', test: 'fork', fork: FORK })).passed, true);
      await ask({ type: 'close' });
    });

    it('goes on without the end test where that is said, and the controller is told to close', async () => {
      await demo.start();
      await open();
      const [icn = ''] = await demo.trigger.lease();
      demo.session.fire(icn);
      await ask({ type: 'close', withoutEndTest: true });
      assert.equal(demo.trigger.ofType('command').at(-1)?.command, 'close');
      assert.equal(demo.status.state, 'closed');
    });

    it('at the end of the program closes what is open, in order', async () => {
      await demo.start();
      await open();
      await demo.van?.close();
      assert.equal(demo.trigger.ofType('command').at(-1)?.command, 'close');
      assert.equal(demo.trigger.stopped, true);
    });
  });

  describe('while open', () => {
    beforeEach(async () => {
      await demo.start({ changeMs: 60, forkMs: 60, radarMs: 60 });
      await open();
      await until(() => demo.status.checks.length > 0);
    });

    it('starts only from ready, and gives the words of the controller when it is refused', async () => {
      await refuses(ask({ type: 'start' }), 'deployment-refused', /the state is checking, expected ready/);
      await ask({ type: 'attest', check: 'visible', statement: 'plain view' });
      assert.deepEqual(await ask({ type: 'start' }), { state: 'enforcing' });
      assert.deepEqual(await ask({ type: 'suspend' }), { state: 'suspended' });
      assert.deepEqual(
        demo.trigger.ofType('command').map(({ command, by }) => [command, by]),
        [
          ['start', 'OP1'],
          ['start', 'OP1'],
          ['suspend', 'OP1'],
        ],
      );
    });

    it('hands on an attestation with name and words', async () => {
      const answer = await ask({ type: 'attest', check: 'visible', statement: 'plain view' });
      assert.equal(answer.sentence, 'Title of visible: OP1 says yes.');
      assert.deepEqual(demo.trigger.ofType('attest')[0]?.attestation, {
        check: 'visible',
        by: 'OP1',
        statement: 'plain view',
        given: true,
      });
    });

    it('refuses to vouch for what is measured, for what is no check, and by nobody whom a pack knows', async () => {
      await refuses(ask({ type: 'attest', check: 'van-moved' }), 'deployment-invalid', /is measured.*one of visible/);
      await refuses(ask({ type: 'attest', check: 'luck' }), 'deployment-invalid', /luck is no check/);
      await refuses(
        ask({ type: 'attest', check: 'visible', operator: 'OP9' }),
        'deployment-invalid',
        /OP9 is no operator.*OPR-1.*OP1/,
      );
      assert.equal(demo.trigger.ofType('attest').length, 0);
    });

    it('refuses a fork that is not carried, and an alignment photo while enforcing', async () => {
      await refuses(
        ask({ type: 'test', test: 'fork', fork: 'X' }),
        'deployment-invalid',
        /fork X, expected one of TF-1/,
      );
      await ask({ type: 'attest', check: 'visible' });
      await ask({ type: 'start' });
      await refuses(ask({ type: 'test', test: 'alignment' }), 'deployment-refused', /suspended first/);
    });

    it('gives the outcome of a radar test, and says when none was told', async () => {
      assert.equal((await ask({ type: 'test', test: 'radar' })).passed, true);
      demo.trigger.onInput = () => undefined;
      await refuses(ask({ type: 'test', test: 'radar' }), 'deployment-refused', /no outcome within 0\.06 s/);
    });

    it('SITE-3: packs imported meanwhile reach the controller', async () => {
      demo.import({ reference: reference({ operators: [] }), sites: [site()] });
      await until(() => demo.trigger.ofType('reference').length === 1);
      assert.deepEqual(demo.trigger.ofType('reference')[0]?.reference.operators, []);
      assert.equal(demo.status.sites.length, 1);
    });

    it('SITE-3: a controller that was started again is told of them, too, not of those at the opening', async () => {
      demo.import({ reference: reference({ operators: [] }) });
      await until(() => demo.trigger.ofType('reference').length === 1);
      demo.trigger.die('signal SIGSEGV');
      await until(() => demo.trigger.ofType('reference').length === 2);
      assert.equal(demo.trigger.starts, 2);
      assert.deepEqual(demo.trigger.ofType('reference')[1]?.reference.operators, []);
    });

    it('shows the checks of the controller', () => {
      assert.deepEqual(
        demo.status.checks.map(({ id }) => id),
        ['van-moved', 'visible'],
      );
      demo.session.findings = [finding('van-moved', 'fail')];
      demo.session.judge();
      assert.deepEqual(
        demo.status.reasons.map(({ code }) => code),
        ['van-moved'],
      );
    });
  });

  it('a session that cannot go on leaves the van closed with its sentence, and another may be opened', async () => {
    await demo.start();
    await open();
    // Before the session is open a fault ends it; afterwards only work that nobody can do any more.
    demo.trigger.put({ type: 'fire', exposure: { icn: null } as never });
    await until(() => demo.status.deployment === null);
    assert.equal(demo.status.reasons.length, 1);
    assert.deepEqual(await open(), { deployment: '000002' });
  });
});

describe('Van: after a crash', () => {
  it('ICN-2: what the last session left open is brought to an end at the start, without a deployment', async () => {
    const demo = new DemoVan();
    try {
      const { parts, trigger, workshop } = makeVan(demo.root);
      const office = await Office.start(parts);
      const [icn = ''] = await trigger.lease(2);
      await office.abort();
      assert.deepEqual(await readExposures(demo.dataDir), []);
      const starts = workshop.starts;
      demo.settle = () => Office.settle(parts);
      await demo.start();
      assert.equal(demo.status.deployment, null);
      assert.equal(workshop.starts, starts + 1);
      const rows = await readExposures(demo.dataDir);
      assert.deepEqual(
        rows.map((row) => row.exposure.reason),
        ['crash-unknown', 'lease-unused'],
      );
      assert.equal(rows[0]?.exposure.icn, icn);
    } finally {
      await demo.dispose();
    }
  });

  it('records that cannot be opened keep the van from beginning', async () => {
    const demo = new DemoVan();
    try {
      demo.settle = () => Promise.reject(new KerbsideError('chain-broken', 'Record 3 is missing.'));
      await assert.rejects(demo.start(), /Record 3 is missing/);
    } finally {
      await demo.dispose();
    }
  });
});

describe('Van: images that wait for their export', () => {
  it('EXP-1: their age is known while nothing is open, and from the fourth day on it is an alarm', async () => {
    const demo = new DemoVan();
    try {
      demo.oldestUnexportedUtcMs = utcMs(1_790_000_000_000 - 4.1 * 86_400_000);
      await demo.start();
      assert.deepEqual([demo.status.state, demo.status.oldestUnexportedUtcMs], ['closed', demo.oldestUnexportedUtcMs]);
      const due = demo.status.notices.find(({ code }) => code === 'export-due');
      assert.equal(due?.level, 'alarm');
      assert.match(due.sentence, /4 days 2 hours old; EXP-1 allows 5 days: export it at once/);
    } finally {
      await demo.dispose();
    }
  });
});

describe('Van: a static camera', () => {
  it('opens its own site at the start, monitors what the site monitors, and begins by itself', async () => {
    const demo = new DemoVan({ installation: { kind: 'static', site: 'S1' } });
    demo.shelved = { ...demo.shelved, sites: [site({ code: 'S1', installation: 'static' })] };
    try {
      await demo.start();
      assert.equal(demo.status.deployment, '000001');
      assert.deepEqual(demo.opened[0]?.plan.lanes, ['L1', 'L2']);
      assert.equal(demo.opened[0].plan.start, 'automatic');
      assert.equal(demo.opened[0].plan.operatorId, null);
      const { van } = demo;
      assert.ok(van !== null);
      await assert.rejects(van.handle(controlRequestSchema.parse(OPEN)), /static camera opens its own site/);
    } finally {
      await demo.dispose();
    }
  });

  it('does not begin at a site that the packs do not know', async () => {
    const demo = new DemoVan({ installation: { kind: 'static', site: 'S9' } });
    try {
      await assert.rejects(demo.start(), /site S9 is not in the imported pack/);
    } finally {
      await demo.dispose();
    }
  });
});

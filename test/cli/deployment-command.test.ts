/** `kerbside deployment …` and `kerbside check` against a van in this process, as people and scripts see them. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../office/fakes.js';
import { goodSite } from '../support/full-deployment.js';
import { DemoVan, finding, FORK } from '../van/fake-van.js';
import { kerbside, type Outcome } from './terminal.js';

const OPEN = [
  ...['deployment', 'open', '--site', '7421', '--operator', 'OP1', '--lanes', 'L1,L2'],
  ...['--heading', 'increasing', '--lateral', '5.25', '--vehicle', 'DEMO1'],
];

interface CheckDocument {
  readonly live: boolean;
  readonly controller: string;
  readonly deployment: string | null;
  readonly ready: boolean;
  readonly checks: readonly Record<string, unknown>[];
}

describe('kerbside deployment', () => {
  let demo: DemoVan;
  beforeEach(() => {
    demo = new DemoVan();
  });
  afterEach(() => demo.dispose());

  const run = (...words: string[]): Promise<Outcome> => kerbside([...words, '--config', demo.configFile]);

  it('without a controller: exit 75 and what to do', async () => {
    for (const words of [['status'], ['close'], ['start'], ['test', 'radar'], ['attest', 'visibility']]) {
      const { code, err } = await run('deployment', ...words);
      assert.equal(code, 75, err);
      assert.match(err, /No controller runs.*expected kerbside run/);
      assert.equal(err.trimEnd().split('\n').length, 1);
    }
  });

  it('open tells what still fails, vouches, waits until ready, starts; status, test and close follow', async () => {
    await demo.start();
    const opened = await run(...OPEN, '--attest', 'all', '--start');
    assert.equal(opened.code, 0, opened.err);
    assert.equal(opened.out, 'Deployment 000001: enforcing.\n');
    assert.match(opened.err, /Deployment 000001 is open at site 7421\.\n {2}Title of visible: OP1 says yes\./);
    const status = await run('deployment', 'status', '--json');
    const document = JSON.parse(status.out) as Record<string, unknown>;
    assert.deepEqual(
      [document['open'], document['deployment'], document['state'], document['failing']],
      [true, '000001', 'enforcing', []],
    );
    const words = (await run('deployment', 'status')).out;
    assert.match(words, /operator OP1, vehicle DEMO1, lanes L1, L2/);
    assert.match(words, /\nExport: No image waits for its export to PIB \(EXP-1\)\.\n$/);
    const tested = await run('deployment', 'test', 'fork', FORK);
    assert.match(tested.out, /^Passed\. Test of fork: 80\.10 km\/h/);
    demo.session.forkPasses = false;
    const failed = await run('deployment', 'test', 'fork', FORK);
    assert.equal(failed.code, 3);
    assert.match(failed.err, /The test failed\. Test of fork: 80\.10 km\/h/);
    assert.equal((await run('deployment', 'suspend')).out, 'State: suspended.\n');
    const closed = await run('deployment', 'close');
    assert.deepEqual([closed.code, closed.out], [0, 'Deployment 000001 is closed; all evidence is written.\n']);
    assert.match(
      (await run('deployment', 'status')).out,
      /State: closed.*\nSites:\n {2}7421 {2}Coronation Road, 50 km\/h/,
    );
  });

  it('open goes on waiting while a check fails, says each change, and ends when ready', async () => {
    await demo.start();
    const opening = run(...OPEN);
    await until(() => demo.status.checks.length > 0);
    demo.session.findings = [finding('van-moved', 'fail'), finding('visible', 'fail', { force: 'attestable' })];
    demo.session.judge();
    await new Promise((resolve) => setTimeout(resolve, 40));
    demo.session.findings = demo.session.findings.map((each) => ({ ...each, status: 'pass' }));
    demo.session.judge();
    const { code, out, err } = await opening;
    assert.equal(code, 0, err);
    assert.equal(out, 'Deployment 000001: ready.\n');
    assert.match(err, /waits: Sentence of van-moved\. \[van-moved\]/);
    assert.match(err, /good: {2}Title of van-moved/);
  });

  it('open with --no-wait returns at once', async () => {
    await demo.start();
    assert.equal((await run(...OPEN, '--no-wait')).code, 0);
    assert.equal((await run('deployment', 'attest', 'visible', '--statement', 'yes')).code, 0);
    assert.equal(demo.status.state, 'ready');
    const withdrawn = await run('deployment', 'attest', 'visible', '--withdraw');
    assert.equal(withdrawn.out, 'Title of visible: OP1 says no.\n');
    assert.equal(demo.status.state, 'checking');
  });

  it('refuses with the exit code of the contract: usage 1, invalid 2, not ready 3', async () => {
    await demo.start();
    const bad = (from: string, to: string): string[] => OPEN.map((word) => (word === from ? to : word));
    const cases: readonly [number, RegExp, string[]][] = [
      [1, /--heading .*Expected increasing or decreasing/, bad('increasing', 'up')],
      [1, /--lateral .*1 to 30 metres/, bad('5.25', 'near')],
      [1, /required option '--site/, ['deployment', 'open']],
      [1, /fork, radar, alignment/, ['deployment', 'test', 'tyres']],
      [1, /no serial number was given/, ['deployment', 'test', 'fork']],
      [1, /kerbside deployment: .*expected one of .*open/, ['deployment', 'begin']],
      [2, /site 1 is not in the imported pack.*7421, 7422/, bad('7421', '1')],
      [2, /lane 9 is not one of site 7421/, bad('L1,L2', '9')],
      [2, /--attest: safe cannot be vouched for, expected all or some of .*safety/, [...OPEN, '--attest', 'safe']],
      [3, /No deployment is open, expected kerbside deployment open first/, ['deployment', 'start']],
    ];
    for (const [exit, words, line] of cases) {
      const { code, err } = await run(...line);
      assert.equal(code, exit, err);
      assert.match(err, words);
      assert.equal(err.trimEnd().split('\n').length, 1);
    }
    await run(...OPEN, '--no-wait');
    assert.equal((await run(...OPEN)).code, 3);
  });
});

describe('kerbside check', () => {
  let demo: DemoVan;
  beforeEach(() => {
    demo = new DemoVan();
  });
  afterEach(() => demo.dispose());

  const run = (...words: string[]): Promise<Outcome> => kerbside(['check', ...words, '--config', demo.configFile]);

  it('live: failing first with rule, value, unit, limit and age; exit 3, and 0 when none fails', async () => {
    await demo.start();
    await kerbside([...OPEN, '--no-wait', '--config', demo.configFile]);
    demo.session.findings = [
      finding('a-pass', 'pass'),
      finding('advice', 'fail', { force: 'advisory', rule: 'OPR-3' }),
      finding('van-moved', 'fail', { value: 15.25, rule: 'DEP-8' }),
      finding('movement', 'unknown', { value: null }),
    ];
    demo.session.judge();
    await until(() => demo.status.checks.length === 4);
    const failing = await run();
    assert.equal(failing.code, 3);
    const [head, ...lines] = failing.out.trimEnd().split('\n');
    assert.equal(head, 'Deployment 000001 at site 7421, operator OP1: checking, 1 of 4 checks forbid enforcement.');
    assert.equal(lines[0], 'FAIL  DEP-8  van-moved  15.25 m (limit 15 m), 0.4 s old: Sentence of van-moved.');
    assert.deepEqual(
      lines.map((line) => line.split(/\s+/)[2]),
      ['van-moved', 'advice', 'movement', 'a-pass'],
    );
    demo.session.findings = demo.session.findings.filter(({ id }) => id !== 'van-moved' && id !== 'movement');
    demo.session.judge();
    await until(() => demo.status.checks.length === 2);
    const good = await run('--json');
    assert.equal(good.code, 0);
    const document = JSON.parse(good.out) as CheckDocument;
    assert.deepEqual(
      [document.live, document.controller, document.deployment, document.ready],
      [true, 'running', '000001', true],
    );
    assert.deepEqual(Object.keys(document.checks[0] ?? {}), [
      ...['id', 'rule', 'title', 'force', 'source', 'status', 'value', 'unit', 'limit', 'ageMs', 'sentence'],
    ]);
  });

  it('--watch tells each change of a check and of the state, and ends with the controller', async () => {
    await demo.start();
    await kerbside([...OPEN, '--no-wait', '--config', demo.configFile]);
    await until(() => demo.status.checks.length > 0);
    const watching = run('--watch');
    await new Promise((resolve) => setTimeout(resolve, 50));
    demo.session.findings = [finding('van-moved', 'fail'), finding('visible', 'pass', { force: 'attestable' })];
    demo.session.judge();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await demo.control?.stop();
    const { code, out, err } = await watching;
    assert.equal(code, 3);
    assert.match(out, /\nFAIL {2}van-moved: Sentence of van-moved\.\nok {4}visible: Sentence of visible\.\n$/);
    assert.match(err, /The controller has ended/);
  });

  it('with nothing open says so and judges what the packs tell; exit 3, since no instrument speaks', async () => {
    await demo.start();
    const { code, out } = await run('--json');
    const document = JSON.parse(out) as CheckDocument;
    assert.deepEqual([code, document.live, document.controller, document.ready], [3, false, 'running', false]);
  });

  it('SITE-3, OPR-1: without a controller judges site and operator of the imported packs, and only what was named', async () => {
    const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
    const head = { format: 'kerbside-pack', version: 1, serial: 1, issuedAt: day(-1) };
    const operators = [{ id: 'OP1', name: 'Demo', trainedOn: day(-99).slice(0, 10), validUntil: day(99).slice(0, 10) }];
    const contents = {
      site: { ...head, kind: 'sites', sites: [goodSite()], staticCameras: [] },
      operator: { ...head, kind: 'operators', operators, vehicles: [] },
    };
    for (const [noun, content] of Object.entries(contents)) {
      const file = join(demo.root, `${noun}.json`);
      writeFileSync(file, JSON.stringify(content));
      assert.equal((await kerbside([noun, 'sign', file, '--demo'])).code, 0);
      assert.equal(
        (await kerbside([noun, 'import', join(demo.root, `${noun}.pack`), '--config', demo.configFile])).code,
        0,
      );
    }
    const judged = async (...words: string[]) => {
      const { checks } = JSON.parse((await run('--json', ...words)).out) as CheckDocument;
      return ['threshold', 'operator-training'].map((id) => checks.find((each) => each['id'] === id)?.['status']);
    };
    assert.deepEqual(await judged(), ['unknown', 'unknown']);
    assert.deepEqual(await judged('--site', '7421'), ['pass', 'unknown']);
    assert.deepEqual(await judged('--site', '7421', '--operator', 'OP1'), ['pass', 'pass']);
    assert.equal((await run('--site', '7421', '--operator', 'OP9')).code, 2);
  });

  it('without a controller says that none runs, and cannot watch', async () => {
    const { code, out } = await run();
    assert.equal(code, 3);
    assert.match(out, /^No controller runs: judged is what is known without one/);
    assert.equal((await run('--watch')).code, 75);
    assert.equal((await run('--site', '1')).code, 2);
  });
});

/** `kerbside simulate --virtual` from outside: summary, exit codes, the same seed twice, and shrinking what goes wrong. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sinon from 'sinon';
import { stringify } from 'yaml';
import { Ledger } from '../../firmware/virtual/ledger.js';
import { randomWorld, loadScenario, scenarioText } from '../../hw-sim/index.js';
import { kerbside, type Outcome } from './terminal.js';

describe('kerbside simulate --virtual', function () {
  this.timeout(120_000);
  let folder: string;
  let runs = 0;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-virtual-cli-'));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(() => sinon.restore());

  const nextFolder = (): string => join(folder, `run-${String((runs += 1))}`);
  const simulate = (...words: string[]): Promise<Outcome> =>
    kerbside(['simulate', '--virtual', '--data-dir', nextFolder(), ...words]);
  const lastFolder = (): string => join(folder, `run-${String(runs)}`);

  it('prints seed and options first, and the summary of the contract', async () => {
    const { code, out, err } = await simulate('--scenario', 'drive-past', '--json');
    assert.equal(code, 0, err);
    assert.match(
      err,
      /^seed +20260301\nscenario +drive-past.*\nhours +0\.022 .*\ntraffic .*\nvirtual .*\nsoftware .*[0-9a-f]{64}\nminimise +no\ndata /,
    );
    const summary = JSON.parse(out) as Record<string, unknown>;
    assert.deepEqual(Object.keys(summary), [
      ...['seed', 'scenario', 'virtual', 'simulatedSeconds', 'wallSeconds', 'passes', 'enforced', 'observed', 'voided'],
      ...[
        'falseEnforcements',
        'missedOffenders',
        'maxSpeedErrorKmh',
        'invariantViolations',
        'recordingSha256',
        'dataDir',
      ],
    ]);
    assert.deepEqual([summary['virtual'], summary['enforced'], summary['invariantViolations']], [true, 7, 0]);
    const recording = readFileSync(join(lastFolder(), 'evidence', '000001', 'recording.kbr'));
    assert.equal(summary['recordingSha256'], createHash('sha256').update(recording).digest('hex'));
    const images = readdirSync(join(lastFolder(), 'evidence', '000001')).filter((name) => name.endsWith('.jpg'));
    assert.equal(images.length, 10);
  });

  it('the same seed gives the same recording, another seed another', async () => {
    const hashOf = async (seed: string): Promise<unknown> => {
      const { out } = await simulate('--scenario', 'lying-world', '--hours', '0.05', '--seed', seed, '--json');
      return (JSON.parse(out) as Record<string, unknown>)['recordingSha256'];
    };
    const first = await hashOf('11');
    assert.equal(await hashOf('11'), first);
    assert.notEqual(await hashOf('12'), first);
  });

  it('what was recorded replays identically', async () => {
    await simulate('--scenario', 'lying-world', '--hours', '0.1', '--seed', '5');
    const evidence = join(lastFolder(), 'evidence');
    for (const deployment of readdirSync(evidence).filter((name) => /^\d{6}$/.test(name))) {
      const { code, out, err } = await kerbside(['replay', join(evidence, deployment), '--json']);
      assert.equal(code, 0, err);
      assert.equal((JSON.parse(out) as { differenceCount: number }).differenceCount, 0);
    }
  });

  it('a wrong answer is exit 10 with its invariant, and is shrunk to a short scenario that shows it again', async () => {
    // The image of an incident is lost on the way: its record has none.
    const short = join(folder, 'short.yaml');
    const write: (this: Ledger, ...args: Parameters<Ledger['write']>) => ReturnType<Ledger['write']> = Reflect.get(
      Ledger.prototype,
      'write',
    );
    sinon.stub(Ledger.prototype, 'write').callsFake(function (this: Ledger, image, utcMs) {
      const work = this.firstJob;
      const isIncident = work?.type === 'exposure' && work.exposure.kind === 'incident';
      return write.call(this, isIncident ? null : image, utcMs);
    });
    const { code, err } = await simulate('--scenario', 'drive-past', '--minimise', short, '--json');
    assert.equal(code, 10, err);
    assert.match(err, /wrong, [a-z-]*image[a-z-]*: /);
    const shrunk = loadScenario(short);
    assert.equal(shrunk.file.vehicles.length, 1, 'one vehicle that is enforced is enough');
    const again = await simulate('--scenario', short, '--json');
    assert.equal(again.code, 10);
  });

  it('where nothing is wrong nothing is shrunk, and says so', async () => {
    const short = join(folder, 'unneeded.yaml');
    const { code, err } = await simulate('--scenario', 'drive-past', '--minimise', short);
    assert.equal(code, 0);
    assert.match(err, /Nothing is wrong.*unneeded\.yaml was not written/);
    assert.equal(existsSync(short), false);
  });

  it('a shrunk scenario that could not be written is refused before the run, not an hour later', async () => {
    for (const file of [join(folder, 'no such folder', 'short.yaml'), folder]) {
      const { code, out, err } = await simulate('--scenario', 'drive-past', '--minimise', file);
      assert.equal(code, 1);
      assert.match(err, /cannot be written .*give another --minimise/);
      assert.equal(out, '');
    }
  });

  it('hours are refused where they make no sense', async () => {
    for (const hours of ['0', '-1', '801', 'all']) {
      const { code, err } = await simulate('--scenario', 'busy-road', '--hours', hours);
      assert.equal(code, 1);
      assert.match(err, /from 0\.01 to 800/);
    }
  });

  it('a controller that throws is exit 70', async () => {
    sinon.stub(Ledger.prototype, 'conclude').throws(new RangeError('made up'));
    const { code, err } = await simulate('--scenario', 'drive-past');
    assert.equal(code, 70);
    assert.match(err, /the controller's side threw.*made up/s);
  });

  it('a session that never ends is exit 11', async () => {
    sinon.stub(Ledger.prototype, 'account').returns(true);
    sinon.stub(Ledger.prototype, 'close').callsFake(() => undefined);
    const { code, err } = await simulate('--scenario', 'drive-past');
    assert.equal(code, 11, err);
  });

  it('faults are refused unless the scenario says injection, whoever wrote it', async () => {
    const file = randomWorld(3, 0.05);
    const path = join(folder, 'faults.yaml');
    writeFileSync(path, stringify({ ...file, injection: false }));
    const { code, err } = await simulate('--scenario', path);
    assert.equal(code, 2);
    assert.match(err, /injection is off, expected injection: true/);
    writeFileSync(path, scenarioText(file));
    assert.equal((await simulate('--scenario', path, '--seed', '3')).code, 0);
  });
});

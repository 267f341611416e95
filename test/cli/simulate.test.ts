/** `kerbside simulate` from outside: refusals, and one short run with the real controller on real bytes. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { simulate, type SimulateOptions } from '../../firmware/cli/commands/simulate.js';
import type { CliContext } from '../../firmware/cli/context.js';
import { KerbsideError } from '../../src/errors.js';
import { ROOT } from '../house/tree.js';

const PROGRAM = join(ROOT, 'dist/firmware/cli/kerbside.js');
const silent: CliContext = {
  json: false,
  quiet: true,
  color: false,
  configPath: null,
  print: () => undefined,
  redraw: () => undefined,
  printJson: () => undefined,
  progress: () => undefined,
  warn: () => undefined,
};
const options = (changes: Partial<SimulateOptions>): SimulateOptions => ({
  scenario: 'drive-past',
  seed: null,
  virtual: false,
  hours: null,
  ...changes,
});

describe('kerbside simulate: refusals', () => {
  const CASES: readonly (readonly [string, Partial<SimulateOptions>, string, RegExp])[] = [
    ['hours in real time', { hours: 2 }, 'usage', /--hours belongs to virtual time, expected --virtual with it/],
    ['shrinking in real time', { minimise: 'x.yaml' }, 'usage', /--minimise belongs to virtual time/],
    ['a generated world in real time', { scenario: 'busy-road' }, 'usage', /busy-road is generated for virtual time/],
    ['hours of a scenario that has its own', { virtual: true, hours: 2 }, 'usage', /drive-past lasts 79 s/],
    [
      'an unknown scenario',
      { scenario: 'fly-past' },
      'scenario-invalid',
      /fly-past is not known, expected one of drive-past/,
    ],
    ['a folder that is not empty', { dataDir: ROOT }, 'usage', /is not empty, expected a new or an empty folder/],
  ];
  for (const [what, changes, kind, sentence] of CASES) {
    it(`refuses ${what} in one sentence`, async () => {
      await assert.rejects(simulate(silent, options(changes)), (error: unknown) => {
        assert.ok(error instanceof KerbsideError);
        assert.equal(error.kind, kind);
        assert.match(error.message, sentence);
        return true;
      });
    });
  }
});

describe('kerbside simulate: a short run', function () {
  this.timeout(120_000);
  let folder: string;
  let scenario: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'kerbside-simulate-'));
    scenario = join(folder, 'short.yaml');
    const data = parse(readFileSync(join(ROOT, 'hw-sim/scenarios/drive-past.yaml'), 'utf8')) as Record<string, unknown>;
    const kept = { name: 'short', durationS: 3, light: [{ fromS: 0, light: 'day' }], faults: [] };
    const vehicles = [
      { plate: 'LAW001', kind: 'car', lane: '2', speedKmh: 70, atS: 1, expect: 'observed' },
      { plate: 'FAST01', kind: 'car', colour: 'red', lane: '1', speedKmh: 110, atS: 2, expect: 'enforced' },
    ];
    writeFileSync(scenario, stringify({ ...data, ...kept, instruments: { widthPx: 640, heightPx: 480 }, vehicles }));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('enforces the offender, observes the other, says so as the contract wants it, and leaves nothing behind', () => {
    const dataDir = join(folder, 'run');
    const words = [PROGRAM, 'simulate', '--scenario', scenario, '--seed', '5', '--json', '--data-dir', dataDir];
    const devices = readdirSync(tmpdir()).filter((name) => name.startsWith('kerbside-demo-'));
    const result = spawnSync(process.execPath, words, { encoding: 'utf8', cwd: folder });
    assert.equal(result.status, 0, result.stderr);
    const summary = JSON.parse(result.stdout) as Record<string, unknown>;
    assert.deepEqual(Object.keys(summary), [
      'seed',
      'scenario',
      'virtual',
      'simulatedSeconds',
      'wallSeconds',
      'passes',
      'enforced',
      'observed',
      'voided',
      'falseEnforcements',
      'missedOffenders',
      'maxSpeedErrorKmh',
      'invariantViolations',
      'recordingSha256',
      'dataDir',
    ]);
    const { seed, passes, enforced, observed, voided, invariantViolations } = summary;
    assert.deepEqual([seed, passes, enforced, observed, voided, invariantViolations], [5, 2, 1, 1, 0, 0]);
    assert.match(result.stderr, /^seed +5\nscenario +short/);
    const [deployment = ''] = readdirSync(join(dataDir, 'evidence'));
    const images = readdirSync(join(dataDir, 'evidence', deployment)).filter((name) => name.endsWith('.jpg'));
    assert.equal(images.length, 4, 'the sync shot, the offender, and the alignment at both ends');
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith('kerbside-demo-') && !devices.includes(name));
    assert.deepEqual(left, []);
  });

  it('Ctrl-C closes the controller in order and exits 130', async () => {
    const dataDir = join(folder, 'stopped');
    const child = spawn(process.execPath, [PROGRAM, 'simulate', '--scenario', scenario, '--data-dir', dataDir], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => {
      words += chunk.toString();
      if (words.includes('state ') && !child.killed) child.kill('SIGINT');
    });
    const code = await new Promise<number | null>((resolve) => {
      child.once('exit', resolve);
    });
    assert.equal(code, 130, words);
    assert.match(words, /Interrupted: closing the controller and the pretend van/);
    assert.equal(existsSync(join(dataDir, 'controller.lock')) && lockIsHeld(dataDir), false, 'the store is given free');
  });
});

/** Another program could open the store now. */
function lockIsHeld(dataDir: string): boolean {
  const words = [PROGRAM, 'evidence', 'list', '--json', '--config', join(dataDir, 'kerbside.yaml')];
  const found = spawnSync('pgrep', ['-f', join(dataDir, 'kerbside.yaml')], { encoding: 'utf8' });
  return found.stdout.trim() !== '' || spawnSync(process.execPath, words).status !== 0;
}

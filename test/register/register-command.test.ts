/** `kerbside deployment register` on sealed records: good ones, and some that were taken away or altered. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readStory } from '../../firmware/register/sealed-story.js';
import type { Register } from '../../src/deployment/register-shape.js';
import { kerbside } from '../cli/terminal.js';
import { DEPLOYMENT, demoSigner, deviceSigner, makeSet, type MadeSet } from '../support/exhibit.js';

describe('kerbside deployment register', () => {
  let demo: MadeSet;
  let real: MadeSet;
  let rootPem = '';
  let root = '';

  before(async () => {
    const device = await deviceSigner();
    rootPem = device.rootPem;
    demo = await makeSet(await demoSigner());
    real = await makeSet(device.signer, { kinds: ['sync', 'incident'] });
  });
  after(() => {
    for (const { dataDir } of [demo, real]) rmSync(dataDir, { recursive: true });
  });
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kerbside-register-'));
    use(demo);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function use({ dataDir }: MadeSet): void {
    cpSync(dataDir, join(root, 'data'), { recursive: true });
    writeFileSync(
      join(root, 'kerbside.yaml'),
      [
        'camera: { id: SC-014 }',
        `dataDir: ${join(root, 'data')}`,
        'radar: { protocol: agd350, port: /dev/radar }',
        'mounting: {}',
        'gps: {}',
        `lines: { driver: simulated, socket: ${join(root, 'lines.sock')} }`,
        `images: { source: folder, folder: ${join(root, 'camera')} }`,
      ].join('\n'),
    );
  }
  const file = (name: string): string => join(root, 'data', 'evidence', DEPLOYMENT, name);
  const run = (...words: string[]) =>
    kerbside(['deployment', 'register', '--config', join(root, 'kerbside.yaml'), ...words]);
  const broken = async (sentence: RegExp): Promise<void> => {
    const { code, out, err } = await run('--json');
    const { signature } = JSON.parse(out) as Register;
    assert.equal(code, 5);
    assert.equal(signature.verified, false);
    assert.match(signature.findings.join('\n'), sentence);
    assert.match(err, sentence);
    assert.match((await run()).out, /NOT in order/);
  };

  it('OPR-2: of whole records says who sealed them and that all verified, in words, as JSON and as PDF', async () => {
    const text = await run();
    assert.equal(text.code, 0, text.err);
    assert.match(text.out, /Deployment register 000123/);
    assert.match(text.out, /DEMO – NOT EVIDENCE/);
    const { code, out } = await run('123', '--json', '--pdf', join(root, 'r.pdf'));
    assert.equal(code, 0);
    const register = JSON.parse(out) as Register;
    assert.deepEqual([register.deployment, register.state, register.demo], ['000123', 'closed', true]);
    const { verified, records, findings, signer } = register.signature;
    assert.deepEqual([verified, records, findings], [true, 3, []]);
    assert.match(signer ?? '', /DEMO/);
    assert.equal(readFileSync(join(root, 'r.pdf')).subarray(0, 5).toString(), '%PDF-');
  });

  it('OPR-2: an event record that is missing is said, the last one too, exit 5', async () => {
    rmSync(file('event-0002.record'));
    await broken(/Event 2 of deployment 000123 has no record/);
  });

  it('an event record that was altered, or whose signature is gone, is said, exit 5', async () => {
    const bytes = readFileSync(file('event-0001.record'));
    bytes.write('Deployment Opened', bytes.indexOf('Deployment opened'));
    writeFileSync(file('event-0001.record'), bytes);
    await broken(/event-0001\.record: The record was altered after it was signed/);
    rmSync(file('event-0001.p7s'));
    await broken(/event-0001\.record: The signature file event-0001\.p7s is missing/);
  });

  it('an account that was altered is said, exit 5', async () => {
    const bytes = readFileSync(file('deployment.record'));
    bytes[bytes.length - 3]! ^= 1;
    writeFileSync(file('deployment.record'), bytes);
    await broken(/deployment\.record: /);
  });

  it('what another key sealed is said, until its root is named', async () => {
    rmSync(join(root, 'data'), { recursive: true });
    use(real);
    await broken(/nobody whom you trust/);
    writeFileSync(join(root, 'root.pem'), rootPem);
    const { code, err } = await run('--root', join(root, 'root.pem'));
    assert.equal(code, 0, err);
  });

  it('OPR-2: of an open deployment, an event that the store has sealed is missed at the end', async () => {
    rmSync(file('deployment.record'));
    rmSync(file('event-0002.record'));
    const request = { folder: join(root, 'data', 'evidence', DEPLOYMENT), deployment: DEPLOYMENT, roots: [], own: [] };
    assert.deepEqual((await readStory({ ...request, sealed: [1] })).findings, []);
    assert.match((await readStory({ ...request, sealed: [1, 2] })).findings.join(), /event-0002\.record is missing/);
  });

  it('a deployment that is not there is one sentence', async () => {
    const outcome = await run('000777');
    assert.equal(outcome.code, 2);
    assert.match(outcome.err, /Deployment 000777 is not in .*, expected one of 000123/);
    assert.equal((await run('abc')).code, 1);
  });
});

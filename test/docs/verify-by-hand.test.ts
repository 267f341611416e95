/** docs/verify-by-hand.md: exactly its commands, run by bash, on an exhibit that is good and on some that are not. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_ROOT_CERTIFICATE } from '../../firmware/keys/demo-root.js';
import { DEPLOYMENT, demoSigner, deviceSigner, makeSet, type MadeSet } from '../support/exhibit.js';
import { requireTools } from '../support/tools.js';

const PAGE = new URL('../../../docs/verify-by-hand.md', import.meta.url);
const ICN = '000123002';

/** The commands of the page, in its order. */
function commands(): string {
  const page = readFileSync(PAGE, 'utf8');
  return [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block]) => block ?? '').join('\n');
}

describe('docs/verify-by-hand.md', function () {
  this.timeout(60_000);
  let real: MadeSet;
  let demo: MadeSet;
  let rootPem: string;
  let root: string;

  before(async function () {
    requireTools(this, ['openssl', 'exiftool', 'od', 'sha256sum']);
    const device = await deviceSigner();
    rootPem = device.rootPem;
    real = await makeSet(device.signer);
    demo = await makeSet(await demoSigner(), { kinds: ['sync', 'incident'] });
  });

  after(() => {
    for (const set of [real, demo]) rmSync(set.dataDir, { recursive: true });
  });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'kerbside-by-hand-'));
    cpSync(real.dataDir, root, { recursive: true });
    writeFileSync(join(root, 'root.pem'), rootPem);
  });

  afterEach(() => rmSync(root, { recursive: true }));

  function run(changes: Record<string, string> = {}): { code: number | null; out: string; err: string } {
    const { PATH = '' } = process.env;
    const env = {
      PATH,
      EVIDENCE: join(root, 'evidence'),
      DEPLOYMENT,
      ICN,
      ROOT: join(root, 'root.pem'),
      TMPDIR: root,
      ...changes,
    };
    const { status, stdout, stderr } = spawnSync('bash', ['-eu', '-o', 'pipefail'], {
      input: commands(),
      env,
      encoding: 'utf8',
    });
    return { code: status, out: stdout, err: stderr };
  }

  const file = (ending: string): string => join(root, 'evidence', DEPLOYMENT, `${ICN}.${ending}`);

  function damage(path: string): void {
    const bytes = readFileSync(path);
    bytes[bytes.length - 40]! ^= 1;
    writeFileSync(path, bytes);
  }

  it('has commands for root, signature, number, image, picture data and chain', () => {
    assert.ok(commands().split('\n').length > 30);
    for (const word of ['openssl x509', 'openssl cms -verify', 'sha256sum', 'exiftool', 'chain.sha256']) {
      assert.ok(commands().includes(word), word);
    }
  });

  it('an exhibit as it came passes every step, and says what a person must compare', () => {
    const { code, out, err } = run();
    assert.equal(code, 0, out + err);
    assert.match(err, /CMS Verification successful/);
    assert.match(out, /sha256 Fingerprint=([0-9A-F]{2}:){31}[0-9A-F]{2}/i);
    assert.match(out, /subject=O = Road Policing, CN = SC-014/);
    assert.match(out, /UTCTIME:Jun +6 07:08:11 2026 GMT/);
    assert.match(out, /Image Unique ID +: 000123002/);
    assert.match(out, /Speed Kmh +: 113\n/);
    assert.match(out, /Record Sequence +: 3\n/);
    assert.match(out, new RegExp(`^3:[0-9a-f]{64} {2}${DEPLOYMENT}/${ICN}\\.record$`, 'm'));
    assert.match(out, /The chain has no break\.\n$/);
    assert.doesNotMatch(out, /DEMO/);
  });

  it('a demonstration passes under the DEMO root, and is called one', () => {
    cpSync(demo.dataDir, root, { recursive: true });
    rmSync(join(root, 'evidence'), { recursive: true });
    cpSync(demo.evidence, join(root, 'evidence'), { recursive: true });
    writeFileSync(join(root, 'root.pem'), DEMO_ROOT_CERTIFICATE);
    const { code, out, err } = run();
    assert.equal(code, 0, out + err);
    assert.match(out, /DEMO - NOT EVIDENCE/);
  });

  it('an altered image fails at the image', () => {
    damage(file('jpg'));
    const { code, out, err } = run();
    assert.notEqual(code, 0);
    assert.match(err, /CMS Verification successful/);
    assert.match(out, /FAILED: not the image that this record speaks of/);
  });

  it('an altered record, or an altered signature, fails at the signature', () => {
    for (const ending of ['record', 'p7s']) {
      cpSync(join(real.evidence, DEPLOYMENT), join(root, 'evidence', DEPLOYMENT), { recursive: true });
      damage(file(ending));
      const { code, err } = run();
      assert.notEqual(code, 0);
      assert.match(err, /CMS Verification failure|Error reading/);
    }
  });

  it('another root fails, and openssl says that it does not vouch', async () => {
    const other = await deviceSigner();
    writeFileSync(join(root, 'root.pem'), other.rootPem);
    const { code, err } = run();
    assert.notEqual(code, 0);
    assert.match(err, /CMS Verification failure/);
  });

  it('the record of another number under this name fails at the number', () => {
    for (const ending of ['record', 'p7s', 'jpg']) cpSync(file(ending).replace(ICN, '000123005'), file(ending));
    const { code, out } = run();
    assert.notEqual(code, 0);
    assert.match(out, /FAILED: this is not the record of 000123002/);
  });

  it('a removed record fails at the chain, also where its line was removed with it', () => {
    rmSync(join(root, 'evidence', DEPLOYMENT, '000123003.record'));
    assert.notEqual(run().code, 0);
    const chain = join(root, 'evidence', 'chain.sha256');
    writeFileSync(chain, readFileSync(chain, 'utf8').replace(/^.*000123003\.record\n/m, ''));
    const { code, out } = run();
    assert.notEqual(code, 0);
    assert.match(out, /FAILED: 000123\/000123004\.record does not follow the record before it/);
  });
});

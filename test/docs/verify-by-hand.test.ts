/** docs/verify-by-hand.md: exactly its commands in a plain bash, on exhibits that are good and on some that are not. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfIssue, spkiOf } from '../../firmware/keys/certificates.js';
import { DEMO_ROOT_CERTIFICATE } from '../../firmware/keys/demo-root.js';
import { toPem } from '../../firmware/keys/pem.js';
import { toLowS } from '../../src/evidence/es256.js';
import type { Signer } from '../../src/ports/signer.js';
import { DEPLOYMENT, demoSigner, deviceSigner, makeSet, SEALED_MS, type MadeSet } from '../support/exhibit.js';
import { requireTools } from '../support/tools.js';

const PAGE = new URL('../../../docs/verify-by-hand.md', import.meta.url);
const ICN = '000123002';
/** Of a number that has no image. */
const VOID_ICN = '000123003';
const END = 'The shell is still there.';

const SIGNED = /CMS Verification successful/;
const NUMBER = /This is the record of/;
const IMAGE = /This is the image that the record speaks of\./;
const PREDECESSOR = /Image and record name the same predecessor\./;
const CHAIN = /The chain has no break\./;

/** The commands of the page, in its order; the first block only gives names. */
function blocks(): string[] {
  const page = readFileSync(PAGE, 'utf8');
  return [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block]) => block ?? '');
}

/** A device whose certificate ran out an hour after it had sealed. */
async function expiredSigner(): Promise<{ readonly signer: Signer; readonly rootPem: string }> {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const issued = new Date(SEALED_MS + 3_600_000);
  issued.setUTCFullYear(issued.getUTCFullYear() - 3);
  const subject = { organisation: 'Road Policing', commonName: 'SC-014' };
  const { certificate, root } = await selfIssue(spkiOf(key), subject, issued.getTime());
  const signer: Signer = {
    certificates: [certificate],
    demo: false,
    sign: async (bytes) => toLowS(Uint8Array.from(sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }))),
  };
  return { signer, rootPem: toPem('CERTIFICATE', root) };
}

interface Wishes {
  readonly names?: Readonly<Record<string, string>>;
  readonly leaveOut?: RegExp;
  readonly cwd?: string;
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
    bring(real.evidence);
    writeFileSync(join(root, 'root.pem'), rootPem);
  });

  afterEach(() => rmSync(root, { recursive: true }));

  function bring(evidence: string): void {
    rmSync(join(root, 'evidence'), { recursive: true, force: true });
    cpSync(evidence, join(root, 'evidence'), { recursive: true });
  }

  /** As a person pastes it: no `-e`, no check of the exit code, and the shell must survive every failure. */
  function run({ names = {}, leaveOut = /^$/, cwd = root }: Wishes = {}): string {
    const given = {
      ...{ EVIDENCE: join(root, 'evidence'), DEPLOYMENT, ICN, ROOT: join(root, 'root.pem'), PART: '' },
      ...names,
    };
    const [first = '', ...rest] = blocks();
    let start = first;
    for (const [name, value] of Object.entries(given)) {
      start = start.replace(new RegExp(`^${name}='[^']*'`, 'm'), `${name}='${value}'`);
      assert.ok(start.includes(`${name}='${value}'`), name);
    }
    const input = ['exec 2>&1', start, ...rest.filter((block) => !leaveOut.test(block)), `echo '${END}'\n`].join('\n');
    const { PATH = '' } = process.env;
    const env = { PATH, TMPDIR: root };
    const { stdout, stderr } = spawnSync('bash', ['--norc'], { input, env, cwd, encoding: 'utf8' });
    assert.equal(stderr, '');
    assert.ok(stdout.endsWith(`${END}\n`), stdout);
    return stdout;
  }

  function assertPasses(out: string, successes = [SIGNED, NUMBER, IMAGE, PREDECESSOR, CHAIN]): void {
    for (const success of successes) assert.match(out, success);
    assert.doesNotMatch(out, /FAILED|failure|error|No such file/i);
  }

  const file = (ending: string, icn = ICN): string => join(root, 'evidence', DEPLOYMENT, `${icn}.${ending}`);
  const chainFile = (): string => join(root, 'evidence', 'chain.sha256');

  function damage(path: string): void {
    const bytes = readFileSync(path);
    bytes[bytes.length - 40]! ^= 1;
    writeFileSync(path, bytes);
  }

  function editChain(edit: (lines: string[]) => string[]): void {
    const lines = readFileSync(chainFile(), 'utf8').trimEnd().split('\n');
    writeFileSync(
      chainFile(),
      edit(lines)
        .map((line) => `${line}\n`)
        .join(''),
    );
  }

  describe('what is good', () => {
    it('an exhibit as it came passes every step, and says what a person must compare', () => {
      const out = run();
      assertPasses(out);
      assert.match(out, /sha256 Fingerprint=([0-9A-F]{2}:){31}[0-9A-F]{2}/i);
      assert.match(out, /subject=O ?= ?Road Policing, CN ?= ?SC-014/);
      assert.match(out, /Signed: Jun +6 07:08:11 2026 GMT/);
      assert.match(out, /Image Unique ID +: 000123002/);
      assert.match(out, /Speed Kmh +: 113\n/);
      assert.match(out, /Record Sequence +: 4\n/);
      assert.match(out, new RegExp(`^4:[0-9a-f]{64} {2}${DEPLOYMENT}/${ICN}\\.record$`, 'm'));
      assert.doesNotMatch(out, /DEMO/);
    });

    it('a relative folder and a relative root serve as well', () => {
      assertPasses(run({ names: { EVIDENCE: 'evidence', ROOT: 'root.pem' } }));
      assertPasses(run({ names: { EVIDENCE: '.', ROOT: '../root.pem' }, cwd: join(root, 'evidence') }));
    });

    it('a number without an image passes when the blocks that name its image are left out', () => {
      const out = run({ names: { ICN: VOID_ICN }, leaveOut: /\$ICN\.jpg/ });
      assertPasses(out, [SIGNED, NUMBER, CHAIN]);
      assert.equal(blocks().filter((block) => block.includes('$ICN.jpg')).length, 3);
    });

    it('a demonstration passes under the DEMO root, and is called one', () => {
      bring(demo.evidence);
      writeFileSync(join(root, 'root.pem'), DEMO_ROOT_CERTIFICATE);
      const out = run();
      assertPasses(out);
      assert.match(out, /DEMO - NOT EVIDENCE/);
    });

    it('a certificate that has expired since fails today and passes as of the time of signing', async () => {
      const expired = await expiredSigner();
      const set = await makeSet(expired.signer, { kinds: ['sync', 'incident'] });
      bring(set.evidence);
      rmSync(set.dataDir, { recursive: true });
      writeFileSync(join(root, 'root.pem'), expired.rootPem);
      assert.match(run({ leaveOut: /-attime/ }), /certificate has expired/);
      assert.doesNotMatch(run({ leaveOut: /-attime/ }), SIGNED);
      assert.match(run(), SIGNED);
    });

    it('the account of the deployment passes as the page says, by step 2', () => {
      const out = run({ names: { ICN: 'deployment' }, leaveOut: /record\.hex|\$ICN\.jpg/ });
      assertPasses(out, [SIGNED, CHAIN]);
    });
  });

  describe('one deployment out of many', () => {
    const part = { PART: `${DEPLOYMENT}/` };

    /** The first record becomes one of another deployment, whose folder was not given. */
    function takeOthersAway(): void {
      const other = join(root, 'evidence', '000122');
      mkdirSync(other);
      renameSync(join(root, 'evidence', DEPLOYMENT, 'parameters.record'), join(other, 'parameters.record'));
      editChain((lines) => lines.map((line) => line.replace(`${DEPLOYMENT}/parameters`, '000122/parameters')));
      rmSync(other, { recursive: true });
    }

    it('passes with its own records against the whole list, and fails as the whole', () => {
      takeOthersAway();
      assertPasses(run({ names: part }));
      const out = run();
      assert.match(out, /FAILED/);
      assert.doesNotMatch(out, CHAIN);
    });

    it('its first record must follow the line before, whose record was not given', () => {
      takeOthersAway();
      editChain((lines) => lines.slice(1));
      const out = run({ names: part });
      assert.match(out, /FAILED: 000123\/event-0001\.record does not follow/);
      assert.doesNotMatch(out, CHAIN);
    });

    it('fails where one of its own lines or records is missing', () => {
      takeOthersAway();
      const whole = readFileSync(chainFile());
      for (const place of [1, 2, 3, 6]) {
        writeFileSync(chainFile(), whole);
        editChain((lines) => lines.toSpliced(place, 1));
        const out = run({ names: part, leaveOut: /openssl|exiftool/ });
        assert.match(out, /FAILED/, `line ${place}`);
        assert.doesNotMatch(out, CHAIN, `line ${place}`);
      }
      writeFileSync(chainFile(), whole);
      rmSync(file('record', VOID_ICN));
      assert.doesNotMatch(run({ names: part }), CHAIN);
    });

    it('a deployment that is not in the list fails', () => {
      const out = run({ names: { PART: '000777/' } });
      assert.match(out, /FAILED: 000123002 is not among them/);
      assert.match(out, /FAILED: the chain is broken, or was not given whole/);
      assert.doesNotMatch(out, CHAIN);
    });
  });

  describe('what is not', () => {
    it('without its image it fails at the image and at the predecessor', () => {
      rmSync(file('jpg'));
      const out = run();
      assert.match(out, /FAILED: there is no image, or not the one that this record speaks of/);
      assert.match(out, /FAILED: image and record do not name the same predecessor/);
      for (const success of [IMAGE, PREDECESSOR]) assert.doesNotMatch(out, success);
    });

    it('an empty image fails', () => {
      writeFileSync(file('jpg'), '');
      const out = run();
      assert.match(out, /FAILED: there is no image/);
      for (const success of [IMAGE, PREDECESSOR]) assert.doesNotMatch(out, success);
    });

    it('an altered image fails at the image', () => {
      damage(file('jpg'));
      const out = run();
      assert.match(out, SIGNED);
      assert.match(out, /FAILED: there is no image, or not the one that this record speaks of/);
      assert.doesNotMatch(out, IMAGE);
    });

    it('an image without the statement inside the seal fails at the predecessor', () => {
      writeFileSync(file('jpg'), readFileSync(file('jpg')).subarray(0, 200));
      const out = run();
      assert.match(out, /FAILED: image and record do not name the same predecessor/);
      for (const success of [IMAGE, PREDECESSOR]) assert.doesNotMatch(out, success);
    });

    it('an altered record fails at the signature and at the chain', () => {
      damage(file('record'));
      const out = run();
      assert.match(out, /CMS Verification failure/);
      assert.match(out, /000123002\.record: FAILED/);
      for (const success of [SIGNED, CHAIN]) assert.doesNotMatch(out, success);
    });

    it('an altered or a missing signature fails at the signature', () => {
      damage(file('p7s'));
      const altered = run();
      assert.match(altered, /CMS Verification failure|Error reading/);
      assert.doesNotMatch(altered, SIGNED);
      rmSync(file('p7s'));
      const missing = run();
      assert.match(missing, /FAILED: the signature names no time/);
      assert.doesNotMatch(missing, SIGNED);
    });

    it('another root fails, and openssl says that it does not vouch', async () => {
      const other = await deviceSigner();
      writeFileSync(join(root, 'root.pem'), other.rootPem);
      const out = run();
      assert.match(out, /CMS Verification failure/);
      assert.match(out, /unable to get local issuer certificate/);
      assert.doesNotMatch(out, SIGNED);
    });

    it('the record of another number under this name fails at the number', () => {
      for (const ending of ['record', 'p7s', 'jpg']) cpSync(file(ending, '000123005'), file(ending));
      const out = run();
      assert.match(out, /FAILED: this is not the record of 000123002/);
      assert.doesNotMatch(out, NUMBER);
    });

    it('a folder that is not there fails at every step, also where the exhibit lies in the folder of the shell', () => {
      const cwd = join(root, 'evidence', DEPLOYMENT);
      const out = run({ names: { EVIDENCE: join(root, 'evidnece') }, cwd });
      for (const success of [SIGNED, NUMBER, IMAGE, PREDECESSOR, CHAIN]) assert.doesNotMatch(out, success);
      assert.match(out, /FAILED/);
    });

    it('without a chain file, or with an empty one, the chain fails', () => {
      writeFileSync(chainFile(), '');
      const empty = run();
      rmSync(chainFile());
      const missing = run();
      for (const out of [empty, missing]) {
        assert.match(out, /FAILED: the chain is broken, or was not given whole/);
        assert.doesNotMatch(out, CHAIN);
      }
    });

    it('a line removed from the chain file fails, be it the first, the last or one between', () => {
      const whole = readFileSync(chainFile());
      for (const place of [0, 2, 6]) {
        writeFileSync(chainFile(), whole);
        editChain((lines) => lines.toSpliced(place, 1));
        const out = run({ leaveOut: /openssl|exiftool/ });
        assert.match(out, /FAILED/, `line ${place}`);
        assert.doesNotMatch(out, CHAIN, `line ${place}`);
      }
    });

    it('a removed record fails at the chain, also where its line was removed with it', () => {
      rmSync(file('record', VOID_ICN));
      assert.doesNotMatch(run(), CHAIN);
      editChain((lines) => lines.filter((line) => !line.includes(VOID_ICN)));
      const out = run();
      assert.match(out, /FAILED: 000123\/000123004\.record does not follow the record before it/);
      assert.doesNotMatch(out, CHAIN);
    });

    it('a number that nothing was given of fails at every step', () => {
      const out = run({ names: { ICN: '000123009' } });
      assert.match(out, /FAILED: 000123009 is not among them/);
      for (const success of [SIGNED, NUMBER, IMAGE, PREDECESSOR, CHAIN]) assert.doesNotMatch(out, success);
    });
  });
});

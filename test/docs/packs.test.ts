/** docs/packs.md: its commands exactly as printed, in a plain bash, on packs that are good and on some that are not. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toPem } from '../../firmware/keys/pem.js';
import { demoIssuerRoot, DEMO_ONLY } from '../../firmware/reference/roots.js';
import { openPack } from '../../firmware/reference/open-pack.js';
import { signDemoPack } from '../../firmware/reference/sign-pack.js';
import { contentOf, issuers, NOW_MS, PackFolder } from '../reference/packs.js';
import { requireTools } from '../support/tools.js';

const PAGE = new URL('../../../docs/packs.md', import.meta.url);
const END = 'The shell is still there.';
const SUCCESS = /CMS Verification successful/;

const blocks = (): string[] =>
  [...readFileSync(PAGE, 'utf8').matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block]) => block ?? '');

describe('docs/packs.md', () => {
  const files = new PackFolder();
  const own = issuers();
  let pack: Uint8Array;

  before(async function () {
    requireTools(this, ['openssl', 'sed', 'grep']);
    pack = await own.sign('sites', 12);
  });

  after(() => files.remove());

  function run(bytes: Uint8Array, root: Uint8Array): string {
    const [PACK, ROOT] = [join(files.top, 'given.pack'), join(files.top, 'root.crt')];
    writeFileSync(PACK, bytes);
    writeFileSync(ROOT, toPem('CERTIFICATE', root));
    const [first = '', ...rest] = blocks();
    let start = first;
    for (const [name, value] of Object.entries({ PACK, ROOT })) {
      start = start.replace(new RegExp(`^${name}='[^']*'`, 'm'), `${name}='${value}'`);
      assert.ok(start.includes(value), name);
    }
    const input = ['exec 2>&1', start, ...rest, `echo '${END}'\n`].join('\n');
    const env = { PATH: process.env['PATH'] ?? '', TMPDIR: files.top };
    const { stdout } = spawnSync('bash', ['--norc'], { input, env, encoding: 'utf8' });
    assert.ok(stdout.endsWith(`${END}\n`), stdout);
    return stdout;
  }

  it('a pack as it came passes, and says who signed what', () => {
    const out = run(pack, own.of.pib.root);
    assert.match(out, SUCCESS);
    assert.match(out, /subject=CN ?= ?Camera of a test/);
    assert.match(out, /kind: sites\nserial: 12\nissuedAt: 2025-03-02T09:00:00\+13:00/);
    assert.doesNotMatch(out, /DEMO - NOT|failure|error/i);
  });

  it('a DEMO pack passes under the DEMO root of its issuer, and is called one', async () => {
    const demo = await signDemoPack('certificates', contentOf('certificates'));
    const out = run(demo, demoIssuerRoot('calibration'));
    assert.match(out, SUCCESS);
    assert.match(out, /DEMO - NOT EVIDENCE/);
    assert.doesNotMatch(run(demo, demoIssuerRoot('pib')), SUCCESS);
  });

  it('an altered, a truncated and an unsigned pack and another root fail', () => {
    const altered = Buffer.from(Buffer.from(pack).toString().replace('limitKmh: 100', 'limitKmh: 110'));
    for (const bytes of [altered, pack.subarray(0, -200), Buffer.from(contentOf('sites'))]) {
      const out = run(bytes, own.of.pib.root);
      assert.doesNotMatch(out, SUCCESS);
      assert.match(out, /failure|error|unable/i);
    }
    assert.doesNotMatch(run(pack, own.of.calibration.root), SUCCESS);
  });

  it('the example of a content in the manual is one', async () => {
    const [, yaml = ''] = /^```yaml\n([^]*?)^```$/m.exec(readFileSync(PAGE, 'utf8')) ?? [];
    const bytes = await signDemoPack('bulletin', yaml, NOW_MS);
    const { head } = openPack(bytes, 'example', { roots: DEMO_ONLY, importedAtMs: null });
    assert.deepEqual([head.kind, head.serial, head.demo], ['bulletin', 12, true]);
  });
});

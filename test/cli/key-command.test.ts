/** `kerbside key create|request|install|show`, as people and scripts see them; the key itself is never seen. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openSigner } from '../../firmware/keys/open-signer.js';
import { changed, GOOD } from '../config/samples.js';
import { OpensslFolder } from '../support/openssl.js';
import { requireTools } from '../support/tools.js';
import { kerbside, type Outcome } from './terminal.js';

interface ShownCertificate {
  readonly subject: string;
  readonly sha256: string;
  readonly demo: boolean;
}
interface Shown {
  readonly kind: string;
  readonly problem: string | null;
  readonly certificates: readonly ShownCertificate[];
}

describe('kerbside key', function () {
  const files = new OpensslFolder();
  const keys = files.path('data/keys');
  let everything = '';
  let config: string;

  before(function () {
    requireTools(this, ['openssl']);
    config = files.write('kerbside.yaml', GOOD);
    files.makeRoot('root');
  });

  after(() => {
    files.remove();
  });

  async function key(...words: string[]): Promise<Outcome> {
    const outcome = await kerbside(['key', ...words, '--config', config]);
    everything += outcome.out + outcome.err;
    return outcome;
  }
  const shown = async (): Promise<Shown[]> => JSON.parse((await key('show', '--json')).out) as Shown[];

  it('show, request and install name the command to begin with, exit 3', async () => {
    for (const words of [['show'], ['request'], ['install', files.path('root.crt')]]) {
      const { code, out, err } = await key(...words);
      assert.deepEqual([code, out], [3, '']);
      assert.match(err, /kerbside key create/);
    }
  });

  it('create makes a key of mode 0400 and says subject, fingerprint and where the root is', async () => {
    const { code, out } = await key('create', '--organisation', 'Example Authority');
    assert.equal(code, 0);
    assert.equal((statSync(join(keys, 'device.key')).mode & 0o777).toString(8), '400');
    const { fingerprint256 } = new X509Certificate(readFileSync(join(keys, 'device.crt')));
    assert.ok(out.includes(fingerprint256.replaceAll(':', '').toLowerCase()));
    assert.match(out, /O=Example Authority, CN=SC-014/);
    assert.ok(out.includes(join(keys, 'device-root.crt')));
  });

  it('create does not write over a key, exit 2', async () => {
    const before = readFileSync(join(keys, 'device.key'));
    const { code, out, err } = await key('create');
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /device.key and .*device.crt are there already and are never written over/);
    assert.deepEqual(readFileSync(join(keys, 'device.key')), before);
  });

  it('request prints a request that openssl verifies, or writes it to --output', async () => {
    const { code, out } = await key('request');
    assert.equal(code, 0);
    files.write('printed.csr', out);
    assert.match(files.must('req', '-in', 'printed.csr', '-verify', '-noout'), /verify OK/);
    assert.match(
      files.must('req', '-in', 'printed.csr', '-noout', '-subject'),
      /O ?= ?Example Authority, ?CN ?= ?SC-014/,
    );
    files.write('other.csr', (await key('request', '--organisation', 'Road Policing, North')).out);
    assert.match(files.must('req', '-in', 'other.csr', '-noout', '-subject'), /O ?= ?"?Road Policing, North/);
    const target = files.path('written.csr');
    assert.equal((await key('request', '--output', target)).out, `${target}\n`);
    assert.match(files.must('req', '-in', 'written.csr', '-verify', '-noout', '-subject'), /CN ?= ?SC-014/);
    const again = await key('request', '--output', target);
    assert.equal(again.code, 1);
    assert.match(again.err, /written.csr exists already/);
  });

  it('install takes the certificate of an agency and keeps the one before it', async () => {
    files.issue('written', 'root');
    // openssl's certificates begin in the second in which they are made.
    const { code, out } = await key('install', files.path('written.crt'));
    assert.equal(code, 0);
    assert.ok(out.includes(join(keys, 'device-1.crt')));
    const [device] = await shown();
    assert.equal(device?.certificates[0]?.subject, 'O=Example Authority, CN=SC-014');
    assert.equal(device.problem, null);
  });

  it('install refuses what does not belong to the key, exit 2', async () => {
    files.makeRequest('other');
    files.issue('other', 'root');
    const { code, err } = await key('install', files.path('other.crt'));
    assert.equal(code, 2);
    assert.match(err, /other.crt begins with a certificate of another key/);
    assert.match((await key('install', files.path('nothing.crt'))).err, /nothing.crt is not there/);
  });

  it('show says DEMO in capitals, and what is wrong with a key, exit 2', async () => {
    await openSigner(keys, { demo: true });
    const { code, out } = await key('show');
    assert.equal(code, 0);
    assert.match(out, /DEMO +│ NOT EVIDENCE/);
    assert.deepEqual(
      (await shown()).map(({ kind, certificates }) => [kind, certificates[0]?.demo]),
      [
        ['device', false],
        ['demo', true],
      ],
    );
    chmodSync(join(keys, 'device.key'), 0o444);
    const loose = await key('show');
    chmodSync(join(keys, 'device.key'), 0o400);
    assert.equal(loose.code, 2);
    assert.match(loose.err, /has mode 0444/);
  });

  it('keys.folder moves the keys, and config show says where they lie', async () => {
    const elsewhere = files.write('elsewhere.yaml', `${GOOD}keys: { folder: vault }\n`);
    assert.equal((await kerbside(['key', 'create', '--config', elsewhere])).code, 0);
    assert.ok(statSync(files.path('vault/device.key')).isFile());
    const { out } = await kerbside(['config', 'show', '--config', config]);
    assert.ok(out.includes(keys));
  });

  it('create refuses a camera that calls itself DEMO, exit 1', async () => {
    const demo = files.write('demo.yaml', changed('  id: SC-014', '  id: DEMO-1'));
    const { code, err } = await kerbside(['key', 'create', '--config', demo]);
    assert.equal(code, 1);
    assert.match(err, /camera.id is DEMO-1/);
  });

  it('never prints the key', () => {
    assert.ok(everything.length > 2000);
    assert.doesNotMatch(everything, /PRIVATE/);
    for (const name of ['device.key', 'demo.key']) {
      const pem = readFileSync(join(keys, name)).toString();
      const [, ...lines] = pem.trim().split('\n');
      const secret = Buffer.from(lines.slice(0, -1).join(''), 'base64').subarray(36, 68);
      for (const form of [secret.toString('hex'), secret.toString('base64').slice(0, 40), ...lines.slice(0, -2)]) {
        assert.ok(!everything.includes(form));
      }
    }
  });
});

/** The signer of a session, and the life of a device's own key; openssl says whether certificates and requests are good. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDeviceKey, installChain, requestDeviceCertificate } from '../../firmware/keys/device-key.js';
import { openSigner } from '../../firmware/keys/open-signer.js';
import { toPem } from '../../firmware/keys/pem.js';
import { profileOf } from '../../firmware/keys/profile.js';
import { sealRecord } from '../../firmware/keys/seal-record.js';
import { demoRoot, judgeChain } from '../../firmware/keys/trust.js';
import type { ErrorName } from '../../src/errors.js';
import { OpensslFolder } from '../support/openssl.js';
import { requireTools } from '../support/tools.js';

const SUBJECT = { organisation: 'Te Kaitiaki Pūmanawa', commonName: 'SC-014' };
const YEAR_MS = 365.25 * 86_400_000;
const DAY_MS = 86_400_000;
const refusal = (kind: ErrorName, words: RegExp) => ({ name: 'KerbsideError', kind, message: words });
const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('keys of a camera', function () {
  const files = new OpensslFolder();
  const nowMs = Date.now();
  let folders = 0;

  const newFolder = (): string => files.path(`camera-${(folders += 1)}/keys`);

  before(function () {
    requireTools(this, ['openssl']);
    files.makeRoot('root');
    files.makeIssuer('between', 'root');
    files.write('demo-root.pem', toPem('CERTIFICATE', demoRoot()));
  });

  after(() => {
    files.remove();
  });

  describe('the demo key', () => {
    it('is made on first use, says DEMO, lives ten years, and is the same at the next start', async () => {
      const folder = newFolder();
      const signer = await openSigner(folder, { demo: true, nowMs });
      assert.ok(signer.demo);
      assert.deepEqual(readdirSync(folder).sort(), ['demo-root.crt', 'demo.crt', 'demo.key']);
      assert.deepEqual([modeOf(folder), modeOf(join(folder, 'demo.key'))], ['700', '400']);
      files.must(
        'verify',
        '-x509_strict',
        '-purpose',
        'smimesign',
        '-CAfile',
        'demo-root.pem',
        join(folder, 'demo.crt'),
      );
      const { notBeforeMs, notAfterMs, commonName } = profileOf(signer.certificates[0]!);
      assert.match(commonName, /DEMO/);
      assert.ok(
        Math.abs(nowMs - DAY_MS - notBeforeMs) < 1000 && Math.abs(nowMs + 10 * YEAR_MS - notAfterMs) < 3 * DAY_MS,
      );
      const again = await openSigner(folder, { demo: true });
      assert.deepEqual(again.certificates, signer.certificates);
    });

    it('asked for by two at once is one key', async () => {
      const folder = newFolder();
      const signers = await Promise.all([1, 2, 3].map(() => openSigner(folder, { demo: true })));
      const keys = signers.map(({ certificates }) => Buffer.from(profileOf(certificates[0]!).spki).toString('hex'));
      assert.equal(new Set(keys).size, 1);
    });

    it('whose certificate a crash prevented gets it at the next start', async () => {
      const folder = newFolder();
      const first = await openSigner(folder, { demo: true });
      rmSync(join(folder, 'demo.crt'));
      const second = await openSigner(folder, { demo: true });
      assert.deepEqual(profileOf(second.certificates[0]!).spki, profileOf(first.certificates[0]!).spki);
    });

    it('takes no place of the device key, nor the other way round', async () => {
      const folder = newFolder();
      await openSigner(folder, { demo: true });
      await assert.rejects(openSigner(folder, { demo: false }), refusal('key-missing', /kerbside key create/));
      for (const end of ['crt', 'key']) renameSync(join(folder, `demo.${end}`), join(folder, `device.${end}`));
      await assert.rejects(openSigner(folder, { demo: false }), refusal('key-unusable', /device.crt says DEMO/));
    });
  });

  describe('the device key', () => {
    it('seals at once under a root of its own, which openssl takes', async () => {
      const folder = newFolder();
      const { paths, certificate, newKey } = await createDeviceKey(folder, SUBJECT, nowMs);
      assert.ok(newKey);
      assert.equal(certificate.subject, 'O=Te Kaitiaki Pūmanawa, CN=SC-014');
      assert.deepEqual([paths.key, paths.certificates, paths.root].map(modeOf), ['400', '444', '444']);
      assert.ok(Math.abs(nowMs + 3 * YEAR_MS - certificate.notAfterMs) < 3 * DAY_MS);
      files.must('verify', '-x509_strict', '-purpose', 'smimesign', '-CAfile', paths.root, paths.certificates);
      const words = files.must('x509', '-in', paths.certificates, '-noout', '-text', '-nameopt', 'utf8');
      assert.match(words, /Key Usage: critical\s+Digital Signature\n/);
      assert.match(words, /E-mail Protection, 1\.3\.6\.1\.5\.5\.7\.3\.36/);
      assert.match(words, /Authority Key Identifier/);
      assert.match(words, /CA:FALSE/);
      const signer = await openSigner(folder, { demo: false });
      assert.equal(signer.demo, false);
      const record = Buffer.from('a record');
      const verdict = files.verifyCms(await sealRecord(signer, record, nowMs), record, paths.root);
      assert.ok(verdict.good, verdict.words);
      assert.equal(judgeChain(signer.certificates, [], nowMs).standing, 'unknown-issuer');
    });

    it('leaves no private key of its root anywhere', async () => {
      const folder = newFolder();
      await createDeviceKey(folder, SUBJECT, nowMs);
      assert.deepEqual(readdirSync(folder).sort(), ['device-root.crt', 'device.crt', 'device.key']);
    });

    it('has no second copy after a crash while it was written', async () => {
      const folder = newFolder();
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'device.key.4711.tmp'), 'half a key', { mode: 0o400 });
      await createDeviceKey(folder, SUBJECT, nowMs);
      assert.deepEqual(readdirSync(folder).sort(), ['device-root.crt', 'device.crt', 'device.key']);
    });

    it('is never written over', async () => {
      const folder = newFolder();
      const { paths } = await createDeviceKey(folder, SUBJECT, nowMs);
      const before = statSync(paths.key).ino;
      await assert.rejects(createDeviceKey(folder, SUBJECT, nowMs), refusal('key-unusable', /are there already/));
      assert.equal(statSync(paths.key).ino, before);
    });

    it('without its certificate gets a new one, and keeps the key', async () => {
      const folder = newFolder();
      const { paths, certificate } = await createDeviceKey(folder, SUBJECT, nowMs);
      rmSync(paths.certificates);
      const again = await createDeviceKey(folder, SUBJECT, nowMs);
      assert.equal(again.newKey, false);
      assert.deepEqual(again.certificate.spki, certificate.spki);
      assert.ok(existsSync(join(folder, 'device-root-1.crt')));
    });

    it('of a camera that calls itself DEMO, or has an unprintable name, is refused', async () => {
      for (const commonName of ['DEMO-1', '', 'x'.repeat(60), 'a\nCN=b']) {
        await assert.rejects(
          createDeviceKey(newFolder(), { ...SUBJECT, commonName }, nowMs),
          refusal('usage', /expected/),
        );
      }
    });

    it('that has ended is refused at the start; one that has not begun is not, since the clock may be behind', async () => {
      const folder = newFolder();
      await createDeviceKey(folder, SUBJECT, nowMs);
      const words = /CN=SC-014 ended on .* expected a valid one/;
      await assert.rejects(
        openSigner(folder, { demo: false, nowMs: nowMs + 4 * YEAR_MS }),
        refusal('key-unusable', words),
      );
      await openSigner(folder, { demo: false, nowMs: 0 });
    });

    it('in a folder that cannot be written is a typed error', async () => {
      const folder = newFolder();
      mkdirSync(join(folder, '..'), { recursive: true });
      writeFileSync(folder, 'a file where the folder should be');
      await assert.rejects(createDeviceKey(folder, SUBJECT, nowMs), { name: 'KerbsideError' });
    });
  });

  describe('a certificate of an agency', () => {
    it('is requested with the profile, installed, and the old one is kept', async () => {
      const folder = newFolder();
      const { paths, certificate } = await createDeviceKey(folder, SUBJECT, nowMs);
      const pem = await requestDeviceCertificate(folder, SUBJECT);
      files.write('request.csr', pem);
      const words = files.must('req', '-in', 'request.csr', '-verify', '-noout', '-text', '-nameopt', 'utf8');
      assert.match(words, /verify OK/);
      assert.match(words, /CN ?= ?SC-014/);
      assert.match(words, /Requested Extensions:[\s\S]*Digital Signature[\s\S]*E-mail Protection/);
      files.issue('request', 'between');
      const chain = ['request', 'between', 'root'].map((name) => files.read(`${name}.crt`).toString()).join('');
      const installed = installChain(folder, Buffer.from(chain), 'agency.crt', nowMs + DAY_MS);
      assert.equal(installed.kept, join(folder, 'device-1.crt'));
      files.must(
        'verify',
        '-purpose',
        'smimesign',
        '-CAfile',
        join(folder, 'device-root-1.crt'),
        join(folder, 'device-1.crt'),
      );
      files.must('verify', '-CAfile', paths.root, '-untrusted', paths.certificates, paths.certificates);
      const signer = await openSigner(folder, { demo: false });
      assert.equal(signer.certificates.length, 2);
      assert.deepEqual(profileOf(signer.certificates[0]!).spki, certificate.spki);
      const record = Buffer.from('a record');
      const verdict = files.verifyCms(await sealRecord(signer, record, nowMs + 3000), record, 'root.crt');
      assert.ok(verdict.good, verdict.words);
    });

    it('without its root leaves none that belongs to the chain before it', async () => {
      const folder = newFolder();
      const { paths } = await createDeviceKey(folder, SUBJECT, nowMs);
      files.write('again.csr', await requestDeviceCertificate(folder, SUBJECT));
      files.issue('again', 'root');
      installChain(folder, files.read('again.crt'), 'again.crt', nowMs + DAY_MS);
      assert.equal(existsSync(paths.root), false);
      assert.ok(existsSync(join(folder, 'device-root-1.crt')));
    });

    it('of another key, that has ended, says DEMO or is none changes nothing', async () => {
      const folder = newFolder();
      const { paths } = await createDeviceKey(folder, SUBJECT, nowMs);
      const before = statSync(paths.certificates).ino;
      const refused = (name: string, words: RegExp, atMs = nowMs + DAY_MS): void => {
        const install = (): unknown => installChain(folder, files.read(name), name, atMs);
        assert.throws(install, refusal('key-unusable', words));
        assert.equal(statSync(paths.certificates).ino, before);
      };
      files.makeRequest('other');
      files.issue('other', 'root');
      refused('other.crt', /other.crt begins with a certificate of another key/);
      files.write('mine.csr', await requestDeviceCertificate(folder, SUBJECT));
      files.issue('mine', 'root');
      refused('mine.crt', /expected one that is valid now/, nowMs + YEAR_MS);
      files.must('req', '-new', '-key', paths.key, '-subj', '/O=A/CN=DEMO', '-out', 'demo.csr');
      files.issue('demo', 'root');
      refused('demo.crt', /says DEMO/);
      files.write('text.crt', 'no certificate');
      refused('text.crt', /holds no certificate/);
      assert.deepEqual(readdirSync(folder).sort(), ['device-root.crt', 'device.crt', 'device.csr', 'device.key']);
    });

    it('cannot be installed where there is no key', () => {
      const install = (): unknown => installChain(newFolder(), files.read('root.crt'), 'root.crt', nowMs);
      assert.throws(install, refusal('key-missing', /kerbside key create/));
    });
  });

  it('a key that others can read is refused before anything is sealed', async () => {
    const folder = newFolder();
    const { paths } = await createDeviceKey(folder, SUBJECT, nowMs);
    chmodSync(paths.key, 0o440);
    await assert.rejects(openSigner(folder, { demo: false }), refusal('key-unusable', /has mode 0440/));
    await assert.rejects(requestDeviceCertificate(folder, SUBJECT), refusal('key-unusable', /has mode 0440/));
  });
});

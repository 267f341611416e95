/** A signer from files: it signs so that openssl agrees, and what could embarrass a witness is refused when it is opened. */
import assert from 'node:assert/strict';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { chmodSync, copyFileSync } from 'node:fs';
import fc from 'fast-check';
import { sealCrypto } from '../../firmware/keys/crypto.js';
import { FileSigner } from '../../firmware/keys/file-signer.js';
import { isLowS, toDerSignature } from '../../src/evidence/es256.js';
import { KerbsideError, type ErrorName } from '../../src/errors.js';
import { OpensslFolder, SIGNER_EXTENSIONS } from '../support/openssl.js';
import { requireTools } from '../support/tools.js';

const refusal = (kind: ErrorName, words: RegExp) => ({ name: 'KerbsideError', kind, message: words });

describe('a signer from files', function () {
  const files = new OpensslFolder();

  before(function () {
    requireTools(this, ['openssl']);
    files.makeRoot('root');
    files.makeRequest('camera');
    files.issue('camera', 'root');
    files.makeRequest('other');
    files.issue('other', 'root');
  });

  after(() => {
    files.remove();
  });

  const open = (key: string, certificates: string): FileSigner =>
    FileSigner.open({ key: files.path(key), certificates: files.path(certificates) });
  const refused = (key: string, certificates: string, words: RegExp, kind: ErrorName = 'key-unusable'): void =>
    assert.throws(() => open(key, certificates), refusal(kind, words));

  /** A certificate of the camera's key with other extensions. */
  function certified(name: string, without: string, ...more: string[]): string {
    copyFileSync(files.path('camera.csr'), files.path(`${name}.csr`));
    const extensions = SIGNER_EXTENSIONS.filter((line) => !line.startsWith(without));
    files.issue(name, 'root', [...extensions, ...more]);
    return `${name}.crt`;
  }

  it('signs what openssl verifies, always with the lower s', async () => {
    const signer = open('camera.key', 'camera.crt');
    assert.equal(signer.demo, false);
    const spki = createPublicKey(files.read('camera.key')).export({ type: 'spki', format: 'der' });
    files.write('camera.pub', createPublicKey(files.read('camera.key')).export({ type: 'spki', format: 'pem' }));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), async (bytes) => {
        const signature = await signer.sign(bytes);
        assert.ok(isLowS(signature));
        assert.ok(sealCrypto.verifyEs256(spki, bytes, signature));
        assert.equal(sealCrypto.verifyEs256(spki, Uint8Array.from([...bytes, 0]), signature), false);
      }),
    );
    const signature = toDerSignature(await signer.sign(Buffer.from('some bytes')));
    files.write('some.sig', signature);
    files.write('some.bytes', 'some bytes');
    files.must('dgst', '-sha256', '-verify', 'camera.pub', '-signature', 'some.sig', 'some.bytes');
  });

  it('a damaged public key verifies nothing and is no defect', () => {
    const spki = createPublicKey(files.read('camera.key')).export({ type: 'spki', format: 'der' });
    const signature = new Uint8Array(64).fill(1);
    for (let at = 0; at < spki.length; at += 1) {
      const changed = Uint8Array.from(spki);
      changed[at]! ^= 1;
      assert.equal(sealCrypto.verifyEs256(changed, Buffer.of(1), signature), false);
    }
  });

  it('a key file that its group or others can read is refused with its mode', () => {
    for (const mode of [0o440, 0o404, 0o644, 0o420, 0o401]) {
      copyFileSync(files.path('camera.key'), files.path('loose.key'));
      chmodSync(files.path('loose.key'), mode);
      refused('loose.key', 'camera.crt', new RegExp(`loose.key has mode 0${mode.toString(8)}.*chmod 0400`));
    }
    chmodSync(files.path('loose.key'), 0o400);
    open('loose.key', 'camera.crt');
  });

  it('a file that is not there is key-missing and names the command', () => {
    refused('none.key', 'camera.crt', /none.key is not there.*kerbside key create/, 'key-missing');
    refused('camera.key', 'none.crt', /none.crt is not there.*kerbside key create/, 'key-missing');
  });

  it('a certificate of another key is refused', () => {
    refused('camera.key', 'other.crt', /other.crt begins with a certificate of another key than .*camera.key/);
  });

  it('a key that is not on P-256, or none at all, is refused without a byte of it', () => {
    files.must('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384', '-out', 'p384.key');
    refused('p384.key', 'camera.crt', /kind secp384r1, expected ECDSA on P-256/);
    files.must('genpkey', '-algorithm', 'ED25519', '-out', 'ed.key');
    refused('ed.key', 'camera.crt', /kind ed25519/);
    const damaged = files.read('camera.key').toString().replace('\nM', '\nN');
    files.write('damaged.key', damaged);
    chmodSync(files.path('damaged.key'), 0o400);
    assert.throws(
      () => open('damaged.key', 'camera.crt'),
      (error: unknown) => {
        assert.ok(error instanceof KerbsideError && error.kind === 'key-unusable');
        const secret = damaged.split('\n')[1]!;
        assert.ok(!`${error.message} ${String(error.cause)}`.includes(secret.slice(0, 12)));
        return true;
      },
    );
  });

  it('a chain file without a certificate, or with a damaged one, is refused', () => {
    files.write('empty.crt', '');
    refused('camera.key', 'empty.crt', /empty.crt holds no certificate/);
    files.write('half.crt', files.read('camera.crt').toString().replace(/A/, 'B'));
    refused('camera.key', 'half.crt', /half.crt/);
  });

  it('a certificate that does not allow sealing is refused with what is missing', () => {
    refused(
      'camera.key',
      certified('no-purpose', 'extendedKeyUsage'),
      /extended key usage is missing.*emailProtection/,
    );
    refused(
      'camera.key',
      certified('tls', 'extendedKeyUsage', 'extendedKeyUsage=serverAuth'),
      /extended key usage is 1\.3\.6\.1\.5\.5\.7\.3\.1, expected emailProtection/,
    );
    refused('camera.key', certified('no-usage', 'keyUsage'), /key usage does not allow signatures/);
    refused('camera.key', certified('ca', 'basicConstraints', 'basicConstraints=critical,CA:TRUE'), /issuer \(CA\)/);
    copyFileSync(files.path('camera.csr'), files.path('self.csr'));
    copyFileSync(files.path('camera.key'), files.path('self.key'));
    files.issue('self', null);
    refused('camera.key', 'self.crt', /issued by itself/);
  });

  it('a chain in the wrong order, or of strangers, is refused; a root at its end is left out', () => {
    files.makeIssuer('between', 'root');
    copyFileSync(files.path('camera.csr'), files.path('below.csr'));
    files.issue('below', 'between');
    const pem = (...names: string[]): string => names.map((name) => files.read(`${name}.crt`).toString()).join('');
    files.write('whole.crt', pem('below', 'between', 'root'));
    const { certificates } = open('camera.key', 'whole.crt');
    assert.deepEqual(
      certificates.map((der) => new X509Certificate(der).subject),
      ['O=Agency\nCN=camera', 'O=Agency\nCN=between'],
    );
    files.write('disorder.crt', pem('between', 'below'));
    refused('camera.key', 'disorder.crt', /another key/);
    files.write('strangers.crt', pem('camera', 'between'));
    refused('camera.key', 'strangers.crt', /CN=camera was not issued by O=Agency, CN=between/);
  });

  it('says demo when the common name of its certificate does', () => {
    files.makeRequest('demo', '/O=Agency/CN=A DEMO camera');
    files.issue('demo', 'root');
    assert.equal(open('demo.key', 'demo.crt').demo, true);
  });
});

/** From a signer's certificate to a root that the reader trusts. Chains are made by openssl, which also judges them. */
import assert from 'node:assert/strict';
import { DEMO_ROOT_PRIVATE_KEY } from '../../firmware/keys/demo-root.js';
import { certificatesIn, toPem } from '../../firmware/keys/pem.js';
import { openSigner } from '../../firmware/keys/open-signer.js';
import { demoRoot, judgeChain, type ChainJudgement } from '../../firmware/keys/trust.js';
import { OpensslFolder, SIGNER_EXTENSIONS } from '../support/openssl.js';
import { requireTools } from '../support/tools.js';

const DAY_MS = 86_400_000;

describe('who stands behind a signature', function () {
  const files = new OpensslFolder();
  /** An hour on: openssl's certificates begin in the second in which they are made. */
  const nowMs = Date.now() + 3_600_000;

  before(function () {
    requireTools(this, ['openssl']);
    files.makeRoot('root');
    files.makeRoot('stranger');
    files.makeIssuer('between', 'root');
    files.makeRequest('camera');
    files.issue('camera', 'between');
  });

  after(() => {
    files.remove();
  });

  const der = (...names: string[]): Uint8Array[] => names.flatMap((name) => certificatesIn(files.read(`${name}.crt`)));
  const judged = (chain: string[], roots: string[], atMs = nowMs): ChainJudgement =>
    judgeChain(der(...chain), der(...roots), atMs);

  /** openssl's opinion of the same chain, purposes of signed mail. */
  function opensslTrusts(chain: string[], root: string): boolean {
    const issuers = chain.slice(1).flatMap((name) => ['-untrusted', `${name}.crt`]);
    return files.ask('verify', '-purpose', 'smimesign', '-CAfile', `${root}.crt`, ...issuers, `${chain[0]!}.crt`).good;
  }

  it('a chain over a P-384 issuer to an RSA root is trusted, as by openssl', () => {
    const { standing, trusted, demo, subject, sentence } = judged(['camera', 'between'], ['stranger', 'root']);
    assert.deepEqual({ standing, trusted, demo }, { standing: 'trusted', trusted: true, demo: false });
    assert.equal(subject, 'O=Agency, CN=camera');
    assert.equal(sentence, 'O=Agency, CN=camera was issued under the trusted root O=Agency, CN=root.');
    assert.ok(opensslTrusts(['camera', 'between'], 'root'));
  });

  it('an issuer that the reader names is a root for him, whoever stands above it', () => {
    assert.ok(judged(['camera', 'between'], ['between']).trusted);
    assert.ok(judged(['camera'], ['between']).trusted);
  });

  it('without its root a chain has an unknown issuer, and the sentence names him', () => {
    for (const roots of [[], ['stranger']]) {
      const { standing, trusted, sentence } = judged(['camera', 'between'], roots);
      assert.deepEqual({ standing, trusted }, { standing: 'unknown-issuer', trusted: false });
      assert.match(sentence, /CN=camera was issued by O=Agency, CN=root, which is none of the trusted roots/);
    }
    assert.equal(opensslTrusts(['camera', 'between'], 'stranger'), false);
    assert.equal(judged(['camera'], ['root']).standing, 'unknown-issuer');
  });

  it('a root of the same name with another key is not the root', () => {
    const impostor = new OpensslFolder();
    impostor.makeRoot('root');
    const { standing } = judgeChain(der('camera', 'between'), certificatesIn(impostor.read('root.crt')), nowMs);
    impostor.remove();
    assert.equal(standing, 'unknown-issuer');
  });

  it('certificates are judged at the time of signing', () => {
    assert.ok(judged(['camera', 'between'], ['root'], nowMs + 29 * DAY_MS).trusted);
    for (const atMs of [nowMs + 31 * DAY_MS, nowMs - DAY_MS]) {
      const { standing, sentence } = judged(['camera', 'between'], ['root'], atMs);
      assert.equal(standing, 'refused');
      assert.match(sentence, /CN=camera was valid from .* to .*, not at the time of signing/);
    }
    files.makeRoot('short', '1');
    files.makeRequest('long');
    files.issue('long', 'short');
    assert.match(judged(['long'], ['short'], nowMs + 2 * DAY_MS).sentence, /CN=short was valid/);
  });

  it('a camera cannot issue certificates', () => {
    files.makeRequest('forged');
    files.issue('forged', 'camera');
    const { standing, sentence } = judged(['forged', 'camera', 'between'], ['root']);
    assert.equal(standing, 'refused');
    assert.match(sentence, /O=Agency, CN=camera issued a certificate, but its own does not allow that/);
    assert.equal(opensslTrusts(['forged', 'camera', 'between'], 'root'), false);
  });

  it('an issuer has no more issuers below it than its certificate allows', () => {
    const only = (length: number): string[] => [
      `basicConstraints=critical,CA:TRUE,pathlen:${length}`,
      'keyUsage=critical,keyCertSign',
    ];
    files.makeIssuer('upper', 'root', only(0));
    files.makeIssuer('lower', 'upper', only(0));
    files.makeRequest('deep');
    files.issue('deep', 'lower');
    assert.match(judged(['deep', 'lower', 'upper'], ['root']).sentence, /CN=upper has 1 issuers below it.*allows 0/);
    assert.equal(opensslTrusts(['deep', 'lower', 'upper'], 'root'), false);
  });

  it('an issuer that may have no issuer below it is a root by itself, in the chain or not', () => {
    files.makeIssuer('direct', 'root', [
      'basicConstraints=critical,CA:TRUE,pathlen:0',
      'keyUsage=critical,keyCertSign',
    ]);
    files.makeRequest('near');
    files.issue('near', 'direct');
    assert.ok(judged(['near'], ['direct']).trusted);
    assert.ok(judged(['near', 'direct'], ['direct']).trusted, judged(['near', 'direct'], ['direct']).sentence);
    assert.ok(judged(['near', 'direct'], ['root']).trusted);
  });

  it('conditions that are not understood are not overlooked', () => {
    files.makeRequest('odd');
    files.issue('odd', 'root', [...SIGNER_EXTENSIONS, '1.2.3.4=critical,ASN1:NULL']);
    assert.match(judged(['odd'], ['root']).sentence, /conditions that this program does not know \(1\.2\.3\.4\)/);
    assert.equal(opensslTrusts(['odd'], 'root'), false);
  });

  it('a certificate with one bit flipped is refused or unknown, never trusted', () => {
    const [camera = new Uint8Array(), between = new Uint8Array()] = der('camera', 'between');
    for (const [i, certificate] of [camera, between].entries()) {
      for (let at = 0; at < certificate.length; at += 1) {
        const changed = Uint8Array.from(certificate);
        changed[at]! ^= 1 << (at & 7);
        const chain = i === 0 ? [changed, between] : [camera, changed];
        assert.equal(judgeChain(chain, der('root'), nowMs).trusted, false, `certificate ${i}, byte ${at}`);
      }
    }
  });

  it('a certificate with bytes behind it, two algorithms or a longer spelling is refused', () => {
    const [camera = new Uint8Array()] = der('camera');
    assert.deepEqual([...camera.subarray(0, 2)], [0x30, 0x82]);
    const outer = Buffer.from(camera);
    const name = Buffer.from([0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03]);
    outer[outer.lastIndexOf(name) + name.length] = 3;
    const spellings = [
      [...camera, 0],
      [0x30, 0x83, 0, ...camera.subarray(2)],
      [0x30, 0x80, ...camera.subarray(4), 0, 0],
      outer,
    ];
    for (const spelling of spellings) {
      const { standing, sentence } = judgeChain([Uint8Array.from(spelling)], der('between'), nowMs);
      assert.equal(standing, 'refused');
      assert.match(sentence, /A certificate is damaged/);
    }
  });

  it('no certificate at all, or far too many, is refused', () => {
    assert.match(judged([], ['root']).sentence, /has 0 certificates, expected 1 to 10/);
    assert.equal(
      judged(
        Array.from({ length: 11 }, () => 'camera'),
        ['root'],
      ).standing,
      'refused',
    );
  });

  describe('DEMO', () => {
    it('is said in capitals of whatever the built-in root issued, without any root given', async () => {
      const signer = await openSigner(files.path('keys'), { demo: true });
      const { trusted, demo, sentence } = judgeChain(signer.certificates, [], nowMs);
      assert.deepEqual({ trusted, demo }, { trusted: true, demo: true });
      assert.match(sentence, /^DEMO, NOT EVIDENCE: .* whose private key is public/);
    });

    it('is said of a certificate that hides its origin, since the root of the chain tells', () => {
      // Anybody can issue this: the key of the root stands in the source.
      files.makeRequest('innocent');
      files.write('demo-root.crt', toPem('CERTIFICATE', demoRoot()));
      files.write('demo-root.key', DEMO_ROOT_PRIVATE_KEY);
      files.issue('innocent', 'demo-root');
      const { demo, subject, sentence } = judged(['innocent'], ['demo-root']);
      assert.equal(subject, 'O=Agency, CN=innocent');
      assert.ok(demo);
      assert.match(sentence, /^DEMO, NOT EVIDENCE/);
    });

    it('is said of a certificate that says so under a true root', () => {
      files.makeRequest('honest', '/O=Agency/CN=DEMO camera');
      files.issue('honest', 'root');
      const { trusted, demo, sentence } = judged(['honest'], ['root']);
      assert.deepEqual({ trusted, demo }, { trusted: true, demo: true });
      assert.match(sentence, /^DEMO, NOT EVIDENCE/);
    });
  });
});

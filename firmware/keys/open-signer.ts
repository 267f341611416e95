/** The signer of a session: the installed key of the device, or the demo key, which is made on first use. */
import { KerbsideError } from '../../src/errors.js';
import type { Signer } from '../../src/ports/signer.js';
import { generateKey, issueDemo, spkiOf, type Subject } from './certificates.js';
import { DEMO_ROOT_CERTIFICATE } from './demo-root.js';
import { FileSigner, readPrivateKey } from './file-signer.js';
import { CERTIFICATE_MODE, KEY_MODE, keyPaths, readKeyFile, writeKeyFile, type KeyPaths } from './key-files.js';
import { toPem } from './pem.js';
import { profileOf } from './profile.js';

const DEMO_SUBJECT: Subject = {
  organisation: 'Kerbside DEMO - NOT EVIDENCE',
  commonName: 'Kerbside DEMO camera',
};

export interface SignerWish {
  /** Anything simulated takes part: the record must be signed by a demo key. */
  readonly demo: boolean;
  /** UTC; has a certificate ended, and from when is a new one of the demo valid? */
  readonly nowMs?: number;
}

/**
 * @param folder the keys folder
 * @throws KerbsideError 'key-missing' when the device has no key or no certificate, 'key-unusable' when they will not do,
 *   'disk-full' or 'store-failed' when the demo key cannot be written
 */
export async function openSigner(folder: string, { demo, nowMs = Date.now() }: SignerWish): Promise<Signer> {
  const paths = keyPaths(folder, demo ? 'demo' : 'device');
  if (demo) await provideDemoKey(paths, nowMs);
  const signer = FileSigner.open(paths);
  refuseExpired(signer, paths, nowMs);
  if (signer.demo === demo) return signer;
  throw new KerbsideError(
    'key-unusable',
    demo
      ? `${paths.certificates} does not say DEMO, expected the demo certificate; remove it and ${paths.key}.`
      : `${paths.certificates} says DEMO, expected the certificate of a device; install one with kerbside key install.`,
  );
}

/** One that is not valid yet is let through: at the start the clock may be behind, until the receiver sets it. */
function refuseExpired({ certificates }: Signer, paths: KeyPaths, nowMs: number): void {
  for (const { subject, notAfterMs } of certificates.map(profileOf)) {
    if (nowMs <= notAfterMs) continue;
    const ended = new Date(notAfterMs).toISOString();
    throw new KerbsideError(
      'key-unusable',
      `${paths.certificates}: the certificate of ${subject} ended on ${ended}, expected a valid one; ask for it with kerbside key request.`,
    );
  }
}

/** Also mends what a crash between the two files left. */
async function provideDemoKey(paths: KeyPaths, nowMs: number): Promise<void> {
  if (readKeyFile(paths.key) === null) {
    const pem = generateKey().export({ type: 'pkcs8', format: 'pem' });
    // Lost to another process: its key is as good.
    writeKeyFile(paths.key, pem, { mode: KEY_MODE, exclusive: true });
  } else if (readKeyFile(paths.certificates) !== null) return;
  // For whoever checks a demo by hand; the program has it built in.
  writeKeyFile(paths.root, DEMO_ROOT_CERTIFICATE, { mode: CERTIFICATE_MODE });
  const certificate = await issueDemo(spkiOf(readPrivateKey(paths.key)), DEMO_SUBJECT, nowMs);
  writeKeyFile(paths.certificates, toPem('CERTIFICATE', certificate), { mode: CERTIFICATE_MODE });
}

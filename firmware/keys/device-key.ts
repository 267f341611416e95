/**
 * The life of the device's own key: made here, certified by itself so that the camera can seal at once, later by an
 * agency. Nothing that was in use is ever lost: evidence of years ago is checked with the certificate of that time.
 */
import { KerbsideError } from '../../src/errors.js';
import { generateKey, requestCertificate, selfIssue, spkiOf, type Subject } from './certificates.js';
import { FileSigner, readChain, readPrivateKey } from './file-signer.js';
import {
  CERTIFICATE_MODE,
  keepOld,
  KEY_MODE,
  keyPaths,
  readKeyFile,
  removeKeyFile,
  removeLeftovers,
  writeKeyFile,
  type KeyPaths,
} from './key-files.js';
import { certificatesIn, toPem } from './pem.js';
import { profileOf, type Profile } from './profile.js';

export interface CreatedKey {
  readonly paths: KeyPaths;
  readonly certificate: Profile;
  /** False when the key was there and only its certificate was missing. */
  readonly newKey: boolean;
}

/**
 * @throws KerbsideError 'key-unusable' when the device has a key and a certificate, 'usage' for a subject that says DEMO,
 *   'disk-full', 'store-failed'
 */
export async function createDeviceKey(folder: string, subject: Subject, nowMs: number): Promise<CreatedKey> {
  refuseSubject(subject);
  const paths = keyPaths(folder, 'device');
  removeLeftovers(paths.key);
  const known = readKeyFile(paths.key) !== null;
  if (known && readKeyFile(paths.certificates) !== null) throw isThere(paths);
  if (!known) {
    const pem = generateKey().export({ type: 'pkcs8', format: 'pem' });
    if (!writeKeyFile(paths.key, pem, { mode: KEY_MODE, exclusive: true })) throw isThere(paths);
  }
  const { certificate, root } = await selfIssue(spkiOf(readPrivateKey(paths.key)), subject, nowMs);
  for (const path of [paths.root, paths.certificates]) keepOld(path);
  // The certificate last: until it is there, the command can be given again.
  writeKeyFile(paths.root, toPem('CERTIFICATE', root), { mode: CERTIFICATE_MODE });
  writeKeyFile(paths.certificates, toPem('CERTIFICATE', certificate), { mode: CERTIFICATE_MODE });
  return { paths, certificate: profileOf(certificate), newKey: !known };
}

/** @returns the request as PEM; it stays in the keys folder, too @throws KerbsideError 'key-missing', 'key-unusable', 'usage' */
export async function requestDeviceCertificate(folder: string, subject: Subject): Promise<string> {
  refuseSubject(subject);
  const paths = keyPaths(folder, 'device');
  const signer = FileSigner.open(paths);
  const request = await requestCertificate(signer, spkiOf(readPrivateKey(paths.key)), subject);
  const pem = toPem('CERTIFICATE REQUEST', request);
  writeKeyFile(paths.request, pem, { mode: CERTIFICATE_MODE });
  return pem;
}

export interface InstalledChain {
  readonly paths: KeyPaths;
  readonly chain: readonly Profile[];
  /** Where the chain stays that was in use before; null when there was none. */
  readonly kept: string | null;
}

/**
 * @param bytes PEM chain, the signer's certificate first, with or without its root; or one certificate in DER
 * @param origin name of the file, for sentences
 * @throws KerbsideError 'key-missing', 'key-unusable', 'disk-full', 'store-failed'; nothing was changed then
 */
export function installChain(folder: string, bytes: Uint8Array, origin: string, nowMs: number): InstalledChain {
  const paths = keyPaths(folder, 'device');
  const chain = readChain(bytes, origin, readPrivateKey(paths.key), paths.key);
  const [signer] = chain;
  if (signer?.saysDemo === true) {
    throw new KerbsideError('key-unusable', `${origin} says DEMO, expected a certificate for a device.`);
  }
  for (const { subject, notBeforeMs, notAfterMs } of chain) {
    if (nowMs >= notBeforeMs && nowMs <= notAfterMs) continue;
    const validity = `${new Date(notBeforeMs).toISOString()} to ${new Date(notAfterMs).toISOString()}`;
    const sentence = `${origin}: the certificate of ${subject} is valid from ${validity}, expected one that is valid now.`;
    throw new KerbsideError('key-unusable', sentence);
  }
  const kept = keepOld(paths.certificates);
  const pem = chain.map(({ der }) => toPem('CERTIFICATE', der)).join('');
  writeKeyFile(paths.certificates, pem, { mode: CERTIFICATE_MODE });
  replaceRoot(paths, bytes);
  return { paths, chain, kept };
}

/** The root of the earlier chain says nothing about this one. */
function replaceRoot(paths: KeyPaths, bytes: Uint8Array): void {
  const root = certificatesIn(bytes)
    .map(profileOf)
    .find(({ issuer, subject }) => issuer === subject);
  keepOld(paths.root);
  if (root) writeKeyFile(paths.root, toPem('CERTIFICATE', root.der), { mode: CERTIFICATE_MODE });
  else removeKeyFile(paths.root);
}

/** X.520 gives a name 64 characters; control characters would draw other lines than there are. */
function refuseSubject({ organisation, commonName }: Subject): void {
  for (const name of [organisation, commonName]) {
    if (!/^[^\p{C}]{1,59}$/u.test(name)) {
      throw new KerbsideError(
        'usage',
        `"${name}" cannot stand in a certificate, expected 1 to 59 printable characters.`,
      );
    }
  }
  if (!commonName.includes('DEMO')) return;
  const sentence = `camera.id is ${commonName}; DEMO is for demo certificates only, expected the identity of a camera.`;
  throw new KerbsideError('usage', sentence);
}

const isThere = ({ key, certificates }: KeyPaths): KerbsideError =>
  new KerbsideError(
    'key-unusable',
    `${key} and ${certificates} are there already and are never written over, expected a keys folder without them.`,
  );

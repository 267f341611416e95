/** Whom the reader trusts: certificates in files that he names. The DEMO root is built in and only ever gives DEMO. */
import { readFileSync } from 'node:fs';
import { KerbsideError } from '../../src/errors.js';
import { sameBytes } from '../../src/evidence/der.js';
import { sealCrypto } from '../keys/crypto.js';
import { certificatesIn } from '../keys/pem.js';
import { profileOf } from '../keys/profile.js';
import { demoRoot } from '../keys/trust.js';

export interface Root {
  readonly der: Uint8Array;
  readonly subject: string;
  /** Hex SHA-256 of its DER: what `openssl x509 -fingerprint -sha256` prints. */
  readonly sha256: string;
  readonly demo: boolean;
}

/** @throws KerbsideError 'key-unusable' where a file holds no certificate */
export function readRoots(files: readonly string[]): Root[] {
  return files.flatMap((file) => {
    const ders = certificatesIn(readRoot(file));
    if (ders.length === 0) throw unusable(`${file} holds no certificate, expected one or several in PEM`);
    return ders.map((der) => rootOf(der, file));
  });
}

export const builtInRoot = (): Root => rootOf(demoRoot(), 'built in');

function rootOf(der: Uint8Array, file: string): Root {
  try {
    const { subject } = profileOf(der);
    const sha256 = Buffer.from(sealCrypto.sha256(der)).toString('hex');
    return { der, subject, sha256, demo: sameBytes(der, demoRoot()) };
  } catch (error) {
    if (error instanceof KerbsideError) throw unusable(`${file}: ${error.message.replace(/\.$/, '')}`);
    throw error;
  }
}

function readRoot(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw unusable(`${file} is not there, expected the certificate of a root in PEM`);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw unusable(`${file} cannot be read (${reason}), expected the certificate of a root in PEM`);
  }
}

const unusable = (clause: string): KerbsideError => new KerbsideError('key-unusable', `${clause} (--root).`);

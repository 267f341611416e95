/**
 * Signs with a private key in a file. Everything is read and judged once, when it is opened: a key that others can read,
 * or that does not belong to its certificate, must be found before the first exhibit and not by the court.
 */
import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { statSync } from 'node:fs';
import { KerbsideError } from '../../src/errors.js';
import { inChainOrder } from '../../src/evidence/certificate.js';
import { sameBytes } from '../../src/evidence/der.js';
import { toLowS } from '../../src/evidence/es256.js';
import type { Signer } from '../../src/ports/signer.js';
import { readKeyFile, type KeyPaths } from './key-files.js';
import { certificatesIn } from './pem.js';
import { profileOf, signerObjection, type Profile } from './profile.js';

export class FileSigner implements Signer {
  readonly certificates: readonly Uint8Array[];
  readonly demo: boolean;
  readonly #key: KeyObject;
  readonly #keyPath: string;

  private constructor(key: KeyObject, keyPath: string, chain: readonly Profile[]) {
    this.#key = key;
    this.#keyPath = keyPath;
    this.certificates = chain.map(({ der }) => der);
    this.demo = chain[0]?.saysDemo === true;
  }

  /** @throws KerbsideError 'key-missing' when a file is not there, 'key-unusable' when it will not do */
  static open(paths: Pick<KeyPaths, 'key' | 'certificates'>): FileSigner {
    const key = readPrivateKey(paths.key);
    const pem = readKeyFile(paths.certificates);
    if (pem === null) throw missing(`${paths.certificates} is not there, expected the certificate of ${paths.key}`);
    return new FileSigner(key, paths.key, readChain(pem, paths.certificates, key, paths.key));
  }

  sign(bytes: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      // The work is done in the thread pool.
      sign('sha256', bytes, { key: this.#key, dsaEncoding: 'ieee-p1363' }, (error, signature) => {
        if (error) reject(unusable(`${this.#keyPath} did not sign (${error.message})`, error));
        else resolve(toLowS(Uint8Array.from(signature)));
      });
    });
  }
}

/**
 * A private key on P-256 that nobody but its owner can read.
 * @throws KerbsideError 'key-missing', 'key-unusable'; the sentence holds nothing of the file's content
 */
export function readPrivateKey(path: string): KeyObject {
  const pem = readKeyFile(path);
  if (pem === null) throw missing(`${path} is not there, expected the private key`);
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    const found = `has mode ${octal(mode)}, so that others than its owner can use it`;
    throw unusable(`${path} ${found}, expected ${octal(0o400)} (chmod 0400), and think about a new key`);
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // OpenSSL's own words are left out: they might quote what they could not read.
    throw unusable(`${path} holds no private key that can be read, expected PKCS#8 in PEM without a passphrase`);
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1') return key;
  const found = asymmetricKeyDetails?.namedCurve ?? asymmetricKeyType ?? 'unknown';
  throw unusable(`${path} holds a key of the kind ${found}, expected ECDSA on P-256 (prime256v1)`);
}

/**
 * @param bytes PEM or DER
 * @param origin name of the file for the sentence
 * @returns the signer's certificate first, each issued by the next; a root at its end is left out
 * @throws KerbsideError 'key-unusable'
 */
export function readChain(bytes: Uint8Array, origin: string, key: KeyObject, keyPath: string): Profile[] {
  try {
    const ders = certificatesIn(bytes);
    if (ders.length === 0) throw unusable(`${origin} holds no certificate, expected PEM, the one of the key first`);
    const [signer, ...issuers] = ders.map(profileOf);
    if (!signer?.x509.checkPrivateKey(key)) {
      throw unusable(
        `${origin} begins with a certificate of another key than ${keyPath}, expected the one of that key`,
      );
    }
    const objection = signerObjection(signer);
    if (objection !== null) throw unusable(`${origin}: the certificate of ${signer.subject} will not do, ${objection}`);
    const chain = [signer, ...issuers.filter(({ issuer, subject }) => issuer !== subject)];
    refuseBrokenChain(chain, issuers, origin);
    return chain;
  } catch (error) {
    if (!(error instanceof KerbsideError) || error.kind === 'key-unusable') throw error;
    throw unusable(`${origin}: ${error.message.replace(/\.$/, '')}`, error);
  }
}

function refuseBrokenChain(chain: readonly Profile[], issuers: readonly Profile[], origin: string): void {
  for (const [i, certificate] of chain.entries()) {
    const issuer = chain[i + 1] ?? issuers.find(({ subject }) => subject === certificate.issuer);
    if (!issuer) continue;
    if (certificate.x509.checkIssued(issuer.x509) && certificate.x509.verify(issuer.x509.publicKey)) continue;
    const words = `the certificate of ${certificate.subject} was not issued by ${issuer.subject}`;
    throw unusable(`${origin}: ${words}, expected a chain from the signer's certificate up, in this order`);
  }
  // As a verifier will put it together from the names, which needs each of them once.
  const ders = chain.map(({ der }) => der);
  const ordered = inChainOrder(ders, ({ spki }) => sameBytes(spki, chain[0]?.spki ?? new Uint8Array()));
  if (ordered?.every(({ der }, i) => sameBytes(der, ders[i] ?? new Uint8Array())) === true) return;
  throw unusable(`${origin} holds two certificates of one name, expected a chain without branches`);
}

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

const missing = (clause: string): KerbsideError =>
  new KerbsideError('key-missing', `${clause}; make one with kerbside key create.`);

const unusable = (clause: string, cause?: unknown): KerbsideError =>
  new KerbsideError('key-unusable', `${clause}.`, { cause });

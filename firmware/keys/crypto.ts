/** The mathematics of seals, by node:crypto (OpenSSL). */
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { isP256 } from '../../src/evidence/certificate.js';
import { isLowS } from '../../src/evidence/es256.js';
import type { SealCrypto } from '../../src/ports/signer.js';

/** Reading a key costs more than checking a signature with it, and a camera has one key for all its exhibits. */
let last: { readonly spki: Buffer; readonly key: KeyObject } | null = null;

/** @throws Error for a point that is not on the curve */
function publicKeyOf(spki: Uint8Array): KeyObject {
  if (last?.spki.equals(spki) === true) return last.key;
  const own = Buffer.from(spki);
  last = { spki: own, key: createPublicKey({ key: own, format: 'der', type: 'spki' }) };
  return last.key;
}

export const sealCrypto: SealCrypto = {
  sha256: (bytes) => Uint8Array.from(createHash('sha256').update(bytes).digest()),

  verifyEs256(spki, bytes, signature) {
    // The second form of a signature (s in the upper half) is mathematically good and all the same refused.
    if (!isP256(spki) || !isLowS(signature)) return false;
    try {
      const key = publicKeyOf(spki);
      return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature);
    } catch {
      return false; // a point that is not on the curve
    }
  },
};

/** The mathematics of seals, by node:crypto (OpenSSL). */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { isP256 } from '../../src/evidence/certificate.js';
import { isLowS } from '../../src/evidence/es256.js';
import type { SealCrypto } from '../../src/ports/signer.js';

export const sealCrypto: SealCrypto = {
  sha256: (bytes) => Uint8Array.from(createHash('sha256').update(bytes).digest()),

  verifyEs256(spki, bytes, signature) {
    // The second form of a signature (s in the upper half) is mathematically good and all the same refused.
    if (!isP256(spki) || !isLowS(signature)) return false;
    try {
      const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
      return verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature);
    } catch {
      return false; // a point that is not on the curve
    }
  },
};

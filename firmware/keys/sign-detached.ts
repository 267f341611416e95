/** The detached signature beside a record (`src/evidence/cms.ts`), by whoever holds the key. */
import { encodeCms, signedAttributes } from '../../src/evidence/cms.js';
import type { Signer } from '../../src/ports/signer.js';
import { sealCrypto } from './crypto.js';

/**
 * @param nowMs UTC of the signature
 * @returns DER
 * @throws KerbsideError 'key-unusable' when the key does not answer
 */
export async function signDetached(content: Uint8Array, signer: Signer, nowMs: number): Promise<Uint8Array> {
  const { certificates } = signer;
  const attributesDer = signedAttributes({
    contentSha256: sealCrypto.sha256(content),
    signingTimeMs: nowMs,
    certificateSha256s: certificates.map((certificate) => sealCrypto.sha256(certificate)),
  });
  return encodeCms({ attributesDer, certificates, signature: await signer.sign(attributesDer) });
}

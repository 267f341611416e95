/** Seals a record: the detached signature that is stored beside it. */
import { encodeCms, signedAttributes } from '../../src/evidence/cms.js';
import type { Signer } from '../../src/ports/signer.js';
import { sealCrypto } from './crypto.js';

/**
 * @param record the bytes as they are stored
 * @param signingTimeMs UTC; whole seconds are kept
 * @returns CMS in DER
 * @throws KerbsideError 'key-unusable' when the key does not answer
 */
export async function sealRecord(signer: Signer, record: Uint8Array, signingTimeMs: number): Promise<Uint8Array> {
  const { certificates } = signer;
  const attributesDer = signedAttributes({
    contentSha256: sealCrypto.sha256(record),
    signingTimeMs,
    certificateSha256s: certificates.map((der) => sealCrypto.sha256(der)),
  });
  return encodeCms({ attributesDer, certificates, signature: await signer.sign(attributesDer) });
}

/** Checks what `readSeal` has read: signature, assertions, image. Whose key it was is the caller's to decide. */
import type { SealCrypto } from '../../ports/signer.js';
import { readCertificate } from '../certificate.js';
import { isLowS } from '../es256.js';
import { damaged } from './form.js';
import { assertionPart } from './claim.js';
import type { SealReading } from './read-seal.js';

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

function isSigned({ certificates, toBeSigned, signature }: SealReading, algorithms: SealCrypto): boolean {
  const [own] = certificates;
  if (own === undefined) return false;
  try {
    return algorithms.verifyEs256(readCertificate(own).spki, toBeSigned, signature);
  } catch (cause) {
    throw damaged('certificate', 'its public key cannot be used', 'a key on P-256', cause);
  }
}

/**
 * @param imageSha256WithoutExclusion SHA-256 of the file without the bytes of `reading.exclusion`
 * @throws KerbsideError evidence-damaged
 */
export function checkSeal(reading: SealReading, imageSha256WithoutExclusion: Uint8Array, algorithms: SealCrypto): void {
  if (!isLowS(reading.signature))
    throw damaged('signature', 's is in the upper half of the order', 'the lower, which the camera writes');
  if (!isSigned(reading, algorithms))
    throw damaged('signature', 'it does not fit claim and certificate', 'the signature over this claim');
  for (const { label, bytes, sha256 } of reading.assertions) {
    if (!isSame(algorithms.sha256(bytes), sha256))
      throw damaged(assertionPart(label), 'its SHA-256 is not that of the claim', 'the assertion that was signed');
  }
  if (!isSame(imageSha256WithoutExclusion, reading.dataHash))
    throw damaged('image data', 'their SHA-256 is not that of the seal', 'the image that was signed');
}

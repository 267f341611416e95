/** Checks what `readSeal` has read: signature, assertions, image. Whose key it was is the caller's to decide. */
import type { SealCrypto } from '../../ports/signer.js';
import { damaged } from './form.js';
import { assertionPart } from './claim.js';
import type { SealReading } from './read-seal.js';
import { publicKeyOf } from './spki.js';

/** Half the order of P-256: with every signature (r, s) goes (r, n - s), and only the lower one is ours. */
const HALF_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n >> 1n;

function isLow(signature: Uint8Array): boolean {
  const s = signature.subarray(32).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return s <= HALF_ORDER;
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);

function isSigned({ certificates, toBeSigned, signature }: SealReading, algorithms: SealCrypto): boolean {
  const [own] = certificates;
  if (own === undefined) return false;
  const key = publicKeyOf(own);
  try {
    return algorithms.verifyEs256(key, toBeSigned, signature);
  } catch (cause) {
    throw damaged('certificate', 'its public key cannot be used', 'a key on P-256', cause);
  }
}

/**
 * @param imageSha256WithoutExclusion SHA-256 of the file without the bytes of `reading.exclusion`
 * @throws KerbsideError evidence-damaged
 */
export function checkSeal(reading: SealReading, imageSha256WithoutExclusion: Uint8Array, algorithms: SealCrypto): void {
  if (!isLow(reading.signature))
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

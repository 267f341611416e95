/** The detached signature: its form, its mathematics, and who stands behind it. */
import type { DecodedCms } from '../cms.js';
import { sameBytes } from '../der.js';
import { toHex } from './hex.js';
import type { CheckList } from './checks.js';
import type { ExhibitParts, Verifier } from './exhibit.js';

export interface SignerFacts {
  readonly certificates: readonly Uint8Array[];
  readonly demo: boolean;
  readonly trusted: boolean;
  /** The record is the one that this signer signed. */
  readonly signedThis: boolean;
  /** Hex SHA-256 of the public key. */
  readonly keySha256: string;
}

/** @returns null where nobody can be said to have signed anything */
export function checkSignature(parts: ExhibitParts, verifier: Verifier, list: CheckList): SignerFacts | null {
  const { signature, record, name } = parts;
  if (signature === null) {
    list.note(
      'signature-form',
      `The signature file ${name}.p7s is missing: nothing says who made this record, or when.`,
    );
    return null;
  }
  const decoded = list.attempt('signature-form', () => verifier.readSignature(signature));
  if (decoded === null) return null;
  if (!list.note('signature-valid', signatureObjection(decoded, verifier))) return null;
  const signedThis = record !== null && list.note('record-unchanged', contentObjection(decoded, record, verifier));
  const { certificates, signingTimeMs } = decoded;
  const { trusted, demo, sentence } = verifier.judge(certificates, signingTimeMs);
  list.note('certificate-trusted', trusted ? null : untrusted(sentence));
  const keySha256 = toHex(verifier.algorithms.sha256(decoded.signerSpki));
  return { certificates, demo, trusted, signedThis, keySha256 };
}

export const untrusted = (sentence: string): string =>
  `${sentence} So nobody whom you trust vouches for this signature (--root names whom you trust).`;

function signatureObjection(decoded: DecodedCms, { algorithms }: Verifier): string | null {
  const { certificates, certificateSha256s, signerSpki, attributesDer, signature } = decoded;
  const isSigned = certificates.every((one, i) =>
    sameBytes(algorithms.sha256(one), certificateSha256s[i] ?? new Uint8Array()),
  );
  if (!isSigned) return 'The signature file holds a certificate that was exchanged: its hash is not the signed one.';
  if (!algorithms.verifyEs256(signerSpki, attributesDer, signature)) {
    return 'The signature does not fit its certificate: the signature file was altered, or another key made it.';
  }
  return null;
}

function contentObjection({ contentSha256 }: DecodedCms, record: Uint8Array, { algorithms }: Verifier): string | null {
  const found = algorithms.sha256(record);
  if (sameBytes(found, contentSha256)) return null;
  return `The record was altered after it was signed: its SHA-256 is ${toHex(found)}, signed was ${toHex(contentSha256)}.`;
}

/**
 * Signing and checking signatures, as seams. The key of a signer is read by nobody: it lies in a file of mode 0400 today,
 * and a TPM or a PKCS#11 token can stand behind the same interface. One algorithm for everything that is sealed: ECDSA on
 * P-256 over SHA-256 (ES256), since openssl's cms refuses Ed25519 (domain/imaging.md).
 */

export interface Signer {
  /** X.509, DER: the signer's own certificate first, then those up to the root; the root itself is left out. */
  readonly certificates: readonly Uint8Array[];
  /** The subject of the signer's certificate says DEMO. Demo records are signed by such a key, and only they. */
  readonly demo: boolean;
  /**
   * @param bytes what is signed, not its hash
   * @returns r and s, 32 bytes each, big-endian; s in the lower half of the order, so that there is one signature only
   * @throws KerbsideError 'key-unusable' when the key or the token does not answer
   */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** The mathematics that checking needs; `src/` has none of its own. */
export interface SealCrypto {
  sha256(bytes: Uint8Array): Uint8Array;
  /**
   * @param spki public key, DER SubjectPublicKeyInfo
   * @param signature r and s, 32 bytes each
   */
  verifyEs256(spki: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean;
}

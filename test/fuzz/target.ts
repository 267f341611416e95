/** A reader of foreign bytes, as the fuzzing sees it. */

export interface FuzzTarget {
  readonly name: string;
  /** Inputs that the reader takes, so that what is made of them begins behind its first checks. */
  readonly seeds: readonly Uint8Array[];
  /** Others to begin with, which it refuses. */
  readonly oddities?: readonly Uint8Array[];
  /**
   * Where the reader asks for a checksum or a signature first, the input is what stands behind it, and is dressed anew.
   * @returns whether it was read; false: it was refused as the house refuses
   * @throws for defects alone
   */
  readonly run: (bytes: Uint8Array) => boolean;
}

/**
 * ICN-1: every image that reaches the camera's controller gets a number, whatever it shows; only the same bytes once more do
 * not. Judged when a life has closed: what a crash swallows is the accounting's matter.
 */
import type { ConcludedExposure } from '../../../src/evidence/types.js';
import type { ImageArrival } from '../../../src/timeline.js';
import type { Findings } from './findings.js';
import { seconds } from './settings.js';

export class Arrivals {
  readonly #findings: Findings;
  /** Of those that no number was given yet: when they came, by the SHA-256 of the file. */
  readonly #waiting = new Map<string, { readonly fileName: string; readonly atNs: number }>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  newLife(): void {
    this.#waiting.clear();
  }

  came({ sha256, fileName, duplicate }: ImageArrival, atNs: number): void {
    if (!duplicate) this.#waiting.set(sha256, { fileName, atNs });
  }

  concluded({ imageSha256 }: ConcludedExposure): void {
    if (imageSha256 !== null) this.#waiting.delete(imageSha256);
  }

  closed(): void {
    for (const { fileName, atNs } of this.#waiting.values()) {
      const found = `The image ${fileName} of ${seconds(atNs)} s has no number when all is closed`;
      this.#findings.add('image-unnumbered', atNs, `${found} (ICN-1).`);
    }
    this.#waiting.clear();
  }
}

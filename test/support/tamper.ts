/** Altered exhibits and what the verifier says of them. */
import { createJudge, verifierFor } from '../../firmware/verify/judge.js';
import { sealRecord } from '../../firmware/keys/seal-record.js';
import type { Signer } from '../../src/ports/signer.js';
import { partOf, sentenceOf, type ExhibitPart } from '../../src/evidence/verify/checks.js';
import { verifyExhibit, type ExhibitParts, type ExhibitResult } from '../../src/evidence/verify/exhibit.js';
import { DEPLOYMENT, SEALED_MS, type Exhibit } from './exhibit.js';

export { createJudge };

export function judge(
  exhibit: Exhibit,
  changes: Partial<ExhibitParts> = {},
  roots: readonly Uint8Array[] = [],
): ExhibitResult {
  return verifyExhibit({ ...exhibit, folder: DEPLOYMENT, certificateSha256s: null, ...changes }, verifierFor(roots));
}

export const failedParts = ({ checks }: ExhibitResult): ExhibitPart[] => [
  ...new Set(checks.filter(({ status }) => status === 'failed').map(({ id }) => partOf(id))),
];

export const failedIds = ({ checks }: ExhibitResult): string[] =>
  checks.filter(({ status }) => status === 'failed').map(({ id }) => id);

export const sentences = ({ checks }: ExhibitResult): string =>
  checks
    .filter(({ status }) => status === 'failed')
    .map(sentenceOf)
    .join('\n');

/** Signed once more, by whoever has a key. */
export const resigned = async (
  record: Uint8Array,
  signer: Signer,
): Promise<{ record: Uint8Array; signature: Uint8Array }> => ({
  record,
  signature: await sealRecord(signer, record, SEALED_MS),
});

export const PARTS = ['image', 'record', 'signature'] as const satisfies readonly ExhibitPart[];

/** @param bit counted over image, record and signature, one behind the other */
export function flipped(exhibit: Exhibit, bit: number): { part: ExhibitPart; changes: Partial<ExhibitParts> } {
  let at = bit;
  for (const part of PARTS) {
    const bytes = exhibit[part] ?? new Uint8Array();
    if (at >= bytes.length * 8) {
      at -= bytes.length * 8;
      continue;
    }
    const changed = Uint8Array.from(bytes);
    changed[at >> 3] = (changed[at >> 3] ?? 0) ^ (1 << (at & 7));
    return { part, changes: { [part]: changed } };
  }
  throw new RangeError(`bit ${bit} lies behind the exhibit`);
}

export const bitsOf = (exhibit: Exhibit): number =>
  8 * PARTS.reduce((sum, part) => sum + (exhibit[part]?.length ?? 0), 0);

/** What is wrong with the refusal of this altered bit; null where it is as it must be. */
export function flipFault(exhibit: Exhibit, bit: number): string | null {
  const { part, changes } = flipped(exhibit, bit);
  const result = judge(exhibit, changes);
  if (result.ok) return `bit ${bit} (${part}): accepted`;
  const named = failedParts(result);
  return named.length === 1 && named[0] === part
    ? null
    : `bit ${bit} (${part}): ${named.join()} named: ${failedIds(result).join()}`;
}

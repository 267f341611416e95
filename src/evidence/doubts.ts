/**
 * Records in doubt: a test of the equipment that failed, or was never made, speaks against what was measured since the
 * last one that passed. Such records are marked and never deleted; the mark is a chained event of the type `doubt`.
 */
import type { DeploymentEvent } from '../deployment/events.js';
import type { Icn } from './types.js';

/** What a doubt says, with the first and the last number that it concerns. */
export interface Doubt {
  readonly fromIcn: Icn;
  readonly untilIcn: Icn;
  /** The test that failed or is missing, e.g. fork. */
  readonly test: string;
  /** Since when nothing vouches for the equipment; null: not known. */
  readonly sinceUtcMs: number | null;
  /** Why, for people. */
  readonly reason: string;
}

const NUMBER = /^\d{9}$/;

/** @returns null for any other event, and for a doubt that concerns no number */
export function doubtOf({ type, code, sentence, detail }: DeploymentEvent): Doubt | null {
  if (type !== 'doubt') return null;
  const { fromIcn, untilIcn, test, sinceUtcMs } = detail;
  if (typeof fromIcn !== 'string' || typeof untilIcn !== 'string') return null;
  if (!NUMBER.test(fromIcn) || !NUMBER.test(untilIcn)) return null;
  return {
    fromIcn,
    untilIcn,
    test: typeof test === 'string' ? test : code,
    sinceUtcMs: typeof sinceUtcMs === 'number' ? sinceUtcMs : null,
    reason: sentence,
  };
}

/** Numbers have a fixed width, so their order is that of the text (ICN-3). @returns doubts about this number */
export const doubtsAbout = (icn: Icn, doubts: readonly Doubt[]): Doubt[] =>
  doubts.filter(({ fromIcn, untilIcn }) => fromIcn <= icn && icn <= untilIcn);

/** How a check puts what it found, and the answers that many checks share. Times of UTC become moments to look again. */
import type { CheckStatus, Judgement, ReadinessFacts, Words } from '../readiness.js';
import { monotonicNs, NS_PER_MS, type MonotonicNs, type UtcMs } from '../../units.js';

export type Details = Partial<Omit<Judgement, 'status' | 'sentence'>>;

function judgement(status: CheckStatus, sentence: Words, details: Details): Judgement {
  const { value = null, unit = null, limit = null, takenNs = null, holdsUntilNs = null } = details;
  return { status, value, unit, limit, takenNs, sentence, holdsUntilNs };
}

/** @param ok anything but true fails, so that a value that is no number never passes by being incomparable */
export const judged = (ok: boolean, sentence: Words, details: Details = {}): Judgement =>
  judgement(ok ? 'pass' : 'fail', sentence, details);

export const notApplicable = (sentence: string): Judgement => judgement('not-applicable', sentence, {});
export const unknown = (sentence: string): Judgement => judgement('unknown', sentence, {});

const BENCH = notApplicable('Bench session at a bare site file: no reference data and no plan.');
const AT_STATIC = notApplicable('Static installation: nobody and no van is there.');
const AT_MOBILE = notApplicable('Mobile camera: it concerns static installations.');
const NO_BOARD = notApplicable('No I/O board is configured.');
const BOARD_SILENT = unknown('I/O board: it does not report.');

export const NO_TIME = unknown('The time is not known.');
export const NO_PLACE = unknown('The place of the van is not known.');

export const isStatic = ({ config }: ReadinessFacts): boolean => config.installation === 'static';

/** What a check answers that asks for a plan and packs; null where there are some. */
export const unlessPlanned = ({ config }: ReadinessFacts): Judgement | null => (config.plan === null ? BENCH : null);

export const unlessMobile = (facts: ReadinessFacts): Judgement | null =>
  unlessPlanned(facts) ?? (isStatic(facts) ? AT_STATIC : null);

export const unlessStatic = (facts: ReadinessFacts): Judgement | null =>
  unlessPlanned(facts) ?? (isStatic(facts) ? null : AT_MOBILE);

/** What a check answers that asks the I/O board; null where it reports. A silent board is `board-stale`'s matter. */
export function unlessBoardReports({ config, board }: ReadinessFacts): Judgement | null {
  if (!config.hasIoBoard) return NO_BOARD;
  return board.report === null ? BOARD_SILENT : null;
}

/** The moment of the monotonic clock that is as far off as an instant of UTC; null for never or for no clock. */
export function momentOf(
  { nowNs, utcMs }: Pick<ReadinessFacts, 'nowNs' | 'utcMs'>,
  instant: UtcMs | null,
): MonotonicNs | null {
  if (instant === null || utcMs === null) return null;
  return monotonicNs(nowNs + (instant - utcMs) * NS_PER_MS);
}

export const spoken = (words: Words): string => (typeof words === 'string' ? words : words());

export const seconds = (nanoseconds: number): string => (nanoseconds / 1e9).toFixed(1);

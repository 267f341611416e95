/** Local calendar dates of a zone, and the instants at which they begin. */
import { utcMs, type UtcMs } from '../units.js';

/** YYYY-MM-DD of the site's own calendar. */
export type LocalDate = string;

/** @throws RangeError where the zone is not known */
export function localDateOf(_utc: UtcMs, _zone: string): LocalDate {
  throw new Error('not built yet');
}

/** Midnight with which a local date begins. @throws RangeError where the zone is not known */
export function startOfDate(_date: LocalDate, _zone: string): UtcMs {
  return utcMs(NaN);
}

/** The same day so many months later; the last day of the month where it has fewer. */
export function plusMonths(_date: LocalDate, _months: number): LocalDate {
  throw new Error('not built yet');
}

export function plusDays(_date: LocalDate, _days: number): LocalDate {
  throw new Error('not built yet');
}

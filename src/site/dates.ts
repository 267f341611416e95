/**
 * Local calendar dates of a zone, and the instants at which they begin. A date has no time: arithmetic on dates counts
 * days and months of the calendar, never hours, so a day of 23 or 25 hours is one day.
 */
import { utcMs, type UtcMs } from '../units.js';
import { offsetMsAt } from './zone-offset.js';

/** YYYY-MM-DD of the site's own calendar. */
export type LocalDate = string;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Days since 1970-01-01. @throws RangeError where it is no date of the calendar */
function dayNumber(date: LocalDate): number {
  const day = /^\d{4}-\d\d-\d\d$/.test(date) ? Date.parse(`${date}T00:00:00Z`) / DAY_MS : NaN;
  // 30 February would count as 2 March.
  if (!Number.isInteger(day) || dateOf(day) !== date) {
    throw new RangeError(`${date} is no date of the calendar; expected YYYY-MM-DD`);
  }
  return day;
}

const dateOf = (day: number): LocalDate => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** @throws RangeError where the zone is not known */
export const localDateOf = (utc: UtcMs, zone: string): LocalDate =>
  dateOf(Math.floor((utc + offsetMsAt(utc, zone)) / DAY_MS));

/** Midnight with which a local date begins. @throws RangeError where the zone is not known */
export const startOfDate = (date: LocalDate, zone: string): UtcMs => instantOf(date, '00:00', zone);

/**
 * The first instant at which the zone's clock shows this time of this date; where the clock leaps over it, the instant
 * of the leap. In New Zealand clocks change on Sundays in the small hours, never on a school day.
 *
 * @param time HH:MM
 * @throws RangeError where the zone is not known or it is no date
 */
export function instantOf(date: LocalDate, time: string, zone: string): UtcMs {
  const shown = dayNumber(date) * DAY_MS + (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * MINUTE_MS;
  const before = offsetMsAt(utcMs(shown - DAY_MS), zone);
  const after = offsetMsAt(utcMs(shown + DAY_MS), zone);
  for (const offsetMs of [Math.max(before, after), Math.min(before, after)]) {
    if (offsetMsAt(utcMs(shown - offsetMs), zone) === offsetMs) return utcMs(shown - offsetMs);
  }
  return leap(shown - Math.max(before, after), shown - Math.min(before, after), zone);
}

/** Between these two instants the clock leaps: when? */
function leap(fromMs: number, untilMs: number, zone: string): UtcMs {
  const offsetMs = offsetMsAt(utcMs(fromMs), zone);
  let [before, after] = [fromMs, untilMs];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetMsAt(utcMs(middle), zone) === offsetMs) before = middle;
    else after = middle;
  }
  return utcMs(after);
}

/** The same day so many months later; the last day of the month where it has fewer. @throws RangeError where it is no date */
export function plusMonths(date: LocalDate, months: number): LocalDate {
  dayNumber(date);
  const day = Number(date.slice(8));
  const first = new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1 + months, 1));
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return dateOf(first.getTime() / DAY_MS + Math.min(day, length) - 1);
}

/** @throws RangeError where it is no date */
export const plusDays = (date: LocalDate, days: number): LocalDate => dateOf(dayNumber(date) + days);

/** 0 is Sunday. @throws RangeError where it is no date */
export const weekdayOf = (date: LocalDate): number => (((dayNumber(date) + 4) % 7) + 7) % 7;

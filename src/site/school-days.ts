/**
 * Is the local date of an instant a school day at this site? (paragraph "School days" of domain/rules.md) Terms and
 * closures come from the region's calendar; weekends and holidays are computed. Outside the validity of the calendar
 * nothing is known, and what is not known is never taken for a school day.
 */
import { utcMs, type UtcMs } from '../units.js';
import { instantOf, localDateOf, plusDays, startOfDate, weekdayOf, type LocalDate } from './dates.js';
import { closedDays, SCHOOL_REGIONS } from './holidays.js';
import type { Reference, SchoolCalendar } from './reference.js';
import type { DailyTime, Site } from './types.js';

export interface SchoolDay {
  readonly kind: 'school-day' | 'closed' | 'unknown';
  /** A sentence without its full stop: which day it is and why. */
  readonly why: string;
  /** Null where no calendar can tell, whatever the date. */
  readonly date: LocalDate | null;
  /** Midnight with which the date begins and ends; null where it is so for ever. */
  readonly fromUtcMs: UtcMs | null;
  readonly untilUtcMs: UtcMs | null;
}

type Verdict = Pick<SchoolDay, 'kind' | 'why'>;

/**
 * The library of holidays takes tens of milliseconds for a year. So every year that may be asked of the site is worked out
 * when its calendars come, and none while vehicles pass.
 */
export function prepareSchoolDays({ calendars }: Pick<Reference, 'calendars'>, site: Site): void {
  const region = site.school?.region ?? null;
  if (region === null || !SCHOOL_REGIONS.includes(region)) return;
  for (const { validFrom, validUntil } of calendars.filter((calendar) => calendar.region === region)) {
    for (let year = yearOf(validFrom); year <= yearOf(validUntil); year += 1) closedDays(region, year);
  }
}

const yearOf = (date: LocalDate): number => Number(date.slice(0, 4));

export function schoolDayAt({ calendars }: Pick<Reference, 'calendars'>, site: Site, utc: UtcMs): SchoolDay {
  const region = site.school?.region ?? null;
  const ofRegion = calendars.filter((calendar) => calendar.region === region);
  const never = whyNever(site, region, ofRegion);
  if (region === null || never !== null) {
    return { kind: 'unknown', why: never ?? '', date: null, fromUtcMs: null, untilUtcMs: null };
  }
  const date = localDateOf(utc, site.zone);
  return {
    ...verdictOf(date, region, ofRegion),
    date,
    fromUtcMs: startOfDate(date, site.zone),
    untilUtcMs: startOfDate(plusDays(date, 1), site.zone),
  };
}

/** Why no date whatever is known to be a school day here; null where the calendars must be asked. */
function whyNever({ code, zone }: Site, region: string | null, ofRegion: readonly SchoolCalendar[]): string | null {
  if (region === null) return `Site ${code} names no region, so no school day is known there`;
  if (!SCHOOL_REGIONS.includes(region)) {
    return `Region ${region} of site ${code} is not known; expected one of ${SCHOOL_REGIONS.join(', ')}`;
  }
  if (ofRegion.length === 0)
    return `There is no school calendar of ${region}, so no school day is known at site ${code}`;
  const foreign = ofRegion.find((calendar) => calendar.zone !== zone);
  if (foreign === undefined) return null;
  return `The school calendar of ${region} is for the zone ${foreign.zone}, site ${code} lies in ${zone}; expected the same`;
}

function verdictOf(date: LocalDate, region: string, ofRegion: readonly SchoolCalendar[]): Verdict {
  const [calendar, second] = ofRegion.filter(({ validFrom, validUntil }) => validFrom <= date && date <= validUntil);
  if (calendar === undefined) {
    const validity = ofRegion.map(({ validFrom, validUntil }) => `${validFrom} to ${validUntil}`).join(', ');
    return {
      kind: 'unknown',
      why: `${date} is not a school day known to be allowed: the school calendar of ${region} is valid ${validity}`,
    };
  }
  if (second !== undefined) {
    return { kind: 'unknown', why: `${date} is in two school calendars of ${region}; expected one to be valid` };
  }
  const closed = whyClosed(date, calendar);
  return closed === null
    ? { kind: 'school-day', why: `${date} is a school day in ${region}` }
    : { kind: 'closed', why: `${date} is no school day in ${region} (${closed})` };
}

function whyClosed(date: LocalDate, { region, terms, closures }: SchoolCalendar): string | null {
  const weekday = weekdayOf(date);
  if (weekday === 0) return 'Sunday';
  if (weekday === 6) return 'Saturday';
  const holiday = closedDays(region, yearOf(date)).get(date);
  if (holiday !== undefined) return holiday;
  if (!terms.some(({ from, until }) => from <= date && date <= until)) return 'outside the terms';
  return closures.find((closure) => closure.date === date)?.name ?? null;
}

/** A time of day as the instants of one date: from the first to just before the second. */
export interface Window {
  readonly fromUtcMs: UtcMs;
  readonly untilUtcMs: UtcMs;
}

/** These times on a school day; none on any other. */
export function schoolWindows({ kind, date }: SchoolDay, times: readonly DailyTime[], zone: string): Window[] {
  if (kind !== 'school-day' || date === null) return [];
  return times.map(({ from, until }) => ({
    fromUtcMs: instantOf(date, from, zone),
    untilUtcMs: instantOf(date, until, zone),
  }));
}

export const isWithin = ({ fromUtcMs, untilUtcMs }: Window, utc: UtcMs): boolean =>
  utc >= fromUtcMs && utc < untilUtcMs;

/** The moments at which an answer that depends on the day and these windows may change. */
export const edgesOf = (day: SchoolDay, windows: readonly Window[]): UtcMs[] => [
  ...(day.fromUtcMs === null ? [] : [day.fromUtcMs]),
  ...(day.untilUtcMs === null ? [] : [utcMs(day.untilUtcMs)]),
  ...windows.flatMap(({ fromUtcMs, untilUtcMs }) => [fromUtcMs, untilUtcMs]),
];

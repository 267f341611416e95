/**
 * Content of a `calendar` pack: term dates by region with their validity, closures that nobody can compute, and recorded
 * school activities (SCH-2). Weekends, public holidays, Easter Tuesday and anniversary days are computed elsewhere.
 */
import { z } from 'zod';
import { SCHOOL_REGIONS } from '../holidays.js';
import type { SchoolActivity, SchoolCalendar } from '../reference.js';
import { SITE_ZONES } from '../site-file.js';
import { code, duplicates, inOrder, instant, instantOf, isoDate, packHead, text, type Complaint } from './head.js';

const WEEK_MS = 7 * 86_400_000;

export const calendarSchema = z.strictObject({
  ...packHead('calendar'),
  calendars: z
    .array(
      z.strictObject({
        region: z.enum(SCHOOL_REGIONS).describe('As the school of a site names it'),
        zone: z.enum(SITE_ZONES),
        validFrom: isoDate,
        validUntil: isoDate.describe('Last day; outside it no day is known to be a school day'),
        terms: z
          .array(z.strictObject({ from: isoDate, until: isoDate }))
          .min(1)
          .max(40),
        closures: z
          .array(z.strictObject({ date: isoDate, name: text }))
          .max(500)
          .default([]),
      }),
    )
    .min(1)
    .max(100),
  activities: z
    .array(z.strictObject({ siteCode: code, name: text, from: instant, until: instant }))
    .max(5000)
    .default([])
    .describe('SCH-2: sport on the grounds, a drama night'),
});

type CalendarFile = z.infer<typeof calendarSchema>;
type Calendar = CalendarFile['calendars'][number];

export const checkCalendar = ({ calendars, activities }: CalendarFile): Complaint[] => [
  ...calendars.flatMap((calendar, index) => [
    ...checkZone(calendar, index),
    ...checkValidity(calendar, index, calendars),
    ...checkTerms(calendar, index),
    ...checkClosures(calendar, index),
  ]),
  ...activities.flatMap(({ from, until }, index) => checkSpan(['activities', index, 'until'], from, until)),
];

/** Three quarters of an hour of every school day hang on it. */
function checkZone({ region, zone }: Calendar, index: number): Complaint[] {
  const expected = region === 'chatham-islands' ? 'Pacific/Chatham' : 'Pacific/Auckland';
  if (zone === expected) return [];
  return [{ path: ['calendars', index, 'zone'], clause: `is ${zone}, expected ${expected} for ${region}` }];
}

function checkValidity(
  { region, validFrom, validUntil }: Calendar,
  index: number,
  all: readonly Calendar[],
): Complaint[] {
  const path = ['calendars', index, 'validUntil'];
  const order = inOrder(path, validFrom, validUntil, 'the first day of its validity');
  if (order.length > 0) return order;
  const other = all
    .slice(0, index)
    .find((each) => each.region === region && each.validFrom <= validUntil && validFrom <= each.validUntil);
  if (other === undefined) return [];
  const clause = `is a second calendar of ${region} for days from ${validFrom} on, expected one calendar for each day`;
  return [{ path: ['calendars', index], clause }];
}

function checkTerms({ terms, validFrom, validUntil }: Calendar, index: number): Complaint[] {
  return terms.flatMap(({ from, until }, place): Complaint[] => {
    const path = ['calendars', index, 'terms', place];
    const order = inOrder([...path, 'until'], from, until, 'the first day of the term');
    if (order.length > 0) return order;
    if (from < validFrom || until > validUntil) {
      const clause = `is ${from} to ${until}, expected days within the validity, ${validFrom} to ${validUntil}`;
      return [{ path, clause }];
    }
    const before = terms[place - 1];
    if (before === undefined || before.until < from) return [];
    return [{ path, clause: `begins on ${from}, expected a day after ${before.until}, the end of the term before` }];
  });
}

const checkClosures = ({ closures, validFrom, validUntil }: Calendar, index: number): Complaint[] => [
  ...closures.flatMap(({ date }, place): Complaint[] => {
    if (date >= validFrom && date <= validUntil) return [];
    const clause = `is ${date}, expected a day within the validity, ${validFrom} to ${validUntil}`;
    return [{ path: ['calendars', index, 'closures', place, 'date'], clause }];
  }),
  ...duplicates(closures, ({ date }) => date).map((place) => ({
    path: ['calendars', index, 'closures', place, 'date'],
    clause: 'is found twice, expected each closure once',
  })),
];

/** A span that ends before it begins is never, and one of weeks is a date mistyped. */
export function checkSpan(path: Complaint['path'], from: string, until: string, mostMs = WEEK_MS): Complaint[] {
  const lengthMs = instantOf(until) - instantOf(from);
  if (lengthMs <= 0) return [{ path, clause: `is ${until}, expected an instant after ${from}` }];
  if (lengthMs <= mostMs) return [];
  return [{ path, clause: `is ${until}, expected at most ${Math.round(mostMs / 86_400_000)} days after ${from}` }];
}

export const toCalendarContent = ({
  calendars,
  activities,
}: CalendarFile): {
  readonly calendars: readonly SchoolCalendar[];
  readonly activities: readonly SchoolActivity[];
} => ({
  calendars,
  activities: activities.map(({ siteCode, name, from, until }) => ({
    siteCode,
    name,
    fromUtcMs: instantOf(from),
    untilUtcMs: instantOf(until),
  })),
});

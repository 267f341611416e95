/** The part of `mutants.ts` that is about school days, their hours and the limit in force. */
import type { Mutant } from './mutants.js';

const HOLIDAYS = ['test/site/holidays.test.js'];
const YEARS = ['test/site/school-years.test.js'];

export const CALENDAR_MUTANTS: readonly Mutant[] = [
  {
    claim: 'schools are closed on Easter Tuesday, not on the day after it',
    file: 'src/site/holidays.js',
    from: 'plusDays(day, 1)',
    to: 'plusDays(day, 2)',
    provenBy: YEARS,
  },
  {
    claim: 'the anniversary day is that of the region, not of Auckland',
    file: 'src/site/holidays.js',
    from: "new Holidays('NZ', province, OPTIONS)",
    to: "new Holidays('NZ', 'AUK', OPTIONS)",
    provenBy: HOLIDAYS,
  },
  {
    claim: 'SCH-2: at 18:00:00.000 it is over',
    file: 'src/site/school-days.js',
    from: 'utc < untilUtcMs;',
    to: 'utc <= untilUtcMs;',
    provenBy: YEARS,
  },
  {
    claim: 'Chatham is three quarters of an hour ahead of Auckland, not a whole one',
    file: 'src/site/zone-offset.js',
    from: "part('minute'), part('second')",
    to: "0, part('second')",
    provenBy: YEARS,
  },
  {
    claim: 'an answer of a school day is not kept beyond its span',
    file: 'src/site/spans.js',
    from: 'untilUtcMs === null || utc < untilUtcMs',
    to: 'untilUtcMs !== undefined',
    provenBy: YEARS,
  },
  {
    claim: 'SCH-2: outside the validity of the calendar no day is a school day',
    file: 'src/site/school-days.js',
    from: 'validFrom <= date && date <= validUntil',
    to: 'validFrom <= date',
    provenBy: ['test/site/school-time.test.js'],
  },
];

/**
 * School days of 2026 and 2027 in two regions as tables written out by hand: first and last days of the terms, every
 * weekday inside them on which schools are closed, and the instants at which clocks change. It has arithmetic of its own
 * and neither a calendar nor a zone library, and shares nothing with `src/`.
 *
 * Sources: terms of the Ministry of Education (2026; 2027 as gazetted again in October 2025, whose days from the latest
 * start on 3 February make the 380 half-days that the Ministry gives); holidays and anniversary days of the Holidays Act
 * and the labour inspectorate's list; Matariki from the schedule of its Act.
 */

/** Clocks go back and forward in both zones at the same instant: 02:00 standard time in Auckland, 02:45 in Chatham. */
const SUMMER_UNTIL_2026 = 1775311200000; // 2026-04-04T14:00Z
const SUMMER_FROM_2026 = 1790431200000; // 2026-09-26T14:00Z
const SUMMER_UNTIL_2027 = 1806760800000; // 2027-04-03T14:00Z
const SUMMER_FROM_2027 = 1821880800000; // 2027-09-25T14:00Z

const MINUTE = 60_000;

export interface RegionTable {
  /** Ahead of UTC in winter. */
  readonly standardMinutes: number;
  /** Month and day of each term's ends, by year. */
  readonly terms: Readonly<Record<number, readonly (readonly [number, number])[]>>;
  /** Weekdays inside the terms without school. */
  readonly closed: Readonly<Record<number, readonly number[]>>;
}

const TERMS: RegionTable['terms'] = {
  2026: [
    [126, 402],
    [420, 703],
    [720, 925],
    [1012, 1218],
  ],
  2027: [
    [201, 409],
    [426, 702],
    [719, 924],
    [1011, 1217],
  ],
};

export const AUCKLAND: RegionTable = {
  standardMinutes: 720,
  terms: TERMS,
  closed: {
    // Anniversary, Waitangi, Anzac (Saturday, so Monday), King's Birthday, day after it for teachers, Labour Day.
    2026: [126, 206, 427, 601, 602, 1026],
    // Anniversary, Waitangi (Saturday, so Monday), Easter with its Tuesday, Anzac (Sunday), King's Birthday, Matariki.
    2027: [201, 208, 326, 329, 330, 426, 607, 625, 1025],
  },
};

export const CHATHAM: RegionTable = {
  standardMinutes: 765,
  terms: TERMS,
  closed: {
    2026: [206, 427, 601, 1026, 1130],
    2027: [208, 326, 329, 330, 426, 607, 625, 1025, 1129],
  },
};

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]; // neither year is a leap year
const START_2026 = 20454; // days from 1970-01-01 to 2026-01-01, a Thursday

export interface TableAnswer {
  /** Inside the tables. */
  readonly known: boolean;
  readonly schoolDay: boolean;
  /** Minutes since local midnight, with fractions. */
  readonly minute: number;
}

function isSummer(utcMs: number): boolean {
  return (
    utcMs < SUMMER_UNTIL_2026 || (utcMs >= SUMMER_FROM_2026 && utcMs < SUMMER_UNTIL_2027) || utcMs >= SUMMER_FROM_2027
  );
}

/** First instant of 2026 and first of 2028 in the region. */
export const tableEnds = ({ standardMinutes }: RegionTable): readonly [number, number] => [
  START_2026 * 86_400_000 - (standardMinutes + 60) * MINUTE,
  (START_2026 + 730) * 86_400_000 - (standardMinutes + 60) * MINUTE,
];

/** Day by day, worked out once: is it a school day? Index 0 is 1 January 2026. */
export function schoolDays(table: RegionTable): readonly boolean[] {
  const days: boolean[] = [];
  for (const year of [2026, 2027]) {
    MONTH_DAYS.forEach((length, index) => {
      for (let day = 1; day <= length; day += 1) {
        const code = (index + 1) * 100 + day;
        const weekday = (days.length + 4) % 7; // 1 January 2026: Thursday
        const inTerm = (table.terms[year] ?? []).some(([from, until]) => code >= from && code <= until);
        days.push(weekday !== 0 && weekday !== 6 && inTerm && !(table.closed[year] ?? []).includes(code));
      }
    });
  }
  return days;
}

export function tableAt(table: RegionTable, days: readonly boolean[], utcMs: number): TableAnswer {
  const localMinutes = utcMs / MINUTE + table.standardMinutes + (isSummer(utcMs) ? 60 : 0);
  const day = Math.floor(localMinutes / 1440) - START_2026;
  return {
    known: day >= 0 && day < 730,
    schoolDay: days[day] ?? false,
    minute: localMinutes - (day + START_2026) * 1440,
  };
}

/** 07:30 up to 18:00. */
export const maySchoolCameraWork = ({ schoolDay, minute }: TableAnswer): boolean =>
  schoolDay && minute >= 450 && minute < 1080;

/** 08:25 up to 09:10 and 14:45 up to 15:30. */
export const isBellTime = ({ schoolDay, minute }: TableAnswer): boolean =>
  schoolDay && ((minute >= 505 && minute < 550) || (minute >= 885 && minute < 930));

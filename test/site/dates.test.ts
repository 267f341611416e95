/** Local dates: where they begin, across changes of the clock, and arithmetic of the calendar. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instantOf, localDateOf, plusDays, plusMonths, startOfDate, weekdayOf } from '../../src/site/dates.js';
import { offsetMsAt, offsetSpan } from '../../src/site/zone-offset.js';
import { utcMs } from '../../src/units.js';
import { runs } from '../support/fuzz.js';
import { at } from './calendars.js';

const AUCKLAND = 'Pacific/Auckland';
const CHATHAM = 'Pacific/Chatham';
const ZONES = [AUCKLAND, CHATHAM, 'UTC', 'America/New_York', 'America/Sao_Paulo', 'Australia/Lord_Howe'];
const DAY_MS = 86_400_000;

const anyZone = fc.constantFrom(...ZONES);
const anyInstant = fc
  .integer({ min: Date.parse('1990-01-01T00:00Z'), max: Date.parse('2040-01-01T00:00Z') })
  .map((ms) => utcMs(ms));

describe('local dates', () => {
  it('a date begins at midnight of its zone, on days of 23 and 25 hours too', () => {
    assert.equal(startOfDate('2026-06-06', AUCKLAND), at('2026-06-05T12:00Z'));
    assert.equal(startOfDate('2026-06-06', CHATHAM), at('2026-06-05T11:15Z'));
    assert.equal(startOfDate('2027-01-01', CHATHAM), at('2026-12-31T10:15Z'));
    const lengthH = (date: string, zone: string) =>
      (startOfDate(plusDays(date, 1), zone) - startOfDate(date, zone)) / 3_600_000;
    for (const zone of [AUCKLAND, CHATHAM]) {
      assert.deepEqual(
        ['2026-04-04', '2026-04-05', '2026-09-27'].map((date) => lengthH(date, zone)),
        [24, 25, 23],
      );
    }
  });

  it('clocks of Auckland and Chatham change at 14:00 UTC: 03:00 and 03:45 summer time, 02:00 and 02:45 standard time', () => {
    for (const [zone, standardH] of [
      [AUCKLAND, 12],
      [CHATHAM, 12.75],
    ] as const) {
      for (const [iso, before, after] of [
        ['2026-04-04T14:00Z', 1, 0],
        ['2026-09-26T14:00Z', 0, 1],
      ] as const) {
        assert.equal(offsetMsAt(utcMs(at(iso) - 0.5), zone), (standardH + before) * 3_600_000);
        assert.equal(offsetMsAt(at(iso), zone), (standardH + after) * 3_600_000);
      }
    }
  });

  it('a time that a clock shows twice is its first instant, one that it leaps over is the leap', () => {
    assert.equal(instantOf('2026-04-05', '02:45', CHATHAM), at('2026-04-04T13:00Z'));
    assert.equal(instantOf('2026-04-05', '03:45', CHATHAM), at('2026-04-04T15:00Z'));
    assert.equal(instantOf('2026-09-27', '02:45', CHATHAM), at('2026-09-26T14:00Z'));
    assert.equal(instantOf('2026-09-27', '03:30', CHATHAM), at('2026-09-26T14:00Z'));
    assert.equal(instantOf('2026-09-27', '03:45', CHATHAM), at('2026-09-26T14:00Z'));
    assert.equal(instantOf('2026-09-27', '02:44', CHATHAM), at('2026-09-26T13:59Z'));
    // Where the leap is at midnight the day begins at 01:00.
    assert.equal(startOfDate('2017-10-15', 'America/Sao_Paulo'), at('2017-10-15T03:00Z'));
  });

  it('CAL-1: issued on 2025-11-25, a certificate of twelve months is good through the whole of 2026-11-25', () => {
    const last = plusMonths('2025-11-25', 12);
    assert.equal(last, '2026-11-25');
    const endMs = startOfDate(plusDays(last, 1), AUCKLAND);
    assert.equal(endMs, at('2026-11-26T00:00:00+13:00'));
    assert.deepEqual([localDateOf(utcMs(endMs - 0.001), AUCKLAND), localDateOf(endMs, AUCKLAND)], [last, '2026-11-26']);
  });

  it('months are those of the calendar: the last day where the month is shorter', () => {
    for (const [date, months, wanted] of [
      ['2024-02-29', 12, '2025-02-28'],
      ['2024-02-29', 48, '2028-02-29'],
      ['2026-01-31', 1, '2026-02-28'],
      ['2026-12-31', 2, '2027-02-28'],
      ['2026-03-31', -1, '2026-02-28'],
      ['2026-11-30', 3, '2027-02-28'],
      ['2026-06-15', 60, '2031-06-15'],
    ] as const) {
      assert.equal(plusMonths(date, months), wanted);
    }
  });

  it('what is no date of the calendar is refused', () => {
    for (const date of ['2026-02-29', '2026-02-30', '2026-13-01', '2026-1-1', '', '2026-04-31', 'tomorrow']) {
      for (const use of [() => plusMonths(date, 1), () => plusDays(date, 1), () => startOfDate(date, AUCKLAND)]) {
        assert.throws(use, { name: 'RangeError', message: `${date} is no date of the calendar; expected YYYY-MM-DD` });
      }
    }
    assert.throws(() => localDateOf(utcMs(0), 'Pacific/Atlantis'), RangeError);
    assert.throws(() => localDateOf(utcMs(NaN), AUCKLAND), RangeError);
  });

  it('the date of any instant is the one that Intl shows, whatever was asked before', () => {
    const shown = new Map(
      ZONES.map((zone) => [
        zone,
        new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }),
      ]),
    );
    fc.assert(
      fc.property(anyInstant, anyZone, (utc, zone) => {
        const date = localDateOf(utc, zone);
        assert.equal(date, shown.get(zone)?.format(utc));
        const [start, end] = [startOfDate(date, zone), startOfDate(plusDays(date, 1), zone)];
        assert.ok(start <= utc && utc < end, `${date} ${zone} ${start} ${utc} ${end}`);
        const before = localDateOf(utcMs(start - 1), zone);
        assert.equal(before, plusDays(date, -1));
        assert.equal(weekdayOf(date), new Date(`${date}T00:00Z`).getUTCDay());
        const span = offsetSpan(utc, zone);
        assert.ok(span.fromUtcMs <= utc && utc < span.untilUtcMs);
      }),
      { numRuns: runs(500) },
    );
  });

  it('days and months add up', () => {
    const anyDate = fc.integer({ min: 0, max: 40_000 }).map((day) => plusDays('1970-01-01', day));
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -600, max: 600 }), (date, months) => {
        const found = plusMonths(date, months);
        const count = (text: string): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
        assert.equal(count(found) - count(date), months);
        assert.ok(found.slice(8) === date.slice(8) || plusDays(found, 1).endsWith('-01'));
        assert.equal((Date.parse(plusDays(date, months)) - Date.parse(date)) / DAY_MS, months);
      }),
      { numRuns: runs(200) },
    );
  });
});

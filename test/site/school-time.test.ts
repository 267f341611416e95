/** SCH-2 and DEP-12 at their edges: hours, holidays, activities, what is not known; LIM-2's high-risk times. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SchoolActivity, SchoolCalendar } from '../../src/site/reference.js';
import { isHighRiskTime, schoolTime } from '../../src/site/school-time.js';
import type { Site } from '../../src/site/types.js';
import { utcMs, type UtcMs } from '../../src/units.js';
import { runs } from '../support/fuzz.js';
import { at, CALENDARS, DRAMA, schoolSite } from './calendars.js';
import { site } from './support.js';

const AUCKLAND = schoolSite('auckland');
const CHATHAM = schoolSite('chatham-islands');
const REFERENCE = { calendars: CALENDARS, activities: [DRAMA] };

/** Facts of their own for each question, so that nothing is remembered. */
const asked = (where: Site, utc: UtcMs, activities: readonly SchoolActivity[] = [DRAMA], calendars = CALENDARS) =>
  schoolTime({ calendars, activities }, where, utc);

const allowedAt = (where: Site, iso: string): boolean => asked(where, at(iso)).allowed;

describe('school time', () => {
  it('SCH-2: a camera works from 07:30:00.000, and at 18:00:00.000 it is over', () => {
    for (const [iso, allowed] of [
      ['2026-05-04T07:29:59.999+12:00', false],
      ['2026-05-04T07:30:00.000+12:00', true],
      ['2026-05-04T12:00:00.000+12:00', true],
      ['2026-05-04T17:59:59.999+12:00', true],
      ['2026-05-04T18:00:00.000+12:00', false],
    ] as const) {
      assert.equal(allowedAt(AUCKLAND, iso), allowed, iso);
    }
    assert.equal(asked(AUCKLAND, utcMs(at('2026-05-04T18:00:00+12:00') - 0.001)).allowed, true);
  });

  it('DEP-12: the answer says the day, the hours and the exact instant until which it holds', () => {
    const { sentence, untilUtcMs } = asked(AUCKLAND, at('2026-05-04T12:00+12:00'));
    assert.equal(sentence, '2026-05-04 is a school day in auckland, 07:30 up to 18:00 local time (SCH-2).');
    assert.equal(untilUtcMs, at('2026-05-04T18:00+12:00'));
    const evening = asked(AUCKLAND, at('2026-05-04T18:00+12:00'));
    assert.equal(
      evening.sentence,
      '2026-05-04 is a school day in auckland; a camera works there 07:30 up to 18:00 local time (SCH-2).',
    );
    assert.equal(evening.untilUtcMs, at('2026-05-05T00:00+12:00'));
  });

  it('SCH-2: the hours are those of the site: Chatham is 45 minutes ahead, in summer too', () => {
    for (const [iso, auckland, chatham] of [
      ['2026-05-03T18:44:59.999Z', false, false],
      ['2026-05-03T18:45:00Z', false, true],
      ['2026-05-03T19:30:00Z', true, true],
      ['2026-05-04T05:14:59.999Z', true, true],
      ['2026-05-04T05:15:00Z', true, false],
      ['2026-11-02T17:44:59.999Z', false, false],
      ['2026-11-02T17:45:00Z', false, true],
      ['2026-11-02T18:30:00Z', true, true],
      ['2026-11-03T04:15:00Z', true, false],
    ] as const) {
      assert.deepEqual([allowedAt(AUCKLAND, iso), allowedAt(CHATHAM, iso)], [auckland, chatham], iso);
    }
  });

  it('SCH-2: the Fridays and Mondays around the changes of the clock have the hours of their own offset', () => {
    for (const [opens, closes] of [
      ['2027-04-01T18:30Z', '2027-04-02T05:00Z'], // summer time
      ['2027-04-04T19:30Z', '2027-04-05T06:00Z'], // since Sunday at 03:00 standard time
    ] as const) {
      assert.deepEqual([allowedAt(AUCKLAND, opens), asked(AUCKLAND, utcMs(at(opens) - 1)).allowed], [true, false]);
      assert.deepEqual([allowedAt(AUCKLAND, closes), asked(AUCKLAND, utcMs(at(closes) - 1)).allowed], [false, true]);
    }
  });

  it('SCH-2: closed on weekends, holidays, Easter Tuesday, the own anniversary day, between terms and by closures', () => {
    const noon = (where: Site, date: string) => asked(where, at(`${date}T00:00Z`)).sentence;
    for (const [where, date, why] of [
      [AUCKLAND, '2026-05-09', 'Saturday'],
      [AUCKLAND, '2026-05-10', 'Sunday'],
      [AUCKLAND, '2026-02-06', 'Waitangi Day'],
      [AUCKLAND, '2027-06-25', 'Matariki'],
      [AUCKLAND, '2027-03-30', 'Easter Tuesday'],
      [AUCKLAND, '2026-04-27', 'ANZAC Day (substitute day)'],
      [AUCKLAND, '2026-01-26', 'Provincial anniversary day'],
      [CHATHAM, '2026-11-30', 'Provincial anniversary day'],
      [AUCKLAND, '2026-07-13', 'outside the terms'],
      [AUCKLAND, '2026-06-02', 'teacher-only day'],
    ] as const) {
      assert.ok(noon(where, date).includes(`${date} is no school day in ${where.school?.region} (${why})`), date);
      assert.equal(asked(where, at(`${date}T00:00Z`)).allowed, false);
    }
    assert.deepEqual([allowedAt(CHATHAM, '2026-01-26T00:00Z'), allowedAt(AUCKLAND, '2026-11-30T00:00Z')], [true, true]);
  });

  it('SCH-2: a recorded activity counts on any day, from its first instant to just before its last, at its site alone', () => {
    for (const [iso, allowed] of [
      ['2026-05-16T18:29:59.999+12:00', false],
      ['2026-05-16T18:30:00+12:00', true],
      ['2026-05-16T20:59:59.999+12:00', true],
      ['2026-05-16T21:00:00+12:00', false],
    ] as const) {
      assert.equal(allowedAt(AUCKLAND, iso), allowed, iso);
      assert.equal(allowedAt(schoolSite('auckland', { code: 'S-2' }), iso), false);
    }
    const during = asked(AUCKLAND, at('2026-05-16T19:00+12:00'));
    assert.equal(during.sentence, 'School activity: drama night, until 2026-05-16T09:00:00.000Z (SCH-2).');
    assert.equal(during.untilUtcMs, at('2026-05-16T21:00+12:00'));
    assert.equal(asked(AUCKLAND, at('2026-05-16T12:00+12:00')).untilUtcMs, DRAMA.fromUtcMs);
  });

  it('SCH-2: an activity goes on over 18:00 of a school day', () => {
    const sport = { ...DRAMA, fromUtcMs: at('2026-05-04T17:00+12:00'), untilUtcMs: at('2026-05-04T19:00+12:00') };
    const over = asked(AUCKLAND, at('2026-05-04T18:00+12:00'), [sport]);
    assert.deepEqual([over.allowed, over.untilUtcMs], [true, sport.untilUtcMs]);
    assert.equal(asked(AUCKLAND, sport.untilUtcMs, [sport]).allowed, false);
  });

  it('SCH-2: what no calendar says is refused with its reason, and allowed only during an activity', () => {
    const other = schoolSite('auckland', { zone: 'Pacific/Chatham' });
    const twice: readonly SchoolCalendar[] = [...CALENDARS, ...CALENDARS.slice(0, 1)];
    for (const [where, calendars, iso, reason] of [
      [AUCKLAND, CALENDARS, '2028-02-08T00:00Z', /2028-02-08 is not a school day known to be allowed: .* 2027-12-31;/],
      [AUCKLAND, CALENDARS, '2025-12-31T10:59:59Z', /2025-12-31 is not a school day known to be allowed/],
      [AUCKLAND, [], '2026-05-04T00:00Z', /There is no school calendar of auckland/],
      [schoolSite('otago'), CALENDARS, '2026-05-04T00:00Z', /There is no school calendar of otago/],
      [schoolSite(null), CALENDARS, '2026-05-04T00:00Z', /Site S-1 names no region/],
      [schoolSite('atlantis'), CALENDARS, '2026-05-04T00:00Z', /Region atlantis .* is not known; expected one of/],
      [other, CALENDARS, '2026-05-04T00:00Z', /is for the zone Pacific\/Auckland, site S-1 lies in Pacific\/Chatham/],
      [AUCKLAND, twice, '2026-05-04T00:00Z', /2026-05-04 is in two school calendars of auckland/],
    ] as const) {
      const { allowed, sentence } = asked(where, at(iso), [], calendars);
      assert.equal(allowed, false, sentence);
      assert.match(sentence, reason);
      const during = { ...DRAMA, fromUtcMs: at(iso), untilUtcMs: utcMs(at(iso) + 1) };
      assert.equal(asked(where, at(iso), [during], calendars).allowed, true);
      assert.equal(asked(where, during.untilUtcMs, [during], calendars).allowed, false);
    }
    assert.equal(asked(schoolSite(null), at('2026-05-04T00:00Z'), []).untilUtcMs, null);
  });

  it('a site that is no school site has no hours', () => {
    assert.deepEqual(asked(site(), at('2026-05-03T00:00Z')), {
      ...{ allowed: true, untilUtcMs: null, sentence: 'Site T-1 is no school site; it has no hours.' },
    });
  });

  it('DEP-12: an answer holds up to the instant that it names, whatever was asked before', () => {
    const start = at('2025-12-20T00:00Z');
    const instant = fc.integer({ min: start, max: at('2028-01-10T00:00Z') }).map((ms) => utcMs(ms));
    const activity = fc
      .tuple(instant, fc.integer({ min: 1, max: 3 * 86_400_000 }), fc.constantFrom('S-1', 'S-2'))
      .map(([from, ms, siteCode]) => ({ siteCode, name: 'sport', fromUtcMs: from, untilUtcMs: utcMs(from + ms) }));
    fc.assert(
      fc.property(
        ...[fc.constantFrom(AUCKLAND, CHATHAM), fc.array(activity, { maxLength: 4 })],
        ...[instant, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })],
        (where, activities, utc, part) => {
          const first = asked(where, utc, activities);
          const until = first.untilUtcMs ?? utcMs(utc + 86_400_000);
          assert.ok(until > utc);
          const later = utcMs(Math.min(utc + part * (until - utc), until - 0.001));
          assert.deepEqual(asked(where, later, activities), first);
          assert.deepEqual(asked(where, utcMs(until - 0.001), activities), first);
        },
      ),
      { numRuns: runs(400) },
    );
  });

  it('answers that are remembered are those that are worked out anew', () => {
    const instant = fc.integer({ min: at('2026-05-01T00:00Z'), max: at('2026-05-20T00:00Z') });
    fc.assert(
      fc.property(fc.array(instant, { minLength: 2, maxLength: 20 }), (instants) => {
        for (const ms of instants) {
          assert.deepEqual(schoolTime(REFERENCE, AUCKLAND, utcMs(ms)), asked(AUCKLAND, utcMs(ms)));
        }
      }),
      { numRuns: runs(100) },
    );
    // New facts are seen at once.
    const noon = at('2026-05-04T00:00Z');
    assert.equal(schoolTime(REFERENCE, AUCKLAND, noon).allowed, true);
    assert.equal(schoolTime({ calendars: [], activities: [] }, AUCKLAND, noon).allowed, false);
  });
});

describe('high-risk times', () => {
  const where = schoolSite('auckland', { highRiskTimes: [{ from: '08:00', until: '09:00' }] });
  const within = (iso: string) => isHighRiskTime({ calendars: CALENDARS }, where, at(iso));

  it('LIM-2: from the first minute up to the last, on school days alone', () => {
    for (const [iso, expected] of [
      ['2026-05-04T07:59:59.999+12:00', false],
      ['2026-05-04T08:00:00+12:00', true],
      ['2026-05-04T08:59:59.999+12:00', true],
      ['2026-05-04T09:00:00+12:00', false],
      ['2026-05-09T08:30:00+12:00', false],
      ['2028-05-04T08:30:00+12:00', false],
    ] as const) {
      assert.equal(within(iso).within, expected, iso);
    }
    assert.equal(within('2026-05-04T08:30+12:00').untilUtcMs, at('2026-05-04T09:00+12:00'));
    assert.equal(within('2026-05-04T07:00+12:00').untilUtcMs, at('2026-05-04T08:00+12:00'));
  });

  it('LIM-2: a site that lists none has none', () => {
    const none = isHighRiskTime({ calendars: CALENDARS }, AUCKLAND, at('2026-05-04T08:30+12:00'));
    assert.deepEqual(none, { within: false, untilUtcMs: null });
  });
});

/** The limit at the instant of the exposure: variable limits of school days (SCH-2, DET-1). */
import assert from 'node:assert/strict';
import { limitInForce } from '../../src/site/limit-in-force.js';
import { kmh, utcMs } from '../../src/units.js';
import { at, BELL_TIMES, CALENDARS, DRAMA, schoolSite } from './calendars.js';
import { site } from './support.js';

const REFERENCE = { calendars: CALENDARS, activities: [DRAMA] };
const WHERE = schoolSite('auckland', { variableLimits: BELL_TIMES });
const inForce = (iso: string) => limitInForce(REFERENCE, WHERE, at(iso));

describe('limit in force', () => {
  it('an ordinary site has its one limit for ever', () => {
    const ordinary = site();
    const found = limitInForce({ calendars: [] }, ordinary, at('2026-05-04T08:30+12:00'));
    assert.deepEqual(found, { site: ordinary, untilUtcMs: null, unknown: null });
    assert.equal(found.site, ordinary);
    assert.equal(limitInForce(REFERENCE, ordinary, utcMs(0)), found);
  });

  it('a variable limit holds from its first instant to just before its last, with its own threshold (DET-1)', () => {
    for (const [iso, limitKmh, speedKmh, until] of [
      ['2026-05-04T08:24:59.999+12:00', 50, 60, '2026-05-04T08:25+12:00'],
      ['2026-05-04T08:25:00+12:00', 30, 35, '2026-05-04T09:10+12:00'],
      ['2026-05-04T09:09:59.999+12:00', 30, 35, '2026-05-04T09:10+12:00'],
      ['2026-05-04T09:10:00+12:00', 50, 60, '2026-05-04T14:45+12:00'],
      ['2026-05-04T14:45:00+12:00', 30, 35, '2026-05-04T15:30+12:00'],
      ['2026-05-04T15:30:00+12:00', 50, 60, '2026-05-05T00:00+12:00'],
    ] as const) {
      const found = inForce(iso);
      assert.deepEqual([found.site.limitKmh, found.site.threshold.speedKmh], [limitKmh, speedKmh], iso);
      assert.deepEqual([found.untilUtcMs, found.unknown], [at(until), null], iso);
    }
  });

  it('the same limit is the same site, in the morning, in the afternoon and a year later; all else of it is unchanged', () => {
    const morning = inForce('2026-05-04T08:30+12:00').site;
    for (const iso of ['2026-05-04T15:00+12:00', '2027-05-04T08:30+12:00', '2026-05-04T08:30+12:00']) {
      assert.equal(inForce(iso).site, morning);
    }
    assert.equal(inForce('2026-05-04T12:00+12:00').site, WHERE);
    const { limitKmh, threshold } = WHERE;
    assert.deepEqual({ ...morning, limitKmh, threshold }, WHERE);
  });

  it('different limits are different sites', () => {
    const [first, second] = BELL_TIMES;
    assert.ok(first !== undefined && second !== undefined);
    const two = schoolSite('auckland', { variableLimits: [first, { ...second, limitKmh: kmh(40) }] });
    const speeds = ['08:30', '15:00', '12:00'].map(
      (time) => limitInForce(REFERENCE, two, at(`2026-05-04T${time}+12:00`)).site.limitKmh,
    );
    assert.deepEqual(speeds, [30, 40, 50]);
  });

  it('no variable limit holds on a closed day, nor while an activity goes on', () => {
    for (const iso of ['2027-03-30T08:30+13:00', '2026-05-09T08:30+12:00', '2026-05-16T19:00+12:00']) {
      assert.deepEqual([inForce(iso).site, inForce(iso).unknown], [WHERE, null], iso);
    }
    const evening = schoolSite('auckland', {
      variableLimits: BELL_TIMES.slice(0, 1).map((each) => ({ ...each, from: '18:00', until: '22:00' })),
    });
    assert.equal(limitInForce(REFERENCE, evening, at('2026-05-16T19:00+12:00')).site, evening);
  });

  it('where the calendar does not cover the day it is not known which limit holds, and why', () => {
    const later = inForce('2028-05-04T12:00+12:00');
    assert.match(
      later.unknown ?? '',
      /^2028-05-04 is not a school day known .*; whether its variable limit holds is not/,
    );
    assert.equal(later.untilUtcMs, at('2028-05-05T00:00+12:00'));
    for (const [where, calendars, why] of [
      [WHERE, [], /no school calendar of auckland/],
      [schoolSite(null, { variableLimits: BELL_TIMES }), CALENDARS, /names no region/],
      [site({ variableLimits: BELL_TIMES }), CALENDARS, /Site T-1 names no region/],
    ] as const) {
      const { unknown, untilUtcMs, site: found } = limitInForce({ calendars }, where, at('2026-05-04T12:00+12:00'));
      assert.match(unknown ?? '', why);
      assert.deepEqual([found, untilUtcMs], [where, null]);
    }
  });
});

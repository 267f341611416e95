/** How long a change of the limit is young, and which limit was before it. */
import assert from 'node:assert/strict';
import { recentChange, superseded } from '../../src/site/limit-change.js';
import { localDateOf } from '../../src/site/dates.js';
import type { LimitPeriod, Site } from '../../src/site/types.js';
import { kmh, utcMs } from '../../src/units.js';
import { site } from './support.js';

type Entry = readonly [limitKmh: number, from: string];

const history = (...entries: Entry[]): readonly LimitPeriod[] =>
  entries.map(([limitKmh, from]) => ({ limitKmh: kmh(limitKmh), from, authority: 'Test Authority' }));
const road = (...entries: Entry[]): Site => site({ limitHistory: history(...entries) });
const change = (where: Site, iso: string): readonly (string | number | null)[] | null => {
  const found = recentChange(where, utcMs(Date.parse(iso)));
  return found === null ? null : [found.previousKmh, found.limitKmh, found.changedOn, found.untilDate];
};

/** At the sites of these tests. */
const dateAt = (utc: number): string => localDateOf(utcMs(utc), site().zone);

describe('changes of a limit', () => {
  const changed = road([100, '2010-07-01'], [80, '2026-05-15']);

  it('LIM-2: a change is young from the midnight on which it begins to the one on which it is a month old', () => {
    // Auckland is twelve hours ahead from May to September.
    const young = [100, 80, '2026-05-15', '2026-06-15'];
    assert.deepEqual(change(changed, '2026-05-14T11:59:59.999Z'), null);
    assert.deepEqual(change(changed, '2026-05-14T12:00:00Z'), young);
    assert.deepEqual(change(changed, '2026-06-14T11:59:59.999Z'), young);
    assert.deepEqual(change(changed, '2026-06-14T12:00:00Z'), null);
    const { untilUtcMs } = recentChange(changed, utcMs(Date.parse('2026-05-20T00:00:00Z')))!;
    assert.equal(new Date(untilUtcMs).toISOString(), '2026-06-14T12:00:00.000Z');
  });

  it('LIM-2: dates are those of the site’s zone', () => {
    const chatham = { ...changed, zone: 'Pacific/Chatham' };
    assert.deepEqual(change(chatham, '2026-06-14T11:14:59Z')?.at(-1), '2026-06-15');
    assert.equal(change(chatham, '2026-06-14T11:15:00Z'), null);
  });

  it('LIM-2: a month that is too short for the day ends after its last', () => {
    const until = (from: string): unknown => change(road([100, '2010-07-01'], [80, from]), `${from}T12:00:00Z`)?.at(-1);
    assert.deepEqual(['2026-01-31', '2026-01-28', '2028-01-30', '2026-03-31', '2026-12-15'].map(until), [
      '2026-03-01',
      '2026-02-28',
      '2028-03-01',
      '2026-05-01',
      '2027-01-15',
    ]);
  });

  it('LIM-3: the limit before is the one that PIB still answers by', () => {
    const twice = road([100, '2010-07-01'], [80, '2026-05-01'], [60, '2026-05-15']);
    assert.deepEqual(change(twice, '2026-05-10T00:00:00Z')?.slice(0, 2), [100, 80]);
    assert.deepEqual(change(twice, '2026-06-05T00:00:00Z')?.slice(0, 2), [80, 60]);
  });

  it('LIM-2: an entry that repeats the limit is no change, one that is still to come neither', () => {
    const repeated = road([80, '2010-07-01'], [80, '2026-05-15'], [60, '2026-12-01']);
    assert.equal(change(repeated, '2026-05-20T00:00:00Z'), null);
    const since = road([100, '2010-07-01'], [80, '2026-05-01'], [80, '2026-05-15']);
    assert.deepEqual(change(since, '2026-05-20T00:00:00Z'), [100, 80, '2026-05-01', '2026-06-01']);
  });

  it('LIM-2: a history that begins within the month is a change from an unknown limit', () => {
    assert.deepEqual(change(road([80, '2026-05-15']), '2026-05-20T00:00:00Z'), [null, 80, '2026-05-15', '2026-06-15']);
    assert.equal(change(site(), '2026-05-20T00:00:00Z'), null);
  });

  it('LIM-1: a code is superseded from the midnight on which its road has another limit', () => {
    const where = site({ limitKmh: kmh(50), limitHistory: history([50, '2010-07-01'], [40, '2026-05-15']) });
    const limit = (iso: string): number | null => superseded(where, dateAt(Date.parse(iso)))?.limitKmh ?? null;
    assert.deepEqual([limit('2026-05-14T11:59:59.999Z'), limit('2026-05-14T12:00:00Z')], [null, 40]);
    assert.equal(limit('2009-01-01T00:00:00Z'), null);
    assert.equal(superseded(site(), dateAt(0)), null);
  });

  it('LIM-1: entries count by their dates, whatever their order', () => {
    const where = site({ limitKmh: kmh(50), limitHistory: history([40, '2026-05-15'], [50, '2010-07-01']) });
    assert.equal(superseded(where, dateAt(Date.parse('2026-06-01T00:00:00Z')))?.limitKmh, 40);
    assert.equal(change(where, '2026-06-01T00:00:00Z')?.[0], 50);
  });
});

/** Wall clock of the site: zones, summer time, the Chatham Islands. */
import assert from 'node:assert/strict';
import { localTime } from '../../src/evidence/local-time.js';
import { utcMs } from '../../src/units.js';

const at = (iso: string) => utcMs(Date.parse(iso));

describe('local time of a site', () => {
  it('has the offset of its zone in winter and in summer', () => {
    const winter = localTime(at('2026-06-06T07:08:09.123Z'), 'Pacific/Auckland');
    assert.deepEqual(winter, { date: '2026-06-06', time: '19:08:09', milliseconds: '123', offset: '+12:00' });
    const summer = localTime(at('2026-12-31T11:30:00.005Z'), 'Pacific/Auckland');
    assert.deepEqual(summer, { date: '2027-01-01', time: '00:30:00', milliseconds: '005', offset: '+13:00' });
  });

  it('knows the quarter hours of the Chatham Islands', () => {
    const chatham = localTime(at('2026-06-06T11:15:00Z'), 'Pacific/Chatham');
    assert.deepEqual(chatham, { date: '2026-06-07', time: '00:00:00', milliseconds: '000', offset: '+12:45' });
  });

  it('tells the two hours apart that a clock shows twice when summer time ends', () => {
    const first = localTime(at('2026-04-04T13:30:00Z'), 'Pacific/Auckland');
    const second = localTime(at('2026-04-04T14:30:00Z'), 'Pacific/Auckland');
    assert.deepEqual([first.time, first.offset], ['02:30:00', '+13:00']);
    assert.deepEqual([second.time, second.offset], ['02:30:00', '+12:00']);
  });

  it('truncates fractions of a millisecond and shows midnight as 00', () => {
    const midnight = localTime(utcMs(Date.parse('2026-06-06T12:00:00Z') + 0.999), 'Pacific/Auckland');
    assert.deepEqual([midnight.date, midnight.time, midnight.milliseconds], ['2026-06-07', '00:00:00', '000']);
  });

  it('has negative offsets and times before 1970', () => {
    const old = localTime(utcMs(-0.5), 'America/New_York');
    assert.deepEqual(old, { date: '1969-12-31', time: '18:59:59', milliseconds: '999', offset: '-05:00' });
  });
});

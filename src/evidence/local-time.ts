/**
 * Wall clock of a site at an instant, from its IANA zone. No clock is read here. Chatham Islands are 12:45 from UTC
 * (13:45 in summer), so an offset has minutes.
 */
import { offsetMsAt } from '../site/zone-offset.js';
import { utcMs as utc, type UtcMs } from '../units.js';

export interface LocalTime {
  /** 2026-02-28 */
  readonly date: string;
  /** 14:05:09 */
  readonly time: string;
  /** Milliseconds, truncated, three digits. */
  readonly milliseconds: string;
  /** +13:00 */
  readonly offset: string;
}

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * @param zone IANA name, e.g. Pacific/Auckland
 * @throws RangeError where the zone is not known
 */
export function localTime(utcMs: UtcMs, zone: string): LocalTime {
  const whole = Math.floor(utcMs);
  const offsetMs = offsetMsAt(utc(whole), zone);
  const [date = '', clock = ''] = new Date(whole + offsetMs).toISOString().split('T');
  const offsetMinutes = Math.round(offsetMs / 60_000);
  const ahead = Math.abs(offsetMinutes);
  return {
    date,
    time: clock.slice(0, 8),
    milliseconds: clock.slice(9, 12),
    offset: `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`,
  };
}

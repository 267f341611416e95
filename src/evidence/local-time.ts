/**
 * Wall clock of a site at an instant, from its IANA zone. Intl knows the zone rules of the machine's ICU; no clock is
 * read here. Chatham Islands are 12:45 from UTC (13:45 in summer), so an offset has minutes.
 */
import type { UtcMs } from '../units.js';

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

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone: zone, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  formats.set(zone, made);
  return made;
}

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * @param zone IANA name, e.g. Pacific/Auckland
 * @throws RangeError where the zone is not known
 */
export function localTime(utcMs: UtcMs, zone: string): LocalTime {
  const whole = Math.floor(utcMs);
  const parts = new Map(
    formatOf(zone)
      .formatToParts(whole)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const asUtc = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  const milliseconds = ((whole % 1000) + 1000) % 1000;
  const offsetMinutes = Math.round((asUtc - (whole - milliseconds)) / 60_000);
  const ahead = Math.abs(offsetMinutes);
  return {
    date: `${String(part('year')).padStart(4, '0')}-${two(part('month'))}-${two(part('day'))}`,
    time: `${two(part('hour'))}:${two(part('minute'))}:${two(part('second'))}`,
    milliseconds: String(milliseconds).padStart(3, '0'),
    offset: `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(ahead / 60))}:${two(ahead % 60)}`,
  };
}

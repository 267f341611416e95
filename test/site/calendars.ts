/** School calendars and school sites for tests: the terms of 2026 and 2027 of the Ministry of Education, two regions. */
import type { SchoolActivity, SchoolCalendar } from '../../src/site/reference.js';
import type { Site, VariableLimit } from '../../src/site/types.js';
import { kmh, utcMs } from '../../src/units.js';
import { site } from './support.js';

const YEARS = {
  2026: [
    { from: '2026-01-26', until: '2026-04-02' },
    { from: '2026-04-20', until: '2026-07-03' },
    { from: '2026-07-20', until: '2026-09-25' },
    { from: '2026-10-12', until: '2026-12-18' },
  ],
  2027: [
    { from: '2027-02-01', until: '2027-04-09' },
    { from: '2027-04-26', until: '2027-07-02' },
    { from: '2027-07-19', until: '2027-09-24' },
    { from: '2027-10-11', until: '2027-12-17' },
  ],
};

const calendar = (
  region: string,
  zone: string,
  year: keyof typeof YEARS,
  closures: SchoolCalendar['closures'] = [],
): SchoolCalendar => ({
  ...{ region, zone, validFrom: `${year}-01-01`, validUntil: `${year}-12-31` },
  ...{ terms: YEARS[year], closures },
});

export const CALENDARS: readonly SchoolCalendar[] = [
  calendar('auckland', 'Pacific/Auckland', 2026, [{ date: '2026-06-02', name: 'teacher-only day' }]),
  calendar('auckland', 'Pacific/Auckland', 2027),
  calendar('chatham-islands', 'Pacific/Chatham', 2026),
  calendar('chatham-islands', 'Pacific/Chatham', 2027),
];

export const at = (iso: string) => utcMs(Date.parse(iso));

const BELL = { limitKmh: kmh(30), threshold: { speedKmh: kmh(35), authority: 'Test Authority', date: '2026-01-01' } };
export const BELL_TIMES: readonly VariableLimit[] = [
  { from: '08:25', until: '09:10', ...BELL },
  { from: '14:45', until: '15:30', ...BELL },
];

export function schoolSite(region: string | null, change: Partial<Site> = {}): Site {
  return site({
    code: 'S-1',
    zone: region === 'chatham-islands' ? 'Pacific/Chatham' : 'Pacific/Auckland',
    school: { name: 'Test School', region, boundary: null, directAccess: true },
    ...change,
  });
}

/** A drama night on a Saturday: 18:30 to 21:00 in Auckland. */
export const DRAMA: SchoolActivity = {
  siteCode: 'S-1',
  name: 'drama night',
  fromUtcMs: at('2026-05-16T18:30:00+12:00'),
  untilUtcMs: at('2026-05-16T21:00:00+12:00'),
};

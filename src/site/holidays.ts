/**
 * Days on which every school of a region is closed beside its weekends: public holidays, the anniversary day of the
 * region, Easter Tuesday (paragraph "School days" of domain/rules.md).
 *
 * The library knows rules of the calendar; only a year is given to it, so no clock is read. Surprises: Easter Tuesday is
 * no public holiday and stands in no library (only Southland has it, as its anniversary day); the library has South
 * Canterbury under a name that its own look-up cannot find, so that its day stands here.
 */
import Holidays, { type HolidaysTypes } from 'date-holidays';
import { plusDays, type LocalDate } from './dates.js';

interface RegionRule {
  /** The library's code of the province whose anniversary day the region keeps. */
  readonly province: string | null;
  /** Where the library cannot be asked: the day in its own grammar. */
  readonly day?: string;
}

/** Regions of school calendars. Those without a province of their own keep the day of the one they belonged to. */
const REGIONS: ReadonlyMap<string, RegionRule> = new Map([
  ['northland', { province: 'NTL' }],
  ['auckland', { province: 'AUK' }],
  ['waikato', { province: 'WKO' }],
  ['bay-of-plenty', { province: 'BOP' }],
  ['gisborne', { province: 'GIS' }],
  ['hawkes-bay', { province: 'HKB' }],
  ['taranaki', { province: 'TKI' }],
  ['manawatu-whanganui', { province: 'MWT' }],
  ['wellington', { province: 'WGN' }],
  ['nelson', { province: 'NSN' }],
  ['tasman', { province: 'TAS' }],
  ['marlborough', { province: 'MBH' }],
  ['west-coast', { province: 'WTC' }],
  ['canterbury', { province: 'CAN' }],
  ['south-canterbury', { province: null, day: '4th monday in September' }],
  ['otago', { province: 'OTA' }],
  ['southland', { province: 'STL' }],
  ['chatham-islands', { province: 'CIT' }],
]);

/** Names of regions that a school calendar may have. */
export const SCHOOL_REGIONS: readonly string[] = [...REGIONS.keys()];

const OPTIONS: HolidaysTypes.Options = { languages: 'en', types: ['public'] };
const EASTER_MONDAY = 'easter 1';

function libraryOf({ province, day }: RegionRule): Holidays {
  const library = province === null ? new Holidays('NZ', OPTIONS) : new Holidays('NZ', province, OPTIONS);
  if (day !== undefined) library.setHoliday(day, { name: 'Provincial anniversary day', type: 'public' });
  return library;
}

const years = new Map<string, ReadonlyMap<LocalDate, string>>();

/**
 * Closed days of a year by local date, with their names.
 *
 * @throws RangeError where the region is not one of `SCHOOL_REGIONS`
 */
export function closedDays(region: string, year: number): ReadonlyMap<LocalDate, string> {
  const key = `${region} ${year}`;
  const known = years.get(key);
  if (known !== undefined) return known;
  const rule = REGIONS.get(region);
  if (rule === undefined) {
    throw new RangeError(`region ${region} is not known; expected one of ${SCHOOL_REGIONS.join(', ')}`);
  }
  const closed = new Map<LocalDate, string>();
  for (const { date, name, rule: when } of libraryOf(rule).getHolidays(year)) {
    const day = date.slice(0, 10);
    if (!closed.has(day)) closed.set(day, name);
    if (when === EASTER_MONDAY) closed.set(plusDays(day, 1), 'Easter Tuesday');
  }
  if (![...closed.values()].includes('Easter Tuesday')) throw new RangeError(`no Easter Monday is found in ${year}`);
  years.set(key, closed);
  return closed;
}

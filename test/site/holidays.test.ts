/**
 * Closed days against two others: the dates that the labour inspectorate has published, and the calendar of other
 * authors that Debian ships (python3-holidays). The latter is older than Matariki, whose dates stand in its Act.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { plusDays, weekdayOf } from '../../src/site/dates.js';
import { closedDays, SCHOOL_REGIONS } from '../../src/site/holidays.js';
import { PYTHON, requirePythonModule } from '../support/tools.js';

const FIRST = 2024;
const LAST = 2030;
const YEARS = Array.from({ length: LAST - FIRST + 1 }, (_, index) => FIRST + index);

/** Schedule of Te Ture mō te Hararei Tūmatanui o te Kāhui o Matariki 2022. */
const MATARIKI = [
  ...['2022-06-24', '2023-07-14', '2024-06-28', '2025-06-20', '2026-07-10', '2027-06-25', '2028-07-14', '2029-07-06'],
  ...['2030-06-21', '2031-07-11', '2032-07-02', '2033-06-24', '2034-07-07', '2035-06-29', '2036-07-18', '2037-07-10'],
  ...['2038-06-25', '2039-07-15', '2040-07-06', '2041-07-19', '2042-07-11', '2043-07-03', '2044-06-24', '2045-07-07'],
  ...['2046-06-29', '2047-07-19', '2048-07-03', '2049-06-25', '2050-07-15', '2051-06-30', '2052-06-21'],
];

/** Observed anniversary days, month and day, 2023 to 2027. */
const PUBLISHED: Readonly<Record<string, readonly [string, string, string, string, string]>> = {
  wellington: ['01-23', '01-22', '01-20', '01-19', '01-25'],
  auckland: ['01-30', '01-29', '01-27', '01-26', '02-01'],
  northland: ['01-30', '01-29', '01-27', '01-26', '02-01'],
  nelson: ['01-30', '01-29', '02-03', '02-02', '02-01'],
  taranaki: ['03-13', '03-11', '03-10', '03-09', '03-08'],
  otago: ['03-20', '03-25', '03-24', '03-23', '03-22'],
  southland: ['04-11', '04-02', '04-22', '04-07', '03-30'],
  'south-canterbury': ['09-25', '09-23', '09-22', '09-28', '09-27'],
  'hawkes-bay': ['10-20', '10-25', '10-24', '10-23', '10-22'],
  marlborough: ['10-30', '11-04', '11-03', '11-02', '11-01'],
  canterbury: ['11-17', '11-15', '11-14', '11-13', '11-12'],
  'chatham-islands': ['11-27', '12-02', '12-01', '11-30', '11-29'],
  'west-coast': ['12-04', '12-02', '12-01', '11-30', '11-29'],
};

/** Codes of the second source. Regions without a province of their own keep the day of another. */
const PROVINCES: Readonly<Record<string, string>> = {
  ...{ northland: 'NTL', auckland: 'AUK', waikato: 'AUK', 'bay-of-plenty': 'AUK', gisborne: 'AUK' },
  ...{ 'hawkes-bay': 'HKB', taranaki: 'TKI', 'manawatu-whanganui': 'WGN', wellington: 'WGN', nelson: 'NSN' },
  ...{ tasman: 'NSN', marlborough: 'MBH', 'west-coast': 'WTL', canterbury: 'CAN', 'south-canterbury': 'STC' },
  ...{ otago: 'OTA', southland: 'STL', 'chatham-islands': 'CIT' },
};

const SECOND_SOURCE = `
import holidays, json, sys
years = range(${FIRST}, ${LAST + 1})
provinces = json.load(sys.stdin)
print(json.dumps({p: sorted(str(d) for d in holidays.NewZealand(prov=p, years=years) if d.year in years) for p in provinces}))
`;

const EASTER = ['2024-03-31', '2025-04-20', '2026-04-05', '2027-03-28', '2028-04-16', '2029-04-01', '2030-04-21'];

/** Closed days that only this region has, of those that one of the others lacks. */
function ownDays(region: string, year: number): string[] {
  const others = SCHOOL_REGIONS.filter((other) => other !== region).map((other) => closedDays(other, year));
  return [...closedDays(region, year).keys()].filter((date) => others.some((days) => !days.has(date)));
}

describe('closed days', () => {
  it('anniversary days of every province are those published for 2023 to 2027', () => {
    for (const [region, dates] of Object.entries(PUBLISHED)) {
      dates.forEach((date, index) => {
        const year = 2023 + index;
        assert.ok(closedDays(region, year).has(`${year}-${date}`), `${region} ${year}-${date}`);
        // In Southland it is Easter Tuesday, on which all schools are closed.
        const own = region === 'southland' ? [] : [`${year}-${date}`];
        assert.deepEqual(ownDays(region, year), own, `${region} ${year}`);
      });
    }
  });

  it('every region is closed on the days that a second source gives, on Matariki and Easter Tuesday, and on no other', function () {
    requirePythonModule(this, 'holidays');
    assert.deepEqual(Object.keys(PROVINCES).sort(), [...SCHOOL_REGIONS].sort());
    const input = JSON.stringify([...new Set(Object.values(PROVINCES))]);
    const { stdout, stderr } = spawnSync(PYTHON, ['-c', SECOND_SOURCE], { input, encoding: 'utf8' });
    assert.notEqual(stdout, '', stderr);
    const second = JSON.parse(stdout) as Record<string, string[]>;
    for (const [region, province] of Object.entries(PROVINCES)) {
      const wanted = new Set([
        ...(second[province] ?? []),
        ...MATARIKI.filter((date) => YEARS.includes(Number(date.slice(0, 4)))),
        ...EASTER.map((sunday) => plusDays(sunday, 2)),
      ]);
      const found = YEARS.flatMap((year) => [...closedDays(region, year).keys()]);
      assert.ok(found.length > 80);
      assert.deepEqual(found.sort(), [...wanted].sort(), region);
    }
  });

  it('Matariki is on the Friday that its Act gives for each year until 2052', () => {
    for (const date of MATARIKI) {
      assert.equal(weekdayOf(date), 5);
      assert.ok(closedDays('auckland', Number(date.slice(0, 4))).has(date), date);
    }
  });

  it('Easter Tuesday is a closed day in every region, though no public holiday', () => {
    for (const region of SCHOOL_REGIONS) {
      for (const sunday of EASTER) {
        const days = closedDays(region, Number(sunday.slice(0, 4)));
        assert.equal(days.get(plusDays(sunday, 2)), 'Easter Tuesday', `${region} ${sunday}`);
        assert.deepEqual([days.has(plusDays(sunday, 1)), days.has(plusDays(sunday, -2))], [true, true]);
      }
    }
  });

  it('a holiday on a weekend moves: Waitangi and Anzac Day 2027, Christmas and New Year 2027 to 2028', () => {
    const days = closedDays('auckland', 2027);
    for (const date of ['2027-02-08', '2027-04-26', '2027-12-27', '2027-12-28']) assert.ok(days.has(date), date);
    assert.deepEqual([days.has('2027-02-05'), days.has('2027-04-27'), days.has('2027-12-29')], [false, false, false]);
    const next = closedDays('auckland', 2028);
    assert.deepEqual([next.has('2028-01-03'), next.has('2028-01-04'), next.has('2028-01-05')], [true, true, false]);
  });

  it('a region that is not known is refused, with those that are', () => {
    assert.throws(() => closedDays('atlantis', 2026), /region atlantis is not known; expected one of northland, /);
  });
});

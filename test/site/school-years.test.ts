/** Every minute of two school years in two regions against tables written out by hand. */
import assert from 'node:assert/strict';
import {
  AUCKLAND,
  CHATHAM,
  isBellTime,
  maySchoolCameraWork,
  schoolDays,
  tableAt,
  tableEnds,
  type RegionTable,
} from '../oracle/school-table.js';
import { limitInForce } from '../../src/site/limit-in-force.js';
import { schoolTime } from '../../src/site/school-time.js';
import { utcMs } from '../../src/units.js';
import { BELL_TIMES, CALENDARS, schoolSite } from './calendars.js';

const REGIONS: readonly (readonly [string, RegionTable])[] = [
  ['auckland', AUCKLAND],
  ['chatham-islands', CHATHAM],
];
const REFERENCE = { calendars: CALENDARS, activities: [] };
const MINUTE_MS = 60_000;

interface Change {
  readonly atMs: number;
  readonly heldUntilMs: number;
}

/** Walks minute by minute; at each change of the table also one millisecond before it. */
function walk(table: RegionTable, table2src: (ms: number) => [boolean, number], expected: (ms: number) => boolean) {
  const [fromMs, untilMs] = tableEnds(table);
  const wrong: string[] = [];
  const late: Change[] = [];
  let minutes = 0;
  let changes = 0;
  let before = false;
  let heldUntilMs = Infinity;
  for (let ms = fromMs; ms < untilMs; ms += MINUTE_MS) {
    const wanted = expected(ms);
    if (wanted !== before && ms > fromMs) {
      changes += 1;
      if (heldUntilMs > ms) late.push({ atMs: ms, heldUntilMs });
      if (table2src(ms - 1)[0] !== before) wrong.push(new Date(ms - 1).toISOString());
    }
    const [found, until] = table2src(ms);
    if (found !== wanted) wrong.push(new Date(ms).toISOString());
    if (until <= ms) late.push({ atMs: ms, heldUntilMs: until });
    before = wanted;
    heldUntilMs = until;
    minutes += 1;
  }
  return { minutes, changes, wrong: wrong.slice(0, 5), late: late.slice(0, 5) };
}

const MINUTES = 2 * 365 * 24 * 60;

describe('two school years, minute by minute', () => {
  for (const [region, table] of REGIONS) {
    const days = schoolDays(table);
    const count = days.filter((day) => day).length;

    it(`SCH-2, DEP-12: 07:30 up to 18:00 on the ${count} school days of ${region} in 2026 and 2027`, () => {
      const site = schoolSite(region);
      const found = walk(
        table,
        (ms) => {
          const { allowed, untilUtcMs } = schoolTime(REFERENCE, site, utcMs(ms));
          return [allowed, untilUtcMs ?? Infinity];
        },
        (ms) => maySchoolCameraWork(tableAt(table, days, ms)),
      );
      assert.deepEqual(found, { minutes: MINUTES, changes: 2 * count, wrong: [], late: [] });
    });

    it(`a variable limit holds at its two times on the ${count} school days of ${region} and at no other minute`, () => {
      const site = schoolSite(region, { variableLimits: BELL_TIMES });
      const found = walk(
        table,
        (ms) => {
          const { site: inForce, untilUtcMs, unknown } = limitInForce(REFERENCE, site, utcMs(ms));
          assert.equal(unknown, null);
          return [inForce.limitKmh === 30 && inForce.threshold.speedKmh === 35, untilUtcMs ?? Infinity];
        },
        (ms) => isBellTime(tableAt(table, days, ms)),
      );
      assert.deepEqual(found, { minutes: MINUTES, changes: 4 * count, wrong: [], late: [] });
    });

    it(`SCH-2: the first and the last instant of the tables of ${region} are known, those beside them are refused`, () => {
      const site = schoolSite(region, { variableLimits: BELL_TIMES });
      const [fromMs, untilMs] = tableEnds(table);
      for (const [ms, known] of [
        [fromMs - 1, false],
        [fromMs, true],
        [untilMs - 1, true],
        [untilMs, false],
        [untilMs + 36 * 3_600_000, false],
      ] as const) {
        assert.equal(tableAt(table, days, ms).known, known);
        const { allowed, sentence } = schoolTime(REFERENCE, site, utcMs(ms));
        assert.equal(allowed, false);
        assert.equal(/not a school day known to be allowed/.test(sentence), !known, sentence);
        assert.equal(limitInForce(REFERENCE, site, utcMs(ms)).unknown === null, known);
      }
    });
  }
});

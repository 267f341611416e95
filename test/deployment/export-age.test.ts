import assert from 'node:assert/strict';
import { exportAge, noticeLevel } from '../../src/deployment/export-age.js';

const NOW = Date.UTC(2026, 2, 10, 12);
const DAY_MS = 86_400_000;

describe('age of the oldest image without export', () => {
  it('EXP-1: nothing that waits has no age', () => {
    const { days, level, sentence } = exportAge(null, NOW);
    assert.deepEqual({ days, level }, { days: null, level: 'none' });
    assert.match(sentence, /No image waits/);
  });

  const cases = [
    { ageMs: 0, level: 'fine' },
    { ageMs: 2 * DAY_MS - 1, level: 'fine' },
    { ageMs: 2 * DAY_MS, level: 'warning' },
    { ageMs: 4 * DAY_MS - 1, level: 'warning' },
    { ageMs: 4 * DAY_MS, level: 'alarm' },
    { ageMs: 5 * DAY_MS, level: 'alarm' },
    { ageMs: 5 * DAY_MS + 1, level: 'overdue' },
  ];
  for (const { ageMs, level } of cases) {
    it(`EXP-1: an image of ${String(ageMs)} ms is ${level}`, () => {
      const age = exportAge(NOW - ageMs, NOW);
      assert.equal(age.level, level);
      assert.equal(age.days, ageMs / DAY_MS);
    });
  }

  it('EXP-1: a warning from the second day on, an alarm from the fourth', () => {
    const told = [1.99, 2, 3.99, 4, 5, 6].map((days) => noticeLevel(exportAge(NOW - days * DAY_MS, NOW).level));
    assert.deepEqual(told, [null, 'warning', 'warning', 'alarm', 'alarm', 'alarm']);
    assert.equal(noticeLevel('none'), null);
  });

  it('EXP-1: the sentence tells days, hours and the limit', () => {
    assert.equal(
      exportAge(NOW - 2 * DAY_MS - 3_600_000, NOW).sentence,
      'The oldest image that PIB has not confirmed is 2 days 1 hour old; EXP-1 allows 5 days: export it.',
    );
  });

  it('EXP-1: an image of the future counts as new', () => {
    assert.equal(exportAge(NOW + DAY_MS, NOW).level, 'fine');
  });
});

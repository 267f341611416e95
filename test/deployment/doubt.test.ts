/** A failed end test puts everything since the last good one in doubt (measurement, "Self-tests"). */
import assert from 'node:assert/strict';
import { DoubtBook } from '../../src/deployment/doubt.js';
import type { SelfTestName } from '../../src/deployment/plan.js';
import { monotonicNs, utcMs } from '../../src/units.js';

const result = (test: SelfTestName, passed: boolean, at = 1) => ({
  test,
  passed,
  atNs: monotonicNs(at),
  utcMs: utcMs(at),
  sentence: '',
  subject: null,
});

describe('doubt', () => {
  it('covers exactly the numbers since the last good test of that kind', () => {
    const book = new DoubtBook();
    book.fired('000001001');
    assert.equal(book.tested(result('fork', true, 7)), null);
    book.fired('000001002');
    book.fired('000001003');
    assert.equal(book.tested(result('radar', true)), null);
    book.fired('000001004');
    const doubt = book.tested(result('fork', false));
    assert.deepEqual([doubt?.fromIcn, doubt?.untilIcn, doubt?.sinceUtcMs], ['000001002', '000001004', 7]);
    assert.equal(book.tested(result('radar', false))?.fromIcn, '000001004');
  });

  it('without a single good test it covers everything', () => {
    const book = new DoubtBook();
    book.fired('000001001');
    book.fired('000001009');
    const doubt = book.missing('fork');
    assert.deepEqual([doubt?.fromIcn, doubt?.untilIcn, doubt?.sinceUtcMs], ['000001001', '000001009', null]);
    assert.match(doubt?.sentence ?? '', /no fork test at the end/);
  });

  it('there is none where nothing was exposed since the good test', () => {
    const book = new DoubtBook();
    book.fired('000001001');
    book.tested(result('fork', true));
    assert.equal(book.missing('fork'), null);
    assert.equal(book.tested(result('fork', false)), null);
  });

  it('a test that fails twice covers what came between as well', () => {
    const book = new DoubtBook();
    book.fired('000001001');
    book.tested(result('fork', false));
    book.fired('000001002');
    const doubt = book.tested(result('fork', false));
    assert.deepEqual([doubt?.fromIcn, doubt?.untilIcn], ['000001001', '000001002']);
  });
});

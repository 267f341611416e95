import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Estimate, SpeedHistogram } from '../../src/measurement/estimator.js';
import { alongRoad } from '../../src/measurement/sight-angle.js';
import { degrees, kmh } from '../../src/units.js';
import { oracleEstimate, type OracleSettings } from '../oracle/estimator.js';
import { runs } from '../support/fuzz.js';

function estimate(speeds: readonly number[]): Estimate {
  const histogram = new SpeedHistogram();
  for (const speed of speeds) histogram.add(kmh(speed));
  return histogram.estimate();
}

const repeat = (count: number, value: number): number[] => Array.from({ length: count }, () => value);
const CORRECTED: OracleSettings = { angle: '22.5', reference: 'road', turned: 'right', corrected: true };
const text = (tenths: number): string => (tenths / 10).toFixed(1);

describe('estimator: histogram', () => {
  it('a clean pass at 130 km/h that spreads by 4.7 km/h without a hole is one cluster', () => {
    const speeds = Array.from({ length: 25 }, (_, index) => 127.5 + (4.7 * index) / 24);
    const { clusters, speedKmh, cut } = estimate(speeds);
    assert.deepEqual({ clusters, cut }, { clusters: 1, cut: 0 });
    assert.ok(Math.abs((speedKmh ?? 0) - 129.85) < 1e-9);
  });

  it('a hole of exactly 2 km/h stays one cluster, 2.1 km/h makes two', () => {
    assert.equal(estimate([60.1, 62.1]).clusters, 1);
    assert.equal(estimate([60.1, 62.2]).clusters, 2);
    assert.equal(estimate([60.1, 62.2]).speedKmh, null);
    assert.equal(
      estimate([60.9, 60.1, 62.8, 62.95]).clusters,
      1,
      'edges of the bins count, not the last value in each',
    );
    assert.equal(estimate([60.1, 60.2, 62.15, 62.9]).clusters, 1);
  });

  it('a value rarer than 2 % is cut, one of exactly 2 % is not', () => {
    const rare = estimate([...repeat(50, 60.5), 80.5]);
    assert.deepEqual([rare.clusters, rare.used, rare.cut], [1, 50, 1]);
    assert.equal(rare.speedKmh, 60.5);
    assert.equal(estimate([...repeat(49, 60.5), 80.5]).clusters, 2);
  });

  it('few readings are never cut: one stray among ten makes two clusters', () => {
    assert.deepEqual([estimate([...repeat(9, 60), 90]).clusters, estimate([...repeat(9, 60), 90]).cut], [2, 0]);
  });

  it('rare values that bridge two vehicles are cut before clusters are told apart', () => {
    const { clusters, cut } = estimate([...repeat(60, 60.5), 62.1, ...repeat(60, 63.5)]);
    assert.deepEqual([clusters, cut], [2, 1]);
  });

  it('a pass whose every value is rare has no cluster', () => {
    const { clusters, used } = estimate(Array.from({ length: 60 }, (_, index) => 40.5 + index));
    assert.deepEqual([clusters, used], [0, 0]);
  });

  it('a cleared histogram remembers nothing', () => {
    const histogram = new SpeedHistogram();
    for (const speed of [50, 90]) histogram.add(kmh(speed));
    histogram.clear();
    for (const speed of [70.2, 70.4]) histogram.add(kmh(speed));
    const { clusters, truncatedKmh, used } = histogram.estimate();
    assert.deepEqual([clusters, truncatedKmh, used], [1, 70, 2]);
  });
});

describe('estimator: truncation', () => {
  it('a mean of exactly 61 is 61 although the sum of the doubles falls short', () => {
    const speeds = [60.9, 61.1, 60.7, 61.3, 60.8, 61.2, 61];
    assert.ok(repeat(10, 0.1).reduce((a, b) => a + b) < 1, 'doubles do fall short');
    assert.equal(estimate(speeds).truncatedKmh, 61);
    for (let tenths = 100; tenths < 2500; tenths += 1) {
      const three = [tenths, tenths + 3, tenths + 7].map((value) => value / 10);
      assert.equal(estimate(three).truncatedKmh, Math.floor((3 * tenths + 10) / 30));
    }
  });

  it('a mean that lies below 61 by less than a double can be trusted is 60', () => {
    const balanced = [...repeat(100, 60.9), ...repeat(99, 61.1)];
    assert.equal(estimate([...balanced, 61.1]).truncatedKmh, 61);
    assert.equal(estimate([...balanced, 61.0999999]).truncatedKmh, 60);
  });

  it('where the values are no decimals a mean that cannot be told from 61 is 60: never raised', () => {
    const offset = Math.PI / 10;
    assert.equal(estimate([61 - offset, 61 + offset]).truncatedKmh, 60);
  });

  it('60.9999 is 60', () => {
    assert.equal(estimate([60.9999, 60.9999]).truncatedKmh, 60);
    assert.equal(estimate([60.9999999, 61]).truncatedKmh, 60);
  });

  it('agrees with exact arithmetic on tenths, also where the mean is a whole number', () => {
    const spread = fc.array(fc.integer({ min: -12, max: 12 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 300 }), spread, fc.boolean(), (centre, offsets, mirrored) => {
        const all = mirrored ? [...offsets, ...offsets.map((offset) => -offset)] : offsets;
        const tenths = all.map((offset) => centre * 10 + offset);
        const mine = estimate(tenths.map((value) => value / 10));
        const exact = oracleEstimate(
          tenths.map((value) => ({ speed: text(value), angle: null })),
          CORRECTED,
        );
        assert.deepEqual([mine.clusters, mine.used, mine.cut], [exact.clusters, exact.used, exact.cut]);
        assert.equal(mine.truncatedKmh, exact.truncatedKmh);
      }),
      { numRuns: runs(400) },
    );
  });

  it('agrees with the oracle under each angle, never above it, and within 0.1 km/h', () => {
    const angle = fc.constantFrom('0', '60', '22.5', '20.3', '45', '10.1');
    const tenths = fc.array(fc.integer({ min: 300, max: 1600 }), { minLength: 1, maxLength: 60 });
    const near = fc
      .tuple(fc.integer({ min: 300, max: 1600 }), fc.array(fc.integer({ min: 0, max: 25 }), { minLength: 1 }))
      .map(([base, offsets]) => offsets.map((offset) => base + offset));
    fc.assert(
      fc.property(angle, fc.oneof(tenths, near), (axis, values) => {
        const mine = estimate(values.map((value) => alongRoad(kmh(value / 10), degrees(Number(axis)))));
        const exact = oracleEstimate(
          values.map((value) => ({ speed: text(value), angle: null })),
          { ...CORRECTED, angle: axis, corrected: false },
        );
        assert.equal(mine.clusters, exact.clusters);
        if (mine.truncatedKmh === null || exact.truncatedKmh === null) return;
        assert.ok(mine.truncatedKmh <= exact.truncatedKmh, 'never above');
        assert.equal(mine.truncatedKmh, exact.truncatedKmh);
        assert.ok(Math.abs((mine.speedKmh ?? 0) - (exact.speedKmh ?? 0)) < 1e-9);
      }),
      { numRuns: runs(500) },
    );
  });
});

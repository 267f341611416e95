/** Straight and even road, on lines whose bends are known beforehand. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { lineLengthM, pointAt } from '../../src/site/geodesy.js';
import { STRAIGHT_LIMITS, straightnessOf, stretchOf, type Straightness } from '../../src/site/straightness.js';
import type { GeoPoint, Mounting, Site } from '../../src/site/types.js';
import { degrees, metres } from '../../src/units.js';
import { oracleSagittaM, oracleTurnDeg } from '../oracle/road-geometry.js';
import { runs } from '../support/fuzz.js';
import { CENTRELINE, lanes, MOUNTING, site } from './support.js';

/** Points at metres north and east of the beginning of the usual road. */
const line = (...places: (readonly [number, number])[]): readonly GeoPoint[] =>
  places.map(([north, east]) => pointAt(CENTRELINE, metres(north), metres(east)));

/** Two pieces that meet at an angle. */
const kinked = (turnDeg: number, firstM = 60, secondM = 60): readonly GeoPoint[] => {
  const turn = (turnDeg * Math.PI) / 180;
  return line([0, 0], [firstM, 0], [firstM + secondM * Math.cos(turn), secondM * Math.sin(turn)]);
};
const along = (points: readonly GeoPoint[], fromM: number, toM: number, heights?: readonly number[]): Straightness =>
  straightnessOf(points, heights?.map(metres) ?? null, metres(fromM), metres(toM));
const close = (found: number, expected: number, within: number): void =>
  assert.ok(Math.abs(found - expected) <= within, `${found}, expected ${expected}`);

describe('straightness', () => {
  it('DEP-7: a line of two points is straight', () => {
    const found = along(line([0, 0], [200, 0]), 20, 120);
    assert.deepEqual([found.straight, found.surveyed, found.even, found.slopeChangePercent], [true, true, null, null]);
    close(found.turnDeg, 0, 1e-9);
    close(found.sagittaM, 0, 1e-9);
  });

  it('DEP-7: a turn of 2.4 degrees is straight, one of 2.6 is not', () => {
    const [less, more] = [along(kinked(2.4, 20, 100), 0, 100), along(kinked(2.6, 20, 100), 0, 100)];
    close(less.turnDeg, 2.4, 0.01);
    assert.ok(less.sagittaM < STRAIGHT_LIMITS.sagittaM && more.sagittaM < STRAIGHT_LIMITS.sagittaM);
    assert.deepEqual([less.straight, more.straight], [true, false]);
  });

  it('DEP-7: more than a metre off the chord is not straight, however little the road turns', () => {
    // One bend in the middle: a quarter of length times angle.
    const [less, more] = [along(kinked(2, 50, 50), 0, 100), along(kinked(2, 60, 60), 0, 120)];
    close(less.sagittaM, 0.873, 0.01);
    assert.deepEqual([less.straight, more.straight], [true, false]);
    close(more.sagittaM, 1.047, 0.01);
  });

  it('DEP-7: only the stretch counts, from the bend and up to it', () => {
    const bend = kinked(30);
    assert.deepEqual(
      [along(bend, 0, 60), along(bend, 60, 119), along(bend, 0, 61), along(bend, 59, 119)].map(
        ({ straight }) => straight,
      ),
      [true, true, false, false],
    );
  });

  it('DEP-7: an S-bend that comes back to its direction is not straight', () => {
    const found = along(line([0, 0], [40, 0], [80, 4], [119, 4]), 0, 119);
    close(found.turnDeg, 5.71, 0.02);
    assert.equal(found.straight, false);
  });

  it('DEP-7: a hairpin lies as far off as it reaches, and a road that turns back through north is measured through it', () => {
    const hairpin = along(line([0, 0], [50, 1], [0, 2]), 0, 100);
    close(hairpin.sagittaM, 50, 0.1);
    assert.ok(hairpin.turnDeg > 170 && !hairpin.straight);
    close(along(line([0, 0], [50, -1], [100, 0]), 0, 100).turnDeg, 2.29, 0.01);
    close(along(line([100, 0], [50, -1], [0, 0]), 0, 100).turnDeg, 2.29, 0.01);
  });

  it('DEP-7, SITE-4: what is beyond the survey is neither straight nor even, nor is a stretch without length', () => {
    const road = line([0, 0], [200, 0]);
    const lengthM = lineLengthM(road);
    const flags = (fromM: number, toM: number): unknown[] => {
      const { surveyed, straight, even } = along(road, fromM, toM, [10, 12]);
      return [surveyed, straight, even];
    };
    assert.deepEqual(flags(lengthM - 100, lengthM), [true, true, true]);
    for (const [fromM, toM] of [
      [lengthM - 99, lengthM + 1],
      [-1, 99],
      [lengthM, lengthM + 100],
      [50, 50],
      [100, 0],
      [0, Infinity],
      [NaN, NaN],
    ] as const) {
      assert.deepEqual(flags(fromM, toM), [false, false, false], `${fromM} to ${toM}`);
    }
  });

  it('SITE-4: a slope that changes by 0.9 % is even, by 1.1 % it is not, a steep even one is', () => {
    const road = line([0, 0], [50, 0], [100, 0], [200, 0]);
    const even = (...heights: number[]): boolean | null => along(road, 0, 100, heights).even;
    assert.deepEqual([even(0, 0, 0.45, 0.45), even(0, 0, 0.55, 0.55)], [true, false]);
    assert.deepEqual([even(0, 5, 10, 10), even(0, 0.3, 0, 0)], [true, false]);
    // The crest at 100 m is behind the stretch; with one metre more it is in it.
    assert.deepEqual([along(road, 0, 100, [0, 5, 10, 0]).even, along(road, 0, 101, [0, 5, 10, 0]).even], [true, false]);
    close(along(road, 0, 100, [0, 0, 0.45, 0.45]).slopeChangePercent ?? NaN, 0.9, 0.001);
  });

  it('SITE-4: without heights, or with another number of them than points, nobody knows', () => {
    const road = line([0, 0], [50, 0], [100, 0]);
    for (const found of [along(road, 0, 90), along(road, 0, 90, [1, 2])]) {
      assert.deepEqual([found.even, found.slopeChangePercent, found.straight], [null, null, true]);
    }
    assert.equal(along(road, 0, 90, [1, NaN, 2]).even, false);
  });

  it('DEP-7: turn and distance from the chord are the oracle’s, on roads that wind', () => {
    const steps = fc.array(
      fc.record({ north: fc.integer({ min: 10, max: 80 }), east: fc.integer({ min: -40, max: 40 }) }),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(steps, (moves) => {
        let place: readonly [number, number] = [0, 0];
        const road = line(
          place,
          ...moves.map(({ north, east }) => (place = [place[0] + north, place[1] + east] as const)),
        );
        const found = along(road, 0, lineLengthM(road));
        close(found.sagittaM, oracleSagittaM(road), 0.02);
        close(found.turnDeg, oracleTurnDeg(road), 0.02);
        assert.ok(found.surveyed);
      }),
      { numRuns: runs(200) },
    );
  });
});

describe('the stretch that must be straight', () => {
  const ends = (where: Site, chainageM: number, mounting: Mounting = MOUNTING): readonly [number, number] => {
    const { fromM, toM } = stretchOf(where, mounting, metres(chainageM));
    return [Math.round(fromM * 10) / 10, Math.round(toM * 10) / 10];
  };
  const END_M = lineLengthM(site().centreline);

  it('DEP-7: 100 m ahead in the direction of the beam, at least to its far end', () => {
    assert.deepEqual(ends(site(), 500), [500, 600]);
    assert.deepEqual(ends(site(), 500, { ...MOUNTING, facing: 'rear' }), [400, 500]);
    const wide = site({ lanes: lanes(12) });
    // Far edge of lane 12: 3.5 + 12 * 3.5 m off, over the tangent of 20 degrees.
    assert.deepEqual(ends(wide, 500), [500, 625]);
    assert.deepEqual(ends(wide, 500, { ...MOUNTING, facing: 'rear', antennaAheadM: metres(-1.5) }), [373.5, 500]);
  });

  it('DEP-7: near the end of a site a van needs what its beam covers; beyond the survey it gets no pass', () => {
    assert.deepEqual(ends(site(), END_M - 60), [Math.round((END_M - 60) * 10) / 10, Math.round(END_M * 10) / 10]);
    const { fromM, toM } = stretchOf(site(), MOUNTING, metres(END_M - 20));
    assert.ok(toM > END_M + 8);
    assert.equal(straightnessOf(site().centreline, null, fromM, toM).straight, false);
    assert.equal(ends(site(), 500, { ...MOUNTING, angleDeg: degrees(2) })[1], Infinity);
  });

  it('SITE-4: a static camera needs 100 m of survey: 100 m before the end it has them, at 99 m it has not', () => {
    const fixed = site({ installation: 'static' });
    const surveyed = (beforeEndM: number): boolean => {
      const { fromM, toM } = stretchOf(fixed, MOUNTING, metres(END_M - beforeEndM));
      return straightnessOf(fixed.centreline, null, fromM, toM).surveyed;
    };
    assert.deepEqual([surveyed(100), surveyed(99)], [true, false]);
  });
});

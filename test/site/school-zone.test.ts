/** How far a place is from the grounds of a school. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pointAt } from '../../src/site/geodesy.js';
import { distanceToGroundsM, SCHOOL_ZONE_M } from '../../src/site/school-zone.js';
import type { GeoPoint } from '../../src/site/types.js';
import { metres } from '../../src/units.js';
import { oracleGroundsM } from '../oracle/road-geometry.js';
import { runs } from '../support/fuzz.js';
import { CENTRELINE } from './support.js';

/** Along a road due north and to the right of it. */
const at = (north: number, east: number): GeoPoint => pointAt(CENTRELINE, metres(north), metres(east));
const SQUARE = [at(300, 10), at(300, 110), at(400, 110), at(400, 10)];
const near = (found: number, expected: number, within = 0.01): void =>
  assert.ok(Math.abs(found - expected) <= within, `${found}, expected ${expected}`);

describe('distance from the grounds of a school', () => {
  it('SCH-1: 0 within and on the boundary, whichever way round the corners go', () => {
    for (const grounds of [SQUARE, SQUARE.toReversed()]) {
      assert.equal(distanceToGroundsM(grounds, at(350, 50)), 0);
      near(distanceToGroundsM(grounds, at(350, 10)), 0);
    }
  });

  it('SCH-1: to an edge at right angles, beyond a corner to the corner', () => {
    near(distanceToGroundsM(SQUARE, at(350, 0)), 10);
    near(distanceToGroundsM(SQUARE, at(51, 50)), SCHOOL_ZONE_M - 1);
    near(distanceToGroundsM(SQUARE, at(49, 50)), SCHOOL_ZONE_M + 1);
    near(distanceToGroundsM(SQUARE, at(270, -30)), 50);
    near(distanceToGroundsM(SQUARE, at(1300, 1310)), 1500, 0.1);
  });

  it('SCH-1: the edge from the last corner to the first counts; a corner entered twice changes nothing', () => {
    near(distanceToGroundsM(SQUARE, at(350, -20)), 30);
    near(distanceToGroundsM([...SQUARE, SQUARE[0]!], at(350, -20)), 30);
    assert.equal(distanceToGroundsM([...SQUARE, SQUARE[0]!], at(350, 50)), 0);
  });

  it('SCH-1: a yard between the wings of a horseshoe is outside', () => {
    const horseshoe = [at(0, 0), at(0, 90), at(90, 90), at(90, 60), at(30, 60), at(30, 30), at(90, 30), at(90, 0)];
    near(distanceToGroundsM(horseshoe, at(80, 45)), 15);
    assert.equal(distanceToGroundsM(horseshoe, at(80, 15)), 0);
  });

  it('SCH-1: without corners, or at no place, nothing is near', () => {
    assert.equal(distanceToGroundsM([], at(0, 0)), Infinity);
    assert.ok(!(distanceToGroundsM(SQUARE, { latitude: NaN, longitude: 175 }) <= SCHOOL_ZONE_M));
  });

  it('SCH-1: agrees with the oracle to a decimetre within a kilometre', () => {
    const corner = fc.record({ turn: fc.integer({ min: 5, max: 355 }), radius: fc.integer({ min: 20, max: 300 }) });
    const corners = fc.uniqueArray(corner, { minLength: 3, maxLength: 9, selector: ({ turn }) => turn });
    const place = fc.record({
      north: fc.integer({ min: -1000, max: 1000 }),
      east: fc.integer({ min: -1000, max: 1000 }),
    });
    fc.assert(
      fc.property(corners, place, fc.constantFrom(-35, -44, 0, 46), (drawn, { north, east }, latitude) => {
        const where = (northM: number, eastM: number): GeoPoint => ({
          latitude: latitude + northM / 111_100,
          longitude: 174 + eastM / (111_320 * Math.cos((latitude * Math.PI) / 180)),
        });
        // Corners in order of their direction from the middle never cross.
        const grounds = drawn
          .toSorted((one, other) => one.turn - other.turn)
          .map(({ turn, radius }) =>
            where(radius * Math.cos((turn * Math.PI) / 180), radius * Math.sin((turn * Math.PI) / 180)),
          );
        const point = where(north, east);
        near(distanceToGroundsM(grounds, point), oracleGroundsM(grounds, point), 0.1);
      }),
      { numRuns: runs(300) },
    );
  });
});

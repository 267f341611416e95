import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KerbsideError } from '../../src/errors.js';
import { chainageOf, headingAt, lineLengthM, pointAt } from '../../src/site/geodesy.js';
import type { GeoPoint } from '../../src/site/types.js';
import { metres } from '../../src/units.js';
import { CENTRELINE, site } from './support.js';
import { runs } from '../support/fuzz.js';

const near = (found: number, expected: number, within: number): void =>
  assert.ok(Math.abs(found - expected) <= within, `${found}, expected ${expected}`);

/** Length of a meridian arc on WGS 84 by summing small steps: an own road to the same number. */
function meridianArcM(from: number, to: number): number {
  const steps = 10_000;
  const square = 1 - (1 - 1 / 298.257223563) ** 2;
  let sum = 0;
  for (let index = 0; index < steps; index += 1) {
    const phi = ((from + ((to - from) * (index + 0.5)) / steps) * Math.PI) / 180;
    sum += (6_378_137 * (1 - square)) / (1 - square * Math.sin(phi) ** 2) ** 1.5;
  }
  return (((to - from) * Math.PI) / 180) * (sum / steps);
}

const BENT: readonly GeoPoint[] = [
  { latitude: -36.85, longitude: 174.76 },
  { latitude: -36.848, longitude: 174.765 },
  { latitude: -36.848, longitude: 174.77 },
  { latitude: -36.852, longitude: 174.775 },
];

describe('geodesy: chainage along the centreline', () => {
  it('a line due north is as long as the arc of the meridian on WGS 84', () => {
    near(lineLengthM(CENTRELINE), meridianArcM(-41.2, -41.19), 0.001);
    const long = [CENTRELINE[0]!, { latitude: -41.155, longitude: 175.5 }];
    near(lineLengthM(long), meridianArcM(-41.2, -41.155), 0.01);
  });

  it('a line due east is as long as the arc of its parallel', () => {
    const phi = (-41.2 * Math.PI) / 180;
    const square = 1 - (1 - 1 / 298.257223563) ** 2;
    const radiusM = (6_378_137 / Math.sqrt(1 - square * Math.sin(phi) ** 2)) * Math.cos(phi);
    const east = [CENTRELINE[0]!, { latitude: -41.2, longitude: 175.52 }];
    near(lineLengthM(east), (radiusM * 0.02 * Math.PI) / 180, 0.001);
  });

  it('points are found again at their chainage and distance, on each segment of a bent line', () => {
    const lengthM = lineLengthM(BENT);
    fc.assert(
      fc.property(fc.double({ min: 0.03, max: 0.97, noNaN: true }), fc.double({ min: -8, max: 8 }), (part, offsetM) => {
        fc.pre(Number.isFinite(offsetM));
        const chainageM = metres(part * lengthM);
        const found = chainageOf(BENT, pointAt(BENT, chainageM, metres(offsetM)));
        // Inside a bend the neighbouring segment may be nearer than the one the point was set out from.
        assert.ok(found.offLineM <= Math.abs(offsetM) + 0.001);
        near(found.chainageM, chainageM, Math.abs(offsetM) + 0.001);
        near(chainageOf(BENT, pointAt(BENT, chainageM, metres(0))).chainageM, chainageM, 0.001);
      }),
      { numRuns: runs(200) },
    );
  });

  it('beyond the ends the chainage stays at the end and the distance grows', () => {
    const before = chainageOf(CENTRELINE, pointAt(CENTRELINE, metres(-40), metres(0)));
    assert.equal(before.chainageM, 0);
    near(before.offLineM, 40, 0.001);
  });

  it('the heading follows the segment and turns round for falling chainage', () => {
    near(headingAt(site(), metres(100), 'increasing'), 0, 1e-9);
    near(headingAt(site(), metres(100), 'decreasing'), 180, 1e-9);
    const bent = site({ centreline: BENT });
    near(headingAt(bent, metres(lineLengthM(BENT) / 2), 'increasing'), 90, 1e-6);
    near(headingAt(bent, metres(lineLengthM(BENT) / 2), 'decreasing'), 270, 1e-6);
  });

  it('an offset to the right of a northward line lies east', () => {
    const { latitude, longitude } = pointAt(CENTRELINE, metres(100), metres(10));
    near((longitude - 175.5) * 111_320 * Math.cos((latitude * Math.PI) / 180), 10, 0.05);
  });

  it('a line without two different points is refused', () => {
    const same = [CENTRELINE[0]!, CENTRELINE[0]!];
    for (const attempt of [() => chainageOf(same, same[0]!), () => pointAt([], metres(0), metres(0))]) {
      assert.throws(attempt, (error: unknown) => error instanceof KerbsideError && error.kind === 'site-invalid');
    }
  });
});

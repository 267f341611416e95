/** Ground truth against the hand-computed table of domain/measurement.md ("Geometry"). */
import assert from 'node:assert/strict';
import { echoOf } from '../../../hw-sim/road/beam.js';
import { positionAt } from '../../../hw-sim/road/geodesy.js';
import { Road } from '../../../hw-sim/road/road.js';
import { kmh, metres } from '../../../src/units.js';
import { BOOK, bookRoad, car } from '../book.js';

const near = (actual: number, expected: number, within: number): void => {
  assert.ok(Math.abs(actual - expected) <= within, `${String(actual)} is not ${String(expected)} ± ${String(within)}`);
};

describe('hw-sim road: where things are', () => {
  const TABLE = [
    ['1', 5.25, 13.7, 12.7, 3.2],
    ['2', 8.75, 22.9, 21.1, 5.3],
    ['3', 12.25, 32.0, 29.6, 7.4],
    ['4', 15.75, 41.2, 38.0, 9.5],
  ] as const;
  for (const [lane, lateral, slant, ahead, footprint] of TABLE) {
    it(`lane ${lane} lies as the geometry table says`, () => {
      const road = bookRoad();
      const lateralM = road.laneLateralM(lane);
      near(lateralM, lateral, 1e-9);
      near(road.axisAheadM(lateralM), ahead, 0.06);
      near(Math.hypot(lateralM, road.axisAheadM(lateralM)), slant, 0.06);
      const [from, to] = road.footprint(lateralM);
      near(to - from, footprint, 0.07);
    });
  }

  it('a 4.5 m car is in the lane-1 beam for 0.28 s at 100 km/h and for 0.55 s at 50 km/h', () => {
    for (const [speed, seconds] of [
      [100, 0.28],
      [50, 0.55],
    ] as const) {
      const [from, to] = bookRoad().inBeam(car({ speedKmh: kmh(speed) }));
      near(to - from, seconds, 0.005);
    }
  });

  it('the leading end crosses the axis of the beam at the time that the scenario states', () => {
    for (const direction of ['increasing', 'decreasing'] as const) {
      const vehicle = car({ direction });
      const road = bookRoad(vehicle);
      near(road.place(vehicle, 10).frontChainageM, 1000 - 12.675, 0.01);
    }
  });

  it('a vehicle is in the beam exactly while it gives an echo', () => {
    for (const direction of ['increasing', 'decreasing'] as const) {
      const vehicle = car({ direction });
      const road = bookRoad(vehicle);
      const [from, to] = road.inBeam(vehicle);
      assert.equal(echoOf(road, vehicle, from - 0.001), null);
      assert.ok(echoOf(road, vehicle, from + 0.001));
      assert.ok(echoOf(road, vehicle, to - 0.001));
      assert.equal(echoOf(road, vehicle, to + 0.001), null);
    }
  });

  it('looking back, traffic in the direction of the van comes and the other goes; looking ahead it is the other way', () => {
    const same = car();
    assert.equal(new Road(BOOK, [same]).isReceding(same), false);
    assert.equal(new Road({ ...BOOK, facing: 'front' }, [same]).isReceding(same), true);
    assert.equal(new Road({ ...BOOK, vanHeading: 'decreasing' }, [same]).isReceding(same), true);
  });

  it('the echo reads 9.4 % low at the near edge of the beam and 6.0 % low at the far one', () => {
    const vehicle = car({ lengthM: metres(1.5), speedKmh: kmh(100) });
    const road = bookRoad(vehicle);
    const [from, to] = road.inBeam(vehicle);
    const first = echoOf(road, vehicle, from + 1e-4);
    const last = echoOf(road, vehicle, to - 1e-4);
    assert.ok(first && last);
    near(first.radialKmh, -94.0, 0.05);
    near(last.radialKmh, -90.6, 0.05);
    near(first.sightAngleDeg, 20, 0.05);
    near(last.sightAngleDeg, 25, 0.05);
  });

  it('chainage becomes latitude and longitude: a kilometre north at 41 degrees south is 0.0090046 degrees', () => {
    const anchor = { latitude: -41, longitude: 175, bearingDeg: 0 };
    near(positionAt(anchor, 1000).latitude, -41 + 0.0090046, 2e-7);
    near(positionAt(anchor, 0, 1000).longitude, 175 + 0.0118853, 2e-6);
    near(positionAt({ ...anchor, bearingDeg: 90 }, 0, 1000).latitude, -41 - 0.0090046, 2e-7);
  });
});

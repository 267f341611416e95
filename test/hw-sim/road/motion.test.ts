/** Vehicles that brake, accelerate or stand: places by hand, and no jump anywhere. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { echoOf } from '../../../hw-sim/road/beam.js';
import { Road } from '../../../hw-sim/road/road.js';
import { degrees, kmh } from '../../../src/units.js';
import { BOOK, bookRoad, car } from '../book.js';

const near = (actual: number, expected: number, within = 1e-6): void => {
  assert.ok(Math.abs(actual - expected) <= within, `${String(actual)} is not ${String(expected)} ± ${String(within)}`);
};

describe('hw-sim road: changes of speed', () => {
  // 72 km/h is 20 m/s; at 4 m/s² it takes 2.5 s and 37.5 m down to 36 km/h.
  const braking = car({ speedKmh: kmh(72), atS: 10, change: { fromS: 11, toKmh: kmh(36), rateMs2: 4 } });

  it('a vehicle that brakes keeps its speed before, loses it evenly and keeps the new one', () => {
    const road = bookRoad(braking);
    const axisM = road.axisAheadM(road.lateralOf(braking));
    const aheadAt = (timeS: number): number => road.place(braking, timeS).nearAheadM - axisM;
    // It drives towards growing chainage, the beam looks back: it comes nearer.
    near(aheadAt(10), 0);
    near(aheadAt(11), -20);
    near(aheadAt(12), -38);
    near(aheadAt(13.5), -57.5);
    near(aheadAt(14.5), -67.5);
    near(road.place(braking, 12).awayMs, -16);
    near(road.place(braking, 20).awayMs, -10);
  });

  it('one that accelerates in the beam has the Doppler speed of each moment', () => {
    const faster = car({ speedKmh: kmh(36), atS: 10, change: { fromS: 9.9, toKmh: kmh(108), rateMs2: 3 } });
    const road = bookRoad(faster);
    const echo = echoOf(road, faster, 10.2);
    assert.ok(echo);
    near(echo.radialKmh, -(10 + 3 * 0.3) * 3.6 * Math.cos((echo.sightAngleDeg * Math.PI) / 180));
  });

  it('the times in the beam agree with where it is', () => {
    const speed = fc.double({ min: 5, max: 150, noNaN: true });
    fc.assert(
      fc.property(speed, speed, fc.double({ min: 0.3, max: 9, noNaN: true }), fc.nat(400), (v0, v1, rateMs2, at) => {
        const vehicle = car({ speedKmh: kmh(v0), change: { fromS: 8 + at / 100, toKmh: kmh(v1), rateMs2 } });
        const road = bookRoad(vehicle);
        const [near_, far] = road.footprint(road.lateralOf(vehicle));
        const [fromS, toS] = road.inBeam(vehicle);
        assert.ok(toS > fromS);
        // It drives towards the antenna: in at the far edge, out at the near one.
        near(road.place(vehicle, fromS).nearAheadM, far, 1e-5);
        near(road.place(vehicle, toS).farAheadM, near_, 1e-5);
      }),
      { numRuns: 200 },
    );
  });

  it('one that stops in the beam never leaves it, and a parked one is always there', () => {
    const stopping = car({ speedKmh: kmh(36), change: { fromS: 9.5, toKmh: kmh(0), rateMs2: 10 } });
    assert.equal(bookRoad(stopping).inBeam(stopping)[1], Infinity);
    const parked = car({ speedKmh: kmh(0) });
    assert.deepEqual(bookRoad(parked).inBeam(parked), [-Infinity, Infinity]);
  });
});

describe('hw-sim road: a beam that looks elsewhere', () => {
  it('leaves every vehicle where it is, and meets it sooner or later', () => {
    const vehicle = car();
    const road = bookRoad(vehicle);
    const turned = new Road({ ...BOOK, beamAngleDeg: degrees(24.5) }, [vehicle]);
    assert.deepEqual(turned.place(vehicle, 10.1), road.place(vehicle, 10.1));
    const [near, far] = turned.footprint(5.25);
    assert.ok(Math.abs(near - 5.25 / Math.tan((27 * Math.PI) / 180)) < 1e-9);
    assert.ok(Math.abs(far - 5.25 / Math.tan((22 * Math.PI) / 180)) < 1e-9);
    assert.ok(turned.inBeam(vehicle)[0] > road.inBeam(vehicle)[0]);
  });
});

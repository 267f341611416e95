/** Who is near the beam, against looking at every vehicle of the road at every moment. */
import assert from 'node:assert/strict';
import { createRandom } from '../../../hw-sim/prng.js';
import { echoes } from '../../../hw-sim/road/beam.js';
import type { Vehicle } from '../../../hw-sim/road/vehicle.js';
import { Traffic } from '../../../hw-sim/virtual/traffic.js';
import { kmh, metres } from '../../../src/units.js';
import { bookRoad, car } from '../book.js';

/** Lanes 1 and 2 come towards the antenna, 3 and 4 drive away from it. */
function someTraffic(count: number, seed = 1): Vehicle[] {
  const random = createRandom(seed, 'traffic test');
  return Array.from({ length: count }, (_, index) => {
    const laneId = random.pick(['1', '2', '3', '4']);
    const speedKmh = kmh(random.between(15, 140));
    const change =
      random.uniform() < 0.3
        ? { fromS: random.between(0, 60), toKmh: kmh(random.between(0, 120)), rateMs2: random.between(0.5, 6) }
        : null;
    const direction = laneId < '3' ? 'increasing' : 'decreasing';
    const shift = { lateralShiftM: metres(random.between(-0.5, 0.5)) };
    return car({
      plate: `T${String(index)}`,
      laneId,
      direction,
      speedKmh,
      change,
      atS: random.between(2, 60),
      ...shift,
    });
  });
}

describe('hw-sim virtual: traffic', () => {
  it('hears just those that a look at every vehicle finds, at every frame', () => {
    const road = bookRoad(...someTraffic(120));
    const traffic = new Traffic(road);
    let heard = 0;
    for (let timeS = -5; timeS < 90; timeS += 0.02) {
      const seen = traffic.echoes(timeS).map(({ vehicle }) => vehicle.plate);
      const all = echoes(road, timeS).filter(({ radialKmh }) => Math.abs(radialKmh) >= 0.5);
      assert.deepEqual(new Set(seen), new Set(all.map(({ vehicle }) => vehicle.plate)), `at ${String(timeS)} s`);
      heard += seen.length;
    }
    assert.ok(heard > 1000, String(heard));
  });

  it('promises silence only for as long as nobody is heard', () => {
    const road = bookRoad(...someTraffic(25, 3));
    const traffic = new Traffic(road);
    let quietUntilS = -Infinity;
    let silent = 0;
    for (let timeS = -5; timeS < 90; timeS += 0.02) {
      if (timeS >= quietUntilS) quietUntilS = traffic.nextEchoS(timeS);
      if (timeS >= quietUntilS) continue;
      silent += 1;
      const heard = echoes(road, timeS).filter(({ radialKmh }) => Math.abs(radialKmh) >= 0.5);
      assert.deepEqual(heard, [], `at ${String(timeS)} s`);
    }
    assert.ok(silent > 2000, String(silent));
  });

  it('a truck hides the car behind it while it stands between', () => {
    const truck = car({ plate: 'TRUCK', kind: 'truck', lengthM: metres(9.2), speedKmh: kmh(60) });
    const hidden = car({ plate: 'CAR', laneId: '2', speedKmh: kmh(60) });
    const traffic = new Traffic(bookRoad(truck, hidden));
    const alone = new Traffic(bookRoad(hidden));
    const frames = (of: Traffic): number => {
      let count = 0;
      for (let timeS = 8; timeS < 12; timeS += 0.02) {
        if (of.echoes(timeS).some(({ vehicle }) => vehicle.plate === 'CAR')) count += 1;
      }
      return count;
    };
    const inTheOpen = frames(alone);
    const behindTruck = frames(traffic);
    assert.ok(inTheOpen > 20, String(inTheOpen));
    assert.ok(behindTruck < inTheOpen / 2, String(behindTruck));
    assert.deepEqual(new Set(new Traffic(bookRoad(truck, hidden)).inBeam(10)), new Set(['TRUCK', 'CAR']));
  });

  it('a car hides nobody, and a truck in the farther lane does not either', () => {
    const farTruck = car({ plate: 'TRUCK', kind: 'truck', lengthM: metres(9.2), laneId: '2', speedKmh: kmh(60) });
    const nearCar = car({ plate: 'CAR', speedKmh: kmh(60) });
    const seen = new Traffic(bookRoad(farTruck, nearCar)).echoes(10);
    assert.equal(seen.length, 2);
  });

  it('a parked car is in the beam and in the picture, and is not heard', () => {
    const traffic = new Traffic(bookRoad(car({ plate: 'PARKED', speedKmh: kmh(0) })));
    assert.deepEqual(traffic.echoes(5), []);
    assert.equal(traffic.nextEchoS(5), Infinity);
    assert.deepEqual(traffic.inBeam(5), ['PARKED']);
    assert.deepEqual(traffic.inPicture(5), ['PARKED']);
    assert.equal(traffic.emptyFromS, 0);
  });

  it('the picture shows more of the road than the beam meets, and nothing behind the van', () => {
    const vehicle = car({ plate: 'CAR', speedKmh: kmh(72) });
    const road = bookRoad(vehicle);
    const [fromS, toS] = road.inBeam(vehicle);
    const traffic = new Traffic(road);
    assert.deepEqual(traffic.inPicture(fromS - 1.5), ['CAR']);
    assert.deepEqual(traffic.inBeam(fromS - 0.3), []);
    assert.deepEqual(traffic.inBeam((fromS + toS) / 2), ['CAR']);
    assert.deepEqual(traffic.inPicture(toS + 1.5), []);
    assert.ok(traffic.emptyFromS > toS && traffic.emptyFromS < toS + 2);
  });
});

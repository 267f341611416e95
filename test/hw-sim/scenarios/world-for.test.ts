/** Worlds by name: generated from a seed, written down and read again. */
import assert from 'node:assert/strict';
import { busyRoad } from '../../../hw-sim/scenarios/busy-road.js';
import { parseScenario } from '../../../hw-sim/scenarios/load.js';
import { plateOf } from '../../../hw-sim/scenarios/plates.js';
import { knownWorlds, scenarioText, worldFor } from '../../../hw-sim/scenarios/world-for.js';
import { SimulationProblem } from '../../../hw-sim/problem.js';

describe('hw-sim scenarios: worlds by name', () => {
  it('whatever is generated can be written to a file and is the same world when it is read again', () => {
    for (const name of knownWorlds()) {
      const { file } = worldFor(name, 7, 0.2);
      const again = parseScenario(scenarioText(file), `${name}.yaml`);
      // But for the sign of zero, which no file keeps.
      assert.deepEqual(JSON.parse(JSON.stringify(again.file)), JSON.parse(JSON.stringify(file)), name);
    }
  });

  it('the same seed gives the same world, and another one another', () => {
    for (const name of ['busy-road', 'lying-world']) {
      assert.deepEqual(worldFor(name, 7, 0.2).file, worldFor(name, 7, 0.2).file);
      assert.notDeepEqual(worldFor(name, 7, 0.2).file.vehicles, worldFor(name, 8, 0.2).file.vehicles);
    }
  });

  it('what comes with the program lasts as long as it says', () => {
    assert.equal(worldFor('drive-past', 1, 5).file.durationS, 79);
  });

  it('refuses a name that nobody knows and hours that make no sense, with one sentence', () => {
    const refusal = (name: string, hours: number): string => {
      try {
        worldFor(name, 1, hours);
      } catch (error) {
        assert.ok(error instanceof SimulationProblem);
        return error.message;
      }
      return 'accepted';
    };
    assert.match(refusal('busy-raod', 1), /^scenario busy-raod is not known, expected one of busy-road, drive-past, /);
    assert.match(refusal('busy-road', 0), /0 hours are asked for, expected 0\.01 to 800\.$/);
    assert.match(refusal('busy-road', Number.NaN), /NaN hours/);
  });
});

describe('hw-sim scenarios: busy road', () => {
  const { vehicles, site, durationS } = busyRoad(1, 4);

  it('has some 1,200 vehicles an hour in each of two lanes, about one in eight above the threshold', () => {
    for (const lane of ['1', '2']) {
      const perHour = vehicles.filter((each) => each.lane === lane).length / 4;
      assert.ok(perHour > 1100 && perHour < 1300, String(perHour));
    }
    const above = vehicles.filter(({ speedKmh }) => Math.trunc(speedKmh) > site.threshold.speedKmh).length;
    assert.ok(Math.abs(above / vehicles.length - 0.12) < 0.01, String(above / vehicles.length));
    assert.deepEqual(new Set(site.lanes.map(({ direction }) => direction)).size, 2);
  });

  it('most keep a safe distance, nobody drives through another', () => {
    for (const lane of ['1', '2']) {
      const times = vehicles.filter((each) => each.lane === lane).map(({ atS }) => atS);
      const headways = times.slice(1).map((atS, index) => atS - (times[index] ?? 0));
      assert.ok(headways.every((headwayS) => headwayS >= 0.69));
      const safe = headways.filter((headwayS) => headwayS >= 1.69).length / headways.length;
      assert.ok(safe > 0.93 && safe < 0.99, String(safe));
    }
    assert.ok(vehicles.every(({ atS }) => atS > 3 && atS < durationS));
  });

  it('grows in proportion to its hours, and a longer one begins like a shorter one', () => {
    const longer = busyRoad(1, 8).vehicles;
    assert.ok(Math.abs(longer.length / vehicles.length - 2) < 0.05);
    assert.deepEqual(longer.slice(0, vehicles.length), vehicles);
  });
});

describe('hw-sim scenarios: plates', () => {
  it('no two of a hundred thousand are the same, before and behind the last short one', () => {
    for (const from of [0, 17_576_000 - 50_000, 26 * 17_576_000]) {
      const plates = new Set(Array.from({ length: 100_000 }, (_, index) => plateOf(from + index)));
      assert.equal(plates.size, 100_000);
      for (const plate of plates) assert.match(plate, /^[A-Z0-9]{6,8}$/);
    }
  });

  it('every round of plates has a beginning of its own', () => {
    const beginnings = Array.from({ length: 100 }, (_, round) => plateOf(round * 17_576_000).slice(0, -6));
    assert.equal(new Set(beginnings).size, 100);
    assert.deepEqual(beginnings.slice(0, 3), ['', 'A', 'B']);
  });
});

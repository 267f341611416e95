/** Random worlds: valid, repeatable, writable, and rich enough to meet every fault and every scene. */
import assert from 'node:assert/strict';
import { FAULTS } from '../../../hw-sim/faults/catalogue.js';
import { randomWorld, slyWorld } from '../../../hw-sim/faults/random-world.js';
import { restlessWorld } from '../../../hw-sim/faults/restless-world.js';
import { TRACK_FAULTS } from '../../../hw-sim/faults/track-faults.js';
import { buildScenario, parseScenario } from '../../../hw-sim/scenarios/load.js';
import { scenarioText } from '../../../hw-sim/scenarios/world-for.js';

describe('random worlds', () => {
  it('50 seeds are valid scenarios, and the same after they were written and read', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const file = randomWorld(seed, 0.05);
      buildScenario(file, `seed ${String(seed)}`);
      assert.deepEqual(parseScenario(scenarioText(file), `seed ${String(seed)}`).file, file);
    }
  });

  it('the same seed is the same world, another seed another', () => {
    assert.deepEqual(randomWorld(7, 0.1), randomWorld(7, 0.1));
    assert.notDeepEqual(randomWorld(7, 0.1), { ...randomWorld(8, 0.1), seed: 7 });
  });

  it('the 120 worlds of the tests meet every fault, every scene, both radars and sites of many kinds', () => {
    const worlds = Array.from({ length: 120 }, (_, index) => randomWorld(index + 1, 0.5));
    const sly = Array.from({ length: 40 }, (_, index) => slyWorld(index + 1, 0.5));
    const met = new Set([...worlds, ...sly].flatMap(({ faults }) => faults.map(({ kind }) => kind)));
    const missing = FAULTS.filter((each) => !TRACK_FAULTS.includes(each))
      .map(({ name }) => name)
      .filter((name) => !met.has(name));
    assert.deepEqual(missing, []);
    const vehicles = worlds.flatMap((each) => each.vehicles);
    const scenes: Record<string, (vehicle: (typeof vehicles)[number]) => boolean> = {
      parked: ({ speedKmh }) => speedKmh === 0,
      cyclist: ({ kind }) => kind === 'bicycle',
      brakes: ({ change }) => change !== null,
      'long truck': ({ lengthM }) => lengthM === 23,
      'over the line': ({ lateralShiftM }) => lateralShiftM > 1.2,
      racer: ({ speedKmh }) => speedKmh > 170,
    };
    for (const [name, is] of Object.entries(scenes)) assert.ok(vehicles.some(is), name);
    assert.deepEqual(new Set(worlds.map(({ instruments }) => instruments.radar)), new Set(['agd350', 'ops243']));
    assert.ok(
      worlds.some(({ site }) => site.limitDrops.length > 0) && worlds.some(({ site }) => site.merges.length > 0),
    );
    assert.ok(worlds.some(({ site }) => site.lanes.length === 4) && worlds.some(({ site }) => site.lanes.length === 1));
    assert.ok(worlds.some(({ site }) => site.lanes.some(({ monitored }) => !monitored)));
  });

  it('a sly world is the lying one with other faults, each of which begins about when a vehicle is in the beam', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const sly = slyWorld(seed, 0.2);
      buildScenario(sly, `seed ${String(seed)}`);
      assert.deepEqual(slyWorld(seed, 0.2), sly);
      assert.deepEqual(sly.vehicles, randomWorld(seed, 0.2).vehicles);
      assert.ok(sly.faults.length > 5);
      for (const { fromS } of sly.faults) {
        assert.ok(sly.vehicles.some(({ atS }) => Math.abs(atS - fromS) < 1 || fromS === 0));
      }
    }
  });

  it('each says injection, and no fault lasts beyond the world', () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const { injection, faults, durationS } = randomWorld(seed, 0.2);
      assert.equal(injection, true);
      assert.ok(faults.every(({ fromS, toS }) => fromS < toS && toS <= durationS));
    }
  });
});

describe('restless worlds', () => {
  const worlds = Array.from({ length: 24 }, (_, seed) => restlessWorld(seed, 0.1));

  it('24 seeds are valid scenarios, and the same after they were written and read', () => {
    for (const file of worlds) {
      const named = `seed ${String(file.seed)}`;
      buildScenario(file, named);
      assert.deepEqual(parseScenario(scenarioText(file), named).file, file);
      assert.deepEqual(restlessWorld(file.seed, 0.1), file);
    }
  });

  it('most of those who come are too fast, and something breaks every few seconds', () => {
    for (const { vehicles, faults, site, durationS } of worlds) {
      const speeding = vehicles.filter(({ speedKmh }) => speedKmh > site.threshold.speedKmh + 1).length;
      assert.ok(speeding > vehicles.length / 2, `${String(speeding)} of ${String(vehicles.length)}`);
      assert.ok(vehicles.length > durationS / 4);
      assert.ok(faults.length >= durationS / 60, String(faults.length));
    }
  });

  it('they meet the faults that the lying worlds leave to them', () => {
    const met = new Set(worlds.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
    for (const { name } of TRACK_FAULTS) assert.ok(met.has(name), name);
  });
});

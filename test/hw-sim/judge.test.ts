/** The judge of a simulation must see every kind of wrong, or `make demo` would praise anything. */
import assert from 'node:assert/strict';
import type { SeenEvidence, SeenPass } from '../../hw-sim/judge.js';
import { judge } from '../../hw-sim/judge.js';
import type { Scenario } from '../../hw-sim/scenarios/load.js';
import { loadScenario } from '../../hw-sim/scenarios/load.js';

const START_NS = 5e12;

/** What a controller without fault would have written. */
function faultless(scenario: Scenario): { passes: SeenPass[]; evidence: SeenEvidence[] } {
  const passes: SeenPass[] = [];
  const evidence: SeenEvidence[] = [];
  let image = 1;
  for (const vehicle of scenario.road.vehicles) {
    const { outcome, reasons } = scenario.expectations.get(vehicle.plate) ?? { outcome: 'unseen', reasons: [] };
    if (outcome === 'unseen' || vehicle.plate === 'BIKE1') continue;
    const icn = outcome === 'enforced' ? `000001${String(image++).padStart(3, '0')}` : null;
    const [from, to] = scenario.road.inBeam(vehicle);
    passes.push({
      passId: passes.length + 1,
      direction: scenario.road.isReceding(vehicle) ? 'recede' : 'approach',
      firstNs: START_NS + from * 1e9,
      lastNs: START_NS + to * 1e9,
      speedKmh: outcome === 'void' ? null : vehicle.speedKmh + 0.05,
      truncatedKmh: Math.trunc(vehicle.speedKmh),
      rangeM: scenario.road.lateralOf(vehicle) / Math.sin(Math.PI / 8),
      verdict: outcome === 'void' ? 'void' : outcome === 'observed' ? 'observe' : 'enforce',
      reason: reasons[0] ?? null,
      armed: outcome !== 'not-armed',
      icn,
    });
    if (icn !== null) {
      evidence.push({ icn, kind: 'incident', reason: null, speedKmh: 100, demo: true, image: `${icn}.jpg` });
    }
  }
  return { passes, evidence };
}

describe('hw-sim judge', () => {
  const scenario = loadScenario('drive-past');
  const judged = (change: (world: ReturnType<typeof faultless>) => void = () => undefined) => {
    const world = faultless(scenario);
    change(world);
    return judge(scenario, START_NS, world.passes, world.evidence);
  };
  const passOf = (world: ReturnType<typeof faultless>, plate: string): number => {
    const vehicle = scenario.road.vehicles.find((each) => each.plate === plate);
    assert.ok(vehicle);
    const at = START_NS + vehicle.atS * 1e9;
    return world.passes.findIndex((pass) => pass.firstNs <= at && pass.lastNs >= at);
  };
  const alter = (world: ReturnType<typeof faultless>, plate: string, changes: Partial<SeenPass>): void => {
    const index = passOf(world, plate);
    world.passes[index] = { ...(world.passes[index] as SeenPass), ...changes };
  };

  it('finds nothing wrong with a controller that makes no mistake', () => {
    const result = judged();
    assert.deepEqual(result.violations, []);
    assert.deepEqual([result.falseEnforcements, result.missedOffenders], [0, 0]);
    assert.ok(Math.abs(result.maxSpeedErrorKmh - 0.05) < 1e-9);
    assert.ok(result.rows.every((row) => row.right));
  });

  it('an offender without evidence is missed', () => {
    const result = judged((world) => {
      world.evidence.pop();
    });
    assert.equal(result.missedOffenders, 1);
    assert.match(result.violations.join(), /NGT300 .* is missed, expected enforced/);
  });

  it('a law-abiding vehicle with an incident is a false enforcement', () => {
    const result = judged((world) => {
      alter(world, 'LEG105', { verdict: 'enforce', reason: null, icn: '000001008' });
      world.evidence.push({ icn: '000001008', kind: 'incident', reason: null, speedKmh: 91, demo: true, image: 'x' });
    });
    assert.equal(result.falseEnforcements, 1);
    assert.match(result.violations.join(), /LEG105 .* is enforced, expected observed/);
  });

  it('DEP-8: not firing in the exclusion zone for another reason is wrong, too', () => {
    const result = judged((world) => {
      alter(world, 'SHLDR', { reason: 'not-above-threshold' });
    });
    assert.match(result.violations.join(), /SHLDR .*not-above-threshold, expected observed/);
  });

  const SINGLE: readonly (readonly [string, (world: ReturnType<typeof faultless>) => void, RegExp])[] = [
    [
      'a pass of nobody',
      (w) =>
        w.passes.push({ ...(w.passes[0] as SeenPass), passId: 99, firstNs: START_NS - 9e9, lastNs: START_NS - 8e9 }),
      /pass 99 belongs to no vehicle/,
    ],
    [
      'an incident of nobody',
      (w) => w.evidence.push({ icn: '000001008', kind: 'incident', reason: null, speedKmh: 1, demo: true, image: 'x' }),
      /000001008 is an incident of no vehicle/,
    ],
    [
      'ICN-2: a hole in the numbers',
      (w) =>
        w.evidence.push({
          icn: '000001010',
          kind: 'void',
          reason: 'lease-unused',
          speedKmh: null,
          demo: true,
          image: null,
        }),
      /ICN-2: there is no record between 000001007 and 000001010/,
    ],
    [
      'ICN-2: a number given out twice',
      (w) => w.evidence.push({ ...(w.evidence[0] as SeenEvidence), kind: 'void' }),
      /ICN-2: 000001001 was given out twice/,
    ],
    [
      'evidence that does not say DEMO',
      (w) => (w.evidence[0] = { ...(w.evidence[0] as SeenEvidence), demo: false }),
      /not marked as a demonstration/,
    ],
    [
      'an incident without an image',
      (w) => (w.evidence[0] = { ...(w.evidence[0] as SeenEvidence), image: null }),
      /enforced without an image/,
    ],
    [
      'a speed that is off',
      (w) => {
        alter(w, 'GHT882', { speedKmh: 114.5 });
      },
      /GHT882 .* was measured 2\.20 km\/h off/,
    ],
    [
      'enforcement while the position is lost',
      (w) => {
        alter(w, 'NOFIX1', { armed: true, verdict: 'observe', reason: 'place-unknown' });
      },
      /NOFIX1 .* expected not-armed/,
    ],
  ];
  for (const [what, change, sentence] of SINGLE) {
    it(`sees ${what}`, () => {
      const { violations } = judged(change);
      assert.match(violations.join('\n'), sentence);
    });
  }
});

/** Scenario files: what is accepted, what is refused with which sentence, and what ground truth expects. */
import assert from 'node:assert/strict';
import { parse, stringify } from 'yaml';
import { readFileSync } from 'node:fs';
import { knownScenarios, loadScenario, parseScenario } from '../../../hw-sim/scenarios/load.js';
import { SimulationProblem } from '../../../hw-sim/problem.js';
import { ROOT } from '../../house/tree.js';

type Data = Record<string, unknown> & { vehicles: Record<string, unknown>[]; site: Record<string, unknown> };
const base = (): Data => parse(readFileSync(`${ROOT}/hw-sim/scenarios/drive-past.yaml`, 'utf8')) as Data;
const refusal = (change: (data: Data) => void): string => {
  const data = base();
  change(data);
  try {
    parseScenario(stringify(data), 'x.yaml');
  } catch (error) {
    assert.ok(error instanceof SimulationProblem, String(error));
    return error.message;
  }
  return 'accepted';
};
const first = (data: Data): Record<string, unknown> => data.vehicles[0] as Record<string, unknown>;
const expected = (change: (data: Data) => void, plate: string): string => {
  const data = base();
  for (const vehicle of data.vehicles) delete vehicle['expect'];
  change(data);
  return parseScenario(stringify(data), 'x.yaml').expectations.get(plate)?.outcome ?? 'none';
};

describe('hw-sim scenarios: files', () => {
  it('every scenario that comes with the program is valid and agrees with its own ground truth', () => {
    assert.ok(knownScenarios().includes('drive-past'));
    for (const name of knownScenarios()) assert.equal(loadScenario(name).file.name, name);
  });

  it('drive-past has everything that the demonstration must show, within two minutes', () => {
    const { file, road, expectations } = loadScenario('drive-past');
    assert.ok(file.durationS <= 90);
    const offenders = road.vehicles.filter((vehicle) => expectations.get(vehicle.plate)?.outcome === 'enforced');
    assert.deepEqual(new Set(offenders.map((vehicle) => road.isReceding(vehicle))), new Set([true, false]));
    const outcomes = new Set([...expectations.values()].map(({ outcome }) => outcome));
    assert.deepEqual([...outcomes].sort(), ['enforced', 'not-armed', 'observed', 'unseen', 'void']);
    assert.ok([...expectations.values()].some(({ reasons }) => reasons.includes('exclusion-zone-limit-drop')));
    const truck = road.vehicles.find((vehicle) => vehicle.kind === 'truck' && offenders.includes(vehicle));
    assert.equal(loadScenario('drive-past').lightAt(truck?.atS ?? 0), 'night');
    assert.deepEqual(
      file.faults.map(({ kind }) => kind),
      ['radar-unplugged', 'gps-no-fix'],
    );
  });

  const CASES: readonly (readonly [string, (data: Data) => void, RegExp])[] = [
    ['an unknown key', (d) => (d['wether'] = 'fine'), /^x\.yaml: .*wether/],
    [
      'an unknown lane',
      (d) => (first(d)['lane'] = '9'),
      /vehicles\.0 \(LEG101\): lane 9 is not known, expected one of 1, 2/,
    ],
    ['a plate twice', (d) => (first(d)['plate'] = 'LEG102'), /the plate is used twice, expected each once/],
    [
      'a plate that is none',
      (d) => (first(d)['plate'] = 'abc'),
      /vehicles\.0\.plate: expected a plate of at most eight/,
    ],
    ['a vehicle after the end', (d) => (first(d)['atS'] = 500), /atS is 500 s, expected at most durationS, 79 s/],
    [
      'an unknown colour',
      (d) => (first(d)['colour'] = 'plaid'),
      /colour plaid is not known, expected #rrggbb or one of white/,
    ],
    [
      'a wrong expectation',
      (d) => (first(d)['expect'] = 'enforced'),
      /LEG101: expect is enforced, but ground truth says observed/,
    ],
    [
      'a fault that ends before it begins',
      (d) => (d['faults'] = [{ kind: 'gps-silent', fromS: 9, toS: 8 }]),
      /faults\.0: toS is 8 s/,
    ],
    ['no light', (d) => (d['light'] = []), /light: /],
  ];
  for (const [what, change, sentence] of CASES) {
    it(`refuses ${what} in one sentence`, () => {
      const message = refusal(change);
      assert.match(message, sentence);
      assert.equal(message.includes('\n'), false);
    });
  }

  it('refuses what is no YAML, no file and no known name, and lists the known ones', () => {
    assert.throws(() => parseScenario('a: [', 'x.yaml'), /x\.yaml, line \d+: is not valid YAML/);
    assert.throws(() => loadScenario('./nowhere.yaml'), /nowhere\.yaml cannot be read \(ENOENT\)/);
    assert.throws(
      () => loadScenario('nowhere'),
      /scenario nowhere is not known, expected one of drive-past, ops243-one-way/,
    );
  });
});

describe('hw-sim scenarios: what ground truth expects', () => {
  it('DET-1: the truncated speed must be above the threshold, and near it ground truth says nothing', () => {
    const at = (speedKmh: number): string => expected((d) => (first(d)['speedKmh'] = speedKmh), 'LEG101');
    assert.deepEqual([89.9, 90.5, 91.5, 92.1].map(at), ['observed', 'uncertain', 'uncertain', 'enforced']);
  });

  it('DEP-8: the same speeder is expected to be enforced once the drop of the limit is far away', () => {
    assert.equal(
      expected(() => undefined, 'SHLDR'),
      'observed',
    );
    assert.equal(
      expected((d) => (d.site['limitDrops'] = []), 'SHLDR'),
      'enforced',
    );
  });

  it('SCH-5: at a temporary limit the drop excludes nothing, a final merge does', () => {
    assert.equal(
      expected((d) => (d.site['temporaryLimit'] = true), 'SHLDR'),
      'enforced',
    );
    const merge = (d: Data): void => {
      d.site['temporaryLimit'] = true;
      d.site['merges'] = [{ chainageM: 400, direction: 'decreasing' }];
    };
    assert.equal(expected(merge, 'SHLDR'), 'observed');
  });

  it('a lane that is not monitored is observed; a vehicle beside another is void only within one resolution cell', () => {
    const lanes = (d: Data): unknown =>
      (((d.site['lanes'] as Record<string, unknown>[])[0] as Record<string, unknown>)['monitored'] = false);
    assert.equal(expected(lanes, 'QZK417'), 'observed');
    const apart = (d: Data): void => {
      const bike = d.vehicles.find((vehicle) => vehicle['plate'] === 'BIKE1') as Record<string, unknown>;
      bike['atS'] = 26;
    };
    assert.equal(expected(apart, 'SLOW82'), 'observed');
    assert.equal(expected(apart, 'BIKE1'), 'enforced');
  });
});

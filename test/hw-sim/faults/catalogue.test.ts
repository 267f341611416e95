/** The catalogue of faults, its page, and who refuses what. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULTS, objectionTo } from '../../../hw-sim/faults/catalogue.js';
import { FAULT_TARGETS, FAULT_WORDS } from '../../../hw-sim/faults/fault.js';
import { SimulationProblem } from '../../../hw-sim/problem.js';
import { buildScenario, loadScenario } from '../../../hw-sim/scenarios/load.js';
import type { ScenarioFile } from '../../../hw-sim/scenarios/schema.js';
import { Van } from '../../../hw-sim/van.js';
import { ROOT } from '../../house/tree.js';

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

describe('the catalogue of faults', () => {
  it('has each name once, and every word of PX4 and every target at least once', () => {
    assert.equal(new Set(FAULTS.map(({ name }) => name)).size, FAULTS.length);
    assert.deepEqual([...new Set(FAULTS.map(({ word }) => word))].sort(), [...FAULT_WORDS].sort());
    assert.deepEqual([...new Set(FAULTS.map(({ target }) => target))].sort(), [...FAULT_TARGETS].sort());
  });

  it('stands in docs/faults.md as it is, and nothing else does', () => {
    const rows = readFileSync(join(ROOT, 'docs/faults.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map(cellsOf);
    const expected = FAULTS.map(({ name, word, says, amount }) => [
      ...[`\`${name}\``, word, says],
      amount === null
        ? '–'
        : `${amount.unit}: ${String(amount.least)} to ${String(amount.most)}, usually ${String(amount.usual)}`,
    ]);
    const byName = (a: readonly string[], b: readonly string[]): number => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1);
    assert.deepEqual(rows.sort(byName), expected.sort(byName));
  });

  const file = loadScenario('drive-past').file;
  const withFaults = (faults: ScenarioFile['faults'], injection = true): ScenarioFile => ({
    ...file,
    vehicles: [],
    ...{ injection, faults },
  });
  const refusals: readonly (readonly [string, ScenarioFile, RegExp])[] = [
    ['faults where injection is off', withFaults(file.faults, false), /injection is off, expected injection: true/],
    [
      'a fault that nobody knows',
      withFaults([{ kind: 'radar-tired', fromS: 1, toS: 2 }]),
      /faults\.0: kind: radar-tired is not known, expected one of radar-unplugged/,
    ],
    [
      'an amount out of range',
      withFaults([{ kind: 'radar-delayed', fromS: 1, toS: 2, amount: 99 }]),
      /amount: is 99, expected 0\.05 to 5 s/,
    ],
    [
      'an amount where there is none',
      withFaults([{ kind: 'gps-gone', fromS: 1, toS: 2, amount: 1 }]),
      /amount: is 1, expected none/,
    ],
  ];
  for (const [what, scenario, sentence] of refusals) {
    it(`refuses ${what} in one sentence`, () => {
      assert.throws(
        () => buildScenario(scenario, 'here.yaml'),
        (error) => error instanceof SimulationProblem && sentence.test(error.message),
      );
    });
  }

  it('the van in real time refuses what only virtual time can do', async () => {
    const scenario = buildScenario(withFaults([{ kind: 'power-cut', fromS: 1, toS: 2 }]), 'here.yaml');
    const options = { scenario, seed: 1, onFault: () => undefined };
    const places = { radarPath: '/nonexistent/r', ioBoardPath: '/nonexistent/b', linesSocket: '/nonexistent/l' };
    await assert.rejects(
      Van.start({ ...options, ...places, cameraFolder: '/nonexistent/c' }),
      /power-cut is for virtual time \(--virtual\); in real time expected one of/,
    );
  });

  it('every usual amount is one that is allowed', () => {
    for (const { name, amount } of FAULTS) {
      if (amount !== null) assert.equal(objectionTo({ kind: name, amount: amount.usual }), null, name);
    }
  });
});

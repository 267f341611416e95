/** What the operator does when something goes wrong, before the real controller: he must get it to enforce again. */
import assert from 'node:assert/strict';
import { busyRoad } from '../../../hw-sim/scenarios/busy-road.js';
import { buildScenario } from '../../../hw-sim/scenarios/load.js';
import type { ScenarioFile } from '../../../hw-sim/scenarios/schema.js';
import { runVirtually, type VirtualRun } from '../../support/virtual-run.js';

type Faults = ScenarioFile['faults'];

/** Three minutes of traffic with these faults. */
const withFaults = (...faults: Faults): VirtualRun =>
  runVirtually(buildScenario({ ...busyRoad(1, 0.05), injection: true, faults }, 'test'), { keepEvents: true });

/** Each new state with its second of the scenario. */
const states = ({ seen, truth }: VirtualRun): [number, string][] =>
  seen.flatMap((each): [number, string][] =>
    each.type === 'state' ? [[(each.atNs - truth.startNs) / 1e9, each.state]] : [],
  );

const enforcesAgain = (run: VirtualRun, afterS: number, withinS: number): void => {
  const again = states(run).find(([atS, state]) => atS > afterS && state === 'enforcing');
  assert.ok(again !== undefined, `never after ${String(afterS)} s: ${JSON.stringify(states(run).slice(-6))}`);
  assert.ok(again[0] < afterS + withinS, `only at ${String(again[0])} s`);
};

const asked = ({ events }: VirtualRun, type: string) =>
  events.flatMap((event) => (event.type === 'operator' && event.request.type === type ? [event.request] : []));

const closesInOrder = (run: VirtualRun): void => {
  assert.equal(states(run).at(-1)?.[1], 'closed');
  const lastTest = run.seen.filter((each) => each.type === 'event' && each.event.code === 'fork').at(-1);
  assert.ok(lastTest?.type === 'event' && lastTest.event.detail['passed'] === true);
  assert.ok((lastTest.event.atNs - run.truth.startNs) / 1e9 > run.truth.durationS);
};

describe('hw-sim virtual: operator', () => {
  it('opens, vouches, tests, turns the key, tests again and closes', () => {
    const run = withFaults();
    assert.deepEqual(asked(run, 'open').length, 1);
    assert.ok(asked(run, 'attest').length >= 3);
    assert.equal(asked(run, 'fork-test').length, 2);
    assert.deepEqual(asked(run, 'command'), [{ type: 'command', command: 'close' }]);
    closesInOrder(run);
  });

  it('opens anew after a power cut', () => {
    const run = withFaults({ kind: 'power-cut', fromS: 40, toS: 41, amount: 15 });
    enforcesAgain(run, 40, 60);
    assert.ok(asked(run, 'open').length >= 2);
    closesInOrder(run);
  });

  it('tests and turns the key anew when the controller had died', () => {
    const run = withFaults({ kind: 'trigger-killed', fromS: 40, toS: 41, amount: 1 });
    enforcesAgain(run, 41, 40);
    assert.ok(asked(run, 'open').length === 1 && asked(run, 'fork-test').length === 3);
    closesInOrder(run);
  });

  it('opens anew when somebody has closed in the middle of traffic', () => {
    const run = withFaults({ kind: 'operator-closes', fromS: 40, toS: 41 });
    enforcesAgain(run, 40, 60);
    closesInOrder(run);
  });

  it('vouches again for what was taken back, and turns the key, which the camera waits for', () => {
    const run = withFaults({ kind: 'operator-withdraws', fromS: 40, toS: 41 });
    enforcesAgain(run, 40, 15);
    closesInOrder(run);
  });

  it('lets a suspension pass that ends by itself', () => {
    const run = withFaults({ kind: 'tailgate-half-way', fromS: 40, toS: 60 });
    enforcesAgain(run, 59, 5);
    assert.equal(asked(run, 'fork-test').length, 2);
    closesInOrder(run);
  });

  it('gets a radar that failed its test to test itself again', () => {
    const run = withFaults(
      { kind: 'operator-tests', fromS: 40, toS: 41 },
      { kind: 'radar-flips', fromS: 38, toS: 45, amount: 0.1 },
    );
    enforcesAgain(run, 45, 60);
    closesInOrder(run);
  });

  it('puts down the fork when the controller dies over its test, and tests anew', () => {
    const run = withFaults(
      { kind: 'trigger-killed', fromS: 40, toS: 41, amount: 1 },
      { kind: 'trigger-killed', fromS: 47, toS: 48, amount: 2 },
    );
    assert.ok(
      run.truth.forks.some(({ fromS, toS }) => fromS < 47 && toS > 47),
      'no fork was held when it died',
    );
    assert.ok(
      run.truth.forks.every(({ fromS, toS }) => toS - fromS < 12),
      JSON.stringify(run.truth.forks),
    );
    enforcesAgain(run, 49, 40);
    closesInOrder(run);
  });

  it('ends at a power cut while he closes', () => {
    const run = withFaults({ kind: 'power-cut', fromS: 179, toS: 180, amount: 30 });
    assert.ok((run.untilNs - run.truth.startNs) / 1e9 < 300);
  });
});

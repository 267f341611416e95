/** The pretend van before the real controller, in virtual time. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createLies } from '../../../hw-sim/faults/index.js';
import { busyRoad } from '../../../hw-sim/scenarios/busy-road.js';
import { buildScenario, loadScenario, parseScenario, type Scenario } from '../../../hw-sim/scenarios/load.js';
import type { ScenarioFile } from '../../../hw-sim/scenarios/schema.js';
import { scenarioText } from '../../../hw-sim/scenarios/world-for.js';
import { honest } from '../../../hw-sim/virtual/honest.js';
import { START_NS } from '../../../hw-sim/virtual/start.js';
import { createVirtualVan } from '../../../hw-sim/virtual/van.js';
import type { PassSummary } from '../../../src/enforcement/types.js';
import type { Truth, TruthVehicle, VanEvent } from '../../../src/ports/pretend.js';
import { runVan, runVirtually, type VirtualRun } from '../../support/virtual-run.js';

const busy = (changes: Partial<ScenarioFile> = {}, seed = 1): Scenario =>
  buildScenario({ ...busyRoad(seed, 0.03), ...changes }, 'test');

/** Plates that were enforced, found by the exposure whose picture was kept. */
function enforced({ truth, concluded }: VirtualRun): string[] {
  const incidents = concluded.filter(({ kind }) => kind === 'incident');
  return incidents.flatMap(({ imageSha256 }) => {
    const file = truth.files.find(({ sha256 }) => sha256 === imageSha256);
    return truth.exposures.find(({ counter }) => counter === file?.counter)?.inPicture ?? [];
  });
}

/** Was a vehicle in the beam, where it really looks, from the first to the last reading of the pass? Give or take a frame. */
function somebodyWasThere({ van, startNs, vehicles }: Truth, { firstNs, lastNs }: PassSummary): boolean {
  const half = van.beamWidthDeg / 2;
  const isIn = ({ motion, lateralM, lengthM }: TruthVehicle, atS: number): boolean => {
    const [piece] = motion;
    if (piece === undefined) return false;
    const front = piece.frontAheadM + piece.speedMs * (atS - piece.fromS);
    const rear = front - Math.sign(piece.speedMs) * lengthM;
    const edge = (degrees: number): number => lateralM / Math.tan((degrees * Math.PI) / 180);
    const [near, far] = [edge(van.trueAngleDeg + half), edge(van.trueAngleDeg - half)];
    return Math.max(front, rear) > near && Math.min(front, rear) < far;
  };
  const times = [firstNs + 20e6, (firstNs + lastNs) / 2, lastNs - 20e6].map((atNs) => (atNs - startNs) / 1e9);
  return vehicles.some((vehicle) => times.every((atS) => isIn(vehicle, atS)));
}

describe('hw-sim virtual: van', () => {
  it('the same seed gives the same events to the last byte, another seed others', () => {
    const one = runVirtually(busy(), { seed: 5 });
    assert.equal(runVirtually(busy(), { seed: 5 }).eventsSha256, one.eventsSha256);
    assert.notEqual(runVirtually(busy(), { seed: 6 }).eventsSha256, one.eventsSha256);
  });

  it('a scenario that was written to a file and read again gives the same events', () => {
    const again = parseScenario(scenarioText(busy().file), 'x.yaml');
    assert.equal(runVirtually(again).eventsSha256, runVirtually(busy()).eventsSha256);
  });

  it('every clean offender of drive-past is photographed, and nobody else (DEP-8, DET-1)', () => {
    const scenario = loadScenario('drive-past');
    const run = runVirtually(scenario, { seed: 2 });
    const expected = scenario.file.vehicles.filter(({ expect }) => expect === 'enforced').map(({ plate }) => plate);
    const shown = enforced(run);
    for (const plate of expected) assert.ok(shown.includes(plate), plate);
    assert.equal(run.concluded.filter(({ kind }) => kind === 'incident').length, expected.length);
    assert.deepEqual(run.truth.faults.map(({ fault }) => fault).sort(), ['gps-no-fix', 'radar-unplugged']);
  });

  it('the simple radar works as well', () => {
    const run = runVirtually(loadScenario('ops243-one-way'));
    assert.deepEqual(enforced(run), ['OPS002', 'OPS004']);
    assert.equal(run.truth.radar, 'ops243');
  });

  it('a bench opens, enforces and closes by itself', () => {
    const run = runVirtually(busy({ deployment: 'bench' }));
    assert.ok(run.concluded.some(({ kind }) => kind === 'incident'));
    assert.ok(run.seen.some((seen) => seen.type === 'state' && seen.state === 'closed'));
    assert.deepEqual(run.truth.forks, []);
  });

  it('times are whole nanoseconds and never go back', () => {
    const { events } = runVirtually(busy(), { keepEvents: true });
    let lastNs = 0;
    for (const { atNs } of events) {
      assert.ok(Number.isInteger(atNs) && atNs >= lastNs, String(atNs));
      lastNs = atNs;
    }
    assert.equal(events[0]?.atNs, START_NS);
  });

  it('gives what changes only by itself as often as the real van does', () => {
    const { events, untilNs } = runVirtually(busy(), { keepEvents: true });
    const seconds = (untilNs - START_NS) / 1e9;
    const count = (type: VanEvent['type']): number => events.filter((event) => event.type === type).length;
    assert.ok(Math.abs(count('clock') - seconds) < 2);
    assert.ok(Math.abs(count('gps-line') - 1.1 * seconds) < 3);
    assert.ok(count('board') > seconds && count('board') < 2 * seconds);
  });
});

describe('hw-sim virtual: truth', () => {
  const run = runVirtually(busy(), { keepEvents: true });
  const { truth, events } = run;

  it('traffic starts when the camera enforces for the first time', () => {
    const first = run.seen.find((seen) => seen.type === 'state' && seen.state === 'enforcing');
    assert.equal(first?.type === 'state' ? first.atNs : null, truth.startNs);
    const firstPass = Math.min(...run.passes.map(({ firstNs }) => firstNs));
    assert.ok(firstPass > truth.startNs + 3e9);
  });

  it('starts all the same after two minutes where it never does', () => {
    // DEP-4: too near to the path of vehicles.
    const stuck = runVirtually(busy({ van: { ...busy().file.van, lateralM: 2.5 } }));
    assert.equal(stuck.truth.startNs, START_NS + 120e9);
    assert.deepEqual(
      stuck.concluded.filter(({ kind }) => kind === 'incident'),
      [],
    );
    assert.ok(stuck.passes.length > 0);
  });

  it('every exposure and every file is told, whole, with the SHA-256 of its bytes', () => {
    const strobes = events.filter(
      (event) => event.type === 'line-edge' && event.line === 'strobe' && event.value === 1,
    );
    assert.deepEqual(
      truth.exposures.map(({ atNs }) => atNs),
      strobes.map(({ atNs }) => atNs),
    );
    const files = events.filter((event) => event.type === 'file');
    const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    assert.deepEqual(
      truth.files.map(({ sha256 }) => sha256),
      files.map(({ bytes }) => hash(bytes)),
    );
    assert.ok(truth.files.every(({ whole }) => whole));
    for (const { counter, deliveredNs } of truth.files) {
      const exposedNs = truth.exposures.find((each) => each.counter === counter)?.atNs ?? 0;
      const afterMs = (deliveredNs - exposedNs) / 1e6;
      assert.ok(afterMs >= 300 && afterMs <= 1500, String(afterMs));
    }
  });

  it('says who is in the picture: each vehicle that was photographed is', () => {
    const incidents = run.concluded.filter(({ kind }) => kind === 'incident');
    assert.ok(incidents.length >= 5);
    const offenders = new Set(
      truth.vehicles.filter(({ motion }) => Math.abs(motion[0]?.speedMs ?? 0) * 3.6 > 91).map(({ plate }) => plate),
    );
    for (const { imageSha256, icn } of incidents) {
      const file = truth.files.find(({ sha256 }) => sha256 === imageSha256);
      const shown = truth.exposures.find(({ counter }) => counter === file?.counter)?.inPicture ?? [];
      assert.ok(
        shown.some((plate) => offenders.has(plate)),
        icn,
      );
    }
  });

  it('the motion of a vehicle leads through the beam when it was measured there', () => {
    for (const pass of run.passes) assert.ok(somebodyWasThere(truth, pass), `a pass of nobody, ${String(pass.passId)}`);
  });

  it('forks are told with the times at which they were held', () => {
    const [first, last] = [truth.forks[0], truth.forks.at(-1)];
    assert.equal(truth.forks.length, 2);
    assert.ok((first?.toS ?? 1) < 0 && (last?.fromS ?? 0) > truth.durationS);
    assert.ok(truth.forks.every(({ fromS, toS, speedKmh }) => toS - fromS > 3 && toS - fromS < 10 && speedKmh === 80));
  });

  it('a misaligned radar turns the beam, not the vehicles', () => {
    const lies = createLies([{ kind: 'radar-misaligned', fromS: 0, toS: 1, amount: 2 }], 1);
    const turned = runVirtually(busy(), { lies });
    assert.deepEqual(turned.truth.vehicles, truth.vehicles);
    assert.deepEqual([turned.truth.van.angleDeg, turned.truth.van.trueAngleDeg], [22.5, 24.5]);
    assert.ok(turned.passes.length > 10);
    for (const pass of turned.passes) assert.ok(somebodyWasThere(turned.truth, pass), String(pass.passId));
  });

  it('a file that is cut short is not whole, one under a wrong name is known by what it shows', () => {
    const lies = createLies(
      [
        { kind: 'image-truncated', fromS: 0, toS: 50 },
        { kind: 'counter-jump', fromS: 50, toS: 108 },
      ],
      1,
    );
    const { truth: told } = runVirtually(busy(), { lies });
    const inTraffic = told.files.filter(({ deliveredNs }) => deliveredNs > told.startNs);
    assert.ok(inTraffic.some(({ whole }) => !whole));
    assert.ok(inTraffic.some(({ whole, fileName, counter }) => whole && !fileName.includes(String(counter))));
  });
});

describe('hw-sim virtual: end', () => {
  it('nothing happens any more when the operator has gone home', () => {
    const scenario = busy();
    const van = createVirtualVan({ scenario, seed: 1, lies: honest() });
    runVan(scenario, van);
    assert.equal(van.nextNs(), Infinity);
  });

  it('he goes home from a screen that stays dark, when the work is over', () => {
    const scenario = busy();
    const van = createVirtualVan({ scenario, seed: 1, lies: honest() });
    let lastNs = 0;
    while (Number.isFinite(van.nextNs())) {
      lastNs = van.nextNs();
      van.next();
    }
    const afterS = (lastNs - van.truth().startNs) / 1e9 - scenario.file.durationS;
    assert.ok(afterS >= 0 && afterS < 60, String(afterS));
  });
});

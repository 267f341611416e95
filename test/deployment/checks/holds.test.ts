/**
 * Between two rounds of checks data grow old, certificates end and schools close: how long an answer may be relied on, and
 * what else one evaluation says.
 */
import assert from 'node:assert/strict';
import { CHECKS, evaluate } from '../../../src/deployment/checks/index.js';
import type { ReadinessFacts } from '../../../src/deployment/readiness.js';
import { NS_PER_MS, NS_PER_S, plusNs, utcMs } from '../../../src/units.js';
import { goodReference, schoolSite } from '../../support/full-deployment.js';
import { agoS, codesOf, factsOf, findingOf, judge, NOW, UTC_NOW_MS, type World } from './world.js';

/** Monday 11:00 in Auckland; its day ends 13 hours later. */
const MIDNIGHT_MS = UTC_NOW_MS + 13 * 3_600_000;
/** Nothing but what a test is about ends soon. */
const SLOW: World = {
  config: { hasIoBoard: false },
  report: null,
  equipment: { selfTestEveryMinutes: null },
};

/** The same facts so much later; monitors and their readings stay. */
function later(facts: ReadinessFacts, ns: number): ReadinessFacts {
  const nowNs = plusNs(facts.nowNs, ns);
  return { ...facts, nowNs, utcMs: facts.utcMs === null ? null : utcMs(facts.utcMs + ns / NS_PER_MS) };
}

/** Facts whose monitors never grow old, for what ends in hours. */
function lasting(world: World, atUtcMs: number): ReadinessFacts {
  const facts = factsOf({ ...SLOW, ...world, utcMs: atUtcMs });
  const asked = facts.nowNs;
  const { gps, clock } = facts;
  return {
    ...facts,
    gps: Object.assign(Object.create(gps), {
      validUntilNs: () => Infinity,
      refusals: () => gps.refusals(asked),
      quality: () => gps.quality(asked),
    }) as typeof gps,
    clock: Object.assign(Object.create(clock), {
      validUntilNs: () => Infinity,
      refusals: () => clock.refusals(asked),
      quality: () => clock.quality(asked),
    }) as typeof clock,
  };
}

const TRAINING: World = {
  reference: { operators: [{ ...goodReference().operators[0]!, validUntil: '2026-11-23' }] },
};
const yearOld = (kind: string): World => ({
  reference: {
    certificates: goodReference().certificates.map((each) =>
      each.kind === kind ? { ...each, issuedOn: '2025-11-23' } : each,
    ),
  },
});
const ENDING: World = {
  reference: { bulletin: { ...goodReference().bulletin!, validUntilUtcMs: utcMs(UTC_NOW_MS + 90_000) } },
};
const COMING: World = {
  reference: {
    bulletin: {
      ...goodReference().bulletin!,
      deployments: [
        {
          siteCode: '7421',
          cameraId: 'SC-099',
          fromUtcMs: utcMs(UTC_NOW_MS + 45_000),
          untilUtcMs: utcMs(UTC_NOW_MS + 90_000),
        },
      ],
    },
  },
};

describe('readiness checks: how long an answer holds', () => {
  const ENDS: readonly { name: string; code: string; world: World; at: number; endMs: number }[] = [
    { name: 'SCH-2: up to 18:00', code: 'school-hours', world: { site: schoolSite() }, at: 0, endMs: 7 * 3_600_000 },
    {
      name: 'CAL-1: up to midnight',
      code: 'camera-certificate',
      world: yearOld('camera'),
      at: 0,
      endMs: 13 * 3_600_000,
    },
    { name: 'CAL-2: up to midnight', code: 'fork-certificate', world: yearOld('fork'), at: 0, endMs: 13 * 3_600_000 },
    { name: 'OPR-1: up to midnight', code: 'operator-training', world: TRAINING, at: 0, endMs: 13 * 3_600_000 },
    {
      name: 'DEP-10: up to the end of the bulletin',
      code: 'bulletin-out-of-date',
      world: ENDING,
      at: 0,
      endMs: 90_000,
    },
    { name: 'DEP-10: up to the next deployment', code: 'other-deployment', world: COMING, at: 0, endMs: 45_000 },
  ];
  for (const { name, code, world, endMs } of ENDS) {
    it(`${name}, to the millisecond (${code})`, () => {
      const facts = lasting(world, UTC_NOW_MS);
      const now = evaluate(facts);
      assert.deepEqual(codesOf(now), []);
      assert.equal(now.holdsUntilNs, NOW + endMs * NS_PER_MS);
      assert.deepEqual(codesOf(evaluate(later(facts, (endMs - 1) * NS_PER_MS))), []);
      assert.deepEqual(codesOf(evaluate(later(facts, endMs * NS_PER_MS))), [code]);
    });
  }

  const AGES: readonly { code: string; world: World; endNs: number }[] = [
    { code: 'position-stale', world: SLOW, endNs: 3 * NS_PER_S },
    { code: 'board-stale', world: {}, endNs: NS_PER_S },
    {
      code: 'clock-unknown',
      world: {
        ...SLOW,
        gps: (fix) => [2, 1, 0].forEach((ago) => fix(ago)),
        clock(clock, utc) {
          const atNs = agoS(4);
          clock.onClock({ atNs, utcMs: utcMs(utc - 4000), disciplined: false, uncertaintyMs: null });
          clock.onFixTime(utcMs(utc - 4000), atNs);
        },
      },
      endNs: NS_PER_S,
    },
    {
      code: 'radar-self-test-overdue',
      world: {
        ...SLOW,
        equipment: { selfTestEveryMinutes: 60 },
        tests: {
          radar: { test: 'radar', passed: true, atNs: agoS(3599), utcMs: null, sentence: 'passed', subject: null },
        },
      },
      endNs: NS_PER_S,
    },
  ];
  for (const { code, world, endNs } of AGES) {
    it(`${code}: asked anew at the very moment, and refused right after it`, () => {
      const facts = factsOf(world);
      const now = evaluate(facts);
      assert.deepEqual(codesOf(now), []);
      assert.equal(now.holdsUntilNs, NOW + endNs);
      assert.deepEqual(codesOf(evaluate(later(facts, endNs - 1000))), []);
      assert.deepEqual(codesOf(evaluate(later(facts, endNs + 1000))), [code]);
    });
  }

  it('a date is asked again at midnight local time, also when the clock is set back over it', () => {
    const facts = lasting(yearOld('camera'), MIDNIGHT_MS);
    assert.deepEqual(codesOf(evaluate(facts)), ['camera-certificate']);
    assert.deepEqual(codesOf(evaluate({ ...facts, utcMs: utcMs(MIDNIGHT_MS - 1) })), []);
    assert.deepEqual(codesOf(evaluate(facts)), ['camera-certificate']);
  });
});

describe('readiness checks: one evaluation', () => {
  it('lists every check once, in order, with what it found and how old that is', () => {
    const { findings } = judge({ report: { batteryV: 11.4 }, board: { reportNs: agoS(0.5) } });
    assert.deepEqual(
      findings.map(({ id }) => id),
      CHECKS.map(({ id }) => id),
    );
    const { status, value, unit, limit, ageMs, sentence } = findings.find(({ id }) => id === 'battery-low')!;
    assert.deepEqual([status, value, unit, limit, ageMs], ['fail', 11.4, 'V', 11.5, 500]);
    assert.match(sentence, /11\.40 V.*11\.5 V/);
  });

  it('ids are unique', () => {
    const ids = CHECKS.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('goes on by itself only where every refusal allows it', () => {
    const both = judge({ report: { parkLights: false, tamperLoopWhole: false }, facts: { dark: true } });
    assert.deepEqual(codesOf(both), ['tamper-loop', 'park-lights']);
    assert.equal(both.resumes, false);
    assert.equal(judge({ report: { parkLights: false }, facts: { dark: true } }).resumes, true);
  });

  it('what hides behind another failure is unknown and refuses nothing of itself', () => {
    const dead = judge({ gps: () => undefined, clock: () => undefined });
    assert.deepEqual(codesOf(dead), ['position-none', 'clock-unknown']);
    for (const id of [
      'van-rolling',
      'off-site',
      'road-bends',
      'camera-certificate',
      'static-camera-near',
      'park-lights',
    ]) {
      assert.equal(findingOf(dead, id).status, 'unknown', id);
    }
  });

  it('what is unknown with nothing before it refuses all the same: darkness not worked out yet', () => {
    assert.deepEqual(codesOf(judge({ facts: { dark: null } })), ['park-lights']);
  });

  it('EXP-1: two days without export are shown, warn and refuse nothing', () => {
    const DAY_MS = 86_400_000;
    const old = judge({ facts: { oldestUnexportedUtcMs: utcMs(UTC_NOW_MS - 2 * DAY_MS) } });
    assert.deepEqual(codesOf(old), []);
    assert.equal(findingOf(old, 'export-due').status, 'fail');
    const young = judge({ facts: { oldestUnexportedUtcMs: utcMs(UTC_NOW_MS - 2 * DAY_MS + 1000) } });
    assert.equal(findingOf(young, 'export-due').status, 'pass');
  });

  it('a bench session in a demonstration asks for no plan, no pack and no test, but for its equipment and its place', () => {
    const bench: World = { bench: true, reference: { certificates: [] }, withdrawn: ['safety'], tests: { fork: null } };
    assert.deepEqual(codesOf(judge(bench)), []);
    const drop = { limitDrops: [{ chainageM: 800, direction: 'increasing', toKmh: 30 }] };
    assert.deepEqual(codesOf(judge({ ...bench, site: drop })), ['limit-drop-near']);
    assert.deepEqual(codesOf(judge({ ...bench, report: { batteryV: 11 } })), ['battery-low']);
    assert.deepEqual(codesOf(judge({ ...bench, report: { armKey: null } })), []);
  });

  it('a static installation has no operator, no van and no tailgate, and asks for none', () => {
    const { findings } = judge({
      site: { installation: 'static', altitudesM: [20, 20] },
      plan: { operatorId: null, vehicle: null, lateralM: 40 as never, start: 'automatic' },
      config: { installation: 'static', hasIoBoard: false },
      reference: { bulletin: null, operators: [], vehicles: [] },
      withdrawn: ['safety', 'parking', 'visibility', 'straightness', 'tailgate-by-eye'],
      facts: { dark: true },
    });
    const failing = findings.filter(({ status }) => status === 'fail').map(({ id }) => id);
    assert.deepEqual(failing, ['site-certificate']);
  });

  it('DEP-5: on private land the rule is silent about the tailgate', () => {
    const half = { report: { tailgateOpen: false, tailgateClosed: false } };
    assert.deepEqual(codesOf(judge({ ...half, plan: { occupier: 'Demo occupier' } })), []);
  });
});

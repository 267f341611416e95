/**
 * A check that is not asked again must give the answer that it would give: the book that keeps answers beside one that knows
 * nothing, over facts that change in every way, and in the middle of sessions whose world lies.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import sinon from 'sinon';
import { createController } from '../../../src/controller.js';
import { evaluate, ReadinessBook, type Evaluation } from '../../../src/deployment/checks/index.js';
import type { ReadinessFacts } from '../../../src/deployment/readiness.js';
import { monotonicNs, NS_PER_MS, utcMs } from '../../../src/units.js';
import { mulberry32 } from '../../oracle/pass-world.js';
import { fullOptions, GOOD_BOARD, schoolSite } from '../../support/full-deployment.js';
import { lyingWorld } from '../../support/lying-world.js';
import { VirtualVan } from '../../support/virtual-van.js';
import { EQUIPMENT_CASES } from './equipment-cases.js';
import { PAPER_CASES } from './paper-cases.js';
import { PLACE_CASES } from './place-cases.js';
import { factsOf, NOW } from './world.js';

/** How far a kept end of a day may lie before the one that would be worked out now: rounding, on the safe side. */
const ROUNDING_NS = 1000;
const DAY_MS = 86_400_000;

function assertSame(kept: Evaluation, fresh: Evaluation): void {
  assert.deepEqual(kept.findings, fresh.findings);
  assert.deepEqual(kept.statuses, fresh.statuses);
  assert.deepEqual(kept.refusals, fresh.refusals);
  assert.equal(kept.resumes, fresh.resumes);
  if (kept.holdsUntilNs === fresh.holdsUntilNs) return;
  const laterNs = fresh.holdsUntilNs - kept.holdsUntilNs;
  assert.ok(laterNs > 0 && laterNs <= ROUNDING_NS, `${kept.holdsUntilNs}, not ${fresh.holdsUntilNs}`);
}

/** Runs with a book that is compared at every look. @returns how often */
function compared(run: () => void): number {
  let looks = 0;
  let isFresh = false;
  const stub = sinon.stub(ReadinessBook.prototype, 'look').callsFake(function compare(this: ReadinessBook, facts) {
    const kept = stub.wrappedMethod.call(this, facts);
    if (isFresh) return kept;
    looks += 1;
    isFresh = true;
    assertSame(kept, evaluate(facts));
    isFresh = false;
    return kept;
  });
  try {
    run();
  } finally {
    stub.restore();
  }
  return looks;
}

describe('readiness checks: answers that are kept', () => {
  const worlds = [...EQUIPMENT_CASES, ...PAPER_CASES, ...PLACE_CASES].flatMap(({ fails, passes }) => [fails, passes]);
  const pool = [...worlds, {}, { site: schoolSite() }, { bench: true }].map(factsOf);
  const names = Object.keys(pool[0] as ReadinessFacts) as (keyof ReadinessFacts)[];

  it('are those that every check would give anew, whatever facts become others, one or some at a time', () => {
    const steps = fc.array(
      fc.record({
        from: fc.nat(pool.length - 1),
        which: fc.array(fc.constantFrom(...names), { maxLength: 3 }),
        aheadMs: fc.oneof(fc.constant(0), fc.nat(2000), fc.nat(60 * DAY_MS)),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(fc.nat(pool.length - 1), steps, (first, all) => {
        const book = new ReadinessBook();
        let facts = pool[first] as ReadinessFacts;
        assertSame(book.look(facts), evaluate(facts));
        for (const { from, which, aheadMs } of all) {
          const other = pool[from] as ReadinessFacts;
          facts = {
            ...facts,
            ...Object.fromEntries(which.map((name) => [name, other[name]])),
            nowNs: monotonicNs(facts.nowNs + aheadMs * NS_PER_MS),
            utcMs: facts.utcMs === null ? other.utcMs : utcMs(facts.utcMs + aheadMs),
          };
          assertSame(book.look(facts), evaluate(facts));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('of every case that fails follow those of one that passes, and the other way round', () => {
    const book = new ReadinessBook();
    for (const facts of [...pool, ...pool.toReversed()]) assertSame(book.look(facts), evaluate(facts));
  });

  it('know what a monitor has learnt within itself', () => {
    const facts = factsOf();
    const book = new ReadinessBook();
    assert.deepEqual(book.look(facts).refusals, []);
    facts.radar.onLink(false, 'unplugged', NOW);
    assertSame(book.look(facts), evaluate(facts));
    facts.gps.onFix({ ...NO_FIX, status: 8 }, NOW);
    assertSame(book.look(facts), evaluate(facts));
    facts.clock.onClock({ atNs: NOW, utcMs: utcMs(0), disciplined: false, uncertaintyMs: null });
    assertSame(book.look(facts), evaluate(facts));
    assert.equal(book.look(facts).refusals.length, 3);
  });

  it('are right at every look of sessions in worlds that lie', function () {
    this.timeout(60_000);
    for (const seed of [3]) {
      const { lives } = lyingWorld(seed, 0.06);
      const looks = compared(() => {
        for (const { config, inputs } of lives) {
          const controller = createController(config);
          for (const input of inputs) controller.handle(input, []);
        }
      });
      assert.ok(looks > 1000, `${looks}`);
    }
  });

  it('are right at every look while an operator, the board, the lines and the store do as they like', () => {
    const looks = compared(() => {
      for (let seed = 1; seed <= 4; seed += 1) carryOn(seed);
    });
    assert.ok(looks > 1000, `${looks}`);
  });
});

const NO_FIX = {
  ...{ mode: 3, status: 1, utcMs: null, latitude: null, longitude: null, altitudeM: null, speedMs: null },
  horizontalErrorM: null,
};

/** A session in which anything is said at any time. */
function carryOn(seed: number): void {
  const random = mulberry32(seed);
  const options = fullOptions({});
  const van = new VirtualVan({ ...options, board: GOOD_BOARD }).connect();
  const flip = (): boolean => random() < 0.5;
  const acts: readonly (() => void)[] = [
    () => van.input({ type: 'line-edge', atNs: van.now, line: flip() ? 'tamper' : 'ready', value: flip() ? 1 : 0 }),
    () => van.input({ type: 'store', atNs: van.now, usable: flip(), detail: 'as it likes' }),
    () => van.input({ type: 'board-link', atNs: van.now, up: flip(), detail: 'as it likes' }),
    () => {
      van.board = {
        ...GOOD_BOARD,
        tailgateOpen: flip(),
        parkLights: flip(),
        batteryV: 10 + 4 * random(),
        armKey: flip(),
      };
    },
    () => {
      const check = ['safety', 'parking', 'visibility', 'straightness'][Math.floor(random() * 4)] ?? '';
      const attestation = { check, by: 'OP1', statement: '', given: flip() };
      van.input({ type: 'attest', atNs: van.now, attestation });
    },
    () => van.input({ type: 'command', atNs: van.now, command: flip() ? 'start' : 'suspend', by: 'OP1' }),
    () => van.input({ type: 'command', atNs: van.now, command: flip() ? 'alignment' : 'self-test', by: 'OP1' }),
    () => van.input({ type: 'radar-link', atNs: van.now, up: flip(), detail: 'as it likes' }),
    () => van.input({ type: 'fork-test', atNs: van.now, fork: 'F-77', by: 'OP1' }),
    () => van.input({ type: 'unexported', atNs: van.now, oldestUtcMs: flip() ? null : utcMs(van.utcMs - 3 * DAY_MS) }),
    () => {
      van.speedMs = flip() ? 0 : 2;
    },
    () => {
      van.gps = flip();
    },
    () => {
      van.clock = random() < 0.8;
    },
  ];
  for (let count = 0; count < 120; count += 1) {
    acts[Math.floor(random() * acts.length)]?.();
    van.advance(20 + random() * 400);
  }
}

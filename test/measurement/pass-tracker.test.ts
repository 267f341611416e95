import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createPassTracker } from '../../src/measurement/pass-tracker.js';
import type { PassEvent } from '../../src/measurement/types.js';
import type { Reading } from '../../src/radar/reading.js';
import { degrees, kmh, monotonicNs } from '../../src/units.js';
import { oracleEstimate } from '../oracle/estimator.js';
import { generatePasses, type WirePass, type WorldSettings } from '../oracle/pass-world.js';
import {
  atMs,
  constant,
  fromWire,
  GAP_MS,
  laneOne,
  PLAIN,
  reading,
  readings,
  reasons,
  run,
  SETTINGS,
  TRACKED,
} from './support.js';
import { runs } from '../support/fuzz.js';

const complete = (events: readonly PassEvent[]): PassEvent[] => events.filter((event) => event.type === 'complete');
const kinds = (events: readonly PassEvent[]): string[] => events.map((event) => event.type);

describe('passes: where one ends and the next begins', () => {
  it('a track that comes back within the gap is the same pass, at the gap another vehicle', () => {
    const again = (afterMs: number): number =>
      complete(run([...laneOne(24, 60), ...laneOne(24, 60, {}, 575 + afterMs)], TRACKED).events).length;
    assert.equal(again(GAP_MS - 1), 1);
    assert.equal(again(GAP_MS), 2);
  });

  it('without tracks a pause of the gap ends a pass', () => {
    assert.deepEqual(reasons(run([...readings(constant(24, 60)), ...readings(constant(24, 80), {}, 900)], PLAIN)), [
      null,
      null,
    ]);
  });

  it('a receding pass completes once, at its gap, and counts 1, 2, 3', () => {
    const tracker = createPassTracker(SETTINGS, TRACKED);
    const events: PassEvent[] = [];
    const emit = (event: PassEvent): void => void events.push(event);
    for (const one of laneOne(24, 60)) tracker.add(one, emit);
    assert.equal(tracker.nextDeadlineNs(), atMs(575 + GAP_MS));
    tracker.advance(atMs(575 + GAP_MS - 1), emit);
    assert.deepEqual(kinds(events), []);
    tracker.advance(atMs(575 + GAP_MS), emit);
    tracker.advance(atMs(5000), emit);
    assert.deepEqual(kinds(events), ['complete']);
    assert.equal(events[0]?.atNs, atMs(575 + GAP_MS));
    for (const one of laneOne(24, 60, {}, 6000)) tracker.add(one, emit);
    tracker.advance(atMs(9000), emit);
    assert.deepEqual(
      events.map((event) => event.pass.id),
      [1, 2],
    );
  });

  it('a later reading of another track completes a pass whose gap has elapsed', () => {
    const { events } = run([...laneOne(24, 60), ...laneOne(2, 60, { trackKey: 8 }, 2000)], TRACKED);
    assert.deepEqual(events.map((event) => [event.pass.trackKey, event.atNs]).at(0), [7, atMs(2000)]);
  });

  it('slow things without a track are no vehicles: in no pass, and they hide none', () => {
    const walking = readings(constant(40, 6), {}, 0, 24);
    const { events, tracker } = run(
      [...walking, ...readings(constant(24, 60), {}, 5)].sort((a, b) => a.atNs - b.atNs),
      PLAIN,
    );
    assert.deepEqual(reasons({ events, tracker }), [null]);
    assert.equal(events[0]?.pass.readings.length, 24);
  });

  it('slow is judged on the corrected speed', () => {
    const passes = (radialKmh: number): number =>
      reasons(run(readings(constant(20, radialKmh), { corrected: false }), PLAIN)).length;
    assert.deepEqual([passes(9.2), passes(9.3)], [0, 1]);
  });

  it('a track keeps what it shows below 10 km/h: a mean is not raised by leaving readings out', () => {
    const flipping = laneOne(24, 60).map((one, index) => (index < 20 ? one : { ...one, speedKmh: kmh(5) }));
    const { events, tracker } = run(flipping, TRACKED);
    assert.deepEqual([reasons({ events, tracker }), events[0]?.pass.readings.length], [['two-speeds'], 24]);
    assert.deepEqual(reasons(run(laneOne(24, 5), TRACKED)), []);
  });

  it('states where the target was: ranges, last range, how far across the road (IMG-1)', () => {
    const { events } = run(laneOne(24, 60), TRACKED);
    const pass = events[0]?.pass;
    assert.ok(Math.abs((pass?.minRangeM ?? 0) - 12.42) < 0.01);
    assert.ok(Math.abs((pass?.maxRangeM ?? 0) - 15.35) < 0.01);
    assert.equal(pass?.lastRangeM, pass?.maxRangeM);
    assert.ok(Math.abs((pass?.lateralM ?? 0) - 5.25) < 1e-9);
    const { travelM } = events[0]?.measurement ?? { travelM: 0 };
    assert.ok(Math.abs(travelM - (0.575 * 60) / 3.6) < 1e-9);
  });
});

describe('passes: correction', () => {
  it('a stream that is corrected already is not corrected again', () => {
    const speed = (corrected: boolean): number =>
      run(laneOne(24, 60, { corrected, angleDeg: degrees(0) }), TRACKED).events[0]?.measurement.speedKmh ?? 0;
    assert.equal(speed(true), 60);
    assert.ok(Math.abs(speed(false) - 60 / 0.9238795) < 1e-5);
  });

  it('after a valid pass the reference of the angle is settled for the session', () => {
    const settings = { ...SETTINGS, angleReference: 'auto' as const };
    const tracker = createPassTracker(settings, TRACKED);
    const fromRoad = laneOne(24, 60).map((one) => ({ ...one, angleDeg: degrees((one.angleDeg ?? 0) + 22.5) }));
    assert.deepEqual(reasons(run(fromRoad, TRACKED, settings, tracker)), [null]);
    assert.deepEqual(reasons(run(laneOne(24, 60, {}, 20_000), TRACKED, settings, tracker)), ['angle-implausible']);
  });

  it('a void pass settles nothing', () => {
    const tracker = createPassTracker(SETTINGS, TRACKED);
    const fromRoad = laneOne(2, 60).map((one) => ({ ...one, angleDeg: degrees(22.5) }));
    assert.deepEqual(reasons(run(fromRoad, TRACKED, SETTINGS, tracker)), ['too-few-readings']);
    assert.deepEqual(reasons(run(laneOne(24, 60, {}, 20_000), TRACKED, SETTINGS, tracker)), [null]);
  });
});

describe('passes: approaching vehicles', () => {
  const approaching = (all: readonly Reading[]): Reading[] => all.map((one) => ({ ...one, direction: 'approach' }));

  it('are announced from 3.5 m after entry on, with every reading, and completed with all', () => {
    const { events } = run(laneOne(24, 72, { direction: 'approach' }), TRACKED);
    // 72 km/h is 0.5 m a reading: 3.5 m lie between the first reading and the eighth.
    assert.deepEqual(kinds(events), [...Array.from({ length: 17 }, () => 'provisional'), 'complete']);
    assert.equal(events[0]?.atNs, atMs(175));
    assert.deepEqual(
      events.map((event) => event.measurement.readingsUsed),
      [...Array.from({ length: 17 }, (_, index) => 8 + index), 24],
    );
  });

  it('are announced no more once the controller has settled the pass', () => {
    const tracker = createPassTracker(SETTINGS, TRACKED);
    const seen: string[] = [];
    const emit = (event: PassEvent): void => {
      seen.push(event.type);
      if (event.measurement.readingsUsed === 10) tracker.settle(event.pass.id);
    };
    for (const one of laneOne(24, 72, { direction: 'approach' })) tracker.add(one, emit);
    tracker.advance(atMs(5000), emit);
    assert.deepEqual(seen, ['provisional', 'provisional', 'provisional', 'complete']);
  });

  it('need three readings for that, however fast they are', () => {
    const { events } = run(approaching(readings(constant(6, 150), {}, 0, 100)), PLAIN);
    assert.equal(events[0]?.measurement.readingsUsed, 3);
  });

  it('receding vehicles are not announced', () => {
    assert.deepEqual(kinds(run(laneOne(24, 72), TRACKED).events), ['complete']);
  });

  it('are not announced while the readings so far are no measurement', () => {
    const two = approaching(readings([...constant(5, 60), ...constant(20, 70)]));
    assert.deepEqual(kinds(run(two, PLAIN).events), ['complete']);
  });

  it('a stray value delays the announcement until it is rare', () => {
    const late = approaching(readings([90, ...constant(80, 60)]));
    const { events } = run(late, PLAIN);
    assert.deepEqual(
      [events[0]?.type, events[0]?.measurement.readingsUsed, events[0]?.measurement.readingsCut],
      ['provisional', 50, 1],
    );
  });

  it('are void at their end when the rest of the pass tells two speeds', () => {
    const { events, tracker } = run(approaching(readings([...constant(12, 90), ...constant(12, 60)])), PLAIN);
    // Six readings lie between 3.5 m and the change of speed.
    assert.deepEqual(kinds(events), [...Array.from({ length: 6 }, () => 'provisional'), 'complete']);
    assert.deepEqual(reasons({ events, tracker }), ['two-speeds']);
  });
});

describe('passes: against the oracle', () => {
  const worlds: [string, Omit<WorldSettings, 'seed'>][] = [
    ['tracked, angle from the boresight, beam turned right', { kind: 'tracked' }],
    ['tracked, angle from the boresight, beam turned left', { kind: 'tracked', turned: 'left' }],
    ['tracked, angle from the road', { kind: 'tracked', reference: 'road', turned: 'left' }],
    ['tracked, corrected by the radar', { kind: 'tracked', corrected: true }],
    ['tracked, four lanes', { kind: 'tracked', laterals: [5.25, 8.75, 12.25, 15.75] }],
    ['speed only', { kind: 'plain' }],
    ['speed only, long trucks, dense readings', { kind: 'plain', lengthsM: [15, 25], intervalsMs: [8, 12] }],
  ];
  for (const [name, world] of worlds) {
    it(`${name}: 150 clean passes are valid, within 0.1 km/h and never above when truncated`, () => {
      const settings = { ...SETTINGS, beamTurned: world.turned ?? 'right' };
      const passes = generatePasses({ seed: 20_260, ...world }, 150);
      const corrected = world.corrected ?? false;
      const wires = passes.flatMap((pass) => pass.readings);
      const { events } = run(
        wires.map((wire) => fromWire(wire, corrected)),
        world.kind === 'tracked' ? TRACKED : PLAIN,
        settings,
      );
      const done = complete(events);
      assert.equal(done.length, passes.length);
      done.forEach((event, index) => check(event, passes[index], world));
      const approaching = passes.filter((pass) => pass.truth.direction === 'approach').map((pass) => pass.truth.id);
      const announced = new Set(events.filter((event) => event.type === 'provisional').map((event) => event.pass.id));
      assert.deepEqual([...announced], approaching, 'each approaching vehicle is announced, no other');
    });
  }

  function check(event: PassEvent, pass: WirePass | undefined, world: Omit<WorldSettings, 'seed'>): void {
    assert.ok(pass !== undefined);
    const { measurement } = event;
    assert.equal(measurement.reason, null, `pass ${pass.truth.id}`);
    const exact = oracleEstimate(pass.readings, {
      angle: '22.5',
      reference: world.reference ?? 'boresight',
      turned: world.turned ?? 'right',
      corrected: world.corrected ?? false,
    });
    assert.ok(Math.abs((measurement.speedKmh ?? 0) - (exact.speedKmh ?? 0)) < 0.1);
    assert.ok((measurement.truncatedKmh ?? Infinity) <= (exact.truncatedKmh ?? 0), 'never above the oracle');
    assert.equal(measurement.truncatedKmh, exact.truncatedKmh);
  }

  it('equal seeds give equal worlds, other seeds others', () => {
    const make = (seed: number): string => JSON.stringify(generatePasses({ seed, kind: 'tracked' }, 5));
    assert.equal(make(4), make(4));
    assert.notEqual(make(4), make(5));
  });

  it('whatever the readings: nothing throws, each pass completes once, nothing stays open', () => {
    const any = fc.record({
      stepMs: fc.integer({ min: -200, max: 500 }),
      speed: fc.double({ min: 0, max: 700, noNaN: true }),
      track: fc.option(fc.integer({ min: 0, max: 50 })),
      direction: fc.constantFrom('approach', 'recede', 'unknown'),
      angle: fc.option(fc.double({ min: -99, max: 99, noNaN: true })),
      range: fc.option(fc.double({ min: 0, max: 999, noNaN: true })),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 120 }), (all) => {
        const tracker = createPassTracker(SETTINGS, TRACKED);
        const ids: number[] = [];
        let nowMs = 100_000;
        const emit = (event: PassEvent): void => {
          assert.ok(event.pass.firstNs <= event.pass.lastNs);
          if (event.type === 'complete') ids.push(event.pass.id);
        };
        for (const { stepMs, speed, track, direction, angle, range } of all) {
          nowMs += stepMs;
          const change = {
            trackKey: track,
            direction,
            angleDeg: angle,
            rangeM: range,
            corrected: false,
          } as Partial<Reading>;
          tracker.add(reading(nowMs, speed, change), emit);
        }
        tracker.interrupt(monotonicNs(1e15), emit);
        assert.equal(tracker.nextDeadlineNs(), null);
        assert.deepEqual(
          [...ids].sort((a, b) => a - b),
          ids.map((_, index) => index + 1),
        );
      }),
      { numRuns: runs(150) },
    );
  });
});

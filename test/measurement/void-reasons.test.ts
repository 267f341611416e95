/** Every reason that the tracker gives, in a pass in which nothing else is wrong, beside the same pass without it. */
import assert from 'node:assert/strict';
import { MAX_READINGS } from '../../src/measurement/open-pass.js';
import { createPassTracker, MAX_OPEN_PASSES } from '../../src/measurement/pass-tracker.js';
import { type PassEvent, VOID_REASONS, type VoidReason } from '../../src/measurement/types.js';
import type { Reading } from '../../src/radar/reading.js';
import { degrees, kmh, metres, toRadians } from '../../src/units.js';
import { atMs, constant, laneOne, PLAIN, reading, readings, reasons, run, SETTINGS, TRACKED } from './support.js';

const replace = (all: readonly Reading[], index: number, change: Partial<Reading>): Reading[] =>
  all.map((one, at) => (at === index ? { ...one, ...change } : one));

/** Corrected speeds of a car across the beam as a radar without angles shows it: 20 to 25 degrees, taken for 22.5. */
function beamPass(speedKmh: number): { speeds: number[]; spreadKmh: number } {
  const cosine = (deg: number): number => Math.cos((deg * Math.PI) / 180);
  const speeds = Array.from({ length: 11 }, (_, step) => (speedKmh * cosine(25 - step / 2)) / cosine(22.5));
  return { speeds, spreadKmh: Math.max(...speeds) - Math.min(...speeds) };
}

const proven = new Set<VoidReason>();
const only = (reason: VoidReason, found: readonly (string | null)[], expected: readonly (string | null)[]): void => {
  assert.deepEqual(found, expected);
  assert.ok(expected.includes(reason));
  proven.add(reason);
};

describe('passes: every void reason', () => {
  it('the passes that the cases below spoil are valid', () => {
    assert.deepEqual(reasons(run(laneOne(24, 60), TRACKED)), [null]);
    assert.deepEqual(reasons(run(laneOne(24, 60, { direction: 'approach' }), TRACKED)), [null]);
    assert.deepEqual(reasons(run(readings(constant(24, 60)), PLAIN)), [null]);
  });

  it('too-few-readings: two readings are no pass, three are, over 3 m', () => {
    only('too-few-readings', reasons(run(readings([60, 60], {}, 0, 200), PLAIN)), ['too-few-readings']);
    assert.deepEqual(reasons(run(readings([60, 60, 60], {}, 0, 200), PLAIN)), [null]);
  });

  it('too-few-readings: two values that are not rare among many that are', () => {
    const spread = Array.from({ length: 58 }, (_, index) => 40.5 + index);
    assert.deepEqual(reasons(run(readings([...spread, 40.6]), PLAIN)), ['too-few-readings']);
  });

  it('path-too-short: 19 readings over less than 3 m are void, 20 are not, 3 over 3 m are not', () => {
    const shortStep = (count: number): Reading[] => readings(constant(count, 60), {}, 0, 9);
    only('path-too-short', reasons(run(shortStep(19), PLAIN)), ['path-too-short']);
    assert.deepEqual(reasons(run(shortStep(20), PLAIN)), [null]);
    assert.deepEqual(reasons(run(readings(constant(3, 54), {}, 0, 101), PLAIN)), [null]);
    assert.deepEqual(reasons(run(readings(constant(3, 54), {}, 0, 99), PLAIN)), ['path-too-short']);
  });

  it('two-speeds: two clusters more than 2 km/h apart', () => {
    only('two-speeds', reasons(run(readings([...constant(12, 60), ...constant(12, 63)]), PLAIN)), ['two-speeds']);
    assert.deepEqual(reasons(run(readings([...constant(12, 60), ...constant(12, 62)]), PLAIN)), [null]);
  });

  it('two-speeds: tailgaters without tracks spread more than the beam and noise explain', () => {
    const { speeds: leader } = beamPass(112);
    const follower = beamPass(107).speeds;
    only('two-speeds', reasons(run(readings([...leader, ...follower], {}, 0, 50), PLAIN)), ['two-speeds']);
    const near = beamPass(111).speeds;
    assert.deepEqual(reasons(run(readings([...leader, ...near], {}, 0, 50), PLAIN)), [null]);
    const approaching = run(readings([...leader, ...follower].toReversed(), { direction: 'approach' }, 0, 50), PLAIN);
    const values = approaching.events.filter(({ type }) => type === 'provisional').length;
    assert.ok(values > 0 && values < leader.length + follower.length - 3, 'no provisional value once it is too wide');
  });

  it('two-speeds: a clean pass at 130 km/h spreads by the beam alone, and by noise of 1.5 km/h, and is valid', () => {
    const { speeds, spreadKmh } = beamPass(130);
    assert.ok(Math.abs(spreadKmh - 4.7) < 0.2, `${spreadKmh}`);
    assert.deepEqual(reasons(run(readings(speeds, {}, 0, 50), PLAIN)), [null]);
    const noisy = speeds.map((speed, index) => speed + (index % 2 === 0 ? -1.5 : 1.5));
    assert.deepEqual(reasons(run(readings(noisy, {}, 0, 50), PLAIN)), [null]);
  });

  it('with tracks the spread of one track is not judged: the angle of each reading is known', () => {
    const wide = laneOne(24, 60).map((one, index) => ({ ...one, speedKmh: kmh(60 + index / 2) }));
    assert.deepEqual(reasons(run(wide, TRACKED)), [null]);
  });

  it('length-implausible: without range more than 60 m and the largest footprint is no one vehicle', () => {
    // 72 km/h is 1 m every 50 ms.
    const length = (metresDriven: number): Reading[] => readings(constant(metresDriven + 1, 72), {}, 0, 50);
    assert.deepEqual(reasons(run(length(66), PLAIN)), [null]);
    assert.deepEqual(reasons(run(length(67), PLAIN)), ['length-implausible']);
    assert.deepEqual(reasons(run(length(200), PLAIN, { ...SETTINGS, largestFootprintM: metres(Infinity) })), [null]);
    const towards = run(readings(constant(200, 72), { direction: 'approach' }, 0, 50), PLAIN);
    const last = towards.events.findLast(({ type }) => type === 'provisional');
    assert.ok((last?.measurement.travelM ?? Infinity) <= 66.33, 'nor is a provisional value given');
  });

  it('two-speeds: a track that flips between two vehicles', () => {
    const flipping = laneOne(24, 60).map((one, index) =>
      index % 2 === 0 ? one : { ...one, speedKmh: reading(0, 80).speedKmh },
    );
    assert.deepEqual(reasons(run(flipping, TRACKED)), ['two-speeds']);
  });

  it('two-vehicles: without tracks the second of two directions in the beam, and the first is direction-mixed', () => {
    const away = readings(constant(24, 60));
    const towards = readings(constant(24, 70), { direction: 'approach' }, 210);
    const mixed = [...away, ...towards].sort((a, b) => a.atNs - b.atNs);
    only('two-vehicles', reasons(run(mixed, PLAIN)), ['direction-mixed', 'two-vehicles']);
  });

  it('two-vehicles: the second stays void when the first has left, and a third after the gap is measured', () => {
    const away = readings(constant(24, 60));
    const towards = readings(constant(60, 70), { direction: 'approach' }, 800);
    const third = readings(constant(24, 50), {}, 3000);
    assert.deepEqual(reasons(run([...away, ...towards, ...third], PLAIN)), ['direction-mixed', 'two-vehicles', null]);
  });

  it('with tracks two directions at once are two good passes', () => {
    const both = [...laneOne(24, 60), ...laneOne(24, 75, { trackKey: 8, direction: 'approach' }, 5)];
    both.sort((a, b) => a.atNs - b.atNs);
    assert.deepEqual(reasons(run(both, TRACKED)), [null, null]);
  });

  it('direction-mixed: one reading of the other direction within a track', () => {
    const spoilt = replace(laneOne(24, 60), 10, { direction: 'approach' });
    only('direction-mixed', reasons(run(spoilt, TRACKED)), ['direction-mixed']);
  });

  it('direction-unknown: no direction, or one reading without', () => {
    only('direction-unknown', reasons(run(readings(constant(24, 60), { direction: 'unknown' }), PLAIN)), [
      'direction-unknown',
    ]);
    assert.deepEqual(reasons(run(replace(readings(constant(24, 60)), 5, { direction: 'unknown' }), PLAIN)), [
      'direction-unknown',
    ]);
  });

  it('range-not-monotonic: a receding target that comes nearer by more than the jitter of 1 m', () => {
    const all = laneOne(24, 60);
    const step = (backM: number): Reading[] => replace(all, 12, { rangeM: metres((all[11]?.rangeM ?? 0) - backM) });
    only('range-not-monotonic', reasons(run(step(1.1), TRACKED)), ['range-not-monotonic']);
    assert.deepEqual(reasons(run(step(0.9), TRACKED)), [null]);
    const towards = laneOne(24, 60, { direction: 'approach' });
    const far = replace(towards, 12, { rangeM: metres((towards[11]?.rangeM ?? 0) + 1.1) });
    assert.deepEqual(reasons(run(far, TRACKED)), ['range-not-monotonic']);
  });

  it('range-does-not-move: a speed of 60 km/h at a range that stays, also while it is not over', () => {
    // 9.4 m of travel, a footprint of 3.2 m across the road's first lane: 0.4 of it, along the beam, are 1.16 m.
    const moving = (direction: 'approach' | 'recede', byM: number): Reading[] =>
      laneOne(24, 60, { direction, angleDeg: degrees(0.1) }).map((one, index) => ({
        ...one,
        rangeM: metres(13.7 + (direction === 'recede' ? byM : -byM) * (index / 23)),
      }));
    only('range-does-not-move', reasons(run(moving('recede', 0), TRACKED)), ['range-does-not-move']);
    assert.deepEqual(reasons(run(moving('recede', 1.1), TRACKED)), ['range-does-not-move']);
    assert.deepEqual(reasons(run(moving('recede', 1.3), TRACKED)), [null]);
    assert.deepEqual(reasons(run(moving('recede', -0.9), TRACKED)), ['range-does-not-move'], 'nor the wrong way');
    assert.deepEqual(reasons(run(moving('approach', 1.3), TRACKED)), [null]);
    const { events } = run(moving('approach', 0.5), TRACKED);
    assert.deepEqual(
      events.map(({ type, measurement }) => [type, measurement.reason]),
      [['complete', 'range-does-not-move']],
      'no provisional value is given',
    );
  });

  it('range-does-not-move: a provisional value whose range then stays is not confirmed by the whole pass', () => {
    const stays = laneOne(24, 60, { direction: 'approach', angleDeg: degrees(0.1) }).map((one, index) => ({
      ...one,
      rangeM: metres(13.7 - Math.min(index * 0.1, 0.9)),
    }));
    const { events } = run(stays, TRACKED);
    assert.ok(events.some(({ type }) => type === 'provisional'));
    assert.deepEqual(reasons({ events, tracker: createPassTracker(SETTINGS, TRACKED) }), ['range-does-not-move']);
  });

  it('range-does-not-move: on a beam along the road the range moves as the vehicle does', () => {
    const along = { ...SETTINGS, angleDeg: degrees(0), largestFootprintM: metres(Infinity) };
    const pass = (partOfTravel: number): Reading[] =>
      readings(constant(40, 60), { trackKey: 7, angleDeg: degrees(0) }).map((one, index) => ({
        ...one,
        rangeM: metres(50 + partOfTravel * index * 0.4167),
      }));
    assert.deepEqual(reasons(run(pass(1), TRACKED, along)), [null]);
    assert.deepEqual(reasons(run(pass(0.3), TRACKED, along)), ['range-does-not-move']);
  });

  it('two-vehicles: along the beam a receding vehicle only grows faster, an approaching one slower', () => {
    const raw = (speeds: readonly number[], direction: 'approach' | 'recede'): (string | null)[] =>
      reasons(run(readings(speeds, { corrected: false, direction }, 0, 50), PLAIN));
    const growing = Array.from({ length: 12 }, (_, index) => 100 + index * 0.3);
    const falling = growing.toReversed();
    assert.deepEqual(raw(growing, 'recede'), [null]);
    assert.deepEqual(raw(falling, 'approach'), [null]);
    only('two-vehicles', raw(falling, 'recede'), ['two-vehicles']);
    assert.deepEqual(raw(growing, 'approach'), ['two-vehicles']);
    // The mean of two readings: 2.4 km/h the wrong way are noise, 2.6 are not.
    const back = (byKmh: number): number[] => [100, 101.5, 103, 103, 103 - byKmh, 103 - byKmh, 103, 103];
    assert.deepEqual(raw(back(2.4), 'recede'), [null]);
    assert.deepEqual(raw(back(2.6), 'recede'), ['two-vehicles']);
    const jagged = growing.map((speed, index) => speed + (index % 2 === 0 ? 1.5 : -1.5));
    assert.deepEqual(raw(jagged, 'recede'), [null], 'noise of 1.5 km/h to either side');
  });

  it('two-vehicles: neither a radar with tracks nor a beam along the road nor a corrected speed tells it by its trend', () => {
    const falling = Array.from({ length: 24 }, (_, index) => 64 - index * 0.15);
    const along = { ...SETTINGS, angleDeg: degrees(0), largestFootprintM: metres(Infinity) };
    assert.deepEqual(reasons(run(readings(falling, { corrected: false }), PLAIN, along)), [null]);
    assert.deepEqual(reasons(run(readings(falling), PLAIN)), [null]);
    const tracked = laneOne(24, 60).map((one, index) => ({
      ...one,
      corrected: false,
      speedKmh: kmh(falling[index] ?? 0),
    }));
    assert.deepEqual(reasons(run(tracked, TRACKED)), [null]);
  });

  it('radar-late: what is in the beam while the radar’s messages come late, and what comes at once', () => {
    const tracker = createPassTracker(SETTINGS, TRACKED);
    const events: PassEvent[] = [];
    const feed = (all: readonly Reading[]): void =>
      all.forEach((one) => tracker.add(one, (event) => events.push(event)));
    feed(laneOne(12, 60, {}, 0));
    tracker.noteLate(atMs(290));
    feed(laneOne(24, 60, { trackKey: 8 }, 400));
    feed(laneOne(24, 60, { trackKey: 9 }, 3000));
    tracker.advance(atMs(9000), (event) => events.push(event));
    only('radar-late', reasons({ tracker, events }), ['radar-late', 'radar-late', null]);
  });

  it('double-reflection: 1.8 to 2.2 times another track of the same moment voids the faster one only', () => {
    const pair = (fastKmh: number, fromMs = 0): (string | null)[] => {
      const all = [...laneOne(24, 50), ...laneOne(24, fastKmh, { trackKey: 9 }, fromMs)];
      return reasons(
        run(
          all.sort((a, b) => a.atNs - b.atNs),
          TRACKED,
        ),
      );
    };
    only('double-reflection', pair(100), [null, 'double-reflection']);
    assert.deepEqual(pair(90), [null, 'double-reflection']);
    assert.deepEqual(pair(110), [null, 'double-reflection']);
    assert.deepEqual(pair(89), [null, null]);
    assert.deepEqual(pair(111), [null, null]);
    assert.deepEqual(pair(100, 600), [null, null], 'one after the other is no reflection');
    const speck = [...laneOne(2, 50), ...laneOne(24, 100, { trackKey: 9 }, 5)].sort((a, b) => a.atNs - b.atNs);
    assert.deepEqual(reasons(run(speck, TRACKED)), ['too-few-readings', null], 'two readings are no track');
  });

  it('double-reflection: also when the faster track ends while the slower goes on, or begins after it has ended', () => {
    const slow = laneOne(60, 50);
    const early = [...slow, ...laneOne(24, 100, { trackKey: 9 }, 100)].sort((a, b) => a.atNs - b.atNs);
    assert.deepEqual(reasons(run(early, TRACKED)), ['double-reflection', null]);
    const late = [...laneOne(24, 50), ...laneOne(60, 100, { trackKey: 9 }, 500)].sort((a, b) => a.atNs - b.atNs);
    const { events } = run(late, TRACKED);
    assert.deepEqual(
      events.map((event) => [event.pass.trackKey, event.measurement.reason]),
      [
        [7, null],
        [9, 'double-reflection'],
      ],
    );
  });

  it('double-reflection: also where the radar has mixed a third echo into the slower track', () => {
    const mixed = laneOne(24, 50).map((one, index) => (index < 12 ? one : { ...one, speedKmh: kmh(62) }));
    const all = [...mixed, ...laneOne(24, 100, { trackKey: 9 }, 5)].sort((a, b) => a.atNs - b.atNs);
    assert.deepEqual(reasons(run(all, TRACKED)), ['two-speeds', 'double-reflection']);
  });

  it('angle-implausible: one angle outside the beam', () => {
    only('angle-implausible', reasons(run(replace(laneOne(24, 60), 9, { angleDeg: degrees(11) }), TRACKED)), [
      'angle-implausible',
    ]);
  });

  it('angle-implausible: angles of one pass that count from the boresight and from the road', () => {
    assert.deepEqual(reasons(run(replace(laneOne(24, 60), 9, { angleDeg: degrees(22.5) }), TRACKED)), [
      'angle-implausible',
    ]);
  });

  it('lateral-wanders: range and angle that move across the road by more than half a lane', () => {
    const carriedOn = (stepM: number): Reading[] =>
      laneOne(24, 60).map((one, index) => ({
        ...one,
        rangeM: metres((one.rangeM ?? 0) + (index < 12 ? 0 : stepM * (index - 11))),
        angleDeg: index < 12 ? one.angleDeg : (laneOne(24, 60)[11]?.angleDeg ?? null),
      }));
    assert.deepEqual(reasons(run(carriedOn(0.05), TRACKED)), [null]);
    only('lateral-wanders', reasons(run(carriedOn(0.25), TRACKED)), ['lateral-wanders']);
    only('lateral-wanders', reasons(run(carriedOn(0.6), TRACKED)), ['lateral-wanders']);
  });

  it('lateral-wanders: IMG-1, a track that goes on by itself is void before 3 m and two readings were made up', () => {
    for (const [direction, sine] of [
      ['recede', Math.sin(toRadians(20))],
      ['approach', Math.sin(toRadians(25))],
    ] as const) {
      for (const speedKmh of [40, 100, 250]) {
        const stepM = (speedKmh / 3.6) * 0.02 * 0.93;
        const own = laneOne(Math.max(4, Math.round(960 / speedKmh)), speedKmh, { direction });
        const last = own.at(-1);
        const madeUp = (count: number): Reading[] =>
          Array.from({ length: count }, (_, index) => ({
            ...(last as Reading),
            atNs: atMs(25 * (own.length + index)),
            rangeM: metres((last?.rangeM ?? 0) + (direction === 'recede' ? 1 : -1) * stepM * (index + 1)),
          }));
        const most = Math.floor(0.85 / sine / stepM);
        const voids = Math.floor(0.9 / sine / stepM + 1e-9) + 2;
        assert.ok(voids * stepM < 3 + 2 * stepM);
        assert.deepEqual(reasons(run([...own, ...madeUp(most)], TRACKED)), [null], `${direction} ${speedKmh}`);
        only('lateral-wanders', reasons(run([...own, ...madeUp(voids)], TRACKED)), ['lateral-wanders']);
      }
    }
  });

  it('length-implausible: longer than 30 m beyond the beam; a 30 m road train held 3 m past the edges is measured', () => {
    // 40 km/h, 25 ms: 0.278 m a reading. Lane 1, angles believed from 14.5 to 30.5 degrees: a footprint of 11.4 m.
    const pathM = 30 + 3.2 + 3;
    assert.deepEqual(reasons(run(laneOne(Math.round(pathM / 0.2778), 40), TRACKED)), [null]);
    only('length-implausible', reasons(run(laneOne(Math.round(42.5 / 0.2778), 40), TRACKED)), ['length-implausible']);
  });

  it('length-implausible: twenty readings of something shorter than any vehicle', () => {
    const quick = (stepMs: number): Reading[] =>
      laneOne(24, 60).map((one, index) => ({ ...one, atNs: atMs(index * stepMs) }));
    assert.deepEqual(reasons(run(quick(3), TRACKED)), ['length-implausible']);
    // 1.42 m, and one reading more at each end: 1.54 m.
    assert.deepEqual(reasons(run(quick(3.7), TRACKED)), [null]);
  });

  it('length-implausible: what never leaves the beam is one void pass of bounded size', () => {
    const { events } = run(readings(constant(MAX_READINGS + 500, 60)), PLAIN);
    assert.deepEqual(
      events.map((event) => [event.measurement.reason, event.pass.readings.length]),
      [['length-implausible', MAX_READINGS]],
    );
  });

  it('above-ceiling: what is in the beam while the radar states a speed past its ceiling, and what comes at once', () => {
    const tracker = createPassTracker(SETTINGS, PLAIN);
    const events: PassEvent[] = [];
    const feed = (all: readonly Reading[]): void =>
      all.forEach((one) => tracker.add(one, (event) => events.push(event)));
    feed(readings(constant(12, 60)));
    tracker.noteAboveCeiling(atMs(300));
    feed(readings(constant(12, 60), {}, 325));
    tracker.noteAboveCeiling(atMs(2000));
    feed(readings(constant(24, 60), {}, 2100));
    feed(readings(constant(24, 60), {}, 4000));
    tracker.advance(atMs(9000), (event) => events.push(event));
    only('above-ceiling', reasons({ tracker, events }), ['above-ceiling', 'above-ceiling', null]);
    assert.deepEqual(reasons(run(readings([...constant(24, 60), 600]), PLAIN)), ['above-ceiling']);
  });

  it('test-target: one simulated or fork reading makes a pass worthless as evidence', () => {
    only('test-target', reasons(run(replace(laneOne(24, 60), 3, { test: 'simulated' }), TRACKED)), ['test-target']);
    assert.deepEqual(reasons(run(replace(readings(constant(24, 60)), 3, { test: 'fork' }), PLAIN)), ['test-target']);
  });

  it('clock-backwards: a step back of more than 100 ms; frames that cross by their wire time are no step', () => {
    const all = readings(constant(24, 60), {}, 1000, 60);
    only('clock-backwards', reasons(run(replace(all, 20, { atNs: atMs(2000) }), PLAIN)), ['clock-backwards']);
    assert.deepEqual(reasons(run(replace(all, 20, { atNs: atMs(2100) }), PLAIN)), [null]);
  });

  it('clock-backwards: a clock set back far does not hold a pass open', () => {
    const { events, tracker } = run([...readings(constant(24, 60), {}, 1e6), reading(0, 60)], PLAIN);
    assert.deepEqual(reasons({ events, tracker }), ['clock-backwards']);
    assert.equal(tracker.nextDeadlineNs(), null);
  });

  it('link-interrupted: every open pass ends at once', () => {
    const tracker = createPassTracker(SETTINGS, TRACKED);
    const events: PassEvent[] = [];
    const both = [...laneOne(24, 60), ...laneOne(24, 75, { trackKey: 8 }, 5)].sort((a, b) => a.atNs - b.atNs);
    for (const one of both) tracker.add(one, (event) => events.push(event));
    tracker.interrupt(atMs(600), (event) => events.push(event));
    only('link-interrupted', reasons({ tracker, events }), ['link-interrupted', 'link-interrupted']);
    assert.equal(tracker.nextDeadlineNs(), null);
  });

  it('two-vehicles: more tracks than can be held end the one that was silent longest', () => {
    const many = Array.from({ length: MAX_OPEN_PASSES + 1 }, (_, index) => reading(index, 60, { trackKey: index }));
    const { events } = run(many, TRACKED);
    assert.deepEqual([events[0]?.pass.trackKey, events[0]?.measurement.reason], [0, 'two-vehicles']);
    assert.equal(events.length, MAX_OPEN_PASSES + 1);
  });

  it('leaves to the controller only the reasons that no reading can show', () => {
    const others = VOID_REASONS.filter((reason) => !proven.has(reason));
    assert.deepEqual(others, ['photo-missed', 'verification-failed']);
  });
});

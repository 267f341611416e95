/** The end of a session: the radar's end self-test (measurement, "Self-tests"), then every open number to its end. */
import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { EquipmentTests } from '../../src/deployment/equipment-tests.js';
import { Closing } from '../../src/deployment/closing.js';
import type { ExposureBook } from '../../src/evidence/exposure-book.js';
import type { ImageMatcher } from '../../src/evidence/image-matcher.js';
import type { RadarCondition, RadarDriver } from '../../src/radar/reading.js';
import type { RadarMonitor } from '../../src/deployment/radar-monitor.js';
import type { Output } from '../../src/timeline.js';
import { monotonicNs, NS_PER_S, type MonotonicNs } from '../../src/units.js';

const second = (value: number) => monotonicNs(value * NS_PER_S);
const GOOD: RadarCondition = { usable: true, reason: null, sentence: 'Radar: fine.', unconfirmed: false };
const RUNNING: RadarCondition = { ...GOOD, usable: false, reason: 'self-test-running' };
const FAILED: RadarCondition = { ...GOOD, usable: false, reason: 'self-test-failed', sentence: 'Radar: speed off.' };

function setUp({ selfTest = true, isUp = true, idle = true, imageTimeoutMs = 10_000, photo = false } = {}) {
  let condition = GOOD;
  const startSelfTest = sinon.spy(() => {
    condition = RUNNING;
  });
  const dialogue = { startSelfTest, condition: () => condition };
  const matcher = { isIdle: idle, isSynced: true };
  const photos = { ask: sinon.spy(), giveUp: sinon.spy(), isPending: false };
  const real = new Closing(
    { dialogue } as unknown as RadarDriver,
    { isUp } as unknown as RadarMonitor,
    matcher as unknown as ImageMatcher,
    { isEmpty: true } as unknown as ExposureBook,
    { photos } as unknown as EquipmentTests,
    { photo, selfTest, imageTimeoutMs },
  );
  const out: Output[] = [];
  const closing = {
    ask: (atNs: MonotonicNs) => {
      real.ask(atNs);
    },
    tick: (nowNs: MonotonicNs, to: Output[]) => {
      if (real.tick(nowNs, to)) to.push({ type: 'closed', atNs: nowNs });
    },
    get isDone() {
      return real.isDone;
    },
  };
  const types = () => out.map((output) => (output.type === 'notice' ? output.code : output.type));
  return { closing, startSelfTest, matcher, photos, out, types, becomes: (next: RadarCondition) => (condition = next) };
}

describe('closing of a session', () => {
  it('runs the end self-test and waits for it', () => {
    const { closing, startSelfTest, out, types, becomes } = setUp();
    closing.ask(second(1));
    assert.ok(startSelfTest.calledOnce);
    closing.tick(second(2), out);
    assert.deepEqual(types(), []);
    becomes(GOOD);
    closing.tick(second(3), out);
    assert.deepEqual(types(), ['closed']);
    assert.equal(closing.isDone, true);
  });

  it('waits for a self-test that is under way already, and starts no other', () => {
    const { closing, startSelfTest, out, types, becomes } = setUp();
    becomes(RUNNING);
    closing.ask(second(1));
    closing.tick(second(2), out);
    assert.deepEqual([startSelfTest.called, types()], [false, []]);
    becomes(GOOD);
    closing.tick(second(3), out);
    assert.deepEqual(types(), ['closed']);
  });

  it('raises an alarm when the end self-test fails', () => {
    const { closing, out, types, becomes } = setUp();
    closing.ask(second(1));
    becomes(FAILED);
    closing.tick(second(2), out);
    assert.deepEqual(types(), ['end-self-test-failed', 'closed']);
  });

  it('runs none where it is switched off or the link is down', () => {
    for (const options of [{ selfTest: false }, { isUp: false }]) {
      const { closing, startSelfTest, out, types } = setUp(options);
      closing.ask(second(1));
      closing.tick(second(2), out);
      assert.equal(startSelfTest.callCount, 0);
      assert.deepEqual(types(), ['closed']);
    }
  });

  it('waits for the image of an open trigger, but nothing holds up the end for more than 15 s', () => {
    const { closing, matcher, out, types } = setUp({ selfTest: false, idle: false });
    closing.ask(second(1));
    closing.tick(second(16), out);
    assert.deepEqual(types(), []);
    closing.tick(second(16.1), out);
    assert.deepEqual(types(), ['closed']);
    matcher.isIdle = true;
    closing.tick(second(17), out);
    assert.deepEqual(types(), ['closed'], 'said once');
  });

  it('waits 2 s beyond the time that an image may take, where that is longer', () => {
    const { closing, matcher, out, types } = setUp({ selfTest: false, idle: false, imageTimeoutMs: 30_000 });
    closing.ask(second(1));
    closing.tick(second(30.9), out);
    assert.deepEqual(types(), []);
    matcher.isIdle = true;
    closing.tick(second(31), out);
    assert.deepEqual(types(), ['closed'], 'the image that came last is not given up');
    const silent = setUp({ selfTest: false, idle: false, imageTimeoutMs: 30_000 });
    silent.closing.ask(second(1));
    silent.closing.tick(second(33), silent.out);
    assert.deepEqual(silent.types(), []);
    silent.closing.tick(second(33.1), silent.out);
    assert.deepEqual(silent.types(), ['closed']);
  });

  it('takes the last alignment photo and waits for it, but not for ever', () => {
    const { closing, photos, out, types } = setUp({ selfTest: false, photo: true });
    closing.ask(second(1));
    assert.ok(photos.ask.calledOnce);
    photos.isPending = true;
    closing.tick(second(2), out);
    assert.deepEqual(types(), []);
    photos.isPending = false;
    closing.tick(second(3), out);
    assert.deepEqual(types(), ['closed']);
    const never = setUp({ selfTest: false, photo: true });
    never.closing.ask(second(1));
    never.photos.isPending = true;
    never.photos.giveUp = sinon.spy(() => {
      never.photos.isPending = false;
    });
    never.closing.tick(second(16.1), never.out);
    assert.ok(never.photos.giveUp.calledOnce);
    assert.deepEqual(never.types(), ['closed']);
  });
});

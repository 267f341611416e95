/** domain/measurement.md, "Time and place": when the receiver is believed and when the van counts as parked. */
import assert from 'node:assert/strict';
import { PositionMonitor } from '../../src/deployment/position-monitor.js';
import type { GpsFix } from '../../src/timeline.js';
import { monotonicNs, NS_PER_S, utcMs } from '../../src/units.js';

const FIX: GpsFix = {
  mode: 3,
  status: 1,
  utcMs: utcMs(1_790_000_000_000),
  latitude: -36.85,
  longitude: 174.76,
  altitudeM: 20,
  speedMs: 0,
  horizontalErrorM: 4,
};
const second = (value: number) => monotonicNs(value * NS_PER_S);

function feed(monitor: PositionMonitor, fixes: readonly (Partial<GpsFix> & { atS: number })[]): void {
  monitor.onLink(true, 'connected');
  for (const { atS, ...changes } of fixes) {
    monitor.onFix({ ...FIX, utcMs: utcMs(1_790_000_000_000 + atS * 1000), ...changes }, second(atS));
  }
}

const codes = (monitor: PositionMonitor, atS: number) => monitor.refusals(second(atS)).map(({ code }) => code);

describe('position monitor', () => {
  it('believes the receiver only after three consecutive 3D fixes', () => {
    const monitor = new PositionMonitor();
    feed(monitor, [{ atS: 1 }, { atS: 2 }]);
    assert.deepEqual(codes(monitor, 2), ['position-unproven']);
    assert.equal(monitor.believed(second(2)), null);
    feed(monitor, [{ atS: 3 }]);
    assert.deepEqual(codes(monitor, 3), []);
    assert.equal(monitor.believed(second(3))?.errorM, 4);
  });

  it('begins to count anew after a 2D fix, a fix without place or time, or time running backwards', () => {
    for (const broken of [{ mode: 2 }, { latitude: null }, { utcMs: null }, { utcMs: utcMs(1) }]) {
      const monitor = new PositionMonitor();
      feed(monitor, [{ atS: 1 }, { atS: 2 }, { atS: 3 }, { atS: 4, ...broken }, { atS: 5 }, { atS: 6 }]);
      assert.deepEqual(codes(monitor, 6), ['position-unproven'], JSON.stringify(broken));
      feed(monitor, [{ atS: 7 }]);
      assert.deepEqual(codes(monitor, 7), []);
    }
  });

  it('refuses status 8, a simulated position', () => {
    const monitor = new PositionMonitor();
    feed(monitor, [{ atS: 1 }, { atS: 2 }, { atS: 3, status: 8 }]);
    assert.deepEqual(codes(monitor, 3), ['position-simulated']);
  });

  it('calls the position stale after three seconds and asks for three fresh fixes then', () => {
    const monitor = new PositionMonitor();
    feed(monitor, [{ atS: 1 }, { atS: 2 }, { atS: 3 }]);
    assert.deepEqual(codes(monitor, 6), []);
    assert.deepEqual(codes(monitor, 6.1), ['position-stale']);
    assert.equal(monitor.believed(second(6.1)), null);
    feed(monitor, [{ atS: 7 }]);
    assert.deepEqual(codes(monitor, 7), ['position-unproven']);
  });

  it('suspends a van that rolls faster than 3 km/h or stands more than 15 m from where it began', () => {
    const monitor = new PositionMonitor();
    feed(monitor, [{ atS: 1 }, { atS: 2 }, { atS: 3 }, { atS: 4, speedMs: 0.83 }]);
    assert.deepEqual(codes(monitor, 4), []);
    feed(monitor, [{ atS: 5, speedMs: 0.84 }]);
    assert.deepEqual(codes(monitor, 5), ['van-rolling']);
    // One degree of latitude is 111 km: 0.00012 degrees are 13 m, 0.00015 are 17 m.
    feed(monitor, [{ atS: 6, latitude: -36.85012 }]);
    assert.deepEqual(codes(monitor, 6), []);
    feed(monitor, [{ atS: 7, latitude: -36.85015 }]);
    assert.deepEqual(codes(monitor, 7), ['van-moved']);
    feed(monitor, [{ atS: 8 }]);
    assert.deepEqual(codes(monitor, 8), []);
  });

  it('judges by the 15 m alone where the receiver states no speed: absent is not zero', () => {
    const monitor = new PositionMonitor();
    feed(monitor, [{ atS: 1 }, { atS: 2 }, { atS: 3 }, { atS: 4, speedMs: 0.84 }]);
    assert.deepEqual(codes(monitor, 4), ['van-rolling']);
    feed(monitor, [{ atS: 5, speedMs: null }]);
    assert.deepEqual(codes(monitor, 5), []);
    feed(monitor, [{ atS: 6, speedMs: null, latitude: -36.85015 }]);
    assert.deepEqual(codes(monitor, 6), ['van-moved']);
  });

  it('takes an unstated error as 15 m: absent is not zero', () => {
    const monitor = new PositionMonitor();
    feed(monitor, [{ atS: 1 }, { atS: 2 }, { atS: 3, horizontalErrorM: null }]);
    assert.equal(monitor.believed(second(3))?.errorM, 15);
  });

  it('says why there is no position while gpsd cannot be reached', () => {
    const monitor = new PositionMonitor();
    monitor.onLink(false, 'gpsd at 127.0.0.1:2947 refused the connection');
    assert.match(monitor.refusals(second(1))[0]?.sentence ?? '', /127\.0\.0\.1:2947 refused/);
  });
});

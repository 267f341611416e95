/** domain/measurement.md, "Time and place": agreement of the system clock with GPS, and what each record states. */
import assert from 'node:assert/strict';
import { ClockMonitor } from '../../src/deployment/clock-monitor.js';
import { monotonicNs, NS_PER_S, utcMs } from '../../src/units.js';

const UTC = 1_790_000_000_000;
const second = (value: number) => monotonicNs(value * NS_PER_S);

function clockAt(
  atS: number,
  { offMs = 0, disciplined = false, uncertaintyMs = null as number | null } = {},
): Parameters<ClockMonitor['onClock']>[0] {
  return { atNs: second(atS), utcMs: utcMs(UTC + atS * 1000 + offMs), disciplined, uncertaintyMs };
}

const codes = (monitor: ClockMonitor, atS: number) => monitor.refusals(second(atS)).map(({ code }) => code);

describe('clock monitor', () => {
  it('knows nothing before the first pair and nothing after five seconds without one', () => {
    const monitor = new ClockMonitor();
    assert.equal(monitor.utcAt(second(1)), null);
    assert.deepEqual(codes(monitor, 1), ['clock-unknown']);
    monitor.onClock(clockAt(1));
    monitor.onFixTime(utcMs(UTC + 1000), second(1));
    assert.deepEqual(codes(monitor, 6), []);
    assert.deepEqual(codes(monitor, 6.1), ['clock-unknown']);
  });

  it('carries UTC on by the monotonic clock', () => {
    const monitor = new ClockMonitor();
    monitor.onClock(clockAt(10));
    assert.equal(monitor.utcAt(second(10.25)), UTC + 10_250);
    assert.equal(monitor.utcAt(second(9.75)), UTC + 9_750);
  });

  it('refuses until compared with GPS and when more than one second away from it', () => {
    for (const [offMs, expected] of [
      [0, []],
      [1000, []],
      [1001, ['clock-disagrees']],
      [-1001, ['clock-disagrees']],
    ]) {
      const monitor = new ClockMonitor();
      monitor.onClock(clockAt(1, { offMs: offMs as number }));
      assert.deepEqual(codes(monitor, 1), ['clock-unproven']);
      monitor.onFixTime(utcMs(UTC + 1000), second(1));
      assert.deepEqual(codes(monitor, 1), expected, `${String(offMs)} ms`);
    }
  });

  it('demands 0.1 s of a disciplined clock and states its own figure', () => {
    const monitor = new ClockMonitor();
    monitor.onClock(clockAt(1, { disciplined: true, uncertaintyMs: 3 }));
    monitor.onFixTime(utcMs(UTC + 1000), second(1));
    assert.deepEqual(codes(monitor, 1), []);
    assert.equal(monitor.uncertaintyMs(), 3);
    monitor.onClock(clockAt(2, { disciplined: true, uncertaintyMs: 101 }));
    assert.deepEqual(codes(monitor, 2), ['clock-disagrees']);
  });

  it('states of a free-running clock what the comparison with GPS leaves open: 0 to 1 s is delivery', () => {
    for (const [offMs, expectedMs] of [
      [0, 1000],
      [400, 600],
      [500, 500],
      [900, 900],
      [-300, 1300],
      [-1000, 2000],
    ] as const) {
      const monitor = new ClockMonitor();
      monitor.onClock(clockAt(1, { offMs }));
      assert.equal(monitor.uncertaintyMs(), 2000, 'not compared yet');
      monitor.onFixTime(utcMs(UTC + 1000), second(1));
      assert.equal(monitor.uncertaintyMs(), expectedMs, `${offMs} ms`);
    }
  });

  it('takes a disciplined clock that states no figure for a free-running one', () => {
    const monitor = new ClockMonitor();
    monitor.onClock(clockAt(1, { disciplined: true, offMs: 900 }));
    assert.equal(monitor.uncertaintyMs(), 2000);
    monitor.onFixTime(utcMs(UTC + 1000), second(1));
    assert.equal(monitor.uncertaintyMs(), 900);
  });

  it('reports a step of the system clock and compares with GPS anew', () => {
    const monitor = new ClockMonitor();
    monitor.onClock(clockAt(1));
    monitor.onFixTime(utcMs(UTC + 1000), second(1));
    assert.equal(monitor.onClock(clockAt(2)), null);
    assert.equal(monitor.onClock(clockAt(3, { offMs: 400 })), 400);
    assert.deepEqual(codes(monitor, 3), ['clock-unproven']);
  });
});

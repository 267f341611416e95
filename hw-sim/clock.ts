/** The machine's two clocks behind the port, so that tests can hand in a clock of their own. */
import type { Clock } from '../src/ports/index.js';
import { monotonicNs, utcMs } from '../src/units.js';

/** CLOCK_MONOTONIC is the same for all processes, so the controller's times and ours may be compared. */
export const systemClock: Clock = {
  monotonicNs: () => monotonicNs(Number(process.hrtime.bigint())),
  utcMs: () => utcMs(performance.timeOrigin + performance.now()),
};

/** When a pretend session begins: the same for every run, so that nothing hangs on the day on which it is run. */
import { monotonicNs, utcMs } from '../../src/units.js';

/** A Tuesday in term time, 10:00 in Auckland, in broad daylight. */
export const START_UTC_MS = utcMs(Date.UTC(2026, 1, 23, 21, 0, 0));
/** The computer has been on for a while. */
export const START_NS = monotonicNs(1000e9);

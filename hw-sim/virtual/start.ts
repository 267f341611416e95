/** When a pretend session begins: by the scenario or always the same, so that nothing hangs on the day on which it is run. */
import { monotonicNs, utcMs, type UtcMs } from '../../src/units.js';
import type { Scenario } from '../scenarios/load.js';

/** A Tuesday in term time, 10:00 in Auckland, in broad daylight. */
export const START_UTC_MS = utcMs(Date.UTC(2026, 1, 23, 21, 0, 0));
/** The computer has been on for a while. */
export const START_NS = monotonicNs(1000e9);

/** True UTC when the session of this scenario begins; packs are dated around it. */
export const virtualStartUtcMs = ({ file }: Pick<Scenario, 'file'>): UtcMs =>
  file.startsAt === undefined ? START_UTC_MS : utcMs(Date.parse(file.startsAt));

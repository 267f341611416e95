/**
 * The two clocks. Monotonic time is CLOCK_MONOTONIC, which libuv's hrtime reads, so all processes of the van share it.
 * Surprise: nothing in Node reads CLOCK_REALTIME finer than a millisecond (performance.timeOrigin is read once and then
 * ignores chrony's corrections), so a pair of readings waits for the next millisecond edge of the system clock.
 */
import type { Clock } from '../../src/ports/index.js';
import type { Input } from '../../src/timeline.js';
import { monotonicNs, utcMs, type MonotonicNs } from '../../src/units.js';

const SEARCH_NS = 2_000_000;

export const nowNs = (): MonotonicNs => monotonicNs(Number(process.hrtime.bigint()));

export function createClock(): Clock {
  return { monotonicNs: nowNs, utcMs: () => utcMs(Date.now()) };
}

/** What is known about the system clock's discipline; from configuration or chrony. */
export interface ClockDiscipline {
  readonly disciplined: boolean;
  readonly uncertaintyMs: number | null;
}

/**
 * Monotonic and UTC time of the same moment. Busy for at most 1 ms (2 ms if the system clock stands still): call it
 * about once a second, never in the trigger process.
 */
export function clockInput(discipline: ClockDiscipline): Extract<Input, { type: 'clock' }> {
  const first = Date.now();
  const giveUpNs = nowNs() + SEARCH_NS;
  let utc = first;
  let atNs = nowNs();
  while (utc === first && atNs < giveUpNs) {
    atNs = nowNs();
    utc = Date.now();
  }
  return { type: 'clock', atNs, utcMs: utcMs(utc), ...discipline };
}

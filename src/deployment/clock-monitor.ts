/**
 * What time is it, and how sure is that? (domain/measurement.md, "Time and place")
 *
 * UTC of any moment is the last pair of clock readings carried on by the monotonic clock. The system clock must agree
 * with GPS: within 0.1 s where PPS or chrony disciplines it, within 1 s otherwise. gpsd hands a fix over up to a second
 * after the moment it describes, so the finer bound can only be read from the discipline's own stated uncertainty: a
 * clock that is said to be disciplined without a figure counts as free running.
 */
import { NS_PER_MS, NS_PER_S, utcMs, type MonotonicNs, type UtcMs } from '../units.js';
import type { ExposureAccount } from '../evidence/types.js';
import type { Refusal } from './readiness.js';

export const DISCIPLINED_BOUND_MS = 100;
export const FREE_BOUND_MS = 1000;
/** A fix reaches us at most this long after the moment it describes. */
const LATEST_DELIVERY_MS = 1000;
/** Stated while the clock was not compared with GPS: the most that a comparison within the bound can yield. */
const UNCOMPARED_MS = FREE_BOUND_MS + LATEST_DELIVERY_MS;
export const CLOCK_STALE_NS = 5 * NS_PER_S;
/** A step larger than this between two pairs is a change of the system clock, not drift. */
const STEP_MS = 50;

export interface ClockReading {
  readonly atNs: MonotonicNs;
  readonly utcMs: UtcMs;
  readonly disciplined: boolean;
  readonly uncertaintyMs: number | null;
}

export class ClockMonitor {
  private last: ClockReading | null = null;
  private offsetMs: number | null = null;

  /** @returns the size of a step of the system clock in ms, null when it ran evenly. */
  onClock(reading: ClockReading): number | null {
    const expected = this.utcAt(reading.atNs);
    this.last = reading;
    if (expected === null) return null;
    const stepMs = reading.utcMs - expected;
    if (Math.abs(stepMs) <= STEP_MS) return null;
    // What was learnt of the difference to GPS was learnt about the clock before its step.
    this.offsetMs = null;
    return stepMs;
  }

  onFixTime(fixUtcMs: UtcMs, atNs: MonotonicNs): void {
    const now = this.utcAt(atNs);
    if (now !== null) this.offsetMs = now - fixUtcMs;
  }

  utcAt(atNs: MonotonicNs): UtcMs | null {
    if (this.last === null) return null;
    return utcMs(this.last.utcMs + (atNs - this.last.atNs) / NS_PER_MS);
  }

  /** Bound of the error of `utcAt`, in ms, as it is stated in each record. */
  uncertaintyMs(): number | null {
    if (this.last === null) return null;
    const stated = this.statedMs();
    if (stated !== null) return stated;
    if (this.offsetMs === null) return UNCOMPARED_MS;
    // The offset is the clock's error plus the delivery of the fix: the error is that much less, at most.
    return Math.max(Math.abs(this.offsetMs), Math.abs(this.offsetMs - LATEST_DELIVERY_MS));
  }

  /** On what `utcAt` rests, for the record. */
  quality(atNs: MonotonicNs): ExposureAccount['clock'] {
    return {
      disciplined: this.last?.disciplined ?? false,
      statedUncertaintyMs: this.statedMs(),
      gpsOffsetMs: this.offsetMs,
      readingAgeMs: this.last === null ? null : (atNs - this.last.atNs) / NS_PER_MS,
    };
  }

  /** What the discipline says of itself; null where the clock runs free. */
  private statedMs(): number | null {
    return this.last?.disciplined === true ? this.last.uncertaintyMs : null;
  }

  validUntilNs(): number {
    return this.last === null ? 0 : this.last.atNs + CLOCK_STALE_NS;
  }

  refusals(nowNs: MonotonicNs): Refusal[] {
    if (this.last === null || nowNs - this.last.atNs > CLOCK_STALE_NS) {
      return [{ code: 'clock-unknown', sentence: 'Clock: the system time has not been read in the last 5 s.' }];
    }
    if (this.offsetMs === null) {
      return [{ code: 'clock-unproven', sentence: 'Clock: not yet compared with GPS.' }];
    }
    if (Math.abs(this.offsetMs) > FREE_BOUND_MS) {
      const sentence = `Clock: ${(this.offsetMs / 1000).toFixed(1)} s away from GPS; at most 1 s allowed.`;
      return [{ code: 'clock-disagrees', sentence }];
    }
    const stated = this.statedMs();
    if (stated !== null && stated > DISCIPLINED_BOUND_MS) {
      const sentence = `Clock: disciplined but ${stated.toFixed(0)} ms uncertain; at most ${DISCIPLINED_BOUND_MS} ms allowed.`;
      return [{ code: 'clock-disagrees', sentence }];
    }
    return [];
  }
}

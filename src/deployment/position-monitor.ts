/**
 * May the receiver be believed, and does the van stand still? (domain/measurement.md, "Time and place")
 *
 * A receiver is believed after three consecutive 3D fixes and not a moment longer than its data are fresh. A simulated
 * position (gpsd status 8) is never evidence. The van is parked: rolling faster than 3 km/h, or standing more than 15 m
 * from where the session began, suspends enforcement.
 */
import type { GeoPoint } from '../site/types.js';
import { lineLengthM } from '../site/geodesy.js';
import type { GpsFix } from '../timeline.js';
import { KMH_PER_MS, metres, NS_PER_MS, NS_PER_S, type Metres, type MonotonicNs } from '../units.js';
import type { ExposureAccount } from '../evidence/types.js';
import type { Refusal } from './readiness.js';

export const FIXES_TO_BELIEVE = 3;
const MODE_3D = 3;
const STATUS_SIMULATED = 8;
/** gpsd reports every second; three missed reports are a loss. */
export const POSITION_STALE_NS = 3 * NS_PER_S;
export const ROLLING_KMH = 3;
export const MOVED_M = 15;
/** Assumed 95 % error where the receiver states none: absent is not zero. */
const UNSTATED_ERROR_M = 15;

export interface BelievedPosition {
  readonly point: GeoPoint;
  readonly errorM: Metres;
}

export class PositionMonitor {
  private linkUp = false;
  private linkDetail = 'not connected yet';
  private consecutive = 0;
  private lastFixNs: MonotonicNs | null = null;
  private last: BelievedPosition | null = null;
  private simulated = false;
  /** null: the receiver states no speed. Absent is not zero: then the distance from the anchor alone judges. */
  private rollingKmh: number | null = null;
  private anchor: GeoPoint | null = null;
  /** From the anchor to the last fix, worked out with each. */
  private movedM: Metres | null = null;
  private lastFixUtcMs: number | null = null;
  private lastFix: GpsFix | null = null;

  onLink(up: boolean, detail: string): void {
    this.linkUp = up;
    this.linkDetail = detail;
    if (!up) this.consecutive = 0;
  }

  /** @returns true when the believed position changed, so that what hangs on it must be computed anew. */
  onFix(fix: GpsFix, atNs: MonotonicNs): boolean {
    if (this.lastFixNs !== null && atNs - this.lastFixNs > POSITION_STALE_NS) this.consecutive = 0;
    this.lastFixNs = atNs;
    this.lastFix = fix;
    this.simulated = fix.status === STATUS_SIMULATED;
    const backwards = fix.utcMs !== null && this.lastFixUtcMs !== null && fix.utcMs < this.lastFixUtcMs;
    this.lastFixUtcMs = fix.utcMs;
    const usable =
      fix.mode >= MODE_3D && fix.latitude !== null && fix.longitude !== null && fix.utcMs !== null && !this.simulated;
    if (!usable || backwards) {
      this.consecutive = 0;
      return false;
    }
    this.consecutive += 1;
    this.rollingKmh = fix.speedMs === null ? null : fix.speedMs * KMH_PER_MS;
    const point = { latitude: fix.latitude, longitude: fix.longitude };
    this.last = { point, errorM: metres(fix.horizontalErrorM ?? UNSTATED_ERROR_M) };
    if (this.believed(atNs) !== null && this.anchor === null) this.anchor = point;
    this.movedM = this.anchor === null ? null : metres(lineLengthM([this.anchor, point]));
    return true;
  }

  /** The position if it may be believed now, else null. */
  believed(nowNs: MonotonicNs): BelievedPosition | null {
    return this.consecutive >= FIXES_TO_BELIEVE && !this.stale(nowNs) ? this.last : null;
  }

  /** On what `believed` rests, for the record. */
  quality(atNs: MonotonicNs): ExposureAccount['position'] {
    return {
      mode: this.lastFix?.mode ?? null,
      status: this.lastFix?.status ?? null,
      fixAgeMs: this.lastFixNs === null ? null : (atNs - this.lastFixNs) / NS_PER_MS,
      consecutiveFixes: this.consecutive,
      movedM: this.movedM,
      rollingKmh: this.rollingKmh,
    };
  }

  /** Until when the present belief holds without another fix. */
  validUntilNs(): number {
    return this.lastFixNs === null ? 0 : this.lastFixNs + POSITION_STALE_NS;
  }

  refusals(nowNs: MonotonicNs): Refusal[] {
    if (this.simulated) {
      return [{ code: 'position-simulated', sentence: 'GPS: status 8, a simulated position; a real fix is required.' }];
    }
    if (this.lastFixNs === null || this.last === null) {
      const sentence = this.linkUp ? 'GPS: no 3D fix yet.' : `GPS: ${this.linkDetail}.`;
      return [{ code: 'position-none', sentence }];
    }
    if (this.stale(nowNs)) {
      const age = ((nowNs - this.lastFixNs) / NS_PER_S).toFixed(0);
      return [{ code: 'position-stale', sentence: `GPS: last fix ${age} s ago; at most 3 s allowed.` }];
    }
    if (this.consecutive < FIXES_TO_BELIEVE) {
      const sentence = `GPS: ${this.consecutive} consecutive 3D fixes; ${FIXES_TO_BELIEVE} required.`;
      return [{ code: 'position-unproven', sentence }];
    }
    return this.movement();
  }

  private movement(): Refusal[] {
    const found: Refusal[] = [];
    if (this.rollingKmh !== null && this.rollingKmh > ROLLING_KMH) {
      const sentence = `GPS: van rolls at ${this.rollingKmh.toFixed(1)} km/h; at most ${ROLLING_KMH} km/h allowed.`;
      found.push({ code: 'van-rolling', sentence });
    }
    if (this.movedM !== null && this.movedM > MOVED_M) {
      const sentence = `GPS: van ${this.movedM.toFixed(0)} m from where the session began; at most ${MOVED_M} m allowed.`;
      found.push({ code: 'van-moved', sentence });
    }
    return found;
  }

  private stale(nowNs: MonotonicNs): boolean {
    return this.lastFixNs === null || nowNs - this.lastFixNs > POSITION_STALE_NS;
  }
}

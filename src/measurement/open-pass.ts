/**
 * One vehicle in the beam while it is being measured: everything is brought up to date reading by reading, so that a
 * decision costs no second look at old readings. Each refusal that a single reading can show is noted here; those that
 * need the whole pass are in `validity.ts`.
 */
import type { Reading, TargetDirection } from '../radar/reading.js';
import {
  type Degrees,
  type KmH,
  KMH_PER_MS,
  type Metres,
  metres,
  type MonotonicNs,
  NS_PER_S,
  toRadians,
} from '../units.js';
import { ApproachTrend } from './approach-trend.js';
import { HISTOGRAM_LIMIT_KMH, type SpeedHistogram } from './estimator.js';
import type { KnownReference } from './sight-angle.js';
import type { Pass, VoidReason } from './types.js';

/** Past this a thing stays in the beam longer than any vehicle: it is voided and its readings are no longer kept. */
export const MAX_READINGS = 2048;
/**
 * Range may step back by this much against the direction of travel. Radars state 0.1 m; the point of a body that
 * reflects best wanders by more than that, while a second vehicle in another lane is some 9 m farther.
 */
const RANGE_JITTER_M = 1;
/**
 * Range and angle put a vehicle that keeps its lane at one distance from the van's side of the road, give or take their noise
 * (some 0.3 m) and the body's width. More than half a lane is a track that the radar carries on by itself after its vehicle
 * has gone, or that it shares between two: then neither lane nor place can be told.
 */
const LATERAL_WANDER_M = 1.75;
/**
 * The mean of three readings has little noise left, and the point that reflects best wanders by half of a car's width. A track
 * that is carried on while its angle stands drifts across the road by the sine of that angle with every metre: it is void
 * before 0.9 / sin 20 = 2.6 m and two readings more were made up (sin 25 on the near side: 2.1 m).
 */
const SMOOTH_WANDER_M = 0.9;
const LATERALS = 3;
/**
 * Back-dated times of frames from two reads may cross by the wire time of the larger read; only a larger step back is
 * a clock that lies.
 */
export const CLOCK_SLACK_NS = 100e6;

/** From the least to the most of what was added. */
class Extent {
  private least = Infinity;
  private most = -Infinity;

  /** 0 or less until something was added. */
  get width(): number {
    return this.most - this.least;
  }

  add(value: number): void {
    this.least = Math.min(this.least, value);
    this.most = Math.max(this.most, value);
  }
}

/** A reading after angle correction. */
export interface CorrectedReading {
  readonly reading: Reading;
  readonly speedKmh: KmH;
  /** Line of sight to the road's axis as the radar states it; null where it states no angle. */
  readonly sightDeg: Degrees | null;
  /** Reference under which the stated angle lies in the beam; null: none stated, or implausible. */
  readonly reference: KnownReference | null;
}

export class OpenPass {
  readonly readings: Reading[] = [];
  readonly faults = new Set<VoidReason>();
  readonly trackKey: number | null;
  readonly direction: TargetDirection;
  firstNs: MonotonicNs;
  lastNs: MonotonicNs;
  travelM = 0;
  reference: KnownReference | null = null;
  /** An exposure was made: the value so far is not asked for any more. */
  settled = false;
  minRangeM: Metres | null = null;
  maxRangeM: Metres | null = null;
  firstRangeM: Metres | null = null;
  lastRangeM: Metres | null = null;
  lastSightDeg: Degrees | null = null;
  private readonly raw = new Extent();
  private readonly smooth = new Extent();
  private readonly laterals = new Float64Array(LATERALS);
  private lateralSumM = 0;
  private lateralCount = 0;
  private readonly trend: ApproachTrend | null;
  private lastSpeedKmh = 0;

  /** @param isAcross the beam lies across the road, so that a vehicle's speed along it can change one way only */
  constructor(
    readonly id: number,
    opening: Reading,
    readonly histogram: SpeedHistogram,
    isAcross: boolean,
  ) {
    this.trackKey = opening.trackKey;
    this.trend = isAcross && opening.trackKey === null && !opening.corrected ? new ApproachTrend() : null;
    this.direction = opening.direction;
    this.firstNs = opening.atNs;
    this.lastNs = opening.atNs;
  }

  add(corrected: CorrectedReading): void {
    const { reading, speedKmh } = corrected;
    this.takeTime(reading.atNs, speedKmh);
    if (this.readings.length >= MAX_READINGS) {
      this.faults.add('length-implausible');
      return;
    }
    this.readings.push(reading);
    if (speedKmh < HISTOGRAM_LIMIT_KMH) this.histogram.add(speedKmh);
    else this.faults.add('above-ceiling');
    if (reading.test !== null) this.faults.add('test-target');
    if (reading.direction === 'unknown') this.faults.add('direction-unknown');
    else if (reading.direction !== this.direction) {
      this.faults.add(this.direction === 'unknown' ? 'direction-unknown' : 'direction-mixed');
    }
    if (this.trend?.add(reading.speedKmh, this.direction) === true) this.faults.add('two-vehicles');
    if (reading.angleDeg !== null) this.takeAngle(corrected);
    if (reading.rangeM !== null) this.takeRange(reading.rangeM);
    if (reading.rangeM !== null && corrected.sightDeg !== null) this.takeLateral(reading.rangeM, corrected.sightDeg);
  }

  /** The clock of the world says `nowNs`; a last reading in its future means that the clock was set back. */
  checkClock(nowNs: MonotonicNs): void {
    if (this.lastNs - nowNs <= CLOCK_SLACK_NS) return;
    this.faults.add('clock-backwards');
    // Taken over, else the pass would stay open until the old time comes round again.
    this.lastNs = nowNs;
    if (nowNs < this.firstNs) this.firstNs = nowNs;
  }

  /** A view for events; the readings are shared. */
  view(): Pass {
    return {
      id: this.id,
      trackKey: this.trackKey,
      direction: this.direction,
      firstNs: this.firstNs,
      lastNs: this.lastNs,
      readings: this.readings,
      minRangeM: this.minRangeM,
      maxRangeM: this.maxRangeM,
      lastRangeM: this.lastRangeM,
      lateralM: this.lateralCount === 0 ? null : metres(this.lateralSumM / this.lateralCount),
    };
  }

  private takeTime(atNs: MonotonicNs, speedKmh: KmH): void {
    this.checkClock(atNs);
    if (atNs > this.lastNs) {
      const meanMs = (this.lastSpeedKmh + speedKmh) / 2 / KMH_PER_MS;
      this.travelM += (meanMs * (atNs - this.lastNs)) / NS_PER_S;
      this.lastNs = atNs;
    }
    this.lastSpeedKmh = speedKmh;
  }

  private takeAngle(corrected: CorrectedReading): void {
    const { reference } = corrected;
    this.lastSightDeg = corrected.sightDeg;
    this.reference ??= reference;
    // Outside the beam, or read from another zero than the reading before: either way the angle is not to be trusted.
    if (reference === null || reference !== this.reference) this.faults.add('angle-implausible');
  }

  private takeLateral(rangeM: Metres, sightDeg: Degrees): void {
    const lateralM = rangeM * Math.sin(toRadians(sightDeg));
    this.laterals[this.lateralCount % LATERALS] = lateralM;
    this.lateralCount += 1;
    this.lateralSumM += lateralM;
    this.raw.add(lateralM);
    if (this.lateralCount >= LATERALS) {
      let sumM = 0;
      for (const each of this.laterals) sumM += each;
      this.smooth.add(sumM / LATERALS);
    }
    if (this.raw.width > LATERAL_WANDER_M || this.smooth.width > SMOOTH_WANDER_M) this.faults.add('lateral-wanders');
  }

  private takeRange(rangeM: Metres): void {
    this.minRangeM = metres(Math.min(this.minRangeM ?? rangeM, rangeM));
    this.maxRangeM = metres(Math.max(this.maxRangeM ?? rangeM, rangeM));
    this.firstRangeM ??= rangeM;
    this.lastRangeM = rangeM;
    const steppedBack = this.direction === 'recede' ? this.maxRangeM - rangeM : rangeM - this.minRangeM;
    if (this.direction !== 'unknown' && steppedBack > RANGE_JITTER_M + 1e-9) this.faults.add('range-not-monotonic');
  }
}

/**
 * The histogram estimator (domain/measurement.md, "The estimator, stated once", steps 2 and 3).
 *
 * Bins are 1 km/h wide and start at whole km/h. A bin that holds less than 2 % of the readings is cut. What is left is
 * one cluster unless two neighbouring speeds are more than 2 km/h apart. Each bin keeps its smallest and its largest
 * speed; a gap of more than 2 km/h never fits inside one bin, so comparing the edges of neighbouring bins gives exactly
 * the clusters that sorting all speeds would give, without sorting: adding is O(1), judging is O(bins).
 *
 * With fewer than 51 readings a single one is already 2 % and nothing is cut: one stray value then voids a short pass.
 * That is meant; three readings of which one disagrees are no measurement.
 */
import { type KmH, kmh } from '../units.js';

/** Clusters are separated by more than this. */
export const CLUSTER_GAP_KMH = 2;
/** A bin is rare when it holds less than one in this many readings (2 %). */
const RARE_ONE_IN = 50;
/** Speeds from here on have no bin: no road vehicle is that fast. */
export const HISTOGRAM_LIMIT_KMH = 512;

/** Far above the rounding error of a double here (1e-12), far below any resolution on a wire. */
const ROUNDING_KMH = 1e-9;
/** Radars state at most hundredths; in miles per hour a tenth is 0.1609344 km/h: seven decimals hold them all. */
const DECIMAL_STEPS = 1e7;
const DECIMAL_SLACK = 1e-4;

export interface Estimate {
  /** 0 when every bin was rare: a pass that cannot be measured. */
  readonly clusters: number;
  /** Mean of the one cluster, full precision; null unless there is exactly one. */
  readonly speedKmh: KmH | null;
  readonly truncatedKmh: number | null;
  readonly used: number;
  readonly cut: number;
  /** Largest minus smallest of the speeds used; 0 when none is. */
  readonly spreadKmh: number;
}

/** Speeds of one pass. Preallocated and reusable, because `add` runs on the hot path. */
export class SpeedHistogram {
  private readonly counts = new Uint32Array(HISTOGRAM_LIMIT_KMH);
  private readonly lowest = new Float64Array(HISTOGRAM_LIMIT_KMH);
  private readonly highest = new Float64Array(HISTOGRAM_LIMIT_KMH);
  private readonly sums = new Float64Array(HISTOGRAM_LIMIT_KMH);
  /** Sums of the same speeds as whole numbers of 1e-7 km/h: exact up to 2^53, some 3 million readings. */
  private readonly steps = new Float64Array(HISTOGRAM_LIMIT_KMH);
  /** Readings of the bin that are no decimal number: a cosine was applied. */
  private readonly irrational = new Uint32Array(HISTOGRAM_LIMIT_KMH);
  private first = HISTOGRAM_LIMIT_KMH;
  private last = -1;
  private total = 0;
  private totalKmh = 0;

  /** Slowest of everything added; for comparing tracks. NaN when empty. */
  get leastKmh(): number {
    return this.total === 0 ? Number.NaN : (this.lowest[this.first] ?? Number.NaN);
  }

  /** Mean of everything added, rare or not; for comparing tracks. NaN when empty. */
  get roughMeanKmh(): number {
    return this.totalKmh / this.total;
  }

  /** @param speedKmh corrected speed, 0 <= speed < HISTOGRAM_LIMIT_KMH */
  add(speedKmh: KmH): void {
    const bin = Math.min(Math.floor(speedKmh + ROUNDING_KMH), HISTOGRAM_LIMIT_KMH - 1);
    const count = this.counts[bin] ?? 0;
    const scaled = speedKmh * DECIMAL_STEPS;
    const whole = Math.round(scaled);
    this.lowest[bin] = count === 0 ? speedKmh : Math.min(this.lowest[bin] ?? 0, speedKmh);
    this.highest[bin] = count === 0 ? speedKmh : Math.max(this.highest[bin] ?? 0, speedKmh);
    this.sums[bin] = (this.sums[bin] ?? 0) + speedKmh;
    this.steps[bin] = (this.steps[bin] ?? 0) + whole;
    if (Math.abs(scaled - whole) > DECIMAL_SLACK) this.irrational[bin] = (this.irrational[bin] ?? 0) + 1;
    this.counts[bin] = count + 1;
    this.first = Math.min(this.first, bin);
    this.last = Math.max(this.last, bin);
    this.total += 1;
    this.totalKmh += speedKmh;
  }

  /** Cluster count, mean and truncated speed of what was added so far. */
  estimate(): Estimate {
    let clusters = 0;
    let used = 0;
    let sum = 0;
    let steps = 0;
    let irrational = 0;
    let previous = 0;
    let slowest = 0;
    for (let bin = this.first; bin <= this.last; bin += 1) {
      const count = this.counts[bin] ?? 0;
      if (count === 0 || count * RARE_ONE_IN < this.total) continue;
      if (used === 0 || (this.lowest[bin] ?? 0) - previous > CLUSTER_GAP_KMH + ROUNDING_KMH) clusters += 1;
      if (used === 0) slowest = this.lowest[bin] ?? 0;
      previous = this.highest[bin] ?? 0;
      used += count;
      sum += this.sums[bin] ?? 0;
      steps += this.steps[bin] ?? 0;
      irrational += this.irrational[bin] ?? 0;
    }
    const cut = this.total - used;
    const spreadKmh = previous - slowest;
    if (clusters !== 1) return { clusters, speedKmh: null, truncatedKmh: null, used, cut, spreadKmh };
    const mean = sum / used;
    const truncatedKmh = truncate(mean, used, irrational === 0 ? steps : null);
    return { clusters, speedKmh: kmh(mean), truncatedKmh, used, cut, spreadKmh };
  }

  clear(): void {
    this.counts.fill(0);
    this.sums.fill(0);
    this.steps.fill(0);
    this.irrational.fill(0);
    this.first = HISTOGRAM_LIMIT_KMH;
    this.last = -1;
    this.total = 0;
    this.totalKmh = 0;
  }
}

/**
 * Whole km/h, never above the exact mean. Doubles are only in doubt within a rounding error of a whole number: there
 * the decimal values decide in integer arithmetic (a mean of exactly 61 must not become 60), and where a cosine made
 * the values irrational the lower number is taken, since raising a speed is the worse mistake.
 *
 * @param steps exact sum in 1e-7 km/h; null where the values are no decimals
 */
function truncate(mean: number, used: number, steps: number | null): number {
  const near = Math.round(mean);
  if (Math.abs(mean - near) > ROUNDING_KMH) return Math.floor(mean);
  if (steps === null) return near - 1;
  return steps >= near * used * DECIMAL_STEPS ? near : near - 1;
}

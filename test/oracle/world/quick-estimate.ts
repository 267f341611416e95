/**
 * The estimator of `../estimator.ts` in doubles, for the thousands of passes that are only told of; those of records are
 * estimated exactly. Tested against the exact one.
 */
import type { OracleReading } from '../agd-frames.js';
import type { Turned } from './turn.js';

export interface QuickResult {
  readonly clusters: number;
  /** null unless there is one cluster. */
  readonly speedKmh: number | null;
}

const GAP_KMH = 2;
const RARE = 0.02;
/** Corrected speeds that are decimals may come out a hair below a whole number. */
const HAIR = 1e-9;

let speeds = new Float64Array(4096);

export function quickEstimate(readings: readonly OracleReading[], angleDeg: number, turned: Turned): QuickResult {
  const count = readings.length;
  if (speeds.length < count) speeds = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    const { speedKmh, angleDeg: stated } = readings[index] as OracleReading;
    const sight = stated === null ? angleDeg : turned === 'right' ? angleDeg + stated : angleDeg - stated;
    speeds[index] = speedKmh / Math.cos((sight * Math.PI) / 180);
  }
  const sorted = speeds.subarray(0, count).sort();
  let [clusters, used, sum, previous] = [0, 0, 0, Number.NEGATIVE_INFINITY];
  for (let from = 0; from < count;) {
    // A bin of one km/h, and no cluster where too few are in it.
    const bin = Math.floor((sorted[from] ?? 0) + HAIR);
    let to = from;
    while (to < count && Math.floor((sorted[to] ?? 0) + HAIR) === bin) to += 1;
    if ((to - from) / count >= RARE) {
      for (let index = from; index < to; index += 1) {
        const speed = sorted[index] ?? 0;
        if (speed - previous > GAP_KMH + HAIR) clusters += 1;
        previous = speed;
        sum += speed;
      }
      used += to - from;
    }
    from = to;
  }
  return { clusters, speedKmh: clusters === 1 ? sum / used : null };
}

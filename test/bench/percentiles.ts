/** Figures of the bench's tables. */

export interface LatencyFigures {
  readonly samples: number;
  /** Microseconds. */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Nearest-rank percentiles of nanoseconds, in microseconds. @throws RangeError without samples */
export function latencyFigures(nanoseconds: readonly number[]): LatencyFigures {
  if (nanoseconds.length === 0) throw new RangeError('no samples');
  const sorted = [...nanoseconds].sort((one, other) => one - other);
  const at = (share: number): number => {
    const rank = Math.max(1, Math.ceil(share * sorted.length));
    return Math.round((sorted[rank - 1] ?? 0) / 100) / 10;
  };
  return { samples: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) };
}

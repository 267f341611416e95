/** Figures of the bench's tables. */

/** In the unit of the samples; of `latencyFigures` microseconds. */
export interface LatencyFigures {
  readonly samples: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Nearest-rank percentiles to a tenth of the unit of the samples. @throws RangeError without samples */
export function rankFigures(samples: readonly number[]): LatencyFigures {
  if (samples.length === 0) throw new RangeError('no samples');
  const sorted = [...samples].sort((one, other) => one - other);
  const at = (share: number): number => {
    const rank = Math.max(1, Math.ceil(share * sorted.length));
    return Math.round((sorted[rank - 1] ?? 0) * 10) / 10;
  };
  return { samples: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) };
}

/** The same of nanoseconds, in microseconds. @throws RangeError without samples */
export function latencyFigures(nanoseconds: readonly number[]): LatencyFigures {
  return rankFigures(nanoseconds.map((one) => one / 1000));
}

import assert from 'node:assert/strict';
import { latencyFigures } from './percentiles.js';

describe('bench figures', () => {
  it('are nearest ranks in microseconds, whatever the order of the samples', () => {
    const samples = Array.from({ length: 1000 }, (_, index) => (((index * 7) % 1000) + 1) * 1000);
    const expected = { samples: 1000, p50: 500, p90: 900, p99: 990, p999: 999, max: 1000 };
    assert.deepEqual(latencyFigures(samples), expected);
  });

  it('are the largest sample where there are too few', () => {
    assert.deepEqual(latencyFigures([1500]), { samples: 1, p50: 1.5, p90: 1.5, p99: 1.5, p999: 1.5, max: 1.5 });
    assert.throws(() => latencyFigures([]), RangeError);
  });
});

/** An office that does not read costs the recording, and says how much; it never costs the trigger process its memory. */
import assert from 'node:assert/strict';
import { RecordedRelay } from '../../firmware/trigger/recorded-relay.js';
import type { RecordedBatch } from '../../firmware/trigger/recording-ring.js';
import { monotonicNs } from '../../src/units.js';

const batch = (atMs: number, steps = 2): RecordedBatch => ({
  steps: Array.from({ length: steps }, () => ({ input: { type: 'tick', atNs: monotonicNs(atMs * 1e6) }, outputs: [] })),
  lost: null,
});

describe('recorded relay', () => {
  it('passes on what the office takes, and counts what it does not', () => {
    const passed: RecordedBatch[] = [];
    const waiting: (() => void)[] = [];
    const relay = new RecordedRelay((one, written) => {
      passed.push(one);
      waiting.push(written);
    }, 3);
    for (let atMs = 1; atMs <= 6; atMs += 1) relay.pass(batch(atMs));
    assert.equal(passed.length, 3);
    for (const written of waiting.splice(0)) written();
    relay.pass(batch(7));
    assert.deepEqual(
      passed.slice(3).map(({ steps, lost }) => [steps.length, lost]),
      [
        [0, { atNs: 4e6, inputs: 6 }],
        [2, null],
      ],
    );
  });

  it('counts what was lost before it came here, too', () => {
    const passed: RecordedBatch[] = [];
    let take: () => void = () => undefined;
    const relay = new RecordedRelay((one, written) => {
      passed.push(one);
      take = written;
    }, 1);
    relay.pass(batch(1));
    relay.pass({ steps: [], lost: { atNs: monotonicNs(2e6), inputs: 5 } });
    relay.pass({ ...batch(3), lost: { atNs: monotonicNs(4e6), inputs: 7 } });
    take();
    relay.pass(batch(5));
    assert.deepEqual(passed[1]?.lost, { atNs: 2e6, inputs: 14 });
  });
});

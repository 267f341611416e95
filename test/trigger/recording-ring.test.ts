/** The ring between the loop and the recording: bounded, in order, and honest about what did not fit. */
import assert from 'node:assert/strict';
import { RecordingRing, type RecordedBatch } from '../../firmware/trigger/recording-ring.js';
import type { Input } from '../../src/timeline.js';
import { monotonicNs } from '../../src/units.js';

const MS = 1e6;
const tick = (atMs: number): Input => ({ type: 'tick', atNs: monotonicNs(atMs * MS) });
const bytes = (atMs: number, length: number): Input => ({
  type: 'radar-bytes',
  atNs: monotonicNs(atMs * MS),
  bytes: new Uint8Array(length),
});

function takeAll(ring: RecordingRing): RecordedBatch[] {
  const batches: RecordedBatch[] = [];
  while (!ring.isEmpty) {
    const batch = ring.take(monotonicNs(0));
    if (batch !== null) batches.push(batch);
  }
  return batches;
}

describe('recording ring', () => {
  it('is due a tenth of a second after the last batch, or when more than one batch waits', () => {
    const ring = new RecordingRing();
    ring.take(monotonicNs(1000 * MS));
    assert.equal(ring.isDue(monotonicNs(5000 * MS)), false, 'nothing waits');
    ring.add(tick(1001), []);
    assert.equal(ring.isDue(monotonicNs(1099 * MS)), false);
    assert.equal(ring.isDue(monotonicNs(1100 * MS)), true);
    for (let index = 0; index < 128; index += 1) ring.add(tick(1002), []);
    assert.equal(ring.isDue(monotonicNs(1002 * MS)), true);
  });

  it('gives everything back in order, in batches that are quickly copied', () => {
    const ring = new RecordingRing();
    for (let index = 0; index < 1000; index += 1) ring.add(bytes(index, index % 5000), []);
    const batches = takeAll(ring);
    const times = batches.flatMap(({ steps }) => steps.map(({ input }) => input.atNs / MS));
    assert.deepEqual(
      times,
      Array.from({ length: 1000 }, (_none, index) => index),
    );
    assert.ok(batches.every(({ steps }) => steps.length <= 128));
    assert.ok(batches.every(({ lost }) => lost === null));
  });

  it('counts what does not fit, by number and by bytes, and says where it is missing', () => {
    for (const [limits, length] of [
      [{ steps: 10, bytes: 1e6 }, 1],
      [{ steps: 1e6, bytes: 100 }, 10],
    ] as const) {
      const ring = new RecordingRing(limits);
      for (let index = 0; index < 15; index += 1) ring.add(bytes(index, length), []);
      const first = ring.take(monotonicNs(0));
      assert.equal(first?.steps.length, 10);
      assert.deepEqual(first.lost, { atNs: 10 * MS, inputs: 5 });
      ring.add(tick(20), []);
      const [next] = takeAll(ring);
      assert.deepEqual([next?.steps.length, next?.lost], [1, null]);
    }
  });

  it('keeps what follows a loss apart from what came before it', () => {
    const ring = new RecordingRing({ steps: 200, bytes: 1e6 });
    for (let index = 0; index < 201; index += 1) ring.add(tick(index), []);
    ring.take(monotonicNs(0));
    ring.add(tick(300), []);
    const batches = takeAll(ring);
    assert.deepEqual(
      batches.map(({ steps, lost }) => [steps.length, lost?.inputs ?? 0]),
      [
        [72, 1],
        [1, 0],
      ],
    );
  });
});

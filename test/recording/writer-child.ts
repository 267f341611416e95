/** Writes a recording until it is killed, and tells how many of its inputs are certainly on the disk. */
import { RecordingWriter } from '../../firmware/recording/writer.js';
import { monotonicNs, utcMs } from '../../src/units.js';
import { head, jsonEncoder, tick } from './samples.js';

let steps = 0;
let begunAt = 0;
const writer = new RecordingWriter({
  ...{ folder: process.argv[2] ?? '', encoder: jsonEncoder(), partMb: 1, retryMs: 1 },
  clocks: () => ({ atNs: monotonicNs(0), utcMs: utcMs(0) }),
  onFailure: (sentence) => {
    throw new Error(sentence);
  },
  onRecovery: () => undefined,
  onWritten: () => undefined,
});
writer.begin(head());
for (;;) {
  steps += 1;
  // So that every fourth ends a block.
  writer.step(tick(1000 + steps * 1250), []);
  if (steps % 4 !== 0) continue;
  const before = begunAt;
  begunAt = steps;
  await writer.settled();
  process.send?.(Math.max(1, before));
}

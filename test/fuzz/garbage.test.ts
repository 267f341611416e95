/** Garbage by the megabyte: nothing crashes, nothing is read that is not there, and the first good frame after it is. */
import assert from 'node:assert/strict';
import { feedGarbage } from './garbage.js';
import { PROTOCOLS } from './garbage-protocols.js';
import { garbageBytes } from './options.js';

/** FUZZ_BYTES: all of them together. */
const BYTES = garbageBytes(process.env, 100_000_000);
/** The AGD's is the protocol with the checksum, and the one of the camera. */
const SHARE = { agd350: 0.75, ops243: 0.15, gpsd: 0.1 } as const satisfies Record<keyof typeof PROTOCOLS, number>;
const PIECES = 10;

describe('garbage for the decoders', function () {
  this.timeout(1_200_000);
  const figures: string[] = [];
  const { stackTraceLimit } = Error;

  // Millions of lines are no JSON, and nobody reads where that was found.
  before(() => {
    Error.stackTraceLimit = 0;
  });

  after(() => {
    Error.stackTraceLimit = stackTraceLimit;
    for (const figure of figures) process.stdout.write(`    ${figure}\n`);
  });

  for (const name of Object.keys(PROTOCOLS) as (keyof typeof PROTOCOLS)[]) {
    it(`${name}: garbage in pieces, frames that are nearly right among it, judged value by value`, () => {
      let [bytes, accepted, bursts, seconds] = [0, 0, 0, 0];
      for (let piece = 0; piece < PIECES; piece += 1) {
        const result = feedGarbage(name, (BYTES * SHARE[name]) / PIECES, 1000 + piece);
        bytes += result.bytes;
        accepted += result.accepted;
        bursts += result.bursts;
        seconds += result.seconds;
      }
      assert.ok(bytes >= BYTES * SHARE[name]);
      assert.ok(accepted > bursts && bursts > 0, 'nothing among the garbage was a frame');
      figures.push(
        `${name}: ${bytes} bytes of garbage in ${bursts} bursts, ${accepted} frames accepted by both readers, ` +
          `0 differences, ${seconds.toFixed(1)} s`,
      );
    });
  }
});

/** Garbage by the megabyte: nothing crashes, nothing is read that is not there, and the first good frame after it is. */
import assert from 'node:assert/strict';
import { feedGarbage, RADARS } from './garbage.js';

/** FUZZ_BYTES: all of them together. */
const BYTES = Number(process.env['FUZZ_BYTES'] ?? 100_000_000);
/** The AGD's is the protocol with the checksum, and the one of the camera. */
const SHARE = { agd350: 0.7, ops243: 0.3 } as const;
const PIECES = 10;

describe('garbage for the decoders', function () {
  this.timeout(600_000);

  for (const name of Object.keys(RADARS) as (keyof typeof RADARS)[]) {
    it(`${name}: garbage in pieces, frames that are nearly right among it`, () => {
      let [bytes, accepted, bursts] = [0, 0, 0];
      for (let piece = 0; piece < PIECES; piece += 1) {
        const result = feedGarbage(name, (BYTES * SHARE[name]) / PIECES, 1000 + piece);
        bytes += result.bytes;
        accepted += result.accepted;
        bursts += result.bursts;
      }
      assert.ok(bytes >= BYTES * SHARE[name]);
      assert.ok(accepted > 0 && bursts > 0, 'nothing among the garbage was a frame');
    });
  }
});

/** Delta debugging: what is left is what is needed. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ddmin } from '../../firmware/virtual/ddmin.js';

describe('ddmin', () => {
  it('finds any set of causes among many items', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 80 }),
        fc.array(fc.nat(79), { maxLength: 5 }),
        async (size, wanted) => {
          const items = Array.from({ length: size }, (_, index) => index);
          const causes = [...new Set(wanted.map((index) => index % size))].sort((a, b) => a - b);
          const left = await ddmin(items, (some) => Promise.resolve(causes.every((cause) => some.includes(cause))));
          assert.deepEqual(
            [...left].sort((a, b) => a - b),
            causes,
          );
        },
      ),
    );
  });

  it('leaves everything where even everything does not fail', async () => {
    assert.deepEqual(await ddmin([1, 2, 3], () => Promise.resolve(false)), [1, 2, 3]);
  });

  it('asks no more often than it may', async () => {
    let asked = 0;
    const items = Array.from({ length: 500 }, (_, index) => index);
    await ddmin(
      items,
      (some) => {
        asked += 1;
        return Promise.resolve(some.length > 250);
      },
      40,
    );
    assert.ok(asked <= 40);
  });
});

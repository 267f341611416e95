/** Huffman codes that a photo's optimised tables lack: some can be added behind the others, the rest is fitted. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { extendSpec } from '../../../src/evidence/jpeg/added-codes.js';
import { acFits, acFitter, fitDc } from '../../../src/evidence/jpeg/code-fit.js';
import { makeEncodeTable } from '../../../src/evidence/jpeg/huffman.js';
import type { HuffmanSpec } from '../../../src/evidence/jpeg/structure.js';

/** Random canonical tables as an optimising encoder makes them: the code of all ones is never given away. */
const specs = (selector: number, alphabet: readonly number[]): fc.Arbitrary<HuffmanSpec> =>
  fc
    .record({
      symbols: fc.shuffledSubarray([...alphabet], { minLength: 1 }),
      lengths: fc.array(fc.integer({ min: 1, max: 16 }), { minLength: alphabet.length, maxLength: alphabet.length }),
    })
    .map(({ symbols, lengths }) => {
      const counts = new Uint8Array(16);
      const taken: number[] = [];
      let space = 0;
      for (const [i, symbol] of symbols.entries()) {
        const length = [lengths[i] ?? 16, 16].find((tried) => space + 2 ** (16 - tried) < 2 ** 16);
        if (length === undefined) continue;
        space += 2 ** (16 - length);
        counts[length - 1] = (counts[length - 1] ?? 0) + 1;
        taken.push(symbol);
      }
      return { selector, counts, symbols: Uint8Array.from(taken) };
    });

const AC_SYMBOLS = [0x00, 0xf0, ...Array.from({ length: 160 }, (_, i) => ((i % 16) << 4) | (1 + Math.floor(i / 16)))];
const DC_SYMBOLS = Array.from({ length: 12 }, (_, i) => i);

/** Nothing is missed more than anything else. */
const NO_LACK = new Float64Array(256);

/** Kraft sum in units of a 16-bit code. */
const space = ({ counts }: HuffmanSpec): number => counts.reduce((sum, count, i) => sum + count * 2 ** (15 - i), 0);

describe('codes that an optimised table lacks', () => {
  it('are added without changing one that exists, and leave the code of all ones free', () => {
    const property = fc.property(fc.oneof(specs(0x10, AC_SYMBOLS), specs(0, DC_SYMBOLS)), (spec) => {
      const [before, after] = [makeEncodeTable(spec), makeEncodeTable(extendSpec(spec, NO_LACK))];
      for (const symbol of spec.symbols) {
        assert.deepEqual([after.codes[symbol], after.lengths[symbol]], [before.codes[symbol], before.lengths[symbol]]);
      }
      const extended = extendSpec(spec, NO_LACK);
      assert.ok(space(extended) < 2 ** 16);
      assert.equal(new Set(extended.symbols).size, extended.symbols.length);
      assert.ok(extended.symbols.length >= spec.symbols.length);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('all find room where the longest code is short', () => {
    const spec = {
      selector: 0x10,
      counts: Uint8Array.of(1, ...new Array<number>(15).fill(0)),
      symbols: Uint8Array.of(0),
    };
    assert.deepEqual(new Set(extendSpec(spec, NO_LACK).symbols), new Set(AC_SYMBOLS));
  });

  it('are added in the order in which they are missed', () => {
    const counts = new Uint8Array(16).fill(1);
    counts[15] = 0;
    counts[14] = 0;
    const spec = { selector: 0x10, counts, symbols: Uint8Array.from(AC_SYMBOLS.slice(0, 14)) };
    const lack = new Float64Array(256);
    lack.set([7, 9, 8], 0xa8);
    assert.deepEqual([...extendSpec(spec, lack).symbols.subarray(14)], [0xa9, 0xaa, 0xa8]);
  });

  it('are not added where the longest code has 16 bits and only that of all ones is left', () => {
    const counts = new Uint8Array(16).fill(1);
    const spec = { selector: 0x10, counts, symbols: Uint8Array.from(AC_SYMBOLS.slice(0, 16)) };
    assert.equal(extendSpec(spec, NO_LACK), spec);
  });

  it('change a block to one that can be written, and the nearer the more codes there are', () => {
    const steps = Uint16Array.from({ length: 64 }, (_, i) => 1 + i);
    const blocks = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: -1023, max: 1023 })), {
      minLength: 64,
      maxLength: 64,
    });
    const error = (a: Int16Array, b: Int16Array): number =>
      a.reduce((sum, value, i) => sum + ((value - (b[i] ?? 0)) * (steps[i] ?? 0)) ** 2, 0);
    const property = fc.property(specs(0x10, AC_SYMBOLS), blocks, (spec, values) => {
      const withEob = spec.symbols.includes(0) ? spec : extendSpec(spec, NO_LACK);
      fc.pre(withEob.symbols.includes(0));
      const wanted = Int16Array.from(values);
      const fit = (tableOf: HuffmanSpec): number => {
        const table = makeEncodeTable(tableOf);
        const block = Int16Array.from(wanted);
        const last = acFitter(steps, table)(block);
        assert.ok(acFits(block, last, table));
        assert.ok(block.subarray(last + 1).every((value) => value === 0));
        assert.equal(block[0], wanted[0]);
        return error(block, wanted);
      };
      const found = fit(withEob);
      const nothing = Int16Array.from(wanted, (value, i) => (i === 0 ? value : 0));
      assert.ok(found <= error(nothing, wanted));
      assert.ok(fit(extendSpec(withEob, NO_LACK)) <= found);
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('leave a block as it is where all its codes exist', () => {
    const table = makeEncodeTable({
      ...{ selector: 0x10, counts: Uint8Array.from({ length: 16 }, (_, i) => (i === 7 ? 162 : 0)) },
      symbols: Uint8Array.from(AC_SYMBOLS),
    });
    const property = fc.property(
      fc.array(fc.integer({ min: -1023, max: 1023 }), { minLength: 64, maxLength: 64 }),
      (values) => {
        const block = Int16Array.from(values);
        acFitter(new Uint16Array(64).fill(3), table)(block);
        assert.deepEqual([...block], values);
      },
    );
    fc.assert(property, { numRuns: 20 });
  });

  it('give the nearest DC difference', () => {
    const table = makeEncodeTable({
      selector: 0,
      counts: Uint8Array.of(0, 3, ...new Array<number>(14).fill(0)),
      symbols: Uint8Array.of(0, 3, 5),
    });
    const cases = [
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 4],
      [-6, -6],
      [11, 7],
      [12, 16],
      [500, 31],
      [-500, -31],
    ];
    for (const [wanted = 0, expected] of cases) assert.equal(fitDc(wanted, table), expected, String(wanted));
  });
});

/** The chain's text, and what two copies of it can be to each other. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  chainLine,
  compareChains,
  EMPTY_CHAIN,
  nextLink,
  parseChainText,
  type ChainLine,
} from '../../src/evidence/chain.js';

const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
const name = fc
  .tuple(
    fc.stringMatching(/^[0-9]{6}$/),
    fc.oneof(fc.stringMatching(/^[0-9]{9}$/), fc.constantFrom('deployment', 'parameters')),
  )
  .map(([folder, stem]) => `${folder}/${stem}.record`);
const line: fc.Arbitrary<ChainLine> = fc.record({ sha256: hex, name }, { noNullPrototype: true });
const lines = fc.array(line, { maxLength: 12 });
const textOf = (all: readonly ChainLine[]): string => all.map(chainLine).join('');
const HASH = 'ab'.repeat(32);

describe('the chain of records', () => {
  it('begins with a link to nothing and goes on with the hash of the record before', () => {
    assert.deepEqual(nextLink(EMPTY_CHAIN), { sequence: 1, previousSha256: '00'.repeat(32) });
    assert.deepEqual(nextLink({ sequence: 41, sha256: HASH }), { sequence: 42, previousSha256: HASH });
  });

  it('a line is what sha256sum writes and checks', () => {
    assert.equal(chainLine({ sha256: HASH, name: '000001/000001002.record' }), `${HASH}  000001/000001002.record\n`);
  });

  it('what is written is read, whatever is torn off behind it', () => {
    fc.assert(
      fc.property(lines, line, fc.nat({ max: 100 }), (all, next, length) => {
        const torn = chainLine(next).slice(0, -1).slice(0, length);
        assert.deepEqual(parseChainText(textOf(all) + torn), { lines: all, torn });
      }),
    );
    assert.deepEqual(parseChainText(''), { lines: [], torn: '' });
  });

  it('a line that is none is refused with its number and what it says', () => {
    const good = `${HASH}  000001/000001001.record`;
    for (const bad of [
      '',
      `${HASH} 000001/000001002.record`,
      `${HASH} *000001/000001002.record`,
      `${HASH.toUpperCase()}  000001/000001002.record`,
      `${HASH.slice(1)}  000001/000001002.record`,
      `${HASH}  000001/00000100.record`,
      `${HASH}  000001/../000001002.record`,
      `${HASH}  /000001/000001002.record`,
      `${HASH}  000001/000001002.jpg`,
      `${HASH}  000001/parameter.record`,
      `${HASH}  000001/000001002.record\r`,
      `\\${HASH}  000001/000001002.record`,
      'x'.repeat(500),
    ]) {
      assert.throws(
        () => parseChainText(`${good}\n${bad}\n${good}\n`),
        (error: Error & { kind?: string }) => {
          assert.equal(error.kind, 'chain-broken');
          assert.ok(error.message.includes('line 2: found'), error.message);
          assert.ok(error.message.includes(bad.slice(0, 90)));
          assert.ok(error.message.length < 250);
          return true;
        },
      );
    }
  });

  it('two copies are the same, one ahead, one behind, or different at the first line that differs', () => {
    fc.assert(
      fc.property(lines, fc.array(line, { minLength: 1, maxLength: 4 }), (all, more) => {
        assert.deepEqual(compareChains(all, all), { state: 'same' });
        assert.deepEqual(compareChains(all, [...all, ...more]), { state: 'ahead', lines: more });
        assert.deepEqual(compareChains([...all, ...more], all), { state: 'behind', missing: more });
      }),
    );
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 9 }),
        fc.nat(),
        fc.nat({ max: 9 }),
        line,
        (all, at, cut, other) => {
          const index = at % all.length;
          fc.pre(other.sha256 !== all[index]!.sha256 && other.name !== all[index]!.name);
          for (const change of [{ sha256: other.sha256 }, { name: other.name }]) {
            const file = all.with(index, { ...all[index]!, ...change });
            const expected = { state: 'differs', sequence: index + 1, file: file[index], store: all[index] };
            assert.deepEqual(compareChains(all, file), expected);
            // However long the rest of either is.
            assert.deepEqual(compareChains(all.slice(0, index + 1 + cut), file), expected);
            assert.deepEqual(compareChains(all, file.slice(0, index + 1 + cut)), expected);
          }
        },
      ),
    );
  });
});

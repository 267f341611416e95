import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KerbsideError } from '../../src/errors.js';
import {
  createIcnScheme,
  DEFAULT_ICN_SCHEME,
  nextDeployment,
  nextNumbers,
  type IcnState,
} from '../../src/evidence/icn.js';

const ofKind = (kind: string) => (error: unknown) => error instanceof KerbsideError && error.kind === kind;

describe('Incident Control Numbers', () => {
  it('ICN-3: is nine digits with leading zeros', () => {
    assert.equal(DEFAULT_ICN_SCHEME.format(17, 3), '000017003');
    assert.deepEqual(DEFAULT_ICN_SCHEME.parse('000017003'), { deployment: 17, image: 3 });
    assert.equal(DEFAULT_ICN_SCHEME.formatDeployment(17), '000017');
  });

  it('ICN-3: a number whose leading zero was lost is refused, as is anything else that is no number', () => {
    for (const text of ['17003', '00017003', '0000170030', '00001700x', '000017000', '000000001', '', ' 000017003']) {
      assert.throws(() => DEFAULT_ICN_SCHEME.parse(text), ofKind('icn-unknown'), text);
    }
  });

  it('ICN-3: writing and reading are inverse for every number, and order as text is order as numbers', () => {
    const parts = fc.record(
      {
        deployment: fc.integer({ min: 1, max: 999_999 }),
        image: fc.integer({ min: 1, max: 999 }),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const first = DEFAULT_ICN_SCHEME.format(a.deployment, a.image);
        const second = DEFAULT_ICN_SCHEME.format(b.deployment, b.image);
        assert.match(first, /^\d{9}$/);
        assert.deepEqual(DEFAULT_ICN_SCHEME.parse(first), a);
        assert.equal(first < second, a.deployment * 1000 + a.image < b.deployment * 1000 + b.image);
      }),
    );
  });

  it('ICN-3: the 1000th image opens the next deployment number', () => {
    const { numbers, state } = nextNumbers({ deployment: 41, nextImage: 998, lastDeployment: 99 }, 4);
    assert.deepEqual(
      numbers.map(({ icn }) => icn),
      ['000041998', '000041999', '000042001', '000042002'],
    );
    assert.deepEqual(state, { deployment: 42, nextImage: 3, lastDeployment: 99 });
  });

  it('ICN-2: leases of any sizes give each number once and leave no hole', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 12 }), (counts) => {
        let state: IcnState = { deployment: 5, nextImage: 1, lastDeployment: 999_999 };
        const given: string[] = [];
        for (const count of counts) {
          const next = nextNumbers(state, count);
          given.push(...next.numbers.map(({ icn }) => icn));
          state = next.state;
        }
        const expected = given.map((_, index) => {
          const deployment = 5 + Math.floor(index / 999);
          return String(deployment).padStart(6, '0') + String((index % 999) + 1).padStart(3, '0');
        });
        assert.deepEqual(given, expected);
      }),
    );
  });

  it('ICN-2: at the end of the issued range the last numbers are given out, then it is refused', () => {
    const state = { deployment: 7, nextImage: 997, lastDeployment: 7 };
    const { numbers, state: after } = nextNumbers(state, 8);
    assert.equal(numbers.length, 3);
    assert.throws(() => nextNumbers(after, 1), ofKind('icn-exhausted'));
  });

  it('ICN-3: a session opens the number after the highest one, inside the range of this camera', () => {
    assert.equal(nextDeployment(null, { firstDeployment: 500, lastDeployment: 599 }), 500);
    assert.equal(nextDeployment(523, { firstDeployment: 500, lastDeployment: 599 }), 524);
    assert.equal(nextDeployment(523, { firstDeployment: 700, lastDeployment: 799 }), 700);
    assert.throws(() => nextDeployment(599, { firstDeployment: 500, lastDeployment: 599 }), ofKind('icn-exhausted'));
  });

  it('ICN-3: the scheme is replaceable', () => {
    const other = createIcnScheme(4, 5);
    assert.equal(other.format(12, 345), '001200345');
    assert.deepEqual(other.parse('001200345'), { deployment: 12, image: 345 });
    const { numbers } = nextNumbers({ deployment: 1, nextImage: 99_999, lastDeployment: 2 }, 2, other);
    assert.deepEqual(
      numbers.map(({ icn }) => icn),
      ['000199999', '000200001'],
    );
  });
});

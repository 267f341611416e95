/** ICN-2: leased numbers are handed out once, in order, and asked for before they run out. */
import assert from 'node:assert/strict';
import { LeaseBook } from '../../src/evidence/lease-book.js';
import { monotonicNs, NS_PER_S } from '../../src/units.js';

const second = (value: number) => monotonicNs(value * NS_PER_S);

describe('lease book', () => {
  it('ICN-2: gives each number once, in the order of the lease, and null when there is none', () => {
    const book = new LeaseBook();
    assert.equal(book.take(), null);
    book.add(['000001001', '000001002']);
    assert.deepEqual([book.take(), book.take(), book.take()], ['000001001', '000001002', null]);
  });

  it('asks for eight when fewer than five are left, and again only after two seconds without an answer', () => {
    const book = new LeaseBook();
    assert.equal(book.toRequest(second(0)), 8);
    assert.equal(book.toRequest(second(1.9)), 0);
    assert.equal(book.toRequest(second(2)), 8);
    book.add(['1', '2', '3', '4', '5']);
    assert.equal(book.toRequest(second(3)), 0);
    book.take();
    assert.equal(book.toRequest(second(3)), 8);
  });
});

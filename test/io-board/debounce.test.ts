import assert from 'node:assert/strict';
import { celsiusOf, voltsOf } from '../../firmware/io-board/analog.js';
import { Debounce } from '../../firmware/io-board/debounce.js';
import { monotonicNs } from '../../src/units.js';

const ms = (value: number) => monotonicNs(value * 1e6);

describe('arm key', () => {
  it('is pressed once it was held for 50 ms, not for 49', () => {
    const key = new Debounce(50);
    key.feed(false, ms(0));
    assert.equal(key.settled(ms(49)), null, 'not at rest yet');
    assert.equal(key.settled(ms(50)), false);
    key.feed(true, ms(100));
    key.feed(true, ms(140));
    assert.equal(key.settled(ms(149)), false);
    assert.equal(key.settled(ms(150)), true);
  });

  it('a bounce begins the wait anew, in both directions', () => {
    const key = new Debounce(50);
    key.feed(true, ms(0));
    assert.equal(key.settled(ms(60)), true);
    key.feed(false, ms(100));
    key.feed(true, ms(120));
    key.feed(false, ms(140));
    assert.equal(key.settled(ms(189)), true);
    assert.equal(key.settled(ms(190)), false);
  });

  it('held until a moment before it was seen to change, it has not been held', () => {
    const key = new Debounce(50);
    key.feed(false, ms(0));
    key.settled(ms(60));
    key.feed(true, ms(200));
    assert.equal(key.settled(ms(100)), false);
  });
});

describe('analog inputs', () => {
  it('the datasheet points: TMP36 750 mV is 25 C, LM35 250 mV is 25 C, full scale is the reference', () => {
    assert.equal(voltsOf(1023, 1023, 5), 5);
    assert.equal(celsiusOf(0.75, 'tmp36'), 25);
    assert.equal(celsiusOf(0.25, 'lm35'), 25);
    assert.equal(celsiusOf(0.1, 'tmp36'), -40);
  });
});

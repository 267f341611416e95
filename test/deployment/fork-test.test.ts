/** Tuning-fork test (measurement, "Self-tests"): within 0.5 % of the fork's speed, within 1 km/h as shown. */
import assert from 'node:assert/strict';
import { ForkTest } from '../../src/deployment/fork-test.js';
import type { Reading } from '../../src/radar/reading.js';
import { degrees, kmh, monotonicNs, NS_PER_S } from '../../src/units.js';

const at = (seconds: number) => monotonicNs(seconds * NS_PER_S);

function reading(speedKmh: number, seconds: number, corrected = false): Reading {
  return {
    trackKey: null,
    speedKmh: kmh(speedKmh),
    corrected,
    direction: 'unknown',
    rangeM: null,
    angleDeg: null,
    bearingDeg: null,
    strength: null,
    radarTimeS: null,
    atNs: at(seconds),
    raw: new Uint8Array(),
    test: null,
  };
}

function run(speeds: readonly number[], { fork = 100, corrected = false } = {}) {
  const test = new ForkTest('F-1', 'OP1', fork, degrees(22.5), at(0));
  speeds.forEach((speedKmh, index) => {
    test.add(reading(speedKmh, 1 + index * 0.1, corrected));
  });
  return test.tick(at(4.1));
}
const tone = (speedKmh: number, count = 20): number[] => Array.from({ length: count }, () => speedKmh);

describe('fork test', () => {
  it('passes at the fork’s speed and 0.5 % either side of it, and fails just beyond', () => {
    assert.equal(run(tone(100))?.passed, true);
    assert.equal(run(tone(100.5))?.passed, true);
    assert.equal(run(tone(99.5))?.passed, true);
    assert.equal(run(tone(100.51))?.passed, false);
    assert.equal(run(tone(99.49))?.passed, false);
  });

  it('fails more than 1 km/h away as shown, where 0.5 % would still allow it', () => {
    assert.equal(run(tone(201), { fork: 200 })?.passed, true);
    assert.equal(run(tone(199), { fork: 200 })?.passed, true);
    // Within 0.5 %, but 1.1 km/h away.
    assert.equal(run(tone(298.9), { fork: 300 })?.passed, false);
    assert.equal(run(tone(299), { fork: 300 })?.passed, true);
  });

  it('takes a stream that the radar has corrected back to the speed along the beam', () => {
    const cosine = Math.cos((22.5 * Math.PI) / 180);
    assert.equal(run(tone(100 / cosine), { corrected: true })?.passed, true);
    assert.equal(run(tone(100), { corrected: true })?.passed, false);
  });

  it('is not disturbed by fewer readings of a passing car', () => {
    const outcome = run([...tone(61, 12), ...tone(100, 18)]);
    assert.equal(outcome?.passed, true);
    assert.match(outcome.sentence, /from 18 readings/);
  });

  it('listens for 3 s from the first reading, and fails after a minute without a steady tone', () => {
    const test = new ForkTest('F-1', 'OP1', 100, degrees(22.5), at(0));
    for (let index = 0; index < 9; index += 1) test.add(reading(100, 1));
    assert.equal(test.tick(at(3.9)), null);
    assert.equal(test.tick(at(59.9)), null, 'nine readings are too few');
    const outcome = test.tick(at(60));
    assert.equal(outcome?.passed, false);
    assert.match(outcome.sentence, /9 readings in 60 s, no steady tone; expected at least 10 at 100 km\/h/);
    assert.equal(test.tick(at(61)), null, 'told once');
  });

  it('is over only when the fork has been silent for a second: what it rings on is nobody’s speed', () => {
    const test = new ForkTest('F-1', 'OP1', 100, degrees(22.5), at(0));
    for (let index = 0; index < 40; index += 1) test.add(reading(100, 1 + index * 0.1));
    assert.equal(test.isOver(at(4.9)), false, 'not before its outcome');
    assert.equal(test.tick(at(5))?.passed, true);
    assert.equal(test.isOver(at(5)), false);
    test.add(reading(100, 6));
    test.add(reading(61, 6.5));
    assert.equal(test.isOver(at(6.9)), false);
    assert.equal(test.isOver(at(7)), true, 'a passing car does not hold it up');
  });

  it('is over after a minute without a steady tone, however busy the road is', () => {
    const test = new ForkTest('F-1', 'OP1', 100, degrees(22.5), at(0));
    for (let second = 0; second <= 61; second += 0.5) {
      test.add(reading(40 + ((second * 7) % 50), second));
      if (second === 60) assert.equal(test.tick(at(second))?.passed, false);
    }
    assert.equal(test.isOver(at(61)), true);
  });

  it('states what was found and what is allowed', () => {
    assert.match(run(tone(100.2))?.sentence ?? '', /100\.2 km\/h from .* \+0\.20 % .* at most 0\.5 %/);
  });
});

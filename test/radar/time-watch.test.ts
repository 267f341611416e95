/** The radar's clock beside ours: what counts as late, what as a clock that was set, and what says nothing at all. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { RadarTimeWatch } from '../../src/radar/time-watch.js';
import { monotonicNs } from '../../src/units.js';
import { reading } from '../measurement/support.js';

const FIRST_S = 43_200;

/** A heartbeat a second; `atS` counts from the first. */
class Beats {
  readonly watch = new RadarTimeWatch();
  atS = 0;
  /** What the radar's clock says more than ours. */
  aheadS = FIRST_S;
  lateS = 0;
  ratePpm = 0;
  decimals = 2;

  run(seconds: number, everyS = 1): boolean[] {
    const late: boolean[] = [];
    for (const endS = this.atS + seconds; this.atS < endS - 1e-9;) {
      this.atS += everyS;
      this.beat();
      late.push(this.watch.isLate);
    }
    return late;
  }

  beat(): void {
    const clockS = (this.atS * (1 + this.ratePpm / 1e6) + this.aheadS + 2 * 86_400) % 86_400;
    const atNs = monotonicNs(Math.round((this.atS + this.lateS) * 1e9) + 5e12);
    this.watch.onEvent({ type: 'heartbeat', atNs, text: clockS.toFixed(this.decimals).padStart(8, '0') });
  }
}

const never = (late: readonly boolean[]): void => assert.ok(!late.includes(true));
const always = (late: readonly boolean[]): void => assert.ok(late.length > 0 && !late.includes(false));

describe('the radar’s clock', () => {
  it('messages in time are not late, whatever the radar takes the time of day for', () => {
    for (const aheadS of [0, 7, 43_200, 86_399]) {
      const beats = new Beats();
      beats.aheadS = aheadS;
      never(beats.run(100));
      assert.ok((beats.watch.lagS ?? 1) <= 0.02, `${beats.watch.lagS}`);
    }
  });

  it('0.15 s and more is late from the first message on and until the first in time; 0.06 s is not', () => {
    for (const [lateS, expected] of [
      [0.06, never],
      [0.15, always],
      [0.7, always],
      [3, always],
    ] as const) {
      const beats = new Beats();
      beats.run(60);
      beats.lateS = lateS;
      expected(beats.run(30));
      beats.lateS = 0;
      never(beats.run(30));
    }
  });

  it('what comes late for hours is never taken for a radar whose clock was set', () => {
    const beats = new Beats();
    beats.run(60);
    beats.lateS = 0.7;
    always(beats.run(4 * 3600));
    assert.ok(Math.abs((beats.watch.lagS ?? 0) - 0.7) < 0.1, `${beats.watch.lagS}`);
  });

  it('readings count as heartbeats do, simulated ones not', () => {
    const watch = new RadarTimeWatch();
    const say = (atS: number, radarTimeS: number, test: 'simulated' | null = null): void =>
      watch.onEvent({ type: 'reading', reading: reading(atS * 1000, 60, { radarTimeS, test }) });
    for (let atS = 0; atS <= 12; atS += 1) say(atS, 100 + atS);
    say(12.5, 112.1);
    assert.ok(watch.isLate);
    say(12.6, 112.6);
    assert.ok(!watch.isLate);
    say(12.7, 5, 'simulated');
    assert.ok(!watch.isLate);
  });

  it('over midnight nothing is late', () => {
    const beats = new Beats();
    beats.aheadS = 86_400 - 60;
    never(beats.run(120));
    assert.ok((beats.watch.lagS ?? 1) <= 0.02);
  });

  it('a crystal that is 200 ppm fast or slow is never late in a day', () => {
    for (const ratePpm of [-190, 190]) {
      const beats = new Beats();
      beats.ratePpm = ratePpm;
      never(beats.run(86_400, 5));
      // A night without traffic, where a radar speaks only of vehicles.
      never(beats.run(20_000, 10_000));
    }
  });

  for (const setS of [-4000, -30, -1.5, 0.5, 3, 4000]) {
    it(`a clock that is set by ${setS} s counts as late for ten seconds and is believed again`, () => {
      const beats = new Beats();
      never(beats.run(60));
      beats.aheadS += setS;
      always(beats.run(10));
      never(beats.run(60).slice(1));
      assert.equal(beats.watch.isRelearning, false);
      beats.lateS = 1;
      always(beats.run(5));
    });
  }

  it('messages that overtake late ones are late, too, until ten seconds have been in order', () => {
    const beats = new Beats();
    beats.run(60);
    for (let count = 0; count < 5; count += 1) {
      beats.run(0.5, 0.5);
      beats.atS -= 1.5;
      beats.lateS = 1.6;
      beats.beat();
      beats.atS += 1.5;
      beats.lateS = 0;
    }
    assert.ok(beats.watch.isLate);
    always(beats.run(9));
    never(beats.run(30).slice(3));
  });

  it('a clock that stands still, or runs at another pace, tells nothing of delay and refuses nothing', () => {
    for (const ratePpm of [-1e6, -500_000, -20_000, 20_000, 100_000, 1e6]) {
      const beats = new Beats();
      beats.ratePpm = ratePpm;
      never(beats.run(300));
      assert.equal(beats.watch.lagS, null);
    }
  });

  it('a heartbeat that carries a frame number is no time', () => {
    const watch = new RadarTimeWatch();
    for (let count = 0; count < 100; count += 1) {
      watch.onEvent({ type: 'heartbeat', atNs: monotonicNs(count * 1e9), text: count.toString(16).padStart(8, '0') });
    }
    assert.equal(watch.lagS, null);
    assert.ok(!watch.isLate);
  });

  it('a new link begins from nothing', () => {
    const beats = new Beats();
    beats.run(60);
    beats.watch.reset();
    beats.aheadS = 7;
    never(beats.run(60));
  });

  it('whatever small delays there are, no message is late by less than 0.1 s or in time by more than 0.15 s', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { maxLength: 40 }), (delays) => {
        const beats = new Beats();
        beats.run(60);
        for (const delayS of delays) {
          beats.lateS = delayS;
          // Spaced so that none overtakes another.
          const [late] = beats.run(4, 4);
          if (delayS < 0.08) assert.equal(late, false, `${delayS}`);
          if (delayS > 0.15) assert.equal(late, true, `${delayS}`);
        }
      }),
      { numRuns: 100 },
    );
  });
});

/** The whole controller in virtual time: what it does with each input that matters. */
import assert from 'node:assert/strict';
import { createController } from '../../src/controller.js';
import type { Output } from '../../src/timeline.js';
import { monotonicNs } from '../../src/units.js';
import { agdFrame, crossing, type Crossing } from '../support/agd-feed.js';
import { goodAgd } from '../radar/talk.js';
import { outsideSite } from '../support/outside-site.js';
import { controllerConfig, VirtualVan, type VirtualOptions } from '../support/virtual-van.js';

const SPEEDER: Crossing = { track: 1, speedKmh: 92.7, direction: 'A', lateralM: 5.25 };
const LEAVER: Crossing = { track: 2, speedKmh: 92.7, direction: 'R', lateralM: 8.75 };

function drive(van: VirtualVan, vehicle: Crossing): void {
  van.frames(crossing(vehicle));
  van.advance(1000);
}

function kinds(van: VirtualVan): (string | null)[][] {
  return van.concluded().map(({ kind, reason }) => [kind, reason]);
}

const armed = (options: VirtualOptions = {}) => new VirtualVan(options).arm();

describe('controller', () => {
  it('makes the sync shot first and enforces only then', () => {
    const van = new VirtualVan();
    van.input({ type: 'radar-link', atNs: van.now, up: true, detail: 'opened' });
    drive(van, SPEEDER);
    assert.equal(van.fires(), 0);
    assert.equal(van.passes()[0]?.verdict.reason, 'place-unknown');
    van.arm();
    assert.deepEqual(kinds(van), [['sync', null]]);
    drive(van, SPEEDER);
    assert.deepEqual(kinds(van).at(-1), ['incident', null]);
  });

  it('fires for an approaching vehicle in mid-pass and for a receding one when it has left', () => {
    const van = armed();
    drive(van, SPEEDER);
    const [approach] = van.passes();
    const first = van.concluded().at(-1);
    assert.ok(approach !== undefined && first?.triggerNs != null);
    assert.ok(first.triggerNs < approach.lastNs, 'before the pass is over');
    drive(van, LEAVER);
    const recede = van.passes().at(-1);
    const second = van.concluded().at(-1);
    assert.ok(recede !== undefined && second?.triggerNs != null);
    assert.ok(second.triggerNs >= recede.lastNs, 'after the last reading');
    assert.equal(second.facts.direction, 'away');
    assert.equal(first.facts.direction, 'towards');
  });

  it('puts the pulse before everything else and ends it after its width', () => {
    const van = armed({ camera: { flash: 'always' } });
    const before = van.outputs.length;
    drive(van, SPEEDER);
    const after = van.outputs.slice(before).filter(({ type }) => type === 'line' || type === 'fire');
    assert.deepEqual(
      after.map((output) => (output.type === 'line' ? `${output.line}=${output.value}` : output.type)),
      ['flash=1', 'shutter=1', 'shutter=0', 'flash=0', 'fire'],
    );
    const times = after.flatMap((output) => (output.type === 'line' ? [output.atNs] : []));
    const [flashOn = 0, shutterOn = 0, shutterOff = 0, flashOff = 0] = times;
    assert.deepEqual([shutterOn - flashOn, shutterOff - shutterOn, flashOff - flashOn], [2e6, 50e6, 50e6]);
  });

  it('flashes only when it is dark or told to', () => {
    // The virtual session runs at 11 a.m. local time.
    for (const [flash, expected] of [
      ['dark', false],
      ['always', true],
      ['never', false],
    ] as const) {
      const van = armed({ camera: { flash } });
      drive(van, SPEEDER);
      assert.equal(van.concluded().at(-1)?.flash, expected, flash);
    }
  });

  it('ICN-2: annuls an exposure whose whole pass does not verify it, and keeps number and reason', () => {
    const van = armed();
    const clean = crossing({ ...SPEEDER, rateHz: 100 });
    const half = Math.floor(clean.length * 0.7);
    const slow = crossing({ ...SPEEDER, speedKmh: 70, rateHz: 100 }).slice(0, clean.length - half);
    const spoilt = slow.map(({ bytes }, index) => ({ atMs: clean[half + index]?.atMs ?? 0, bytes }));
    van.frames([...clean.slice(0, half), ...spoilt]);
    van.advance(1000);
    assert.equal(van.fires(), 1);
    assert.equal(kinds(van).at(-1)?.[0], 'annulled');
    assert.equal(van.passes()[0]?.verdict.kind, 'void');
  });

  it('suspends on GPS loss, resumes after three fixes, and fires for nobody in between', () => {
    const van = armed();
    van.gps = false;
    van.advance(4000);
    assert.equal(van.state, 'suspended');
    assert.deepEqual(van.reasons, ['position-stale']);
    drive(van, SPEEDER);
    assert.equal(van.fires(), 0);
    van.gps = true;
    van.advance(3500);
    assert.equal(van.state, 'enforcing');
    drive(van, SPEEDER);
    assert.equal(van.fires(), 1);
  });

  it('does not fire for a vehicle that was in the beam when enforcement began', () => {
    const van = armed();
    van.input({ type: 'line-edge', atNs: van.now, line: 'tamper', value: 1 });
    const frames = crossing(SPEEDER);
    van.frames(frames.slice(0, 5));
    van.input({ type: 'line-edge', atNs: van.now, line: 'tamper', value: 0 });
    van.frames(frames.slice(5).map(({ bytes }, index) => ({ atMs: index * 20 + 20, bytes })));
    van.advance(1000);
    assert.equal(van.fires(), 0);
    assert.equal(van.passes()[0]?.whyNot, 'armed-during-pass');
  });

  it('TAM-1: an active tamper line is an alarm and stops enforcement', () => {
    const van = armed();
    van.input({ type: 'line-edge', atNs: van.now, line: 'tamper', value: 1 });
    assert.equal(van.state, 'suspended');
    assert.ok(van.outputs.some((output) => output.type === 'notice' && output.code === 'tamper'));
    drive(van, SPEEDER);
    assert.equal(van.fires(), 0);
  });

  it('voids what is in the beam when the radar cable is pulled and goes on after it is back', () => {
    const van = armed();
    const frames = crossing(SPEEDER);
    van.frames(frames.slice(0, 3));
    van.input({ type: 'radar-link', atNs: van.now, up: false, detail: 'unplugged' });
    assert.equal(van.state, 'suspended');
    assert.equal(van.passes()[0]?.verdict.reason, 'link-interrupted');
    van.input({ type: 'radar-link', atNs: van.now, up: true, detail: 'opened' });
    van.advance(5000);
    assert.equal(van.state, 'enforcing');
    drive(van, SPEEDER);
    assert.equal(van.fires(), 1);
  });

  it("obeys the radar's own stop error before the reading that follows in the same chunk", () => {
    const frames = crossing(SPEEDER);
    const untilFired = (van: VirtualVan, stopAt: number): number => {
      for (const [index, { bytes }] of frames.entries()) {
        van.advance(20);
        van.radar(index === stopAt ? Buffer.concat([agdFrame('02'), bytes]) : bytes);
        if (van.fires() > 0) return index;
      }
      return -1;
    };
    const deciding = untilFired(armed(), -1);
    assert.ok(deciding > 0, 'fires without the error');
    const van = armed();
    assert.equal(untilFired(van, deciding), -1);
    assert.deepEqual(van.reasons, ['radar-unusable']);
  });

  it('fires no second time within the dead time and says why', () => {
    const van = armed({ camera: { deadTimeMs: 5000 } });
    van.advance(5000);
    drive(van, SPEEDER);
    drive(van, { ...SPEEDER, track: 7 });
    assert.equal(van.fires(), 1);
    assert.deepEqual(
      van.passes().map(({ verdict, whyNot }) => [verdict.kind, verdict.reason, whyNot]),
      [
        ['enforce', null, null],
        ['void', 'photo-missed', 'dead-time'],
      ],
    );
  });

  it('without a leased number nothing fires', () => {
    const config = controllerConfig();
    const controller = createController(config);
    const out: Output[] = [];
    controller.handle({ type: 'tick', atNs: monotonicNs(1e9) }, out);
    assert.ok(out.some((output) => output.type === 'request-lease'));
    const state = out.findLast((output) => output.type === 'state');
    assert.ok(state?.reasons.some(({ code }) => code === 'no-numbers'));
  });

  it('a store that cannot keep what it is given stops enforcement until it can', () => {
    const van = armed();
    van.input({ type: 'store', atNs: van.now, usable: false, detail: 'the disk is full' });
    drive(van, SPEEDER);
    assert.equal(van.fires(), 0);
    van.input({ type: 'store', atNs: van.now, usable: true, detail: '' });
    van.advance(100);
    drive(van, SPEEDER);
    assert.equal(van.fires(), 1);
  });

  it('a camera that stays silent costs its number, stops the issuing and is synced anew', () => {
    const van = armed();
    van.cameraAnswers = false;
    drive(van, SPEEDER);
    assert.deepEqual(kinds(van).at(-1), ['void', 'strobe-missed']);
    assert.equal(van.state, 'suspended');
    van.cameraAnswers = true;
    van.advance(3000);
    assert.deepEqual(kinds(van).at(-1), ['sync', null]);
    assert.equal(van.state, 'suspended', 'a late image could still come');
    van.advance(5000);
    assert.equal(van.state, 'enforcing');
  });

  it('DEP-8: no vehicle is enforced while the van stands too near to the sign', () => {
    for (const [chainageM, fires] of [
      [1200, 1],
      [1070, 0],
    ] as const) {
      const limitDrops = [{ chainageM, direction: 'increasing', toKmh: 30 }];
      const van = new VirtualVan({ site: outsideSite({ limitDrops }) });
      if (fires === 1) van.arm();
      else assert.throws(() => van.arm(), /DEP-8/);
      drive(van, SPEEDER);
      assert.equal(van.fires(), fires, `sign at ${chainageM} m, van at 800 m`);
    }
  });

  it('closes in order: no new exposure, open ones brought to their end, then closed', () => {
    const van = armed();
    van.frames(crossing(SPEEDER));
    van.input({ type: 'command', atNs: van.now, command: 'close' });
    assert.equal(van.state, 'closing');
    drive(van, LEAVER);
    van.advance(3000);
    assert.equal(van.fires(), 1);
    assert.equal(van.state, 'closed');
    assert.ok(van.outputs.some(({ type }) => type === 'closed'));
    assert.ok(van.concluded().some(({ kind }) => kind === 'incident' || kind === 'annulled'));
  });

  it('the simulated targets of a self-test are no passes; at any other time they are void (test-target)', () => {
    const van = armed({ radar: { selfTest: true }, radarAnswers: goodAgd() });
    assert.deepEqual(van.passes(), []);
    assert.ok(
      van.concluded().every(({ facts }) => !facts.radarSettingsUnconfirmed),
      'the radar confirmed its settings',
    );
    drive(van, { ...SPEEDER, direction: 'X' });
    assert.deepEqual(
      van.passes().map(({ verdict }) => verdict.reason),
      ['test-target'],
    );
    assert.equal(van.fires(), 0);
  });

  it('tells once a minute what was thrown away of the radar, by reason, and the rest at close', () => {
    const van = armed();
    const told = (): string[] =>
      van.outputs.flatMap((output) =>
        output.type === 'notice' && output.code === 'radar-discards' ? [output.sentence] : [],
      );
    const broken = (): void => {
      const frame = agdFrame('HB,43200.00');
      frame[4] = 0x39;
      van.radar(frame);
    };
    van.advance(61_000);
    const before = told().length;
    broken();
    broken();
    van.advance(58_000);
    assert.deepEqual(told().slice(before), []);
    van.advance(3000);
    assert.deepEqual(told().slice(before), ['Radar: messages and stretches of bytes thrown away: checksum 2.']);
    van.advance(61_000);
    assert.equal(told().length, before + 1, 'nothing to tell');
    broken();
    van.input({ type: 'command', atNs: van.now, command: 'close' });
    van.advance(3000);
    assert.deepEqual(told().slice(before + 1), ['Radar: messages and stretches of bytes thrown away: checksum 1.']);
    broken();
    van.advance(3000);
    assert.equal(told().length, before + 2, 'the end is told once');
  });

  it('voids a row of vehicles that a radar without tracks shows as one', () => {
    const van = armed({ protocol: 'ops243' });
    const line = (speedKmh: number): Buffer =>
      Buffer.from(`{"magnitude":"467.72","speed":"-${speedKmh.toFixed(2)}"}\r\n`);
    // 92.4 along the beam is 100 along the road, 1.39 m every 50 ms; the largest footprint on two lanes is 6.3 m.
    const row = (count: number): void => {
      van.frames(Array.from({ length: count }, (_, index) => ({ atMs: index * 50, bytes: line(92.4) })));
      van.advance(1000);
    };
    row(45);
    row(52);
    assert.deepEqual(
      van.passes().map(({ verdict }) => verdict.reason),
      [null, 'length-implausible'],
    );
  });

  it('gives the same outputs for the same inputs', () => {
    const run = () => {
      const van = armed();
      drive(van, SPEEDER);
      drive(van, LEAVER);
      return JSON.stringify(van.outputs);
    };
    assert.equal(run(), run());
  });
});

/** The pretend AGD 350's bytes against hand-computed values and an independent CRC. */
import assert from 'node:assert/strict';
import { Agd350 } from '../../../hw-sim/instruments/agd350.js';
import { agdFrame, crc8, trackedTargetFrame } from '../../../hw-sim/instruments/agd350-frames.js';
import { createRandom } from '../../../hw-sim/prng.js';
import { Road } from '../../../hw-sim/road/road.js';
import type { Vehicle } from '../../../hw-sim/road/vehicle.js';
import { kmh, metres } from '../../../src/units.js';
import { agdFrameText } from '../../oracle/agd-frames.js';
import { BOOK, bookRoad, car } from '../book.js';

const SILENT = { speedKmh: 0, rangeM: 0, angleDeg: 0 };
const NOON = Date.UTC(2026, 2, 1, 12, 0, 0, 120);

function radar(...vehicles: Vehicle[]): Agd350 {
  const instrument = new Agd350({ road: bookRoad(...vehicles), random: createRandom(1, 'test'), noise: SILENT });
  say(instrument, '*SU=K');
  return instrument;
}

const say = (instrument: Agd350, command: string): string =>
  instrument
    .receive(Buffer.from(`${command}\r`))
    .map((bytes) => Buffer.from(bytes).toString('latin1'))
    .join('');

/** Fields of all 04 messages of an instant. */
function targets(instrument: Agd350, timeS: number): string[][] {
  return instrument
    .frame(timeS, NOON)
    .map((bytes) => Buffer.from(bytes).toString('latin1'))
    .filter((text) => text.startsWith('\u000204,'))
    .map((text) => text.slice(1, text.indexOf('*')).split(','));
}

describe('hw-sim AGD 350: bytes', () => {
  it('writes the built example of the protocol notes byte for byte: 55 bytes, CRC 2C', () => {
    const frame = trackedTargetFrame(
      {
        timeOfDayS: 43200.12,
        track: 7,
        direction: 'A',
        speedKmh: 72.4,
        rangeM: 45.3,
        angleDeg: 3.1,
        bearingDeg: 184,
        strengthDb: 61.5,
      },
      { unit: 'K', coordinates: 'P' },
    );
    assert.equal(
      Buffer.from(frame).toString('latin1'),
      '\u000204,43200.12,07,A,072.4,K,045.3,+03.1,184.0,P,061.5*2C\u0003',
    );
    assert.equal(frame.length, 55);
  });

  it('CRC: "123456789" gives F4, and an independent writer makes the same whole frames', () => {
    assert.equal(crc8(Buffer.from('123456789')), 0xf4);
    for (const body of ['HB,00001.00', '04,1,2,A', '', 'zzzzzzzzzzzzzzzz']) {
      assert.equal(Buffer.from(agdFrame(body)).toString('latin1'), agdFrameText(body));
    }
  });

  it('a car at 100 km/h on the axis in lane 1 is 13.7 m off and reads 92.4 km/h at +00.0 degrees', () => {
    // All of so short a car is in the beam; its middle stands on the axis when its front is 0.8 m past it.
    const vehicle = car({ lengthM: metres(1.6), speedKmh: kmh(100) });
    const [target] = targets(radar(vehicle), 10 + 0.8 / (100 / 3.6));
    assert.ok(target);
    assert.deepEqual(target.slice(1, 4), ['43200.12', '01', 'A']);
    assert.equal(target[4], '092.4');
    assert.equal(target[6], '013.7');
    assert.equal(target[7], '+00.0');
    // Coming at the beam, which is turned 22.5 degrees to the left of the road.
    assert.equal(target[8], '202.5');
  });

  it('angles grow clockwise: looking back over the left verge the far edge of the beam is positive, on the other side negative', () => {
    const vehicle = car({ lengthM: metres(1.5) });
    const first = bookRoad(vehicle).inBeam(vehicle)[0] + 0.001;
    assert.equal(targets(radar(vehicle), first)[0]?.[7], '+02.5');
    const road = new Road({ ...BOOK, side: 'right' }, [vehicle]);
    const other = new Agd350({ road, random: createRandom(1, 'test'), noise: SILENT });
    assert.equal(targets(other, first)[0]?.[7], '-02.5');
  });

  it('answers commands as the manual prints it, in split pieces and in a row, and keeps what it refuses', () => {
    const instrument = radar();
    assert.equal(say(instrument, '*SU?'), '#SU?K\r');
    assert.equal(instrument.receive(Buffer.from('*HBP=')).length, 0);
    assert.equal(say(instrument, '1\r*HBP?'), '#HBP=1\r#HBP?1\r');
    assert.match(say(instrument, '*SU=X'), /^#ERROR/);
    assert.equal(say(instrument, '*SU?'), '#SU?K\r');
    assert.match(say(instrument, '*SN?\r*TEMP?\r*CRC32?\r*CD?'), /^#SN\?.+\r#TEMP\?.+\r#CRC32\?.+\r#CD\?.+\r$/);
    assert.match(say(instrument, 'nonsense'), /^#ERROR/);
  });

  it('settings take effect: miles an hour, direction, low speed, Cartesian place', () => {
    const vehicle = car({ lengthM: metres(1.6) });
    const at = 10 + 0.8 / (100 / 3.6);
    const instrument = radar(vehicle);
    say(instrument, '*SU=M');
    assert.deepEqual(targets(instrument, at)[0]?.slice(4, 6), ['057.4', 'M']);
    say(instrument, '*SU=K\r*CT=C');
    assert.deepEqual(targets(instrument, at)[0]?.slice(6, 10), ['+013.7', '+000.0', '202.5', 'C']);
    say(instrument, '*DIR=R');
    assert.equal(targets(instrument, at).length, 0);
    say(instrument, '*DIR=B\r*LS=100');
    assert.equal(targets(instrument, at).length, 0);
  });

  it('self-test: X for approaching, Y for receding, constant, then #TS:COMPLETE', () => {
    for (const [word, direction] of [
      ['A', 'X'],
      ['R', 'Y'],
    ] as const) {
      const instrument = radar();
      say(instrument, `*TS=1,${word}`);
      const said: string[] = [];
      for (let frame = 0; frame < 40; frame += 1) {
        said.push(...instrument.frame(-100, NOON + frame * 20).map((bytes) => Buffer.from(bytes).toString('latin1')));
      }
      const marked = said.filter((text) => text.startsWith('\u000204,'));
      assert.equal(marked.length, 25);
      assert.ok(marked.every((text) => text.includes(`,${direction},080.0,K,025.0,`)));
      assert.equal(said.filter((text) => text === '#TS:COMPLETE\r').length, 1);
      assert.equal(said.at(-1), '#TS:COMPLETE\r');
    }
  });

  it('two vehicles in one resolution cell share a track that jumps between both speeds', () => {
    const slow = car({ plate: 'SLOW', speedKmh: kmh(60) });
    const fast = car({ plate: 'FAST', speedKmh: kmh(100), lateralShiftM: metres(0.7) });
    const instrument = radar(slow, fast);
    const [from, to] = bookRoad().inBeam(slow);
    const seen: string[][] = [];
    for (let t = from; t < to; t += 0.02) seen.push(...targets(instrument, t));
    assert.deepEqual(new Set(seen.map((fields) => fields[2])), new Set(['01']));
    const speeds = seen.map((fields) => Number(fields[4]));
    assert.ok(speeds.some((speed) => speed < 60) && speeds.some((speed) => speed > 85), speeds.join());
  });

  it('vehicles in neighbouring lanes keep tracks of their own', () => {
    const instrument = radar(car({ plate: 'A' }), car({ plate: 'B', laneId: '2' }));
    assert.deepEqual(
      targets(instrument, 10.1).map((fields) => fields[2]),
      ['01', '02'],
    );
  });

  it('shows a fork before the antenna as a target of its speed, without a direction that means anything', () => {
    const instrument = radar();
    instrument.holdFork(80);
    const seen = Array.from({ length: 60 }, (_, index) => targets(instrument, index * 0.02)[0] ?? []);
    const speeds = seen.map((fields) => Number(fields[4]));
    assert.ok(speeds.every((speedKmh) => Math.abs(speedKmh - 80) < 0.4));
    assert.deepEqual([...new Set(seen.map((fields) => fields[3]))].sort(), ['A', 'R']);
    instrument.holdFork(null);
    assert.deepEqual(targets(instrument, 2), []);
  });
});

/** The pretend OPS243: commands, JSON lines, and the aliasing that makes a real one dangerous. */
import assert from 'node:assert/strict';
import { aliasMs, Ops243 } from '../../../hw-sim/instruments/ops243.js';
import { createRandom } from '../../../hw-sim/prng.js';
import { kmh } from '../../../src/units.js';
import { bookRoad, car } from '../book.js';

const textOf = (messages: readonly Uint8Array[]): string =>
  messages.map((bytes) => Buffer.from(bytes).toString('latin1')).join('');

describe('hw-sim OPS243: lines', () => {
  it('reads back unit, sample rate and output, however the commands are cut', () => {
    const radar = new Ops243({ road: bookRoad(), random: createRandom(1, 'test') });
    assert.equal(textOf(radar.receive(Buffer.from('U'))), '');
    assert.equal(textOf(radar.receive(Buffer.from('K'))), '{"Units":"km-per-hr"}\r\n');
    const rest = textOf(radar.receive(Buffer.from('S2\r\nOJOMOTR|U?')));
    assert.match(
      rest,
      /^\{"SamplingRate":20000,.*\r\n(\{"OutputFeature":"[JMT]"\}\r\n){3}\{.*\}\r\n\{"Units":"km-per-hr"\}\r\n$/,
    );
    assert.match(textOf(radar.receive(Buffer.from('??'))), /"SamplingRate":20000/);
  });

  it('a car that drives away is negative, along the beam, in the unit that was set', () => {
    const vehicle = car({ direction: 'decreasing', speedKmh: kmh(90) });
    const radar = new Ops243({ road: bookRoad(vehicle), random: createRandom(1, 'test') });
    radar.receive(Buffer.from('UKS2OJOMOT'));
    const line = JSON.parse(textOf(radar.frame(10.05, 1000))) as Record<string, string>;
    assert.deepEqual(Object.keys(line), ['time', 'magnitude', 'speed']);
    const speed = Number(line['speed']);
    assert.ok(speed < -90 * 0.905 && speed > -90 * 0.942, line['speed']);
  });

  it('says nothing on an empty road', () => {
    const radar = new Ops243({ road: bookRoad(), random: createRandom(1, 'test') });
    assert.equal(radar.frame(0, 0).length, 0);
  });

  it('faster than its ceiling it reports a plausible wrong speed with the wrong sign', () => {
    assert.ok(Math.abs(aliasMs(35, 31.1) - -27.2) < 1e-9);
    assert.ok(Math.abs(aliasMs(-35, 31.1) - 27.2) < 1e-9);
    assert.equal(aliasMs(20, 31.1).toFixed(6), '20.000000');
    const vehicle = car({ speedKmh: kmh(140) });
    const radar = new Ops243({ road: bookRoad(vehicle), random: createRandom(1, 'test') });
    radar.receive(Buffer.from('UKOJ'));
    const { speed } = JSON.parse(textOf(radar.frame(10.05, 0))) as { speed: string };
    assert.ok(Number(speed) < 0 && Number(speed) > -112, speed);
  });

  it('a fork before the antenna drowns the road', () => {
    const radar = new Ops243({ road: bookRoad(car({ speedKmh: kmh(60) })), random: createRandom(1, 'test') });
    radar.receive(Buffer.from('UKOJ'));
    radar.holdFork(80);
    const { speed } = JSON.parse(textOf(radar.frame(10.05, 0))) as { speed: string };
    assert.ok(Math.abs(Number(speed) - 80) < 0.3, speed);
    radar.holdFork(null);
    assert.equal(radar.frame(0, 0).length, 0);
  });
});

import assert from 'node:assert/strict';
import { OPS_LINE_BYTES } from '../../src/radar/ops243-decoder.js';
import type { Reading } from '../../src/radar/reading.js';
import { asText, decode, decoderOf, discardsIn, readingsIn, wasteOf } from './support.js';

const REAL_LINE = '{"magnitude":"467.72","speed":"-0.25","distance":"0.00"}';
const KMH = '{"Units":"km-per-hr"}\r\n';

const readings = (...lines: string[]): Reading[] =>
  readingsIn(decode(decoderOf('ops243'), `${lines.join('\r\n')}\r\n`));
const speeds = (...lines: string[]): number[] => readings(...lines).map((reading) => reading.speedKmh);
const reasons = (...lines: string[]): string[] => discardsIn(decode(decoderOf('ops243'), `${lines.join('\r\n')}\r\n`));

describe('OPS243 decoder', () => {
  it('radar-protocols: the real line with strings is a receding reading', () => {
    const [reading] = readings(REAL_LINE);
    const { raw, atNs, ...fields } = reading!;
    assert.equal(asText(raw), REAL_LINE);
    assert.ok(atNs < 100e9);
    assert.deepEqual(fields, {
      trackKey: null,
      speedKmh: 0.25,
      corrected: false,
      direction: 'recede',
      rangeM: null,
      angleDeg: null,
      bearingDeg: null,
      strength: 467.72,
      radarTimeS: null,
      test: null,
    });
  });

  it('radar-protocols: numbers or strings, any key order, unknown keys', () => {
    const [reading] = readings('{"zeit":[],"speed":88.5,"time":"12.345","x":{"y":1},"magnitude":70}');
    assert.deepEqual(
      [reading!.speedKmh, reading!.direction, reading!.radarTimeS, reading!.strength],
      [88.5, 'approach', 12.345, 70],
    );
  });

  it('radar-protocols: every element of an array becomes a reading with its own magnitude', () => {
    const found = readings('{"speed":["50.1",-60.2,"70.3"],"magnitude":[10,"20"]}');
    assert.deepEqual(
      found.map(({ speedKmh, direction, strength }) => [speedKmh, direction, strength]),
      [
        [50.1, 'approach', 10],
        [60.2, 'recede', 20],
        [70.3, 'approach', null],
      ],
    );
  });

  it('a direction word counts, and one against the sign leaves the direction unknown', () => {
    const found = readings(
      '{"speed":5,"direction":"outbound"}',
      '{"speed":5,"direction":"inbound"}',
      '{"speed":-5,"direction":"inbound"}',
      '{"speed":0}',
    );
    assert.deepEqual(
      found.map((reading) => reading.direction),
      ['recede', 'approach', 'unknown', 'unknown'],
    );
  });

  for (const [unit, factor] of [
    ['mps', 3.6],
    ['kmph', 1],
    ['mph', 1.609344],
    ['fps', 1.09728],
  ] as const) {
    it(`a line's own unit ${unit} wins over what a reply said`, () => {
      const line = `{"unit":"${unit}","speed":"10"}`;
      assert.deepEqual(speeds('{"Units":"mph"}', line), [10 * factor]);
    });
  }

  it('radar-protocols: replies mix in and teach the unit', () => {
    assert.deepEqual(
      speeds('{"speed":10}', '{"Units":"m-per-sec"}', '{"speed":10}', KMH.trim(), '{"speed":10}'),
      [10, 36, 10],
    );
  });

  it('until the unit is confirmed km/h is assumed, which never reads high for m/s, mph or ft/s', () => {
    for (const perMs of [1, 2.236936, 3.28084, 3.6]) {
      const [speedKmh] = speeds(`{"speed":${20 * perMs}}`);
      assert.ok(speedKmh! <= 72);
    }
  });

  it('centimetres a second would read high: unit-unknown until another unit is stated', () => {
    assert.deepEqual(reasons('{"Units":"cm-per-sec"}', '{"speed":90}'), ['unit-unknown']);
    assert.deepEqual(reasons('{"unit":"cm-s","speed":90}', '{"unit":"knots","speed":9}', '{"unit":7,"speed":9}'), [
      'unit-unknown',
      'unit-unknown',
      'unit-unknown',
    ]);
    assert.deepEqual(speeds('{"Units":"cm-per-sec"}', '{"Units":"km-per-hr"}', '{"speed":90}'), [90]);
  });

  for (const [rateHz, capMs] of [
    [1000, 3.1],
    [5000, 15.5],
    [10000, 31.1],
    [20000, 62.2],
    [50000, 155.4],
    [100000, 310.8],
  ] as const) {
    it(`radar-protocols: at ${rateHz} samples a second nothing above ${capMs} m/s is accepted`, () => {
      const rate = `{"SamplingRate":${rateHz}, "resolution":0.06}`;
      const unit = '{"Units":"m-per-sec"}';
      assert.equal(speeds(rate, unit, `{"speed":${capMs}}`).length, 1);
      assert.deepEqual(reasons(rate, unit, `{"speed":-${capMs + 0.1}}`), ['above-ceiling']);
    });
  }

  it('while the sample rate is not known the ceiling is that of S2', () => {
    assert.deepEqual(speeds('{"speed":223.9}', '{"speed":224.0}'), [223.9]);
  });

  it('an element past the ceiling does not cost the others of its array', () => {
    const events = decode(decoderOf('ops243'), '{"speed":[300,80]}\r\n');
    assert.deepEqual(
      [discardsIn(events), readingsIn(events).map((reading) => reading.speedKmh)],
      [['above-ceiling'], [80]],
    );
  });

  const discards: readonly (readonly [name: string, line: string, reason: string])[] = [
    ["radar-protocols: the maker's own alert", '{"ALERT": High Speed inbound 1.7 mps}', 'not-json'],
    ['an alert that is JSON', '{"ALERT":"High Speed"}', 'unknown-type'],
    ['a bare number', '12.5', 'not-json'],
    ['a number with its unit', '"mps",12.5', 'not-json'],
    ['a JSON line that is no object', '[{"a"}]', 'garbage,not-json'],
    ['a line without a speed', '{"distance":"4.00"}', 'unknown-type'],
    ['a range line', '{"unit":"m","range":"4.1"}', 'unknown-type'],
    ['a report of its own', '{"DetectedObjectVelocity":"80.1"}', 'unknown-type'],
    ['a speed that is no number', '{"speed":"fast"}', 'malformed'],
    ['an empty speed', '{"speed":""}', 'malformed'],
    ['an array with a hole', '{"speed":[50,null]}', 'malformed'],
    ['an empty array', '{"speed":[]}', 'malformed'],
    ['more targets than the radar has', `{"speed":[${'1,'.repeat(16)}1]}`, 'malformed'],
    ['a speed with an exponent in a string', '{"speed":"1e2"}', 'malformed'],
  ];
  for (const [name, line, reason] of discards) {
    it(`${name}: ${reason}, and the next line is read`, () => {
      const events = decode(decoderOf('ops243'), `${line}\r\n${REAL_LINE}\r\n`);
      assert.equal(discardsIn(events).join(), reason);
      assert.equal(wasteOf(events), line.length);
      assert.equal(readingsIn(events).length, 1);
    });
  }

  it('finds a line behind rubbish and behind a line that lost its end', () => {
    assert.deepEqual(speeds('\u0000\u00ff noise{"speed":50}', '{"magnitude":"46{"speed":60}'), [50, 60]);
  });

  it('finds a line behind rubbish that is longer than any line', () => {
    const rubbish = `{${'x'.repeat(3 * OPS_LINE_BYTES)}`;
    const events = decode(decoderOf('ops243'), `${rubbish}{"speed":50}\r\n`);
    assert.equal(readingsIn(events).length, 1);
    assert.equal(discardsIn(events)[0], 'oversize');
    assert.equal(wasteOf(events), rubbish.length);
  });

  it('takes nothing that does not reach the line end', () => {
    assert.deepEqual(speeds('{"speed":50}x', '{"speed":5'), []);
    assert.deepEqual(readingsIn(decode(decoderOf('ops243'), '{"speed":50}')), []);
  });

  it('LF alone, CR alone and empty lines are line ends', () => {
    assert.equal(readingsIn(decode(decoderOf('ops243'), '\n\n{"speed":1}\r\r{"speed":2}\n')).length, 2);
  });

  it('replies are handed on as they came', () => {
    const events = decode(decoderOf('ops243'), '{"Product":"OPS243"}\r\n{"Version":"1.3.1"}\r\n{"Error":"no"}\r\n');
    assert.deepEqual(
      events.map((event) => event.type === 'reply' && [event.text, event.isError]),
      [
        ['{"Product":"OPS243"}', false],
        ['{"Version":"1.3.1"}', false],
        ['{"Error":"no"}', true],
      ],
    );
  });

  it('after a reset, unit and sample rate are unknown again', () => {
    const decoder = decoderOf('ops243');
    decode(decoder, '{"Units":"m-per-sec"}\r\n{"SamplingRate":1000}\r\n{"spe');
    decoder.reset();
    assert.deepEqual(
      readingsIn(decode(decoder, '{"speed":100}\r\n')).map((reading) => reading.speedKmh),
      [100],
    );
  });
});

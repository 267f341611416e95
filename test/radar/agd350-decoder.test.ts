import assert from 'node:assert/strict';
import { crc8Step } from '../../src/radar/crc8.js';
import { AGD_FRAME_BYTES, AGD_REPLY_BYTES } from '../../src/radar/agd350-decoder.js';
import { AGD_CEILING_KMH } from '../../src/radar/agd350-message.js';
import type { Reading } from '../../src/radar/reading.js';
import { agdFrameText } from '../oracle/agd-frames.js';
import { asText, decode, decoderOf, discardsIn, latin1, readingsIn, wasteOf } from './support.js';

const BUILT_BODY = '04,43200.12,07,A,072.4,K,045.3,+03.1,184.0,P,061.5';
const BUILT_FRAME = `\u0002${BUILT_BODY}*2C\u0003`;

function only(text: string): Reading {
  const readings = readingsIn(decode(decoderOf('agd350'), text));
  assert.equal(readings.length, 1);
  return readings[0]!;
}

describe('AGD 350 decoder', () => {
  it('radar-protocols: CRC-8 of "123456789" is F4', () => {
    assert.equal(
      latin1('123456789').reduce((crc, byte) => crc8Step(crc, byte), 0),
      0xf4,
    );
  });

  it('radar-protocols: the built check frame of 55 bytes yields every field', () => {
    assert.equal(BUILT_FRAME.length, 55);
    const { raw, atNs, ...fields } = only(BUILT_FRAME);
    assert.equal(asText(raw), BUILT_FRAME);
    assert.ok(atNs < 100e9);
    assert.deepEqual(fields, {
      trackKey: 7,
      speedKmh: 72.4,
      corrected: false,
      direction: 'approach',
      rangeM: 45.3,
      angleDeg: 3.1,
      bearingDeg: 184,
      strength: 61.5,
      radarTimeS: 43200.12,
      test: null,
    });
  });

  it('radar-protocols: both cases of the hexadecimal checksum are accepted', () => {
    assert.equal(only(`\u0002${BUILT_BODY}*2c\u0003`).speedKmh, 72.4);
  });

  for (const [letter, direction, test] of [
    ['A', 'approach', null],
    ['R', 'recede', null],
    ['X', 'approach', 'simulated'],
    ['Y', 'recede', 'simulated'],
  ] as const) {
    it(`radar-protocols: direction ${letter} is ${direction}, test ${test}`, () => {
      const reading = only(agdFrameText(BUILT_BODY.replace(',A,', `,${letter},`)));
      assert.deepEqual([reading.direction, reading.test], [direction, test]);
    });
  }

  it('radar-protocols: unit M is miles an hour', () => {
    assert.equal(only(agdFrameText(BUILT_BODY.replace(',K,', ',M,'))).speedKmh, 72.4 * 1.609344);
  });

  it('radar-protocols: with coordinates C the fields are Y and X in metres', () => {
    const reading = only(agdFrameText('04,00001.00,07,R,072.4,K,040.0,-30.0,184.0,C,061.5'));
    assert.equal(reading.rangeM, 50);
    assert.ok(Math.abs(reading.angleDeg! + 36.8698976) < 1e-6);
  });

  it('radar-protocols: fields are found by commas, not by column', () => {
    const reading = only(agdFrameText('04,1.5,107,R,9.4,K,7,-3,184.05,P,61'));
    assert.deepEqual([reading.trackKey, reading.speedKmh, reading.rangeM, reading.angleDeg], [107, 9.4, 7, -3]);
  });

  it('passes on that the stream is angle-corrected', () => {
    assert.equal(readingsIn(decode(decoderOf('agd350', { corrected: true }), BUILT_FRAME))[0]!.corrected, true);
  });

  it('keeps raw bytes that later frames do not overwrite', () => {
    const [first] = readingsIn(decode(decoderOf('agd350'), BUILT_FRAME, agdFrameText('HB,00001.00').repeat(5)));
    assert.equal(asText(first!.raw), BUILT_FRAME);
  });

  it('radar-protocols: heartbeats of the 350 (time) and the 342 (frame number)', () => {
    const events = decode(decoderOf('agd350'), agdFrameText('HB,00012.50') + agdFrameText('HB,0000A1fF'));
    assert.deepEqual(
      events.map((event) => event.type === 'heartbeat' && event.text),
      ['00012.50', '0000A1fF'],
    );
  });

  it('radar-protocols: replies and errors between frames', () => {
    const events = decode(decoderOf('agd350'), `#SU=K\r${BUILT_FRAME}#ERROR bad value\r\n`);
    assert.deepEqual(
      events.map((event) => (event.type === 'reply' ? [event.text, event.isError] : event.type)),
      [['#SU=K', false], 'reading', ['#ERROR bad value', true]],
    );
  });

  for (const body of ['02', '02,43200.12', 'ER,02', 'EM,02,43200.12']) {
    it(`reads "${body}" as the radar's error message 02`, () => {
      const events = decode(decoderOf('agd350'), agdFrameText(body));
      assert.deepEqual(
        events.map((event) => event.type === 'radar-error' && event.number),
        [2],
      );
    });
  }

  for (const number of [1, 2, 3, 4, 5, 6]) {
    it(`radar-protocols: error message 0${number} is reported with its number`, () => {
      const events = decode(decoderOf('agd350'), agdFrameText(`0${number}`));
      assert.equal(events[0]?.type === 'radar-error' && events[0].number, number);
    });
  }

  const discards: readonly (readonly [name: string, text: string, reason: string])[] = [
    ['bytes outside frames', 'noise', 'garbage'],
    ['a wrong checksum', BUILT_FRAME.replace('*2C', '*2D'), 'checksum'],
    ['a missing field', agdFrameText(BUILT_BODY.replace(',061.5', '')), 'malformed'],
    ['a field too many', agdFrameText(`${BUILT_BODY},1`), 'malformed'],
    ['a speed that is no number', agdFrameText(BUILT_BODY.replace('072.4', '07x.4')), 'malformed'],
    ['a negative speed', agdFrameText(BUILT_BODY.replace('072.4', '-72.4')), 'malformed'],
    ['an unknown direction', agdFrameText(BUILT_BODY.replace(',A,', ',B,')), 'malformed'],
    ['an unknown unit', agdFrameText(BUILT_BODY.replace(',K,', ',N,')), 'malformed'],
    ['an unknown coordinate type', agdFrameText(BUILT_BODY.replace(',P,', ',Q,')), 'malformed'],
    ['a time after midnight', agdFrameText(BUILT_BODY.replace('43200.12', '86400.01')), 'malformed'],
    ['an angle behind the radar', agdFrameText(BUILT_BODY.replace('+03.1', '+90.1')), 'malformed'],
    ['a bearing beyond a circle', agdFrameText(BUILT_BODY.replace('184.0', '360.1')), 'malformed'],
    ['a range beyond any road', agdFrameText(BUILT_BODY.replace('045.3', '500.1')), 'malformed'],
    ['an unprintable byte in a frame', BUILT_FRAME.replace('072.4', '07\u00802.4'), 'malformed,garbage'],
    ['a heartbeat without a value', agdFrameText('HB'), 'malformed'],
    ['a frame without end', `\u0002${'9'.repeat(AGD_FRAME_BYTES - 4)}`, 'oversize'],
    ['a reply without end', `#${'A'.repeat(AGD_REPLY_BYTES - 1)}`, 'oversize'],
    ['a trigger point (03)', agdFrameText(`03,43200.12,1,${BUILT_BODY.slice(12)}`), 'unknown-type'],
    ['an unknown type', agdFrameText('ZZ,1'), 'unknown-type'],
    ['a raw detection (02)', agdFrameText('02,43200.12,07,03,A,072.4,K,045.3,+03.1,P,061.5'), 'untracked'],
    ['a speed past the ceiling', agdFrameText(BUILT_BODY.replace('072.4', '320.1')), 'above-ceiling'],
    ['miles an hour past the ceiling', agdFrameText(BUILT_BODY.replace('072.4,K', '199.0,M')), 'above-ceiling'],
  ];
  for (const [name, text, reason] of discards) {
    it(`discards ${name} as ${reason}, byte for byte, and reads on`, () => {
      const events = decode(decoderOf('agd350'), text + BUILT_FRAME);
      assert.equal(discardsIn(events).join(), reason);
      assert.equal(wasteOf(events), text.length);
      assert.equal(readingsIn(events).length, 1);
    });
  }

  it('accepts a speed exactly at the ceiling', () => {
    assert.equal(only(agdFrameText(BUILT_BODY.replace('072.4', '320.0'))).speedKmh, AGD_CEILING_KMH);
  });

  it('finds the next frame inside one that lost its end', () => {
    const events = decode(decoderOf('agd350'), BUILT_FRAME.slice(0, 30) + BUILT_FRAME);
    assert.deepEqual([discardsIn(events), readingsIn(events).length], [['malformed'], 1]);
  });

  it('finds a frame inside a reply that lost its end', () => {
    const events = decode(decoderOf('agd350'), `#SU=${BUILT_FRAME}`);
    assert.equal(readingsIn(events).length, 1);
  });

  it('reports a long noise in pieces and keeps at most 64 bytes of each', () => {
    const events = decode(decoderOf('agd350'), 'x'.repeat(1000));
    assert.equal(wasteOf(events), 1000);
    for (const event of events) assert.ok(event.type === 'discard' && event.discard.sample.length <= 64);
  });

  it('forgets a half frame on reset', () => {
    const decoder = decoderOf('agd350');
    decode(decoder, BUILT_FRAME.slice(0, 20));
    decoder.reset();
    assert.deepEqual(discardsIn(decode(decoder, BUILT_FRAME.slice(20))), ['garbage']);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RadarEvent } from '../../src/radar/reading.js';
import { monotonicNs } from '../../src/units.js';
import { agdFrameText } from '../oracle/agd-frames.js';
import { atS, cut, decoderOf, latin1, readingsIn } from './support.js';

const FRAME = latin1(agdFrameText('04,43200.12,07,A,072.4,K,045.3,+03.1,184.0,P,061.5'));
const NS_PER_BYTE_AGD = (11 * 1e9) / 921_600;
const NS_PER_BYTE_OPS = (10 * 1e9) / 19_200;

/** Reads each chunk the moment its last byte has arrived, as a perfect host would. */
function readings(protocol: 'agd350' | 'ops243', chunks: readonly Uint8Array[], nsPerByte: number, lateNs = 0) {
  const decoder = decoderOf(protocol);
  const events: RadarEvent[] = [];
  let arrived = 0;
  for (const chunk of chunks) {
    arrived += chunk.length;
    decoder.push(chunk, monotonicNs(100e9 + Math.round(arrived * nsPerByte) + lateNs), (event) => events.push(event));
  }
  return readingsIn(events);
}

describe('times of frames', () => {
  it('radar-protocols: a frame is dated at its first byte, 11 bits a byte with parity', () => {
    const [reading] = readings('agd350', [FRAME], NS_PER_BYTE_AGD);
    assert.ok(Math.abs(reading!.atNs - 100e9) <= 1);
  });

  it('radar-protocols: 10 bits a byte without parity', () => {
    const [reading] = readings('ops243', [latin1('{"speed":50}\r')], NS_PER_BYTE_OPS);
    assert.ok(Math.abs(reading!.atNs - 100e9) <= 1);
  });

  it('what follows a frame in its chunk is taken back, too', () => {
    const chunk = Uint8Array.from([...FRAME, ...FRAME, ...FRAME]);
    const times = readings('agd350', [chunk], NS_PER_BYTE_AGD).map((reading) => reading.atNs - 100e9);
    times.forEach((time, index) => assert.ok(Math.abs(time - index * FRAME.length * NS_PER_BYTE_AGD) <= 1));
  });

  it('read without delay, any split gives the same times to the nanosecond or two', () => {
    const stream = Uint8Array.from(Array.from({ length: 6 }, () => [...FRAME]).flat());
    const whole = readings('agd350', [stream], NS_PER_BYTE_AGD);
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 20 }), (places) => {
        const chunks = cut(stream, places).filter((chunk) => chunk.length > 0);
        const split = readings('agd350', chunks, NS_PER_BYTE_AGD);
        split.forEach((reading, index) => assert.ok(Math.abs(reading.atNs - whole[index]!.atNs) <= 2));
      }),
    );
  });

  it('a late read of the second half does not make the frame late: the earlier estimate counts', () => {
    const decoder = decoderOf('agd350');
    const events: RadarEvent[] = [];
    const firstReadNs = 100e9 + Math.round(20 * NS_PER_BYTE_AGD);
    decoder.push(FRAME.subarray(0, 20), monotonicNs(firstReadNs), (event) => events.push(event));
    decoder.push(FRAME.subarray(20), monotonicNs(firstReadNs + 50e6), (event) => events.push(event));
    assert.ok(Math.abs(readingsIn(events)[0]!.atNs - 100e9) <= 1);
  });

  it('no split and no delay ever dates a frame before the one in front of it', () => {
    const stream = Uint8Array.from(Array.from({ length: 5 }, () => [...FRAME]).flat());
    const anyReads = fc.array(fc.tuple(fc.nat(stream.length), fc.nat(2_000_000)), { maxLength: 15 });
    fc.assert(
      fc.property(anyReads, (reads) => {
        const decoder = decoderOf('agd350');
        const events: RadarEvent[] = [];
        let nowNs = 100e9;
        for (const [index, chunk] of cut(
          stream,
          reads.map(([place]) => place),
        ).entries()) {
          nowNs += reads[index]?.[1] ?? 0;
          decoder.push(chunk, monotonicNs(nowNs), (event) => events.push(event));
        }
        const times = readingsIn(events).map((reading) => reading.atNs);
        assert.equal(times.length, 5);
        assert.deepEqual(
          times,
          [...times].sort((a, b) => a - b),
        );
        assert.ok(times.every((time) => time <= nowNs));
      }),
    );
  });

  it('a host clock that runs backwards is let through, so that measurement can see it', () => {
    const decoder = decoderOf('agd350');
    const events: RadarEvent[] = [];
    decoder.push(FRAME, atS(200), (event) => events.push(event));
    decoder.push(FRAME, atS(100), (event) => events.push(event));
    const [first, second] = readingsIn(events);
    assert.ok(second!.atNs < first!.atNs);
  });
});

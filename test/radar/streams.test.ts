import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RadarEvent, RadarProtocol } from '../../src/radar/reading.js';
import { agdFrameText, agdReadings, type OracleReading } from '../oracle/agd-frames.js';
import { opsReadings } from '../oracle/ops-lines.js';
import {
  anyMutation,
  asText,
  atS,
  comparable,
  cut,
  decode,
  decoderOf,
  latin1,
  mutate,
  readingsIn,
  rounded,
} from './support.js';
import { runs } from '../support/fuzz.js';

const tenths = (least: number, most: number): fc.Arbitrary<string> =>
  fc.integer({ min: least * 10, max: most * 10 }).map((value) => (value / 10).toFixed(1));

const agdTarget = fc
  .tuple(
    fc.constantFrom('04', '04', '04', '02', '03'),
    tenths(0, 86400),
    fc.nat(99),
    fc.constantFrom('A', 'R', 'X', 'Y'),
    tenths(0, 340),
    fc.constantFrom('K', 'M'),
    tenths(0, 90),
    tenths(-40, 40),
    tenths(0, 360),
    fc.constantFrom('P', 'C'),
    tenths(0, 110),
  )
  .map((fields) => fields.join(','));
const agdMessage = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(agdTarget, fc.boolean()).map(([body, lower]) => agdFrameText(body, lower)) },
  { weight: 1, arbitrary: fc.constantFrom(agdFrameText('HB,00012.50'), agdFrameText('05'), '#SU?K\r', '#ERROR x\r\n') },
);

const opsNumber = fc
  .tuple(fc.integer({ min: -26_000, max: 26_000 }), fc.boolean())
  .map(([hundredths, quoted]) => (quoted ? JSON.stringify((hundredths / 100).toFixed(2)) : String(hundredths / 100)));
const opsValue = fc.oneof(
  opsNumber,
  fc.array(opsNumber, { minLength: 1, maxLength: 4 }).map((values) => `[${values.join(',')}]`),
);
const opsTarget = fc
  .shuffledSubarray(['magnitude', 'time', 'unit', 'direction', 'distance'])
  .chain((keys) => fc.tuple(fc.constant(keys), opsValue, opsNumber, fc.constantFrom('mps', 'kmph', 'cm-s', 'mph')))
  .map(([keys, speed, other, unit]) => {
    const words: Record<string, string> = { unit: `"${unit}"`, direction: '"outbound"' };
    const members = keys.map((key) => `"${key}":${words[key] ?? other}`);
    members.splice(members.length >> 1, 0, `"speed":${speed}`);
    return `{${members.join(',')}}\r\n`;
  });
const opsMessage = fc.oneof(
  { weight: 8, arbitrary: opsTarget },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '{"Units":"km-per-hr"}\r\n',
      '{"Units":"m-per-sec"}\r\n',
      '{"SamplingRate":10000, "resolution":0.0607}\r\n',
      '{"ALERT": High Speed inbound 1.7 mps}\r\n',
      '{"distance":"1.20"}\r\n',
    ),
  },
);

/** Messages that yield a reading whatever units and rates were stated before them. */
const agdSturdy = fc
  .tuple(tenths(0, 199), tenths(0, 90), fc.constantFrom('A', 'R'))
  .map(([speed, range, way]) => agdFrameText(`04,1.0,7,${way},${speed},K,${range},+1.0,0.0,P,60.0`));
const opsSturdy = tenths(0, 55).map((speed) => `{"unit":"kmph","speed":"${speed}"}\r\n`);

interface Case {
  readonly protocol: RadarProtocol;
  readonly message: fc.Arbitrary<string>;
  readonly sturdy: fc.Arbitrary<string>;
  readonly oracle: (stream: Uint8Array) => OracleReading[];
}
const CASES: readonly Case[] = [
  { protocol: 'agd350', message: agdMessage, sturdy: agdSturdy, oracle: agdReadings },
  { protocol: 'ops243', message: opsMessage, sturdy: opsSturdy, oracle: opsReadings },
];

/** Everything but times and the grouping of rubbish, which depend on the split by design. */
const substance = (events: readonly RadarEvent[]): unknown[] =>
  events.flatMap((event): unknown[] => {
    switch (event.type) {
      case 'reading':
        return [comparable(event.reading)];
      case 'discard':
        return event.discard.reason === 'garbage' ? [] : [[event.discard.reason, event.discard.bytes]];
      case 'radar-error':
        return [[event.type, event.number]];
      default:
        return [[event.type, event.text]];
    }
  });

for (const { protocol, message, sturdy, oracle } of CASES) {
  const anyStream = fc.array(message, { minLength: 1, maxLength: 20 }).map((messages) => latin1(messages.join('')));
  const anyMutated = fc
    .tuple(anyStream, fc.array(anyMutation, { maxLength: 12 }))
    .map(([stream, mutations]) => mutate(stream, mutations));

  describe(`${protocol} streams`, () => {
    it('radar-protocols: any split of the bytes gives the same readings, replies and discards', () => {
      fc.assert(
        fc.property(anyMutated, fc.array(fc.nat(5000), { maxLength: 30 }), (stream, places) => {
          const whole = decode(decoderOf(protocol), stream);
          const pieces = decode(decoderOf(protocol), ...cut(stream, places));
          assert.deepEqual(substance(pieces), substance(whole));
        }),
        { numRuns: runs(400) },
      );
    });

    it('one byte at a time gives the same readings as all at once', () => {
      fc.assert(
        fc.property(anyStream, (stream) => {
          const single = decode(decoderOf(protocol), ...Array.from(stream, (byte) => Uint8Array.of(byte)));
          assert.deepEqual(substance(single), substance(decode(decoderOf(protocol), stream)));
        }),
        { numRuns: runs(100) },
      );
    });

    it('an untouched stream gives exactly the readings of the independent reader', () => {
      let seen = 0;
      fc.assert(
        fc.property(anyStream, (stream) => {
          const found = readingsIn(decode(decoderOf(protocol), stream)).map(comparable);
          assert.deepEqual(rounded(found), rounded(oracle(stream)));
          seen += found.length;
        }),
        { numRuns: runs(300) },
      );
      assert.ok(seen > 500, `only ${seen} readings were compared`);
    });

    it('a mutated stream gives exactly the readings of the independent reader: nothing is accepted that it rejects', () => {
      fc.assert(
        fc.property(anyMutated, (stream) => {
          const found = readingsIn(decode(decoderOf(protocol), stream)).map(comparable);
          assert.deepEqual(rounded(found), rounded(oracle(stream)));
        }),
        { numRuns: runs(600) },
      );
    });

    it('radar-protocols: garbage before, between and inside messages costs at most the messages it touches', () => {
      const garbage = fc.uint8Array({ maxLength: 80 });
      const part = fc.tuple(sturdy, garbage, fc.option(fc.tuple(fc.nat(200), garbage)));
      const anyDamage = fc.array(part, { minLength: 1, maxLength: 12 });
      fc.assert(
        fc.property(anyDamage, (parts) => {
          const pieces = parts.map(([text, before, inside]) => {
            const clean = before.filter((byte) => !startsMessage(protocol, byte));
            if (inside === null) return { text, bytes: [...clean, ...latin1(text)] };
            const place = 1 + (inside[0] % (text.length - 1));
            const damaged = [...latin1(text.slice(0, place)), ...inside[1], ...latin1(text.slice(place))];
            return { text: null, bytes: [...clean, ...damaged, ...(protocol === 'ops243' ? [13, 10] : [])] };
          });
          const stream = Uint8Array.from(pieces.flatMap(({ bytes }) => bytes));
          const raws = readingsIn(decode(decoderOf(protocol), stream)).map((reading) => asText(reading.raw));
          for (const { text } of pieces) if (text !== null) assert.ok(raws.includes(text.trim()));
        }),
        { numRuns: runs(400) },
      );
    });

    it('no input throws, and what is held stays bounded', () => {
      const seeds = Array.from({ length: 100 }, (_, index) => index + 1);
      let events = 0;
      let longest = 0;
      for (const seed of seeds) {
        decoderOf(protocol).push(noise(seed), atS(1), (event) => {
          events += 1;
          if (event.type === 'discard') longest = Math.max(longest, event.discard.bytes);
        });
      }
      assert.ok(events > 100);
      assert.ok(longest <= 1024, `a discard of ${longest} bytes means that as many were held`);
    });

    it('a flood of message beginnings is worked off without piling up', () => {
      const beginning = protocol === 'agd350' ? 0x02 : 0x7b;
      const decoder = decoderOf(protocol);
      let wasted = 0;
      const emit = (event: RadarEvent): void => {
        if (event.type === 'discard') wasted += event.discard.bytes;
      };
      for (let round = 0; round < 10; round += 1)
        decoder.push(new Uint8Array(20_000).fill(beginning), atS(round), emit);
      assert.ok(wasted >= 200_000 - 1024);
    });
  });
}

/** Garbage in front of a message may hold anything but the beginning of another one, which it would then touch. */
function startsMessage(protocol: RadarProtocol, byte: number): boolean {
  return protocol === 'agd350' ? byte === 0x02 : byte === 0x7b;
}

/** 20,000 bytes from a small generator, with the protocols' own bytes more frequent than chance. */
function noise(seed: number): Uint8Array {
  const spice = '\u0002\u0003*#,\r\n{}[]":04HBKP"speed":1.5';
  let state = seed;
  return Uint8Array.from({ length: 20_000 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const value = state >>> 8;
    return value % 3 === 0 ? value & 0xff : spice.charCodeAt((value >>> 4) % spice.length);
  });
}

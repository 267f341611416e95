/** Entries of the recording to bytes and back, whatever they hold; and what is none is refused. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { KerbsideError } from '../../src/errors.js';
import { canonicalJson, fromBase64, parseCanonicalJson, toBase64 } from '../../src/recording/canonical-json.js';
import { createEntryDecoder, createEntryEncoder, type Entry } from '../../src/recording/index.js';
import type { Input, Output } from '../../src/timeline.js';
import { monotonicNs, utcMs } from '../../src/units.js';
import { head, tick } from './samples.js';

const at = fc.double({ min: 0, max: 1e15, noNaN: true }).map((value) => monotonicNs(value === 0 ? 0 : value));
const text = fc.string({ maxLength: 30 });
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const utc = number.map(utcMs);
/** Objects like those of the program. */
const plain = <T extends object>(model: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;
const of = (type: Input['type'], rest: fc.Arbitrary<object>): fc.Arbitrary<Input> =>
  fc.tuple(at, rest).map(([atNs, more]) => ({ type, atNs, ...more }) as unknown as Input);
const link = plain({ up: fc.boolean(), detail: text });

const anyInput: fc.Arbitrary<Input> = fc.oneof(
  of('radar-bytes', plain({ bytes: fc.uint8Array({ maxLength: 200 }) })),
  of('tick', fc.constant({})),
  of('radar-link', link),
  of('gps-link', link),
  of('board-link', link),
  of(
    'gps-fix',
    plain({
      fix: plain({
        ...{ mode: number, status: orNull(number), utcMs: orNull(utc), latitude: orNull(number) },
        ...{ longitude: orNull(number), altitudeM: orNull(number), speedMs: orNull(number) },
        horizontalErrorM: orNull(number),
      }),
    }),
  ),
  of('clock', plain({ utcMs: utc, disciplined: fc.boolean(), uncertaintyMs: orNull(number) })),
  of('line-edge', plain({ line: fc.constantFrom('strobe', 'tamper', 'ready'), value: fc.constantFrom(0, 1) })),
  of('lease', plain({ icns: fc.array(fc.stringMatching(/^\d{9}$/), { maxLength: 9 }) })),
  of('store', plain({ usable: fc.boolean(), detail: text })),
  of('command', plain({ command: fc.constantFrom('close', 'sync', 'start', 'suspend'), by: text })),
  of('attest', plain({ attestation: plain({ check: text, by: text, statement: text, given: fc.boolean() }) })),
  of('fork-test', plain({ fork: text, by: text })),
  of('unexported', plain({ oldestUtcMs: orNull(utc) })),
  of(
    'image',
    plain({
      image: plain({
        ...{ imageId: text, fileName: text, sha256: text, bytes: fc.nat(), counter: orNull(number) },
        ...{ problem: fc.constantFrom(null, 'image-truncated'), cameraClockMs: orNull(number) },
        ...{ cameraClockResolutionMs: number, serialNumber: orNull(text), duplicate: fc.boolean() },
      }),
    }),
  ),
  of(
    'board',
    plain({
      report: plain({
        ...{ tailgateOpen: orNull(fc.boolean()), tailgateClosed: orNull(fc.boolean()), batteryV: orNull(number) },
        ...{ parkLights: orNull(fc.boolean()), tamperLoopWhole: orNull(fc.boolean()), cabinetC: orNull(number) },
        ...{ flashReady: orNull(fc.boolean()), armKey: orNull(fc.boolean()) },
      }),
    }),
  ),
);

const again = (entry: Entry): Entry => createEntryDecoder().decode(createEntryEncoder().encode(entry));
const isDamaged = (error: unknown): boolean => error instanceof KerbsideError && error.kind === 'recording-damaged';
const checks = (sentences: readonly string[], atNs = 5): Output =>
  ({
    type: 'checks',
    atNs: monotonicNs(atNs),
    findings: sentences.map((sentence, index) => ({ id: `check-${String(index)}`, sentence, value: null })),
  }) as unknown as Output;

describe('entries of the recording', () => {
  it('every kind of input comes back as it went', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        assert.deepEqual(again({ type: 'input', input }), { type: 'input', input });
      }),
    );
  });

  it('a head, a loss and an output with bytes and odd numbers come back as they went', () => {
    const output = {
      type: 'notice',
      atNs: -0,
      level: 'info',
      odd: [Infinity, -Infinity, NaN, 0.1],
      raw: new Uint8Array([1, 255]),
    };
    const entries: Entry[] = [
      { type: 'head', head: head() },
      { type: 'lost', atNs: monotonicNs(7), inputs: 12 },
      { type: 'output', output: output as unknown as Output },
    ];
    for (const entry of entries) assert.deepEqual(again(entry), entry);
  });

  it('the same entry is the same bytes, whatever the order of its keys', () => {
    const one = canonicalJson({ b: 1, a: [{ d: undefined, c: null }] });
    assert.equal(one, canonicalJson({ a: [{ c: null }], b: 1 }));
    assert.throws(() => canonicalJson({ a: () => 1 }), TypeError);
  });

  it('any value and any bytes survive canonical JSON', () => {
    assert.ok(Object.is(parseCanonicalJson(canonicalJson(-0)), -0));
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const written = canonicalJson(value);
        assert.equal(canonicalJson(parseCanonicalJson(written)), written);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
        assert.equal(toBase64(bytes), Buffer.from(bytes).toString('base64'));
        assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
      }),
    );
  });

  it('checks are written down where they differ from the ones before, and whole after a restart', () => {
    const encoder = createEntryEncoder();
    const decoder = createEntryDecoder();
    const steps = [checks(['a', 'b', 'c']), checks(['a', 'x', 'c'], 6), checks(['a', 'x'], 7)];
    const sizes: number[] = [];
    for (const output of steps) {
      const bytes = encoder.encode({ type: 'output', output });
      sizes.push(bytes.length);
      assert.deepEqual(decoder.decode(bytes), { type: 'output', output });
    }
    assert.ok((sizes[1] ?? 0) < (sizes[0] ?? 0) / 1.5, 'one of three');
    const later = encoder.encode({ type: 'output', output: checks(['a', 'x'], 8) });
    assert.throws(() => createEntryDecoder().decode(later), isDamaged, 'nothing before it is known');
    encoder.restart();
    const whole = encoder.encode({ type: 'output', output: checks(['a', 'x'], 9) });
    assert.deepEqual(createEntryDecoder().decode(whole), { type: 'output', output: checks(['a', 'x'], 9) });
  });

  it('bytes that are no entry are refused in one sentence, never otherwise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          createEntryDecoder().decode(bytes);
        } catch (error) {
          assert.ok(isDamaged(error), String(error));
        }
      }),
    );
    const good = createEntryEncoder().encode({ type: 'input', input: tick(1) });
    assert.throws(() => createEntryDecoder().decode(Buffer.concat([good, Buffer.from([0xa0, 6, 1])])), isDamaged);
    assert.throws(() => createEntryDecoder().decode(new Uint8Array()), isDamaged);
  });
});

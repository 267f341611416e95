/** The record: what was put in comes out, absent stays absent, and the bytes are always the same. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { decodeRecord, encodeRecord, type EvidenceRecord } from '../../src/evidence/record.js';
import { EXPOSURE_KINDS, EXPOSURE_REASONS, type ConcludedExposure } from '../../src/evidence/types.js';
import { kmh, metres, monotonicNs, utcMs } from '../../src/units.js';
import type { RecordContext } from '../../src/evidence/record-context.js';
import { emptyExposure, fullExposure, fullFacts, sampleContext, sampleLink } from './samples.js';

const full: EvidenceRecord = {
  exposure: fullExposure,
  sealedImageSha256: 'cd'.repeat(32),
  splice: { photoRows: 3000, sealedRows: 3323, edgeRows: 8 },
  softwareVersion: '0.1.0',
  context: sampleContext,
  link: sampleLink,
};
const emptyContext: RecordContext = {
  ...sampleContext,
  software: { ...sampleContext.software, commit: null },
  site: { ...sampleContext.site, version: null, limitAuthority: null, limitDate: null },
  certificates: [],
};
const empty: EvidenceRecord = {
  exposure: emptyExposure,
  sealedImageSha256: null,
  splice: null,
  softwareVersion: '0.1.0',
  context: emptyContext,
  link: sampleLink,
};
const damaged = (part: RegExp) => ({ name: 'KerbsideError', kind: 'evidence-damaged', message: part });

/** Every path to a leaf, so that no field can be forgotten. */
function withField(record: EvidenceRecord, path: readonly string[], value: unknown): EvidenceRecord {
  const copy = structuredClone(record) as unknown as Record<string, unknown>;
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[path[path.length - 1] ?? ''] = value;
  return copy as unknown as EvidenceRecord;
}

function leaves(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

describe('the evidence record', () => {
  it('gives back every field of an exposure of which everything is known', () => {
    assert.deepEqual(decodeRecord(encodeRecord(full)), full);
  });

  it('gives back null for everything that is not known', () => {
    assert.deepEqual(decodeRecord(encodeRecord(empty)), empty);
  });

  it('tells zero from absent, field by field', () => {
    let tried = 0;
    for (const path of leaves(empty)) {
      const other = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | null)?.[key], full);
      if (typeof other !== 'number') continue;
      const zero = withField(empty, path, 0);
      assert.deepEqual(decodeRecord(encodeRecord(zero)), zero, path.join('.'));
      tried += 1;
    }
    assert.ok(tried >= 20, `only ${tried} fields`);
  });

  it('changes its bytes when any field changes', () => {
    const before = Buffer.from(encodeRecord(full));
    for (const path of leaves(full)) {
      if (/readings$|refusals$|certificates$/.test(path.join('.'))) continue;
      // Not written: it follows from the number.
      if (path.join('.') === 'exposure.icn') continue;
      const old = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], full);
      const value =
        typeof old === 'number'
          ? old + 1
          : typeof old === 'boolean'
            ? !old
            : String(old).replace(/.$/, (last) => (last === '0' ? '1' : '0'));
      const after = Buffer.from(encodeRecord(withField(full, path, value)));
      assert.ok(!after.equals(before), path.join('.'));
    }
  });

  it('has the same bytes for ever', () => {
    const sha256 = createHash('sha256').update(encodeRecord(full)).digest('hex');
    assert.equal(sha256, 'ed474a6abb8fb4faec8c461490e47dae98f9b11d6d381898f33da04c6f922f7b');
  });

  it('survives any exposure', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0 || 0);
    const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
    const count = fc.integer({ min: 0, max: 0xffff_ffff });
    const exposure = fc
      .record({
        icn: fc.stringMatching(/^\d{9}$/).filter((icn) => !/^0{6}|0{3}$/.test(icn)),
        kind: fc.constantFrom(...EXPOSURE_KINDS),
        reason: maybe(fc.constantFrom(...EXPOSURE_REASONS)),
        passId: maybe(count),
        triggerNs: maybe(number.map(monotonicNs)),
        concludedNs: number.map(monotonicNs),
        imageId: maybe(fc.string()),
        readings: fc.array(
          fc
            .record({
              atNs: number.map(monotonicNs),
              speedKmh: number.map(kmh),
              raw: fc.uint8Array(),
              rangeM: maybe(number.map(metres)),
            })
            .map((changes) => ({ ...fullExposure.readings[0]!, ...changes })),
        ),
      })
      .map((changes): ConcludedExposure => ({ ...fullExposure, ...changes }));
    const facts = fc.record({
      speedKmh: maybe(number.map(kmh)),
      road: fc.string({ unit: 'grapheme' }),
      school: maybe(fc.string({ unit: 'grapheme' })),
      utcMs: maybe(number.map(utcMs)),
      rangeM: maybe(number.map(metres)),
      demo: fc.boolean(),
    });
    const property = fc.property(exposure, facts, (made, changes) => {
      const record = { ...full, exposure: { ...made, facts: { ...fullFacts, ...changes } } };
      const bytes = encodeRecord(record);
      assert.deepEqual(decodeRecord(bytes), record);
      assert.deepEqual(encodeRecord(record), bytes);
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('is refused when it is cut, of another layout, or says what no version has said', () => {
    const bytes = encodeRecord(full);
    assert.throws(() => decodeRecord(bytes.subarray(0, bytes.length - 3)), damaged(/cut or damaged/));
    assert.throws(() => decodeRecord(new Uint8Array(0)), damaged(/layout 0, expected 2/));
    const strange = { ...full, exposure: { ...fullExposure, kind: 'guess' as 'void' } };
    assert.throws(() => decodeRecord(encodeRecord(strange)), damaged(/"guess"/));
    const reason = { ...full, exposure: { ...fullExposure, reason: 'mood' as 'image-missed' } };
    assert.throws(() => decodeRecord(encodeRecord(reason)), damaged(/"mood"/));
  });

  it('takes no SHA-256 that is none', () => {
    assert.throws(() => encodeRecord({ ...full, sealedImageSha256: 'AB'.repeat(32) }), RangeError);
    assert.throws(() => encodeRecord({ ...full, sealedImageSha256: 'ab' }), RangeError);
  });
});

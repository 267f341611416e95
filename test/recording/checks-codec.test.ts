/** Checks in a recording: written where they differ, member by member, and what is read is what was told. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Finding } from '../../src/deployment/readiness.js';
import { KerbsideError } from '../../src/errors.js';
import { checksOf, createChecksEncoder } from '../../src/recording/checks-codec.js';

const finding = (members: object): Finding => ({ id: 'board-stale', sentence: 'It is fresh.', ...members }) as Finding;
const isDamaged = (error: unknown): boolean => error instanceof KerbsideError && error.kind === 'recording-damaged';

/** Few values, so that the same one comes again. */
const anyFinding = fc.record(
  {
    id: fc.constantFrom('a', 'b'),
    value: fc.constantFrom<number | string | null>(null, 0, -0, Number.NaN, 'two'),
    sentence: fc.constantFrom('one', 'two'),
    ageMs: fc.option(fc.double()),
    limit: fc.constantFrom(1, null),
  },
  { requiredKeys: ['id', 'sentence'], noNullPrototype: true },
) as unknown as fc.Arbitrary<Finding>;

describe('checks of a recording', () => {
  it('whatever is told, in any order and with any members, is read again, across blocks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.array(anyFinding, { maxLength: 4 })), { maxLength: 8 }),
        (steps) => {
          const encoder = createChecksEncoder();
          let last: readonly Finding[] = [];
          for (const [restarts, findings] of steps) {
            if (restarts) {
              encoder.restart();
              last = [];
            }
            const message = { atNs: 5, count: findings.length, changed: encoder.changed(findings) };
            last = checksOf(message, last).findings;
            assert.deepEqual(last, findings);
          }
        },
      ),
    );
  });

  it('of a finding that has grown older, only its age is written', () => {
    const encoder = createChecksEncoder();
    encoder.changed([finding({ ageMs: 100 })]);
    assert.deepEqual(encoder.changed([finding({ ageMs: 200 })]), [{ place: 0, members: '{"ageMs":200}' }]);
    assert.deepEqual(encoder.changed([finding({ ageMs: 200 })]), []);
    encoder.restart();
    const [again] = encoder.changed([finding({ ageMs: 200 })]);
    assert.deepEqual(again, { place: 0, json: '{"ageMs":200,"id":"board-stale","sentence":"It is fresh."}' });
  });

  it('a member that comes or goes makes the finding whole: nothing of the one before shines through', () => {
    const encoder = createChecksEncoder();
    encoder.changed([finding({ unit: 'V', value: 1 })]);
    const [gone] = encoder.changed([finding({ value: 1 })]);
    assert.ok(gone?.json);
    const [other] = encoder.changed([finding({ limit: 1 })]);
    assert.ok(other?.json);
  });

  it('what cannot be put together is damage', () => {
    const refused = (changed: object[], last: readonly Finding[] = []): void => {
      assert.throws(() => checksOf({ atNs: 5, count: 1, changed }, last), isDamaged);
    };
    refused([]);
    refused([{ place: 0, members: '{"ageMs":1}' }]);
    refused([{ place: 1, json: '{}' }]);
    refused([{ place: 0, json: '[]' }]);
    refused([{ place: 0 }], [finding({})]);
    refused([{ place: 0, members: 'null' }], [finding({})]);
    assert.throws(() => checksOf({ atNs: 5, count: 2000, changed: [] }, []), isDamaged);
  });
});

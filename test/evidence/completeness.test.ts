/** Nothing can be taken out of a record, put in, or written another way, without being named. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { schema } from '../../proto/generated/evidence.schema.js';
import { incompleteness, inventoryOf, type RecordMessage } from '../../src/evidence/completeness.js';
import { KerbsideError } from '../../src/errors.js';
import { encodeRecord } from '../../src/evidence/record.js';
import { encodeDeploymentRecord, encodeParametersRecord } from '../../src/evidence/session-records.js';
import {
  changeLevel,
  field,
  namesOf,
  nodeAt,
  places,
  putTogether,
  takeApart,
  varint,
  type Place,
  type WireNode,
} from '../support/wire-tree.js';
import {
  deploymentFacts,
  emptyExposure,
  fullExposure,
  parametersFacts,
  sampleContext,
  sampleLink as link,
} from './samples.js';

const splice = { photoRows: 3000, sealedRows: 3323, edgeRows: 8 };
const rest = { softwareVersion: '0.1.0', context: sampleContext, link };
const exposureOf = (exposure: typeof fullExposure, image: boolean): Uint8Array =>
  encodeRecord({ ...rest, exposure, sealedImageSha256: image ? 'cd'.repeat(32) : null, splice: image ? splice : null });

const RECORDS: readonly { readonly title: string; readonly message: RecordMessage; readonly bytes: Uint8Array }[] = [
  { title: 'full exposure', message: 'EvidenceRecord', bytes: exposureOf(fullExposure, true) },
  { title: 'exposure without anything', message: 'EvidenceRecord', bytes: exposureOf(emptyExposure, false) },
  { title: 'deployment', message: 'DeploymentRecord', bytes: encodeDeploymentRecord({ facts: deploymentFacts, link }) },
  { title: 'parameters', message: 'ParametersRecord', bytes: encodeParametersRecord({ facts: parametersFacts, link }) },
];
const isList = (name: string | undefined): boolean => name === 'absent' || name === 'counts';
const damaged = (part: RegExp) => ({ name: 'KerbsideError', kind: 'evidence-damaged', message: part });
const escaped = (text: string): string => text.replace(/[.[\]]/g, '\\$&');

for (const { title, message, bytes } of RECORDS) {
  const tree = takeApart(Buffer.from(bytes), message);
  const all = places(tree);
  const without = (place: Place): WireNode[] =>
    changeLevel(tree, place.slice(0, -1), (level) => level.filter((_node, i) => i !== place.at(-1)));
  const findings = (nodes: readonly WireNode[]): string[] => incompleteness(putTogether(nodes), message);

  describe(`completeness of a record: ${title}`, () => {
    it('a record as it was written lacks nothing', () => {
      assert.deepEqual(putTogether(tree), Buffer.from(bytes));
      assert.deepEqual(incompleteness(bytes, message), []);
    });

    it('every field on every level that is taken out is named', () => {
      let tried = 0;
      for (const place of all) {
        const names = namesOf(tree, place);
        if (isList(names[0])) continue;
        tried += 1;
        // Inside something that repeats the element is named, unless no other has the field.
        const path = names.map(escaped).join('(?:\\[\\d+\\])?\\.');
        const repeats = nodeAt(tree, place).field.rule === 'repeated';
        const expected = new RegExp(`^Field ${path} ${repeats ? 'occurs' : 'is missing'}`);
        const sentences = findings(without(place));
        assert.ok(
          sentences.some((sentence) => expected.test(sentence)),
          `${names.join('.')}: ${sentences.join(' ')}`,
        );
      }
      assert.ok(tried > 15, `${tried} fields`);
    });

    it('every entry of what is left out or counted that is taken out is named', () => {
      for (const place of all) {
        const { name, bytes: entry } = nodeAt(tree, place);
        if (place.length > 1 || !isList(name)) continue;
        const path = escaped(entry.toString().split('=')[0] ?? '');
        const expected =
          name === 'absent' ? `^Field ${path} is missing:` : `^Field ${path}: the record does not say how often`;
        assert.match(findings(without(place)).join('\n'), new RegExp(expected, 'm'));
      }
    });

    it('an entry too many, twice, in another order, or with another count is named', () => {
      const { absent, counts } = schema[message] ?? {};
      assert.ok(absent !== undefined && counts !== undefined);
      const add = (name: 'absent' | 'counts', entry: string): string[] => {
        const made = { name, field: name === 'absent' ? absent : counts, bytes: Buffer.from(entry), children: null };
        return findings([...tree, made].sort((a, b) => a.field.id - b.field.id));
      };
      const inventory = inventoryOf(bytes, message);
      assert.match(add('absent', 'version').join(), /Field version is listed as left out, and is there or unknown/);
      assert.match(add('absent', 'flux').join(), /Field flux is listed as left out, and is there or unknown/);
      assert.match(add('counts', 'flux=2').join(), /Field flux is counted and not known/);
      const counted = inventory.counts[0] ?? '';
      const order = /not in the order of its layout/;
      assert.match(add('counts', counted).join(), order);
      const path = counted.split('=')[0] ?? '';
      assert.match(
        add('counts', `${path}=77`).join(),
        new RegExp(`Field ${path} occurs \\d+ times; the record says 77`),
      );
      for (const name of ['absent', 'counts'] as const) {
        const entries = inventory[name];
        if (entries.length < 2) continue;
        const others = tree.filter((node) => node.name !== name);
        const reversed = tree.filter((node) => node.name === name).reverse();
        assert.match(findings([...others, ...reversed].sort((a, b) => a.field.id - b.field.id)).join(), order);
      }
    });

    it('a field that the layout does not know is refused, on every level', () => {
      const unknown = { name: 'unknown', field: { id: 900, type: 'uint32' }, bytes: varint(1), children: null };
      const levels = [[], ...all.filter((place) => nodeAt(tree, place).children !== null)];
      for (const level of levels) {
        const bytesWith = putTogether(changeLevel(tree, level, (nodes) => [...nodes, unknown]));
        assert.throws(() => incompleteness(bytesWith, message), damaged(/holds field 900 in .*, which this layout/));
      }
    });

    it('a field twice, or in front of the one before it, is refused and named, on every level', () => {
      for (const place of all) {
        const { name, field: known } = nodeAt(tree, place);
        const at = place.at(-1) ?? 0;
        const change = (edit: (level: WireNode[]) => WireNode[]) => (): string[] =>
          findings(changeLevel(tree, place.slice(0, -1), edit));
        const where = damaged(
          new RegExp(`holds \\w+ in ${place.length === 1 ? 'the record' : ''}.* twice or out of order`),
        );
        if (known.rule !== 'repeated') {
          assert.throws(
            change((level) => level.toSpliced(at, 0, level[at]!)),
            where,
            name,
          );
        }
        const earlier = place.length > 0 && at > 0 ? nodeAt(tree, [...place.slice(0, -1), at - 1]) : null;
        if (earlier === null || earlier.name === name) continue;
        assert.throws(
          change((level) => level.toSpliced(at - 1, 2, level[at]!, level[at - 1]!)),
          where,
          name,
        );
      }
    });

    it('cut anywhere, a record is not complete', () => {
      for (let length = 0; length < bytes.length; length += 1) {
        let found: string[];
        try {
          found = incompleteness(bytes.subarray(0, length), message);
        } catch (error) {
          assert.ok(error instanceof KerbsideError && error.kind === 'evidence-damaged');
          continue;
        }
        assert.notDeepEqual(found, [], `${length} bytes`);
      }
    });

    it('whatever the bytes, the answer is a sentence or a refusal, never another failure', () => {
      const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), { maxLength: 4 });
      fc.assert(
        fc.property(flips, (changes) => {
          const copy = Uint8Array.from(bytes);
          for (const [at, mask] of changes) copy[at] = (copy[at] ?? 0) ^ mask;
          try {
            incompleteness(copy, message);
          } catch (error) {
            assert.ok(error instanceof KerbsideError && error.kind === 'evidence-damaged', String(error));
          }
        }),
      );
    });
  });
}

describe('the one way to write a record', () => {
  const record = Buffer.from(exposureOf(fullExposure, true));
  const tree = takeApart(record, 'EvidenceRecord');
  const replaced = (name: string, raw: Buffer): Buffer =>
    Buffer.concat(tree.map((node) => (node.name === name ? raw : putTogether([node]))));

  const cases: readonly { readonly what: string; readonly bytes: Buffer; readonly refusal: RegExp }[] = [
    {
      what: 'a number longer than it is',
      bytes: replaced('image_number', Buffer.concat([varint(4 * 8), Buffer.from([0x82, 0x00])])),
      refusal: /writes a number in the record longer than it is/,
    },
    {
      what: 'a tag longer than it is',
      bytes: replaced('image_number', Buffer.from([0xa0, 0x00, 0x02])),
      refusal: /writes a number in the record longer than it is/,
    },
    {
      what: 'a length longer than it is',
      bytes: replaced('icn', Buffer.concat([varint(2 * 8 + 2), Buffer.from([0x89, 0x00]), Buffer.from('000123002')])),
      refusal: /writes a number in the record longer than it is/,
    },
    {
      what: 'a number of more than 32 bits, of which a reader drops some',
      bytes: replaced('image_number', field(4, 0, Buffer.from([0x82, 0x80, 0x80, 0x80, 0x10]))),
      refusal: /is cut or damaged in the record/,
    },
    {
      what: 'a number of more than five bytes',
      bytes: replaced('image_number', field(4, 0, Buffer.from([0x82, 0x80, 0x80, 0x80, 0x80, 0x01]))),
      refusal: /is cut or damaged in the record/,
    },
    {
      what: 'yes as another number than 1',
      bytes: replaced('flash', field(14, 0, varint(2))),
      refusal: /holds flash in the record as neither yes nor no/,
    },
    {
      what: 'yes as a number of two bytes',
      bytes: replaced('flash', field(14, 0, varint(129))),
      refusal: /holds flash in the record as neither yes nor no/,
    },
    {
      what: 'a field in the form of another type',
      bytes: replaced('flash', field(14, 1, Buffer.alloc(8))),
      refusal: /holds flash in the record in the form of another type/,
    },
    {
      what: 'a message where bytes end early',
      bytes: replaced('splice', field(21, 2, Buffer.from([8]))),
      refusal: /is cut or damaged in splice/,
    },
  ];
  for (const { what, bytes, refusal } of cases) {
    it(`refuses ${what}`, () => {
      assert.throws(() => incompleteness(bytes, 'EvidenceRecord'), damaged(refusal));
    });
  }
});

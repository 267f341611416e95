/**
 * The few forgeries that each single check is there for, one for one: the quick half of what tamper.test.ts does in bulk,
 * by which the mutants are judged.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { decodeCms, encodeCms } from '../../../src/evidence/cms.js';
import { fromDerSignature, toDerSignature } from '../../../src/evidence/es256.js';
import { decodeRecord, encodeRecord } from '../../../src/evidence/record.js';
import { demoSigner, makeSet, otherSpeed, type Exhibit, type MadeSet } from '../../support/exhibit.js';
import { failedIds, judge, resigned } from '../../support/tamper.js';
import { fieldsOf } from '../../support/wire.js';

describe('forgeries', () => {
  let set: MadeSet;
  let incident: Exhibit;
  let other: Exhibit;

  before(async () => {
    set = await makeSet(await demoSigner(), { kinds: ['incident', 'incident'] });
    [incident, other] = [set.exhibits[1]!, set.exhibits[2]!];
  });

  after(() => rmSync(set.dataDir, { recursive: true }));

  it("a signature value from another exhibit of the same camera does not fit this one's statement", () => {
    const { attributesDer, certificates } = decodeCms(incident.signature);
    const { signature } = decodeCms(other.signature);
    assert.notEqual(fromDerSignature(toDerSignature(signature)), null);
    const forged = encodeCms({ attributesDer, certificates, signature });
    assert.deepEqual(failedIds(judge(incident, { signature: forged })), ['signature-valid']);
  });

  it('a record that is not the one that was signed', () => {
    const name = other.name;
    assert.deepEqual(failedIds(judge(other, { name, signature: incident.signature })), ['record-unchanged']);
  });

  it('the image of another exhibit, which is good by itself', () => {
    assert.ok(failedIds(judge(incident, { image: other.image })).includes('image-unchanged'));
  });

  it('another speed than that of the frames, signed by the right key', async () => {
    const record = decodeRecord(incident.record);
    const lie = encodeRecord({ ...record, exposure: otherSpeed(record.exposure) });
    const found = failedIds(judge(incident, { ...(await resigned(lie, set.signer)), image: null }));
    assert.deepEqual(found, ['image-present', 'measurement']);
  });

  it('a field less, signed by the right key, is missed as such', async () => {
    for (const { names, without } of fieldsOf(incident.record, 'EvidenceRecord')) {
      if (names[0] !== 'facts.lane') continue;
      const found = failedIds(judge(incident, { ...(await resigned(without, set.signer)), image: null }));
      assert.ok(found.includes('record-complete'), found.join());
    }
  });
});

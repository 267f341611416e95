/**
 * The few forgeries that each single check is there for, one for one: the quick half of what tamper.test.ts does in bulk,
 * by which the mutants are judged.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { decodeCms, encodeCms } from '../../../src/evidence/cms.js';
import { fromDerSignature, toDerSignature } from '../../../src/evidence/es256.js';
import { decodeRecord, encodeRecord } from '../../../src/evidence/record.js';
import { kerbside } from '../../../proto/generated/evidence.js';
import { demoSigner, deviceSigner, makeSet, otherSpeed, type Exhibit, type MadeSet } from '../../support/exhibit.js';
import { sealedImage } from '../../support/sealed-image.js';
import { failedIds, judge, resigned, sentences } from '../../support/tamper.js';
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

  it('an image alone is judged by its certificate, whether or not its seal says when it was taken', async () => {
    const device = await deviceSigner();
    for (const utc of ['not known', '2026-12-31T11:30:05.078Z']) {
      const image = await sealedImage(device.signer, { measurement: { icn: '000123002', utc } });
      const alone = { ...incident, record: null, signature: null, image } as unknown as Exhibit;
      assert.deepEqual(failedIds(judge(alone)), ['certificate-trusted'], utc);
      assert.deepEqual(failedIds(judge(alone, {}, [device.root])), [], utc);
    }
  });

  it('a record in a form of its own, or under another name, has no place in the set', () => {
    assert.notEqual(judge(incident).member, null);
    assert.equal(judge(incident, { name: 'other' }).member, null);
    assert.equal(judge(incident, { folder: '000777' }).member, null);
  });

  it('a record with a list of absurd length is refused like any other', async () => {
    const { EvidenceRecord } = kerbside.evidence.v1;
    const message = EvidenceRecord.decode(incident.record);
    message.absent = ['x'.repeat(300_000)];
    const record = EvidenceRecord.encode(message).finish();
    const result = judge(incident, await resigned(record, set.signer));
    assert.ok(failedIds(result).includes('record-complete'), failedIds(result).join());
    assert.doesNotMatch(sentences(result), /cannot be judged/);
  });

  it('a field less, signed by the right key, is missed as such', async () => {
    for (const { names, without } of fieldsOf(incident.record, 'EvidenceRecord')) {
      if (names[0] !== 'facts.lane') continue;
      const found = failedIds(judge(incident, { ...(await resigned(without, set.signer)), image: null }));
      assert.ok(found.includes('record-complete'), found.join());
    }
  });
});

/** The checks of one exhibit: what holds is said to hold, and each thing that does not hold is found by its own check. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { EXHIBIT_CHECKS } from '../../../src/evidence/verify/checks.js';
import { decodeRecord, encodeRecord, type EvidenceRecord } from '../../../src/evidence/record.js';
import {
  CERTIFICATE_COPY,
  demoSigner,
  deviceSigner,
  makeSet,
  type Exhibit,
  type MadeSet,
} from '../../support/exhibit.js';
import { failedIds, judge, resigned, sentences } from '../../support/tamper.js';

const COPY = new Set([createHash('sha256').update(CERTIFICATE_COPY).digest('hex')]);

describe('the checks of one exhibit', () => {
  let demo: MadeSet;
  let real: MadeSet;
  let device: Awaited<ReturnType<typeof deviceSigner>>;
  let incident: Exhibit;
  let parameters: Exhibit;

  before(async () => {
    device = await deviceSigner();
    demo = await makeSet(await demoSigner());
    real = await makeSet(device.signer, { kinds: ['sync', 'incident'] });
    [parameters, , incident] = [demo.exhibits[0]!, null, demo.exhibits[2]!];
  });

  after(() => {
    for (const { dataDir } of [demo, real]) rmSync(dataDir, { recursive: true });
  });

  /** Says something else, signed by the right key. */
  const lying = async (change: (record: EvidenceRecord) => EvidenceRecord) =>
    judge(incident, await resigned(encodeRecord(change(decodeRecord(incident.record))), demo.signer));

  it('of an incident every check is made and holds', () => {
    const { ok, checks, type, icn, kind, demo: isDemo } = judge(incident, { certificateSha256s: COPY });
    assert.deepEqual(
      checks.map(({ id }) => id),
      Object.keys(EXHIBIT_CHECKS),
    );
    assert.deepEqual(
      checks.filter(({ status }) => status !== 'ok'),
      [],
    );
    assert.deepEqual([ok, type, icn, kind, isDemo], [true, 'exposure', '000123002', 'incident', true]);
  });

  it('of a number without an image, and of the records of a session, the others are said not to be made', () => {
    for (const exhibit of [demo.exhibits[3]!, parameters, demo.exhibits[6]!, ...demo.exhibits.slice(7)]) {
      const { ok, checks } = judge(exhibit);
      assert.ok(ok, exhibit.name);
      const image = checks.find(({ id }) => id === 'image-unchanged');
      assert.equal(image?.status, 'not-checked');
      assert.match(image.sentence ?? '', /no image/);
    }
  });

  it('a device is trusted only by whoever names its root, and is no demonstration', () => {
    const [, , exhibit] = real.exhibits as [Exhibit, Exhibit, Exhibit];
    const trusted = judge(exhibit, {}, [device.root]);
    assert.deepEqual([trusted.ok, trusted.demo, sentences(trusted)], [true, false, '']);
    const stranger = judge(exhibit);
    assert.deepEqual(failedIds(stranger), ['certificate-trusted']);
    assert.match(sentences(stranger), /none of the trusted roots.*--root/);
  });

  it('a certificate that was not valid when it signed is refused', async () => {
    const { sealRecord } = await import('../../../firmware/keys/seal-record.js');
    const late = await sealRecord(demo.signer, incident.record, Date.UTC(2050, 0, 1));
    assert.deepEqual(failedIds(judge(incident, { signature: late })), ['certificate-trusted']);
  });

  it('a record that hides that it is a demonstration is refused, and so is a demonstration under a real key', async () => {
    const hidden = await lying((record) => {
      const { exposure } = record;
      return { ...record, exposure: { ...exposure, facts: { ...exposure.facts, demo: false } } };
    });
    assert.ok(failedIds(hidden).includes('demo-marked'));
    assert.match(sentences(hidden), /NOT EVIDENCE/);
    assert.equal(hidden.demo, true);
    const signedForReal = judge(parameters, await resigned(parameters.record, device.signer), [device.root]);
    assert.deepEqual(failedIds(signedForReal), ['demo-marked']);
  });

  it('a file under another name, or in the folder of another deployment, is refused', () => {
    assert.deepEqual(failedIds(judge(incident, { name: '000123009' })), ['record-name']);
    assert.deepEqual(failedIds(judge(incident, { folder: '000124' })), ['record-name']);
    assert.deepEqual(failedIds(judge(incident, { folder: null })), []);
  });

  it('a copy of a certificate of accuracy that is not the stated one is refused', () => {
    assert.deepEqual(failedIds(judge(incident, { certificateSha256s: new Set(['00'.repeat(32)]) })), [
      'certificate-copies',
    ]);
  });

  it('DET-1: an incident that is not above the threshold is refused, whoever signs it', async () => {
    const result = await lying((record) => {
      const { exposure } = record;
      const thresholdKmh = exposure.facts.truncatedKmh as never;
      const verdict = { ...exposure.verdict!, thresholdKmh };
      return { ...record, exposure: { ...exposure, verdict, facts: { ...exposure.facts, thresholdKmh } } };
    });
    assert.ok(failedIds(result).includes('verdict'));
    assert.match(sentences(result), /verdict is enforce, with 113 km\/h against the threshold of 113 km\/h/);
  });

  it('a reading that its frame does not give is refused', async () => {
    const result = await lying((record) => {
      const [first, ...rest] = record.exposure.readings;
      const readings = [{ ...first!, speedKmh: 150 as never }, ...rest];
      return { ...record, exposure: { ...record.exposure, readings } };
    });
    assert.deepEqual(failedIds(result), ['measurement']);
    assert.match(sentences(result), /frame of reading 1 of 8/);
  });

  it('an incident without readings is refused', async () => {
    const result = await lying((record) => ({ ...record, exposure: { ...record.exposure, readings: [] } }));
    assert.deepEqual(failedIds(result), ['measurement']);
  });

  it('what a record of its kind must state is named when it is left out in good order', async () => {
    const result = await lying((record) => {
      const facts = { ...record.exposure.facts, cameraPosition: null, direction: null };
      return { ...record, exposure: { ...record.exposure, facts } };
    });
    assert.ok(failedIds(result).includes('record-required'));
    assert.match(sentences(result), /must state: facts\.direction, facts\.camera_position/);
  });

  it('of an image alone the seal is judged, and the rest is said to be unknown', () => {
    const alone = judge(incident, { record: null, signature: null });
    assert.deepEqual([alone.ok, alone.type, alone.demo], [true, 'image', true]);
    const made = alone.checks.filter(({ status }) => status === 'ok').map(({ id }) => id);
    assert.deepEqual(made, ['certificate-trusted', 'demo-marked', 'image-seal-form', 'image-seal-valid']);
  });

  it('bytes that are no exhibit at all are refused in sentences', () => {
    for (const bytes of [new Uint8Array(0), Uint8Array.of(0xff, 0xd8), new Uint8Array(5000).fill(0x30)]) {
      const result = judge({ name: '000123002', record: bytes, signature: bytes, image: bytes });
      assert.equal(result.ok, false);
    }
  });
});

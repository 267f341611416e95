/** What the manifest in the image says of the measurement. */
import assert from 'node:assert/strict';
import { measurementClaim } from '../../src/evidence/seal-claim.js';
import { emptyExposure, fullExposure, sampleLink } from './samples.js';

describe('the measurement inside the seal', () => {
  it('says what the record says, in strings that no coding changes', () => {
    assert.deepEqual(measurementClaim(fullExposure, sampleLink), {
      marking: 'DEMO - NOT EVIDENCE',
      demo: true,
      icn: '000123002',
      incident: '000123001',
      kind: 'annulled',
      reason: 'verification-failed',
      speedKmh: '112',
      measuredKmh: '112.73',
      limitKmh: '100',
      thresholdKmh: '104',
      thresholdAuthority: 'National Road Policing Centre',
      direction: 'away',
      lane: 'L1',
      utc: '2026-06-06T07:08:09.123Z',
      localTime: '2026-06-06 19:08:09 UTC+12:00',
      siteCode: 'WN-0417',
      road: 'State Highway 1, Ngāūranga Gorge',
      school: 'Ngaio School',
      cameraLatitude: '-41.2893',
      cameraLongitude: '174.77698',
      cameraId: 'SC-014',
      approvalNotice: '2026-go1234',
      cameraFileSha256: 'ab'.repeat(32),
      recordSequence: '17',
      previousRecordSha256: 'bc'.repeat(32),
    });
  });

  it('CAL-4: says what is not known, a type that is not approved among it, and marks nothing that is no demo', () => {
    const claim = measurementClaim(emptyExposure, sampleLink);
    assert.equal(claim['demo'], false);
    for (const name of ['marking', 'reason', 'school']) assert.ok(!(name in claim), name);
    const unknown = ['speedKmh', 'measuredKmh', 'direction', 'lane', 'utc', 'localTime', 'cameraLatitude'];
    for (const name of unknown) assert.equal(claim[name], 'not known', name);
    assert.equal(claim['approvalNotice'], 'type not approved');
  });

  it('zero is a value', () => {
    const facts = { ...fullExposure.facts, truncatedKmh: 0, cameraPosition: { latitude: 0, longitude: -0.5 } };
    const claim = measurementClaim({ ...fullExposure, facts }, sampleLink);
    assert.deepEqual([claim['speedKmh'], claim['cameraLatitude'], claim['cameraLongitude']], ['0', '0', '-0.5']);
  });
});

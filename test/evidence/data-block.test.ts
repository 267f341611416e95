/** The words on the image: everything that the contract lists, and nothing that is not known. */
import assert from 'node:assert/strict';
import { compass, dataBlock, describe as describeBlock } from '../../src/evidence/data-block.js';
import { EXPOSURE_KINDS, type ExposureFacts } from '../../src/evidence/types.js';
import { metres } from '../../src/units.js';
import { emptyExposure, fullExposure, fullFacts } from './samples.js';

function valueOf(label: string, facts: Partial<ExposureFacts> = {}): string | undefined {
  const block = dataBlock({ ...fullExposure, facts: { ...fullFacts, ...facts } });
  return block.fields.find((field) => field.label === label)?.value;
}

describe('the data block', () => {
  it('IMG-1: states speed, limit, place, date, time and number', () => {
    const block = dataBlock(fullExposure);
    assert.deepEqual([block.icn, block.speed, block.limit], ['000123002', '112', '100']);
    assert.equal(valueOf('Date'), '2026-06-06');
    assert.equal(valueOf('Time'), '19:08:09.123 UTC+12:00');
    assert.equal(valueOf('Site'), 'WN-0417');
    assert.equal(valueOf('Road'), 'State Highway 1, Ngāūranga Gorge');
    assert.equal(valueOf('Camera'), 'SC-014 NX-12');
    assert.equal(valueOf('Camera at'), '41.28930° S 174.77698° E');
    assert.equal(valueOf('Vehicle'), 'chainage 412 m, range 32.1 m');
    assert.equal(valueOf('Vehicle at'), '41.28912° S 174.77712° E');
    assert.equal(valueOf('Direction'), 'away, NE 047°');
    assert.equal(valueOf('Lane'), 'L1');
    assert.equal(valueOf('Incident'), '000123001, image 2 of 2');
  });

  it('gives the stretch of road where the radar has no range', () => {
    const facts = { vehicleChainageM: null, rangeM: null, vehiclePosition: null };
    assert.equal(valueOf('Vehicle', facts), 'chainage 410 to 415 m');
    assert.equal(valueOf('Vehicle', { ...facts, vehicleFromChainageM: metres(430) }), 'chainage 415 to 430 m');
    assert.equal(valueOf('Vehicle at', facts), undefined);
  });

  it('SCH-4: names the school, and only at a school site', () => {
    assert.equal(valueOf('School'), 'Ngaio School');
    assert.equal(valueOf('School', { school: null }), undefined);
  });

  it('CAL-4: names the gazetted notice or says that the type is not approved', () => {
    assert.equal(valueOf('Type'), 'approved: 2026-go1234');
    assert.equal(valueOf('Type', { approvalNotice: null }), 'type not approved');
  });

  it('says what is not known', () => {
    const facts = { utcMs: null, direction: null, headingDeg: null, lane: null, cameraPosition: null };
    for (const label of ['Date', 'Time', 'Direction', 'Lane', 'Camera at']) {
      assert.equal(valueOf(label, facts), 'not known', label);
    }
    const nowhere = { vehicleChainageM: null, vehicleFromChainageM: null, vehicleToChainageM: null, rangeM: null };
    assert.equal(valueOf('Vehicle', nowhere), 'not known');
    assert.equal(dataBlock(emptyExposure).speed, null);
  });

  it('says nothing of a vehicle under a sync shot', () => {
    const labels = dataBlock({ ...emptyExposure, kind: 'sync' }).fields.map(({ label }) => label);
    assert.ok(!labels.some((label) => ['Direction', 'Lane', 'Vehicle'].includes(label)));
  });

  it('names every kind of image but an incident, and the reason', () => {
    assert.equal(valueOf('Reason'), 'verification failed');
    for (const kind of EXPOSURE_KINDS) {
      const { banner } = dataBlock({ ...fullExposure, kind });
      assert.equal(banner?.word ?? null, kind === 'incident' ? null : kind.toUpperCase().replace('SYNC', 'SYNC SHOT'));
    }
  });

  it('warns where the radar never confirmed its settings', () => {
    assert.equal(valueOf('Radar'), 'settings unconfirmed');
    assert.equal(valueOf('Radar', { radarSettingsUnconfirmed: false }), undefined);
  });

  it('points to the compass', () => {
    const points = [0, 22, 23, 180, 337, 338, 359.7, 360, -90].map(compass);
    const expected = ['N 000°', 'N 022°', 'NE 023°', 'S 180°', 'NW 337°', 'N 338°', 'N 000°', 'N 000°', 'W 270°'];
    assert.deepEqual(points, expected);
  });

  it('becomes one line that begins with DEMO where anything is simulated', () => {
    assert.match(
      describeBlock(dataBlock(fullExposure)),
      /^DEMO – NOT EVIDENCE; ICN 000123002; ANNULLED; 112 km\/h, limit 100 km\/h; Reason verification failed;/,
    );
    assert.match(describeBlock(dataBlock(emptyExposure)), /^ICN 000123002; VOID; no speed, limit 100 km\/h;/);
  });
});

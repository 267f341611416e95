/** Content of packs: what an issuer may have mistyped is refused with the key and the rule. */
import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { readPackContent } from '../../../src/site/packs/index.js';
import { ISSUER_OF } from '../../../src/site/packs/head.js';
import { PACK_KINDS, type PackKind } from '../../../src/site/reference.js';
import { contentOf } from '../../reference/packs.js';
import { again, all, at, complaints, history, set, type Change } from './changes.js';

const SCHOOL = {
  name: 'Test School',
  region: 'auckland',
  directAccess: true,
  boundary: [
    { latitude: -41.195, longitude: 175.5 },
    { latitude: -41.194, longitude: 175.5 },
    { latitude: -41.194, longitude: 175.501 },
  ],
};

describe('content of packs', () => {
  it('every kind has a good content and one issuer', () => {
    for (const kind of PACK_KINDS)
      assert.deepEqual(
        complaints(kind, () => undefined),
        [],
        kind,
      );
    assert.deepEqual(
      PACK_KINDS.filter((kind) => ISSUER_OF[kind] === 'calibration'),
      ['certificates'],
    );
  });

  const REFUSED: readonly [title: string, kind: PackKind, change: Change, words: RegExp][] = [
    ['an unknown key', 'sites', set('sites.0.thresold', 5), /Unrecognized key/],
    ['a serial of zero', 'sites', set('serial', 0), /^serial: Too small/],
    [
      'a moment of issue without its offset',
      'sites',
      set('issuedAt', '2025-03-02T09:00:00'),
      /expected an instant with its offset/,
    ],
    ['LIM-1: one site code twice', 'sites', again('sites'), /^sites\.1\.code: is found twice/],
    [
      'LIM-1: a limit that is not the one of the road',
      'sites',
      history([100, '2009-07-01'], [80, '2025-03-02']),
      /^sites\.0\.limitKmh: is 100, expected 80 km\/h, the limit since 2025-03-02/,
    ],
    [
      'LIM-1: a road without a limit on the day of issue',
      'sites',
      history([100, '2025-03-03']),
      /no limit that is in force on 2025-03-02/,
    ],
    ['LIM-1: no history at all', 'sites', history(), /no limit that is in force/],
    [
      'LIM-1: a history out of order',
      'sites',
      history([80, '2012-01-01'], [100, '2009-07-01']),
      /limitHistory\.1\.from: is 2009-07-01, expected a day after 2012-01-01/,
    ],
    [
      'LIM-1: two limits on one day',
      'sites',
      history([80, '2009-07-01'], [100, '2009-07-01']),
      /expected a day after 2009-07-01/,
    ],
    [
      'DET-1: a threshold below the limit',
      'sites',
      set('sites.0.threshold.speedKmh', 99),
      /expected at least the limit of 100 km\/h \(DET-1\)/,
    ],
    [
      'DET-1: a threshold of days to come',
      'sites',
      set('sites.0.threshold.date', '2025-03-03'),
      /threshold\.date: is 2025-03-03, expected at most 2025-03-02/,
    ],
    ['SITE-1: 5001 m', 'sites', set('sites.0.centreline.1.latitude', -41.15496), /expected at most 5000 m \(SITE-1\)/],
    [
      'SITE-1: an urban site without its blocks',
      'sites',
      set('sites.0.setting', 'urban'),
      /blocks: is missing, expected 1 to 3 blocks/,
    ],
    [
      'SITE-1: four blocks',
      'sites',
      all(set('sites.0.setting', 'urban'), set('sites.0.blocks', 4)),
      /blocks: is 4, expected 1 to 3/,
    ],
    ['SITE-2: a site without approval', 'sites', set('sites.0.approval', undefined), /approval: is missing/],
    [
      'SITE-2: an approval of days to come',
      'sites',
      set('sites.0.approval.date', '2025-03-03'),
      /approval\.date: is 2025-03-03/,
    ],
    [
      'SITE-2: a review before the approval',
      'sites',
      set('sites.0.reviewedOn', '2024-10-31'),
      /reviewedOn: is 2024-10-31, expected 2024-11-01 or later/,
    ],
    ['SITE-4: a static site without heights', 'sites', set('sites.0.installation', 'static'), /altitudesM: is missing/],
    ['SITE-4: a height too few', 'sites', set('sites.0.altitudesM', [4]), /has 1 heights, expected 2/],
    [
      'SCH-1: a school without boundary, region and access',
      'sites',
      set('sites.0.school', { name: 'S' }),
      /no region.*\n?.*no boundary.*\n?.*directAccess/s,
    ],
    [
      'SCH-1: a road that does not lead to the school',
      'sites',
      set('sites.0.school', { ...SCHOOL, directAccess: false }),
      /says directAccess: false/,
    ],
    [
      'SCH-2: a school in a region without holidays of its own',
      'sites',
      set('sites.0.school', { ...SCHOOL, region: 'atlantis' }),
      /school\.region: is atlantis, expected one of northland, auckland/,
    ],
    ['SCH-2: a calendar of such a region', 'calendar', set('calendars.0.region', 'atlantis'), /calendars\.0\.region: /],
    [
      'SCH-2: a calendar of the mainland in the zone of the Chatham Islands',
      'calendar',
      set('calendars.0.zone', 'Pacific/Chatham'),
      /zone: is Pacific\/Chatham, expected Pacific\/Auckland for auckland/,
    ],
    [
      'LIM-2: high-risk times without a school',
      'sites',
      set('sites.0.highRiskTimes', [{ from: '08:00', until: '09:00' }]),
      /highRiskTimes: is given, expected it at a school site only/,
    ],
    [
      'DEP-10: an adjoining site that nobody knows',
      'sites',
      set('sites.0.adjoining', ['T-9']),
      /adjoining\.0: is T-9, expected a site of this pack/,
    ],
    ['DEP-10: a site that adjoins itself', 'sites', set('sites.0.adjoining', ['T-1']), /the site itself/],
    [
      'DEP-10: an adjoining site that does not say so',
      'sites',
      all(again('sites', { code: 'T-2' }), set('sites.0.adjoining', ['T-2'])),
      /T-2, which does not name T-1/,
    ],
    [
      'a site of the mainland in the zone of the Chatham Islands',
      'sites',
      set('sites.0.zone', 'Pacific/Chatham'),
      /zone: is Pacific\/Chatham, expected Pacific\/Auckland/,
    ],
    [
      'DEP-11: a static camera that ends before it begins',
      'sites',
      set('staticCameras', [
        {
          id: 'S',
          roadId: 'R',
          position: { latitude: -41, longitude: 175 },
          limitKmh: 100,
          operatesFrom: '2025-01-02',
          operatesUntil: '2025-01-01',
        },
      ]),
      /operatesUntil: is 2025-01-01/,
    ],
    [
      'a term that ends before it begins',
      'calendar',
      set('calendars.0.terms.0.until', '2025-02-01'),
      /terms\.0\.until: is 2025-02-01, expected 2025-02-02 or later/,
    ],
    [
      'a term outside the validity',
      'calendar',
      set('calendars.0.validUntil', '2025-07-02'),
      /terms\.1: .*expected days within the validity/,
    ],
    [
      'terms that overlap',
      'calendar',
      set('calendars.0.terms.1.from', '2025-04-02'),
      /terms\.1: begins on 2025-04-02, expected a day after 2025-04-02/,
    ],
    [
      'a validity that ends before it begins',
      'calendar',
      set('calendars.0.validUntil', '2024-12-31'),
      /validUntil: is 2024-12-31/,
    ],
    [
      'two calendars of one region for one day',
      'calendar',
      again('calendars'),
      /calendars\.1: is a second calendar of auckland/,
    ],
    [
      'a closure outside the validity',
      'calendar',
      set('calendars.0.closures', [{ date: '2026-01-01', name: 'x' }]),
      /closures\.0\.date: is 2026-01-01/,
    ],
    [
      'one closure twice',
      'calendar',
      set('calendars.0.closures', [
        { date: '2025-06-02', name: 'x' },
        { date: '2025-06-02', name: 'y' },
      ]),
      /closures\.1\.date: is found twice/,
    ],
    [
      'SCH-2: an activity that ends before it begins',
      'calendar',
      set('activities', [at('2025-03-14T15:00:00+13:00', '2025-03-14T15:00:00+13:00')]),
      /activities\.0\.until: .*expected an instant after/,
    ],
    [
      'SCH-2: an activity of eight days',
      'calendar',
      set('activities', [at('2025-03-14T15:00:00+13:00', '2025-03-22T15:00:00+13:00')]),
      /expected at most 7 days/,
    ],
    ['a day that does not exist', 'calendar', set('calendars.0.terms.0.until', '2025-02-30'), /calendar date/],
    [
      'DEP-10: a bulletin that ends before it begins',
      'bulletin',
      set('validUntil', '2025-03-01T00:00:00+13:00'),
      /^validUntil: /,
    ],
    [
      'DEP-10: a deployment without end',
      'bulletin',
      set('deployments.0.until', '2025-03-02T08:00:00+13:00'),
      /deployments\.0\.until/,
    ],
    ['OPR-1: one operator twice', 'operators', again('operators'), /operators\.1\.id: is found twice/],
    [
      'OPR-1: a training of days to come',
      'operators',
      set('operators.0.trainedOn', '2025-03-03'),
      /trainedOn: is 2025-03-03/,
    ],
    [
      'OPR-1: a certification that ended before the training',
      'operators',
      set('operators.0.validUntil', '2024-05-31'),
      /validUntil: is 2024-05-31/,
    ],
    ['OPR-5: one vehicle twice', 'operators', again('vehicles'), /vehicles\.1\.registration: is found twice/],
    [
      'OPR-5: a vehicle that was sold before it was bought',
      'operators',
      set('vehicles.0.until', '2023-12-31'),
      /vehicles\.0\.until/,
    ],
    ['CAL-1: one number twice', 'certificates', again('certificates'), /certificates\.2\.number: is found twice/],
    [
      'CAL-1: a certificate of days to come',
      'certificates',
      set('certificates.0.issuedOn', '2025-03-03'),
      /issuedOn: is 2025-03-03/,
    ],
    [
      'CAL-1: a certificate that ended before its issue',
      'certificates',
      set('certificates.0.validUntil', '2024-11-02'),
      /validUntil: is 2024-11-02/,
    ],
    [
      'CAL-2: a fork without its speed',
      'certificates',
      set('certificates.1.forkKmh', undefined),
      /forkKmh: is missing/,
    ],
    [
      'CAL-2: a camera with the speed of a fork',
      'certificates',
      set('certificates.0.forkKmh', 60),
      /forkKmh: is 60, expected none/,
    ],
    [
      'CAL-3: a test before the repair',
      'certificates',
      set('repairs', [
        {
          kind: 'camera',
          subject: 'SC-014',
          repairedOn: '2025-02-02',
          what: 'x',
          testedOn: '2025-02-01',
          recertify: false,
        },
      ]),
      /testedOn: is 2025-02-01, expected 2025-02-02 or later/,
    ],
    [
      'CAL-4: one approved type twice',
      'certificates',
      set('approvedTypes', [
        { model: 'M', notice: 'N', gazettedOn: '2024-01-01' },
        { model: 'M', notice: 'N', gazettedOn: '2024-01-01' },
      ]),
      /approvedTypes\.1: is found twice/,
    ],
  ];
  for (const [title, kind, change, words] of REFUSED) {
    it(`refuses: ${title}`, () => {
      const found = complaints(kind, change);
      assert.ok(found.length > 0, 'accepted');
      assert.match(found.join('\n'), words);
    });
  }

  const ACCEPTED: readonly [title: string, kind: PackKind, change: Change][] = [
    ['LIM-1: a change of the limit that is still to come', 'sites', history([100, '2009-07-01'], [80, '2025-03-03'])],
    ['SITE-1: three blocks', 'sites', all(set('sites.0.setting', 'urban'), set('sites.0.blocks', 3))],
    ['SITE-2: a review on the day of the approval', 'sites', set('sites.0.reviewedOn', '2024-11-01')],
    ['SCH-1: a whole school', 'sites', set('sites.0.school', SCHOOL)],
    [
      'DEP-10: two sites that name each other',
      'sites',
      all(again('sites', { code: 'T-2', adjoining: ['T-1'] }), set('sites.0.adjoining', ['T-2'])),
    ],
    [
      'two calendars of one region, one after the other',
      'calendar',
      again('calendars', {
        validFrom: '2026-01-01',
        validUntil: '2026-12-31',
        terms: [{ from: '2026-02-02', until: '2026-04-02' }],
      }),
    ],
    ['an empty bulletin: nobody works anywhere', 'bulletin', set('deployments', [])],
    [
      'CAL-3: a test on the day of the repair',
      'certificates',
      set('repairs', [
        {
          kind: 'camera',
          subject: 'SC-014',
          repairedOn: '2025-02-02',
          what: 'x',
          testedOn: '2025-02-02',
          recertify: true,
        },
      ]),
    ],
  ];
  for (const [title, kind, change] of ACCEPTED) {
    it(`accepts: ${title}`, () => {
      assert.deepEqual(complaints(kind, change), []);
    });
  }

  it('an instant with an offset is that instant', () => {
    const reading = readPackContent('calendar', parse(contentOf('calendar')));
    assert.ok(reading.ok);
    assert.equal(reading.content.reference.activities?.[0]?.untilUtcMs, Date.parse('2025-03-14T02:00:00Z'));
  });
});

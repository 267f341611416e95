/**
 * A week of twelve deployments, some of them illegal in one way each: exactly the legal ones enforce. Each sees the same
 * four vehicles; what is expected is stated here, not computed.
 */
import assert from 'node:assert/strict';
import { metres, utcMs } from '../../src/units.js';
import { crossing } from '../support/agd-feed.js';
import {
  attestAll,
  forkTest,
  FORK,
  fullOptions,
  GOOD_BOARD,
  goodReference,
  schoolSite,
  start,
  type FullChanges,
} from '../support/full-deployment.js';
import { VAN_POSITION } from '../support/outside-site.js';
import { VirtualVan } from '../support/virtual-van.js';

/** In Auckland, in daylight time: UTC+13. */
const local = (day: number, hour: number, minute = 0): number => Date.UTC(2026, 10, day, hour - 13, minute);
const LIGHTS = { ...GOOD_BOARD, parkLights: true };
const SPEEDS_KMH = [92.7, 58.4, 71.3, 61.2];
/** Above the threshold of 60; above that of the school, 54. */
const OFFENDERS = { road: 3, school: 4 };

interface Day extends FullChanges {
  readonly name: string;
  readonly enforced: number;
  /** The one check that fails; null where the deployment is legal. */
  readonly illegal: string | null;
}

/** The antenna and with it the van stand at chainage 800 m; 4 m of uncertainty count against every distance. */
const dropAt = (distanceM: number) => ({
  limitDrops: [{ chainageM: 800 + distanceM, direction: 'increasing', toKmh: 30 }],
});
const other = (siteCode: string, day: number) => ({
  ...goodReference().bulletin!,
  deployments: [{ siteCode, cameraId: 'SC-099', fromUtcMs: utcMs(local(day, 8)), untilUtcMs: utcMs(local(day, 16)) }],
});

const WEEK: readonly Day[] = [
  { name: 'Monday 11:00, open road', beginUtcMs: local(23, 11), enforced: OFFENDERS.road, illegal: null },
  {
    name: 'SCH-2: Monday 15:00, at the school',
    beginUtcMs: local(23, 15),
    site: schoolSite(),
    enforced: OFFENDERS.school,
    illegal: null,
  },
  {
    name: 'SCH-2: Monday 19:00, at the school, nothing on',
    beginUtcMs: local(23, 19),
    site: schoolSite(),
    enforced: 0,
    illegal: 'school-hours',
  },
  {
    name: 'DEP-2: Tuesday 02:00, park lights on',
    beginUtcMs: local(24, 2),
    board: LIGHTS,
    enforced: OFFENDERS.road,
    illegal: null,
  },
  {
    name: 'DEP-2: Tuesday 03:00, park lights off',
    beginUtcMs: local(24, 3),
    enforced: 0,
    illegal: 'park-lights',
  },
  {
    name: 'DEP-8: Wednesday, 283 m from the drop, 4 m uncertain',
    beginUtcMs: local(25, 9),
    site: dropAt(283),
    enforced: 0,
    illegal: 'limit-drop-near',
  },
  {
    name: 'DEP-8: Wednesday, 285 m from the drop, 4 m uncertain',
    beginUtcMs: local(25, 12),
    site: dropAt(285),
    enforced: OFFENDERS.road,
    illegal: null,
  },
  {
    name: 'OPR-1: Thursday, the training of the operator ended yesterday',
    beginUtcMs: local(26, 9),
    reference: {
      operators: [{ id: 'OP1', name: 'Demo Operator One', trainedOn: '2025-02-01', validUntil: '2026-11-25' }],
    },
    enforced: 0,
    illegal: 'operator-training',
  },
  {
    name: 'DEP-10: Thursday, another camera at the adjoining site',
    beginUtcMs: local(26, 13),
    site: { adjoining: ['7422'] },
    reference: { bulletin: other('7422', 26) },
    enforced: 0,
    illegal: 'other-deployment',
  },
  {
    name: 'DEP-11: Friday, a static camera 900 m away on the same road under another name',
    beginUtcMs: local(27, 10),
    reference: {
      staticCameras: [
        {
          id: 'ST-1',
          roadId: 'R-1',
          roadChainageM: metres(2700),
          position: { latitude: VAN_POSITION.latitude + 900 / 110_960, longitude: VAN_POSITION.longitude },
          limitKmh: 50 as never,
          operatesFrom: '2020-01-01',
          operatesUntil: null,
        },
      ],
    },
    enforced: 0,
    illegal: 'static-camera-near',
  },
  {
    name: 'SCH-2: Saturday 19:30, at the school, a recorded drama night',
    beginUtcMs: local(28, 19, 30),
    site: schoolSite(),
    board: LIGHTS,
    reference: {
      activities: [
        { siteCode: '7421', name: 'Drama night', fromUtcMs: utcMs(local(28, 19)), untilUtcMs: utcMs(local(28, 22)) },
      ],
    },
    enforced: OFFENDERS.school,
    illegal: null,
  },
  {
    name: 'CAL-1: Sunday, the certificate of the camera was issued a year and a day ago',
    beginUtcMs: local(29, 11),
    reference: {
      certificates: goodReference().certificates.map((each) =>
        each.kind === 'camera' ? { ...each, issuedOn: '2025-11-28' } : each,
      ),
    },
    enforced: 0,
    illegal: 'camera-certificate',
  },
];

describe('a week of twelve deployments: exactly the legal ones enforce', () => {
  for (const { name, enforced, illegal, ...changes } of WEEK) {
    it(`${name}: ${illegal === null ? 'legal' : `refused by ${illegal}`}`, () => {
      const van = new VirtualVan(fullOptions(changes)).connect();
      van.advance(8000);
      attestAll(van);
      forkTest(van, FORK.speedKmh);
      van.advance(6000);
      assert.deepEqual(van.reasons, illegal === null ? [] : [illegal]);
      start(van).advance(1000);
      SPEEDS_KMH.forEach((speedKmh, index) => {
        van.frames(crossing({ track: index + 10, speedKmh, direction: 'A', lateralM: 5.25 }));
        van.advance(2000);
      });
      assert.equal(van.concluded().filter(({ kind }) => kind === 'incident').length, enforced);
      assert.equal(van.passes().filter(({ icn }) => icn !== null).length, enforced);
      assert.equal(van.passes().length, SPEEDS_KMH.length, 'STAT-1: every vehicle is measured all the same');
    });
  }
});

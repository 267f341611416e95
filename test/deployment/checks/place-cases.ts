/** Where the van stands and how: schools, distances, other cameras, tailgate, lights, what the operator vouches for. */
import { chainageOf } from '../../../src/site/geodesy.js';
import type { StaticCamera } from '../../../src/site/reference.js';
import type { GeoPoint } from '../../../src/site/types.js';
import { kmh, metres, utcMs } from '../../../src/units.js';
import { goodReference, schoolSite } from '../../support/full-deployment.js';
import { VAN_POSITION } from '../../support/outside-site.js';
import { kinked } from './paper-cases.js';
import { configOf, findingOf, judge, UTC_NOW_MS, type Case, type World } from './world.js';

const BULLETIN = goodReference().bulletin!;
const SURE: World['gps'] = (fix) => [2, 1, 0].forEach((ago) => fix(ago, { horizontalErrorM: 0 }));
const CHAINAGE_M = chainageOf(configOf({}).site.centreline, VAN_POSITION).chainageM;

const exact = (site: Record<string, unknown>): World => ({ gps: SURE, site });
const dropAt = (distanceM: number): World =>
  exact({ limitDrops: [{ chainageM: CHAINAGE_M + distanceM, direction: 'increasing', toKmh: 30 }] });
const mergeAt = (distanceM: number): World =>
  exact({ merges: [{ chainageM: CHAINAGE_M - distanceM, direction: 'decreasing' }] });
/** Beside the road; 89,100 m are a degree of longitude here. */
const beside = (offM: number): World => ({
  gps: (fix) => [2, 1, 0].forEach((ago) => fix(ago, { longitude: 174.8 - offM / 89_140 })),
});

/** Grounds so far to the west that the far end of the beam is at this distance, to a decimetre. */
function groundsAt(distanceM: number, uncertaintyM = 0): World {
  const world = (westM: number): World => {
    const school = schoolSite()['school'] as { boundary: GeoPoint[] };
    const boundary = school.boundary.map(({ latitude, longitude }) => ({
      latitude,
      longitude: longitude - westM / 89_140,
    }));
    return {
      gps: (fix) => [2, 1, 0].forEach((ago) => fix(ago, { horizontalErrorM: uncertaintyM })),
      site: schoolSite({ school: { ...school, boundary } }),
    };
  };
  let westM = 0;
  for (let round = 0; round < 4; round += 1) {
    const found = findingOf(judge(world(westM)), 'school-zone');
    westM += distanceM - Number(found.value);
  }
  return world(westM);
}

const schoolAt = (fromHour: number, minute: number, second: number): World => ({
  site: schoolSite(),
  utcMs: UTC_NOW_MS + ((fromHour - 11) * 3600 + minute * 60 + second) * 1000,
});
const access = (directAccess: boolean | null): World => ({
  site: schoolSite({ school: { ...(schoolSite()['school'] as object), directAccess } }),
});

/** The site begins at chainage 1000 m of its road. */
const staticCamera = (distanceM: number, limitKmh: number, change: Partial<StaticCamera> = {}): World => ({
  ...exact({
    limitKmh,
    limitHistory: [],
    threshold: { speedKmh: 80, authority: 'Road policing centre', date: '2026-01-10' },
  }),
  reference: {
    staticCameras: [
      {
        id: 'ST-1',
        roadId: 'R-1',
        roadChainageM: metres(1000 + CHAINAGE_M + distanceM),
        position: { latitude: -36.8, longitude: 174.8 },
        limitKmh: kmh(limitKmh),
        operatesFrom: '2020-01-01',
        operatesUntil: null,
        ...change,
      },
    ],
  },
});

const working = (siteCode: string, untilMs: number, cameraId = 'SC-099'): World => ({
  site: { adjoining: ['7422'] },
  reference: {
    bulletin: {
      ...BULLETIN,
      deployments: [{ siteCode, cameraId, fromUtcMs: utcMs(UTC_NOW_MS - 3_600_000), untilUtcMs: utcMs(untilMs) }],
    },
  },
});
const bulletin = (fromMs: number, untilMs: number): World => ({
  reference: { bulletin: { ...BULLETIN, validFromUtcMs: utcMs(fromMs), validUntilUtcMs: utcMs(untilMs) } },
});

const lateral = (lateralM: number): World => ({ plan: { lateralM: metres(lateralM) } });
const gate = (tailgateOpen: boolean, tailgateClosed: boolean): World => ({ report: { tailgateOpen, tailgateClosed } });
const dark = (world: World): World => ({ ...world, facts: { dark: true } });
const NO_BOARD: World = { config: { hasIoBoard: false }, report: null };

const vouched = (check: string, rule: string, what: string, world: World = {}): Case => ({
  check,
  title: `${rule}: nobody vouches ${what}`,
  fails: { ...world, withdrawn: [check] },
  passes: world,
});

const PLACES: readonly Case[] = [
  {
    check: 'off-site',
    title: 'SITE-1: the van stands 31 m from the centreline, 29 m are allowed',
    fails: beside(31),
    passes: beside(29),
  },
  {
    check: 'limit-drop-near',
    title: 'DEP-8: the van stands 279 m from a drop of the limit with two lanes, 280 m are enough',
    fails: dropAt(279),
    passes: dropAt(280),
  },
  {
    check: 'merge-near',
    title: 'DEP-9: the van stands 279 m from a final merge with two lanes, 280 m are enough',
    fails: mergeAt(279),
    passes: mergeAt(280),
  },
  {
    check: 'road-bends',
    title: 'DEP-7: the road ahead turns by 3°, 2° are allowed',
    fails: { site: kinked(3, null) },
    passes: { site: kinked(2, null) },
  },
  {
    check: 'lateral-distance',
    title: 'DEP-4: 3.4 m from the path of vehicles, 3.5 m are enough',
    fails: lateral(3.4),
    passes: lateral(3.5),
  },
  {
    check: 'lateral-distance',
    title: 'DEP-4: 7.1 m from the path of vehicles, 7 m are allowed',
    fails: lateral(7.1),
    passes: lateral(7),
  },
  {
    check: 'occupier',
    title: 'DEP-6: on private land nobody is recorded who gave permission',
    fails: { plan: { occupier: ' ' } },
    passes: { plan: { occupier: 'Demo occupier' } },
  },
];

const SCHOOLS: readonly Case[] = [
  {
    check: 'school-zone',
    title: 'SCH-1: the far end of the beam is 251 m from the grounds, 249 m are allowed',
    fails: groundsAt(251),
    passes: groundsAt(249),
  },
  {
    check: 'school-zone',
    title: 'SCH-1: 247 m with an uncertainty of 4 m are too far, with one of 2 m not',
    fails: groundsAt(247, 4),
    passes: groundsAt(247, 2),
  },
  {
    check: 'school-zone',
    title: 'SCH-1: the grounds are not surveyed',
    fails: { site: schoolSite({ school: { name: 'Demo School', region: 'auckland', directAccess: true } }) },
    passes: { site: schoolSite() },
  },
  {
    check: 'school-access',
    title: 'SCH-1: the road gives no direct access',
    fails: access(false),
    passes: access(true),
  },
  { check: 'school-access', title: 'SCH-1: access is not stated', fails: access(null), passes: access(true) },
  {
    check: 'school-hours',
    title: 'SCH-2: 18:00:00 at a school, a second before it counts',
    fails: schoolAt(18, 0, 0),
    passes: schoolAt(17, 59, 59),
  },
  {
    check: 'school-hours',
    title: 'SCH-2: 07:29:59 at a school, a second later counts',
    fails: schoolAt(7, 29, 59),
    passes: schoolAt(7, 30, 0),
  },
];

const OTHERS: readonly Case[] = [
  {
    check: 'static-camera-near',
    title: 'DEP-11: 999 m from a static camera under 70 km/h, 1000 m are enough',
    fails: staticCamera(999, 50),
    passes: staticCamera(1000, 50),
  },
  {
    check: 'static-camera-near',
    title: 'DEP-11: 1999 m from a static camera at 70 km/h, 2000 m are enough',
    fails: staticCamera(1999, 70),
    passes: staticCamera(2000, 70),
  },
  {
    check: 'static-camera-near',
    title: 'DEP-11: near a static camera with the same limit; one with another does not count',
    fails: staticCamera(100, 50),
    passes: staticCamera(100, 50, { limitKmh: kmh(60) }),
  },
  {
    check: 'other-deployment',
    title: 'DEP-10: another camera works at the adjoining site a second more; its end ends that',
    fails: working('7422', UTC_NOW_MS + 1000),
    passes: working('7422', UTC_NOW_MS),
  },
  {
    check: 'other-deployment',
    title: 'DEP-10: another camera works at the same site; this one itself does not count',
    fails: working('7421', UTC_NOW_MS + 1000),
    passes: working('7421', UTC_NOW_MS + 1000, 'SC-014'),
  },
  {
    check: 'bulletin-out-of-date',
    title: 'DEP-10: the bulletin has ended; a second before that it counts',
    fails: bulletin(UTC_NOW_MS - 5000, UTC_NOW_MS),
    passes: bulletin(UTC_NOW_MS - 5000, UTC_NOW_MS + 1000),
  },
  {
    check: 'bulletin-out-of-date',
    title: 'DEP-10: the bulletin begins in a second; from then on it counts',
    fails: bulletin(UTC_NOW_MS + 1000, UTC_NOW_MS + 5000),
    passes: bulletin(UTC_NOW_MS, UTC_NOW_MS + 5000),
  },
  {
    check: 'bulletin-out-of-date',
    title: 'DEP-10: no bulletin',
    fails: { reference: { bulletin: null } },
    passes: {},
  },
];

const VAN: readonly Case[] = [
  {
    check: 'tailgate',
    title: 'DEP-5: the tailgate is half way; open counts',
    fails: gate(false, false),
    passes: gate(true, false),
  },
  {
    check: 'tailgate',
    title: 'DEP-5: both switches are made; closed counts',
    fails: gate(true, true),
    passes: gate(false, true),
  },
  vouched('tailgate-by-eye', 'DEP-5', 'for the tailgate where there is no board', NO_BOARD),
  vouched('tailgate-by-eye', 'DEP-5', 'for the tailgate where its switches are not wired', {
    report: { tailgateOpen: null, tailgateClosed: null },
  }),
  {
    check: 'park-lights',
    title: 'DEP-2: it is dark and the park lights are off',
    fails: dark({ report: { parkLights: false } }),
    passes: dark({ report: { parkLights: true } }),
  },
  vouched('park-lights-by-eye', 'DEP-2', 'for the park lights in the dark where there is no board', dark(NO_BOARD)),
  vouched('park-lights-by-eye', 'DEP-2', 'for the park lights in the dark where they are not wired', {
    ...dark({ report: { parkLights: null } }),
  }),
  vouched('safety', 'DEP-1', 'for safety and radio'),
  vouched('parking', 'DEP-2', 'that the van is legally parked'),
  vouched('visibility', 'DEP-3', 'that the van is visible'),
  vouched('straightness', 'DEP-7', 'that the road is straight'),
];

export const PLACE_CASES: readonly Case[] = [...PLACES, ...SCHOOLS, ...OTHERS, ...VAN];

/** Sites, limits, certificates, people and vehicles: what alone refuses. Today is Monday 23 November 2026 in Auckland. */
import { lineLengthM } from '../../../src/site/geodesy.js';
import type { CalibrationCertificate, PackKind, Reference, Repair } from '../../../src/site/reference.js';
import type { GeoPoint } from '../../../src/site/types.js';
import { kmh } from '../../../src/units.js';
import { goodReference, goodSite, schoolSite } from '../../support/full-deployment.js';
import type { Case, World } from './world.js';

const GOOD = goodReference();
const YESTERDAY = '2026-11-22';
const TODAY = '2026-11-23';
const TOMORROW = '2026-11-24';
const A_YEAR_AGO = '2025-11-23';
const A_YEAR_AND_A_DAY_AGO = '2025-11-22';

/** Without the demonstration's flags, as a real session would have them. */
const heads = (changes: Partial<Record<PackKind, 'demo' | 'none'>> = {}): Reference['heads'] => {
  const head = (kind: PackKind) =>
    changes[kind] === 'none' ? null : { ...GOOD.heads[kind]!, demo: changes[kind] === 'demo' };
  return {
    sites: head('sites'),
    calendar: head('calendar'),
    bulletin: head('bulletin'),
    operators: head('operators'),
    certificates: head('certificates'),
  };
};
const real = (changes: Partial<Record<PackKind, 'demo' | 'none'>> = {}): World => ({
  config: { demo: false },
  reference: { heads: heads(changes) },
});

type CertificateChange = Partial<Omit<CalibrationCertificate, 'kind'>>;
const certificates = (kind: string, change: CertificateChange): World => ({
  reference: { certificates: GOOD.certificates.map((each) => (each.kind === kind ? { ...each, ...change } : each)) },
});
const site = (changes: Record<string, unknown>): World => ({ site: changes });

const SITE_CERTIFICATE: CalibrationCertificate = {
  kind: 'site',
  number: 'CC-7421',
  subject: '7421',
  issuer: 'DEMO calibration',
  issuedOn: '2026-05-01',
  validUntil: null,
  forkKmh: null,
};
/** Static installation: nobody on board, its own certificate, heights surveyed. */
export const staticSite = (siteChanges: Record<string, unknown> = {}, change: CertificateChange = {}): World => ({
  site: { installation: 'static', altitudesM: [20, 20], ...siteChanges },
  plan: { operatorId: null, vehicle: null, start: 'automatic' },
  config: { installation: 'static', hasIoBoard: false },
  reference: { certificates: [...GOOD.certificates, { ...SITE_CERTIFICATE, ...change }] },
});

const repaired = (change: Partial<Repair>, issuedOn = '2026-05-01'): World => ({
  reference: {
    certificates: GOOD.certificates.map((each) => (each.kind === 'radar' ? { ...each, issuedOn } : each)),
    repairs: [
      {
        kind: 'radar',
        subject: 'R-350',
        repairedOn: '2026-11-10',
        what: 'new plug',
        testedOn: '2026-11-12',
        recertify: false,
        ...change,
      },
    ],
  },
});

/** A straight line due north of exactly this length. */
function lineOf(lengthM: number): GeoPoint[] {
  const [start, end] = goodSite()['centreline'] as [GeoPoint, GeoPoint];
  let north = end.latitude - start.latitude;
  const line = () => [start, { latitude: start.latitude + north, longitude: start.longitude }];
  for (let round = 0; round < 5; round += 1) north *= lengthM / lineLengthM(line());
  return line();
}

const period = (limitKmh: number, from: string) => ({ limitKmh, from, authority: 'Road controlling authority' });
const history = (...periods: ReturnType<typeof period>[]): World => site({ limitHistory: periods });
const OLD = period(50, '2019-07-01');
const operator = (change: Record<string, string>): World => ({
  reference: { operators: [{ ...GOOD.operators[0]!, ...change }] },
});
const vehicle = (change: Record<string, string>): World => ({
  reference: { vehicles: [{ ...GOOD.vehicles[0]!, ...change }] },
});
const threshold = (change: Record<string, unknown>): World =>
  site({ threshold: { speedKmh: 60, authority: 'Road policing centre', date: '2026-01-10', ...change } });

const SITES: readonly Case[] = [
  {
    check: 'site-unsigned',
    title: 'SITE-3: no signed pack of sites was imported',
    fails: real({ sites: 'none' }),
    passes: real(),
  },
  {
    check: 'site-unsigned',
    title: 'SITE-3: a bare site file in a session that is no demonstration',
    fails: { bench: true, config: { demo: false } },
    passes: real(),
  },
  ...(['sites', 'certificates', 'operators', 'bulletin'] as const).map((kind) => ({
    check: 'pack-demo',
    title: `SITE-3: the ${kind} pack is signed under the DEMO root; a calendar that nothing rests on may be`,
    fails: real({ [kind]: 'demo' }),
    passes: real({ calendar: 'demo' }),
  })),
  {
    check: 'pack-demo',
    title: 'SITE-3: the calendar of a school site is signed under the DEMO root',
    fails: { ...real({ calendar: 'demo' }), site: schoolSite() },
    passes: { ...real(), site: schoolSite() },
  },
  {
    check: 'site-kind',
    title: 'SITE-2: a mobile camera at a site that is approved for a static one',
    fails: site({ installation: 'static' }),
    passes: site({ installation: 'mobile' }),
  },
  {
    check: 'site-not-approved',
    title: 'SITE-2: the approval is of tomorrow, that of today counts',
    fails: site({ approval: { authority: 'National road policing', date: TOMORROW } }),
    passes: site({ approval: { authority: 'National road policing', date: TODAY } }),
  },
  { check: 'site-not-approved', title: 'SITE-2: no approval', fails: site({ approval: null }), passes: {} },
  {
    check: 'site-review-due',
    title: 'SITE-2: last reviewed five years and a day ago, five years to the day count',
    fails: site({ approval: { authority: 'National road policing', date: '2019-01-01' }, reviewedOn: '2021-11-22' }),
    passes: site({ approval: { authority: 'National road policing', date: '2019-01-01' }, reviewedOn: '2021-11-23' }),
  },
  {
    check: 'site-review-due',
    title: 'SITE-2: approved five years and a day ago and never reviewed',
    fails: site({ approval: { authority: 'National road policing', date: '2021-11-22' } }),
    passes: site({ approval: { authority: 'National road policing', date: '2021-11-23' } }),
  },
  {
    check: 'site-too-long',
    title: 'SITE-1: a rural site of 5,001 m, 5,000 m are allowed',
    fails: { siteOver: { centreline: lineOf(5001) } },
    passes: { siteOver: { centreline: lineOf(4999.999) } },
  },
  {
    check: 'site-too-long',
    title: 'SITE-1: an urban site of four blocks, three are allowed',
    fails: site({ setting: 'urban', blocks: 4 }),
    passes: site({ setting: 'urban', blocks: 3 }),
  },
  {
    check: 'site-too-long',
    title: 'SITE-1: an urban site that does not state its blocks',
    fails: site({ setting: 'urban' }),
    passes: site({ setting: 'urban', blocks: 1 }),
  },
  {
    check: 'site-not-straight',
    title: 'SITE-4: the slope of a static site changes by 1.1 %, 0.9 % are allowed',
    fails: staticSite(kinked(0, [20, 20, 20 + 8.5 * 1.1])),
    passes: staticSite(kinked(0, [20, 20, 20 + 8.5 * 0.9])),
  },
  {
    check: 'site-not-straight',
    title: 'SITE-4: a static site turns by 3°, 2° are allowed',
    fails: staticSite(kinked(3, [20, 20, 20])),
    passes: staticSite(kinked(2, [20, 20, 20])),
  },
  {
    check: 'site-not-straight',
    title: 'SITE-4: the slope of a static site was not surveyed',
    fails: staticSite({ altitudesM: null }),
    passes: staticSite(),
  },
  {
    check: 'lanes',
    title: 'SITE-1: a lane to be monitored is none of this road',
    fails: { plan: { lanes: ['L1', 'L3'] } },
    passes: { plan: { lanes: ['L1'] } },
  },
  { check: 'lanes', title: 'SITE-1: no lane is to be monitored', fails: { plan: { lanes: [] } }, passes: {} },
];

/** The line turns, and its slope changes, 50 m before the van in the direction of its beam. */
export function kinked(turnDeg: number, altitudesM: readonly number[] | null): Record<string, unknown> {
  const [start, end] = goodSite()['centreline'] as [GeoPoint, GeoPoint];
  const middle = { latitude: start.latitude + 750 / 110_960, longitude: start.longitude };
  const eastM = 750 * Math.tan((turnDeg * Math.PI) / 180);
  const bent = { latitude: start.latitude, longitude: start.longitude + eastM / 89_100 };
  return { centreline: [bent, middle, end], altitudesM };
}

const LIMITS: readonly Case[] = [
  {
    check: 'threshold',
    title: 'DET-1: the threshold is of tomorrow, that of today counts',
    fails: threshold({ date: TOMORROW }),
    passes: threshold({ date: TODAY }),
  },
  {
    check: 'threshold',
    title: 'DET-1: the threshold names no authority',
    fails: { siteOver: { threshold: { speedKmh: kmh(60), authority: ' ', date: '2026-01-10' } } },
    passes: threshold({ authority: 'Road policing centre' }),
  },
  {
    check: 'limit-superseded',
    title: 'LIM-1: the road has another limit than the code for a month and a day',
    fails: history(OLD, period(40, '2026-10-22')),
    passes: history(period(60, '2010-07-01'), OLD),
  },
  {
    check: 'limit-superseded',
    title: 'LIM-1: the limit went away and came back after the approval; before it, it is another code’s matter',
    fails: history(OLD, period(40, '2025-01-01'), period(50, '2026-01-01')),
    passes: history(OLD, period(40, '2020-01-01'), period(50, '2021-01-01')),
  },
  {
    check: 'limit-too-young',
    title: 'LIM-2: the limit changed one month less a day ago, after a month it may be worked',
    fails: history(period(60, '2010-07-01'), period(50, '2026-10-24')),
    passes: history(period(60, '2010-07-01'), period(50, '2026-10-23')),
  },
  {
    check: 'limit-too-young',
    title: 'LIM-2: a school site within the month outside its high-risk times; the last minute of one counts',
    fails: risky('08:30', '11:00'),
    passes: risky('08:30', '11:01'),
  },
  {
    check: 'limit-too-young',
    title: 'LIM-2: a school site within the month whose pack lists no high-risk times',
    fails: { site: { ...risky('11:00', '12:00').site, highRiskTimes: [] } },
    passes: risky('11:00', '12:00'),
  },
  {
    check: 'limit-unknown',
    title: 'LIM-1: whether a variable limit holds is not known outside the validity of the calendar',
    fails: variable('2026-11-22'),
    passes: variable('2026-12-31'),
  },
];

function risky(from: string, until: string): World {
  const limitHistory = [period(60, '2010-07-01'), period(50, '2026-11-01')];
  return { site: schoolSite({ limitHistory, highRiskTimes: [{ from, until }] }) };
}

/** The activity keeps the school's hours from refusing where the calendar ends. */
function variable(validUntil: string): World {
  const limit = { from: '14:45', until: '15:30', limitKmh: 30, threshold: threshold({}).site!['threshold'] };
  const calendars = [{ ...GOOD.calendars[0]!, validUntil }];
  const day = { fromUtcMs: Date.UTC(2026, 10, 22, 20), untilUtcMs: Date.UTC(2026, 10, 23, 4) } as never;
  const activities = [{ siteCode: '7421', name: 'Sports day', ...(day as object) }] as never;
  return { site: schoolSite({ variableLimits: [limit] }), reference: { calendars, activities } };
}

const certificateCases = (check: string, rule: string, kind: string): readonly Case[] => [
  {
    check,
    title: `${rule}: the certificate of the ${kind} was issued a year and a day ago; on its anniversary it counts`,
    fails: certificates(kind, { issuedOn: A_YEAR_AND_A_DAY_AGO }),
    passes: certificates(kind, { issuedOn: A_YEAR_AGO }),
  },
  {
    check,
    title: `${rule}: the certificate of the ${kind} ended yesterday; on its last day it counts`,
    fails: certificates(kind, { validUntil: YESTERDAY }),
    passes: certificates(kind, { validUntil: TODAY }),
  },
  {
    check,
    title: `${rule}: the certificate of the ${kind} is of tomorrow; that of today counts`,
    fails: certificates(kind, { issuedOn: TOMORROW }),
    passes: certificates(kind, { issuedOn: TODAY }),
  },
  {
    check,
    title: `${rule}: the certificate is of another ${kind}`,
    fails: certificates(kind, { subject: 'X-1' }),
    passes: {},
  },
];

const PEOPLE_AND_THINGS: readonly Case[] = [
  ...certificateCases('camera-certificate', 'CAL-1', 'camera'),
  ...certificateCases('radar-certificate', 'CAL-1', 'radar'),
  {
    check: 'radar-certificate',
    title: 'CAL-1: the serial number of the radar is not configured',
    fails: { equipment: { radarSerial: null } },
    passes: { equipment: { radarSerial: 'R-350' } },
  },
  ...certificateCases('fork-certificate', 'CAL-2', 'fork'),
  {
    check: 'fork-certificate',
    title: 'CAL-2: one of two forks has no certificate',
    fails: { equipment: { forks: ['F-77', 'F-78'] } },
    passes: { equipment: { forks: ['F-77'] } },
  },
  {
    check: 'fork-certificate',
    title: 'CAL-2: the certificate of the fork does not state its speed',
    fails: certificates('fork', { forkKmh: null }),
    passes: certificates('fork', { forkKmh: 80 }),
  },
  {
    check: 'site-certificate',
    title: 'CAL-6: the certificate of a static site was issued a year and a day ago; on its anniversary it counts',
    fails: staticSite({}, { issuedOn: A_YEAR_AND_A_DAY_AGO }),
    passes: staticSite({}, { issuedOn: A_YEAR_AGO }),
  },
  {
    check: 'repair-open',
    title: 'CAL-3: a repair was not tested',
    fails: repaired({ testedOn: null }),
    passes: repaired({ testedOn: TODAY }),
  },
  {
    check: 'repair-open',
    title: 'CAL-3: the test is of the day before the repair; one of the same day counts',
    fails: repaired({ testedOn: '2026-11-09' }),
    passes: repaired({ testedOn: '2026-11-10' }),
  },
  {
    check: 'repair-open',
    title: 'CAL-3: a repair asks for a certificate, and that is of the day before it',
    fails: repaired({ recertify: true }, '2026-11-09'),
    passes: repaired({ recertify: true }, '2026-11-10'),
  },
  {
    check: 'type-not-approved',
    title: 'CAL-4: the notice approves another model',
    fails: { camera: { model: 'other' } },
    passes: { camera: { model: 'virtual' } },
  },
  {
    check: 'type-not-approved',
    title: 'CAL-4: no notice is configured',
    fails: { camera: { approvalNotice: null } },
    passes: {},
  },
  {
    check: 'type-not-approved',
    title: 'CAL-4: the notice is gazetted tomorrow; that of today counts',
    fails: { reference: { approvedTypes: [{ ...GOOD.approvedTypes[0]!, gazettedOn: TOMORROW }] } },
    passes: { reference: { approvedTypes: [{ ...GOOD.approvedTypes[0]!, gazettedOn: TODAY }] } },
  },
  {
    check: 'operator-unknown',
    title: 'OPR-1: the operator is in no pack',
    fails: { plan: { operatorId: 'OP9' } },
    passes: { plan: { operatorId: 'OP1' } },
  },
  { check: 'operator-unknown', title: 'OPR-1: no operator', fails: { plan: { operatorId: null } }, passes: {} },
  {
    check: 'operator-training',
    title: 'OPR-1: the training ended yesterday; on its last day it counts',
    fails: operator({ validUntil: YESTERDAY }),
    passes: operator({ validUntil: TODAY }),
  },
  {
    check: 'operator-training',
    title: 'OPR-1: the training begins tomorrow; that of today counts',
    fails: operator({ trainedOn: TOMORROW }),
    passes: operator({ trainedOn: TODAY }),
  },
  {
    check: 'vehicle-unknown',
    title: 'OPR-5: the vehicle is not one of the police',
    fails: { plan: { vehicle: 'PRIV8' } },
    passes: { plan: { vehicle: 'DEMO1' } },
  },
  {
    check: 'vehicle-unknown',
    title: 'OPR-5: the vehicle was one of the police until yesterday; on the last day it counts',
    fails: vehicle({ until: YESTERDAY }),
    passes: vehicle({ until: TODAY }),
  },
];

export const PAPER_CASES: readonly Case[] = [...SITES, ...LIMITS, ...PEOPLE_AND_THINGS];

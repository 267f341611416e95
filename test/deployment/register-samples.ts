/** A deployment by hand: everything that a register can tell happens once. The people are plainly invented. */
import type { DeploymentEvent, EventType } from '../../src/deployment/events.js';
import type { RegisterSources } from '../../src/deployment/register.js';
import type { EventFacts } from '../../src/evidence/event-record.js';
import { kmh, monotonicNs, utcMs } from '../../src/units.js';
import { deploymentFacts, sampleContext } from '../evidence/samples.js';
import { sampleExposure, sampleFacts } from '../store/samples.js';

export const OPENED_MS = Date.UTC(2026, 2, 9, 20, 0, 0);

/** Minutes after the opening. */
export const minute = (minutes: number): string => new Date(OPENED_MS + minutes * 60_000).toISOString();

export const openedDetail = {
  startedBy: 'technician',
  plan: {
    operatorId: 'OP-7',
    vehicle: 'TEST01',
    lanes: ['L1'],
    vanHeading: 'increasing',
    lateralM: 5.2,
    occupier: 'Māui Testfarmer',
    weather: 'dry, light wind',
    start: 'operator',
  },
  camera: { id: 'SC-014', model: 'NX-12', approvalNotice: '2026-go1234', serialNumber: null },
  radar: { protocol: 'agd350', serialNumber: 'AGD-881', angleDeg: 22.5, corrected: false },
  forks: ['FK-60'],
  vehicle: 'TEST01',
  installation: 'mobile',
  ioBoard: true,
  site: {
    code: 'WN-0417',
    road: 'State Highway 1, Ngāūranga Gorge',
    locality: 'Wellington',
    version: '7',
    sha256: '5a'.repeat(32),
    zone: 'Pacific/Auckland',
    school: null,
    temporaryLimit: false,
  },
  limit: { limitKmh: 80, authority: 'Example City Council', date: '2020-01-01' },
  threshold: { speedKmh: 84, authority: 'Example Policing Centre', date: '2026-01-15' },
  lanes: [
    { id: 'L1', direction: 'increasing', monitored: true },
    { id: 'L2', direction: 'decreasing', monitored: false },
  ],
  vanHeading: 'increasing',
  facing: 'rear',
  lateralM: 5.2,
  distances: {
    version: 'mobile-standard-2021-12',
    zoneM: 250,
    boundM: 269.2,
    boundBy: 'geometry',
    byRule: [
      { rule: 'DEP-8', boundM: 269.2, boundBy: 'geometry', zoneM: 250 },
      { rule: 'DEP-9', boundM: 265, boundBy: 'rule', zoneM: 250 },
    ],
    points: [{ rule: 'DEP-8', what: 'the drop of the limit to 50 km/h', chainageM: 1400 }],
  },
  packs: [
    {
      kind: 'sites',
      issuer: 'Example PIB',
      serial: 41,
      issuedUtcMs: OPENED_MS - 86_400_000,
      sha256: 'c1'.repeat(32),
      demo: false,
    },
  ],
  certificates: [
    {
      kind: 'radar',
      number: 'CS-2026-118',
      subject: 'AGD-881',
      issuer: 'Example Calibration',
      issuedOn: '2026-02-03',
      validUntil: '2027-02-02',
    },
  ],
  software: { version: '0.1.0', commit: null, sha256: '34'.repeat(32) },
};

let number = 0;
const event = (
  type: EventType,
  minutes: number,
  by: string,
  code: string,
  sentence: string,
  detail: Record<string, unknown> = {},
): EventFacts => {
  number += 1;
  const told: DeploymentEvent = {
    ...{ type, by, code, sentence, detail },
    atNs: monotonicNs(minutes * 60e9),
    utcMs: utcMs(OPENED_MS + minutes * 60_000 + 0.25),
  };
  return {
    deployment: '000124',
    cameraId: 'SC-014',
    demo: true,
    number,
    event: told,
    software: sampleContext.software,
    eventCounter: 3,
  };
};

const position = { latitude: -41.2893, longitude: 174.77698, positionErrorM: 2.5, chainageM: 380.5 };

export const storyEvents: readonly EventFacts[] = [
  event('opened', 0, 'OP-7', 'opened', 'Deployment opened.', openedDetail),
  event('attestation', 2, 'OP-7', 'visible', 'Visible to traffic: OP-7 says yes.', {
    given: true,
    statement: 'i mua i te kura, kāore he rākau',
  }),
  event('test', 4, 'OP-7', 'fork', 'Fork FK-60: 60.1 km/h, expected 60.0.', { passed: true, subject: 'FK-60' }),
  event('state', 5, 'OP-7', 'enforcing', 'From ready to enforcing.', { from: 'ready', reasons: [], ...position }),
  event('state', 30, 'controller', 'suspended', 'From enforcing to suspended: The van moved 3.1 m, at most 2 m.', {
    from: 'enforcing',
    reasons: [{ code: 'moved', sentence: 'The van moved 3.1 m, at most 2 m.' }],
  }),
  event('fault', 31, 'controller', 'tamper', 'The loop round the cabinet is open (TAM-1).', { count: 4 }),
  event('state', 40, 'controller', 'enforcing', 'From suspended to enforcing.', { from: 'suspended', reasons: [] }),
  event('test', 60, 'OP-7', 'fork', 'Fork FK-60: 58.0 km/h, expected 60.0.', { passed: false, subject: 'FK-60' }),
  event('doubt', 60, 'controller', 'fork', 'In doubt: numbers 000124001 to 000124002, failed fork test.', {
    ...{ fromIcn: '000124001', untilIcn: '000124002', test: 'fork', sinceUtcMs: OPENED_MS + 240_000 },
  }),
  event('closed', 61, 'controller', 'closed', 'Deployment closed in order.', {
    ended: 'closed',
    orderly: true,
    faults: { tamper: 4 },
  }),
];

export const storySources: RegisterSources = {
  deployment: '000124',
  events: storyEvents,
  oldestUnexportedUtcMs: null,
  account: { ...deploymentFacts, follows: null, eventCount: storyEvents.length },
  exposures: [
    sampleExposure('000124001', { kind: 'sync', passId: null, imageId: 'a', imageSha256: 'aa'.repeat(32) }),
    sampleExposure('000124002', { imageId: 'b', imageSha256: 'bb'.repeat(32) }),
    sampleExposure('000124003', { kind: 'void', reason: 'lease-unused', facts: sampleFacts({ speedKmh: kmh(0) }) }),
  ],
  doubts: [],
  passes: [
    { verdict: 'enforce', reason: null, count: 1 },
    { verdict: 'observe', reason: 'not-above-threshold', count: 40 },
    { verdict: 'void', reason: 'two-speeds', count: 2 },
    { verdict: 'void', reason: 'path-too-short', count: 3 },
  ],
  signature: {
    signer: 'O=Example Policing, CN=SC-014',
    fingerprint: 'f0'.repeat(32),
    verified: true,
    records: 11,
    findings: [],
    madeAt: minute(90),
  },
};

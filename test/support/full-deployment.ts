/**
 * A deployment from imported packs, in virtual time: everything that the rules ask for is there, so that a test takes away
 * the one thing that it is about.
 */
import { CHECKS } from '../../src/deployment/checks/index.js';
import type { DeploymentPlan } from '../../src/deployment/plan.js';
import type { PackHead, PackKind, Reference } from '../../src/site/reference.js';
import type { BoardReport } from '../../src/timeline.js';
import { kmh, metres, utcMs } from '../../src/units.js';
import { siteSchema, toSite } from '../../src/site/site-file.js';
import { agdFrame, crossing, type Crossing } from './agd-feed.js';
import type { DeploymentEvent } from '../../src/deployment/events.js';
import { outsideSite, VAN_POSITION } from './outside-site.js';
import { VirtualVan, type VirtualOptions } from './virtual-van.js';

export const FORK = { serial: 'F-77', speedKmh: 80 } as const;

/** Monday 23 November 2026, 11:00 in Auckland; 10:00 UTC is its midnight plus 23 h. */
export const MONDAY_11_MS = Date.UTC(2026, 10, 22, 22, 0, 0);

export const GOOD_BOARD: BoardReport = {
  tailgateOpen: false,
  tailgateClosed: true,
  parkLights: false,
  tamperLoopWhole: true,
  batteryV: 12.9,
  cabinetC: 24,
  flashReady: true,
  armKey: null,
};

const head = (kind: PackKind): PackHead => ({
  kind,
  issuer: 'DEMO issuer',
  serial: 1,
  issuedUtcMs: utcMs(Date.UTC(2026, 9, 1)),
  sha256: '00'.repeat(32),
  demo: true,
});

const certificate = (kind: 'camera' | 'radar' | 'fork', subject: string, forkKmh: number | null = null) => ({
  kind,
  number: `CC-${subject}`,
  subject,
  issuer: 'DEMO calibration',
  issuedOn: '2026-05-01',
  validUntil: null,
  forkKmh: forkKmh === null ? null : kmh(forkKmh),
});

export function goodReference(changes: Partial<Reference> = {}): Reference {
  return {
    heads: {
      sites: head('sites'),
      calendar: head('calendar'),
      bulletin: head('bulletin'),
      operators: head('operators'),
      certificates: head('certificates'),
    },
    staticCameras: [],
    certificates: [
      certificate('camera', 'SC-014'),
      certificate('radar', 'R-350'),
      certificate('fork', FORK.serial, FORK.speedKmh),
    ],
    repairs: [],
    approvedTypes: [{ model: 'virtual', notice: '2026-au4711', gazettedOn: '2026-01-05' }],
    operators: [{ id: 'OP1', name: 'Demo Operator One', trainedOn: '2026-02-01', validUntil: '2027-01-31' }],
    vehicles: [{ registration: 'DEMO1', description: 'Demo van', from: '2025-01-01', until: null }],
    calendars: [
      {
        region: 'auckland',
        zone: 'Pacific/Auckland',
        validFrom: '2026-01-01',
        validUntil: '2026-12-31',
        terms: [
          { from: '2026-02-02', until: '2026-04-02' },
          { from: '2026-04-20', until: '2026-07-03' },
          { from: '2026-07-20', until: '2026-09-25' },
          { from: '2026-10-12', until: '2026-12-18' },
        ],
        closures: [],
      },
    ],
    activities: [],
    bulletin: {
      validFromUtcMs: utcMs(Date.UTC(2026, 9, 1)),
      validUntilUtcMs: utcMs(Date.UTC(2026, 11, 31)),
      deployments: [],
    },
    ...changes,
  };
}

export const GOOD_PLAN: DeploymentPlan = {
  operatorId: 'OP1',
  vehicle: 'DEMO1',
  lanes: ['L1', 'L2'],
  vanHeading: 'increasing',
  lateralM: metres(5.25),
  occupier: null,
  weather: 'fine, dry',
  start: 'operator',
};

export function goodSite(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return outsideSite({
    version: '2026-10',
    limitSource: { authority: 'Road controlling authority', date: '2019-07-01' },
    approval: { authority: 'National road policing', date: '2024-03-01' },
    roadReference: { roadId: 'R-1', startM: 1000, direction: 'increasing' },
    limitHistory: [{ limitKmh: 50, from: '2019-07-01', authority: 'Road controlling authority' }],
    ...changes,
  });
}

export interface FullChanges extends Pick<
  VirtualOptions,
  'board' | 'beginUtcMs' | 'van' | 'radarAnswers' | 'radar' | 'heartbeat'
> {
  readonly site?: Record<string, unknown>;
  readonly plan?: Partial<DeploymentPlan>;
  readonly reference?: Partial<Reference>;
  readonly config?: VirtualOptions['config'];
}

export function fullOptions(changes: FullChanges = {}): VirtualOptions {
  const { site, plan, reference, config, ...rest } = changes;
  return {
    beginUtcMs: MONDAY_11_MS,
    board: GOOD_BOARD,
    ...rest,
    camera: { approvalNotice: '2026-au4711' },
    config: {
      site: toSite(siteSchema.parse(goodSite(site))),
      plan: { ...GOOD_PLAN, ...plan },
      reference: goodReference(reference),
      equipment: { radarSerial: 'R-350', forks: [FORK.serial], selfTestEveryMinutes: null },
      ...config,
    },
  };
}

/** Links up, attested, tested with the fork; ready when nothing else refuses. */
export function prepare(van: VirtualVan): VirtualVan {
  van.connect();
  van.advance(8000);
  attestAll(van);
  forkTest(van, FORK.speedKmh);
  van.advance(6000);
  return van;
}

export function attestAll(van: VirtualVan): void {
  for (const { id, force } of CHECKS) {
    if (force !== 'attestable') continue;
    const attestation = { check: id, by: 'OP1', statement: '', given: true };
    van.input({ type: 'attest', atNs: van.now, attestation });
  }
}

/** A fork is held in the beam for some seconds: a steady tone without direction or range that means anything. */
export function forkTest(van: VirtualVan, speedKmh: number): void {
  van.input({ type: 'fork-test', atNs: van.now, fork: FORK.serial, by: 'OP1' });
  for (let count = 0; count < 80; count += 1) {
    const time = (43_200 + count / 20).toFixed(2).padStart(8, '0');
    const speed = speedKmh.toFixed(1).padStart(5, '0');
    van.radar(agdFrame(`04,${time},09,A,${speed},K,001.0,+00.0,180.0,P,061.5`));
    van.advance(50);
  }
}

export function start(van: VirtualVan): VirtualVan {
  van.input({ type: 'command', atNs: van.now, command: 'start', by: 'OP1' });
  return van;
}

/** Everything done, the camera enforces. */
export function enforcing(changes: FullChanges = {}): VirtualVan {
  const van = start(prepare(new VirtualVan(fullOptions(changes))));
  if (van.state !== 'enforcing') throw new Error(`${van.state}: ${van.reasons.join()}`);
  van.advance(1000);
  return van;
}

const METRES_PER_DEGREE = 110_960;
const EAST_METRES_PER_DEGREE = 89_000;

/** The van stands before a school, whose grounds begin 40 m beside the road. */
export function schoolSite(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const corner = (northM: number, westM: number) => ({
    latitude: VAN_POSITION.latitude + northM / METRES_PER_DEGREE,
    longitude: VAN_POSITION.longitude - westM / EAST_METRES_PER_DEGREE,
  });
  return {
    school: {
      name: 'Demo School',
      region: 'auckland',
      directAccess: true,
      boundary: [corner(-60, 40), corner(60, 40), corner(60, 140), corner(-60, 140)],
    },
    setting: 'urban',
    blocks: 2,
    threshold: { speedKmh: 54, authority: 'Road policing centre', date: '2026-01-10' },
    ...changes,
  };
}

/** Above every threshold of these tests. */
export const SPEEDER: Crossing = { track: 1, speedKmh: 92.7, direction: 'A', lateralM: 5.25 };

/** It drives past. @returns how often it was photographed */
export function drive(van: VirtualVan): number {
  const before = van.fires();
  van.frames(crossing(SPEEDER));
  van.advance(1000);
  return van.fires() - before;
}

export function eventsOf(van: VirtualVan): DeploymentEvent[] {
  return van.outputs.flatMap((output) => (output.type === 'event' ? [output.event] : []));
}

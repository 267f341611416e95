/**
 * Facts in which every check passes, or with the one change that a test is about. Monitors are the real ones, fed as the
 * session feeds them; only the radar's dialogue is a stand-in.
 */
import type { ControllerConfig } from '../../../src/controller-config.js';
import { ClockMonitor } from '../../../src/deployment/clock-monitor.js';
import type { Attestation, TestResult } from '../../../src/deployment/plan.js';
import { PositionMonitor } from '../../../src/deployment/position-monitor.js';
import { RadarMonitor } from '../../../src/deployment/radar-monitor.js';
import type { BoardFacts, ReadinessFacts } from '../../../src/deployment/readiness.js';
import { CHECKS, evaluate, type Evaluation } from '../../../src/deployment/checks/index.js';
import type { RadarDriver } from '../../../src/radar/reading.js';
import { placeVan } from '../../../src/site/placement.js';
import type { Site } from '../../../src/site/types.js';
import type { BoardReport, GpsFix } from '../../../src/timeline.js';
import { monotonicNs, NS_PER_S, plusNs, utcMs, type MonotonicNs } from '../../../src/units.js';
import { FORK, fullOptions, GOOD_BOARD, MONDAY_11_MS, type FullChanges } from '../../support/full-deployment.js';
import { VAN_POSITION } from '../../support/outside-site.js';
import { controllerConfig } from '../../support/virtual-van.js';

/** When the checks are asked; instants of the tests are counted from here. */
export const NOW = monotonicNs(10_000 * NS_PER_S);
export const UTC_NOW_MS = MONDAY_11_MS;
export const agoS = (seconds: number): MonotonicNs => plusNs(NOW, -seconds * NS_PER_S);

export interface World extends Pick<FullChanges, 'site' | 'plan' | 'reference'> {
  readonly config?: Partial<Omit<ControllerConfig, 'camera' | 'equipment' | 'site' | 'plan' | 'reference'>>;
  readonly camera?: Partial<ControllerConfig['camera']>;
  readonly equipment?: Partial<ControllerConfig['equipment']>;
  /** Past the schema of packs. */
  readonly siteOver?: Partial<Site>;
  readonly bench?: boolean;
  /** Instant at which the checks are asked. */
  readonly utcMs?: number;
  /** null: nothing was reported. */
  readonly report?: Partial<BoardReport> | null;
  readonly board?: Partial<BoardFacts>;
  readonly tests?: Partial<ReadinessFacts['tests']>;
  readonly withdrawn?: readonly string[];
  readonly radar?: (radar: RadarMonitor) => void;
  readonly radarUsable?: boolean;
  /** In place of three good fixes in a row, the last of them now. */
  readonly gps?: (fix: (ago: number, changes?: Partial<GpsFix>) => void, gps: PositionMonitor) => void;
  readonly clock?: (clock: ClockMonitor, utc: number) => void;
  readonly facts?: Partial<ReadinessFacts>;
}

const driver = (usable: boolean): RadarDriver =>
  ({
    decoder: { reset: () => undefined },
    dialogue: {
      linkUp: () => undefined,
      linkDown: () => undefined,
      onEvent: () => undefined,
      condition: () => ({ usable, reason: null, sentence: 'Radar: its self-test failed.', unconfirmed: false }),
    },
  }) as unknown as RadarDriver;

const passed = (test: TestResult['test'], subject: string | null): TestResult => ({
  test,
  passed: true,
  atNs: agoS(60),
  utcMs: null,
  sentence: `${test}: passed.`,
  subject,
});

export function configOf(world: World): ControllerConfig {
  const { site, plan, reference, config, camera, equipment, siteOver, bench } = world;
  const changes: FullChanges = { ...(site && { site }), ...(plan && { plan }), ...(reference && { reference }) };
  const made = controllerConfig(fullOptions(changes));
  return {
    ...made,
    hasIoBoard: true,
    ...config,
    plan: bench === true ? null : made.plan,
    camera: { ...made.camera, flash: 'always', ...camera },
    equipment: { ...made.equipment, selfTestEveryMinutes: 60, ...equipment },
    site: { ...made.site, ...siteOver },
  };
}

function gpsOf(world: World, utc: number): PositionMonitor {
  const gps = new PositionMonitor();
  gps.onLink(true, 'connected');
  const { latitude, longitude, eph } = VAN_POSITION;
  const base = { mode: 3, status: 1, latitude, longitude, altitudeM: 20, speedMs: 0, horizontalErrorM: eph };
  const fix = (ago: number, changes: Partial<GpsFix> = {}): void => {
    gps.onFix({ ...base, utcMs: utcMs(utc - ago * 1000), ...changes }, agoS(ago));
  };
  const feed = world.gps ?? ((each: typeof fix) => [2, 1, 0].forEach((ago) => each(ago)));
  feed(fix, gps);
  return gps;
}

function clockOf(world: World, utc: number): ClockMonitor {
  const clock = new ClockMonitor();
  if (world.clock !== undefined) {
    world.clock(clock, utc);
    return clock;
  }
  clock.onClock({ atNs: NOW, utcMs: utcMs(utc), disciplined: false, uncertaintyMs: null });
  clock.onFixTime(utcMs(utc), NOW);
  return clock;
}

function boardOf({ report, board }: World): BoardFacts {
  const wired = report === null ? null : { ...GOOD_BOARD, armKey: true, ...report };
  return { up: true, detail: 'connected', report: wired, reportNs: wired === null ? null : NOW, ...board };
}

function attestationsOf({ withdrawn = [] }: World): ReadonlyMap<string, Attestation> {
  const ids = CHECKS.filter(({ force }) => force === 'attestable').map(({ id }) => id);
  const given = ids.filter((id) => !withdrawn.includes(id));
  return new Map(given.map((check) => [check, { check, by: 'OP1', statement: '', given: true }]));
}

/** What the checks are asked about. */
export function factsOf(world: World = {}): ReadinessFacts {
  const utc = world.utcMs ?? UTC_NOW_MS;
  const config = configOf(world);
  const radar = new RadarMonitor(driver(world.radarUsable ?? true), config.radar);
  radar.onLink(true, 'opened', NOW);
  world.radar?.(radar);
  const gps = gpsOf(world, utc);
  const clock = clockOf(world, utc);
  const position = gps.believed(NOW);
  return {
    nowNs: NOW,
    utcMs: clock.utcAt(NOW),
    state: 'ready',
    config,
    site: config.site,
    reference: config.reference,
    radar,
    gps,
    clock,
    position,
    van: position === null ? null : placeVan(config.site, config.mounting, position.point, position.errorM),
    dark: position === null ? null : false,
    lines: { strobe: 0, tamper: 0, ready: null },
    board: boardOf(world),
    store: { usable: true, detail: '' },
    leasedNumbers: 10,
    cameraSynced: true,
    attestations: attestationsOf(world),
    tests: {
      fork: passed('fork', FORK.serial),
      radar: passed('radar', null),
      alignment: passed('alignment', '000001001'),
      ...world.tests,
    },
    forkTestRunning: false,
    halted: false,
    oldestUnexportedUtcMs: null,
    ...world.facts,
  };
}

export const codesOf = ({ refusals }: Evaluation): string[] => refusals.map(({ code }) => code);

export function findingOf(evaluation: Evaluation, id: string): Evaluation['findings'][number] {
  const found = evaluation.findings.find((finding) => finding.id === id);
  if (found === undefined) throw new Error(`no check ${id}`);
  return found;
}

export const judge = (world: World): Evaluation => evaluate(factsOf(world));

/** One check by which alone the facts are refused, and the nearest facts that it accepts. */
export interface Case {
  readonly check: string;
  readonly title: string;
  readonly fails: World;
  readonly passes: World;
}

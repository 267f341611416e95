/** Radar, receiver, clock, camera, store, board and tests of the equipment: what alone refuses. */
import { chainageOf, pointAt } from '../../../src/site/geodesy.js';
import type { GpsFix } from '../../../src/timeline.js';
import { KMH_PER_MS, metres, monotonicNs, utcMs } from '../../../src/units.js';
import { VAN_POSITION } from '../../support/outside-site.js';
import { agoS, configOf, NOW, type Case, type World } from './world.js';

const { centreline } = configOf({}).site;
const AT = chainageOf(centreline, VAN_POSITION);

/** Stands where the session began, then so many metres farther along the road. */
const moved = (byM: number): World => ({
  gps(fix) {
    const start = pointAt(centreline, AT.chainageM, metres(-1 * AT.offLineM));
    const end = pointAt(centreline, metres(AT.chainageM + byM), metres(-1 * AT.offLineM));
    [3, 2, 1].forEach((ago) => fix(ago, start));
    fix(0, end);
  },
});
const fixes = (changes: Partial<GpsFix>): World => ({
  gps: (fix) => [2, 1, 0].forEach((ago) => fix(ago, changes)),
});
const rolling = (speedKmh: number): World => fixes({ speedMs: speedKmh / KMH_PER_MS });
const lastFix = (ago: number): World => ({ gps: (fix) => [2, 1, 0].forEach((each) => fix(each + ago)) });
const clockRead = (ago: number): World => ({
  clock(clock, utc) {
    const then = utcMs(utc - ago * 1000);
    clock.onClock({ atNs: agoS(ago), utcMs: then, disciplined: false, uncertaintyMs: null });
    clock.onFixTime(then, agoS(ago));
  },
});
const clockOff = (offMs: number, uncertaintyMs: number | null = null): World => ({
  clock(clock, utc) {
    clock.onClock({ atNs: NOW, utcMs: utcMs(utc), disciplined: uncertaintyMs !== null, uncertaintyMs });
    clock.onFixTime(utcMs(utc - offMs), NOW);
  },
});
const nonsense = (bytes: number): World => ({
  radar(radar) {
    radar.onLink(true, 'opened', agoS(6));
    radar.onBytes(bytes);
  },
});
/** A heartbeat a second for twenty seconds, the last of them late. */
const lateRadar = (lateS: number): World => ({
  radar(radar) {
    for (let ago = 20; ago >= 0; ago -= 1) {
      const text = (43_200 - ago - (ago === 0 ? lateS : 0)).toFixed(2);
      radar.onEvent({ type: 'heartbeat', atNs: agoS(ago), text });
    }
  },
});
const facts = (some: NonNullable<World['facts']>): World => ({ facts: some });
const camera = (ready: 0 | 1): World => ({
  camera: { hasReadyLine: true },
  ...facts({ lines: { strobe: 0, tamper: 0, ready } }),
});
const test = (name: 'fork' | 'radar' | 'alignment', ok: boolean, ago = 60): World => ({
  tests: {
    [name]: {
      test: name,
      passed: ok,
      atNs: agoS(ago),
      utcMs: null,
      sentence: `${name} test: ${ok}.`,
      subject: name === 'fork' ? 'F-77' : null,
    },
  },
});

const RADAR_AND_PLACE: readonly Case[] = [
  {
    check: 'radar-link-down',
    title: 'the link to the radar is down',
    fails: { radar: (radar) => radar.onLink(false, 'unplugged', NOW) },
    passes: {},
  },
  {
    check: 'radar-unintelligible',
    title: 'the radar sends 64 bytes in 5 s that are no message, 63 are waited for',
    fails: nonsense(64),
    passes: nonsense(63),
  },
  { check: 'radar-unusable', title: 'the radar says that it is not fit', fails: { radarUsable: false }, passes: {} },
  {
    check: 'radar-late',
    title: 'the radar speaks 0.15 s later than it did at first; 0.06 s later is taken for reading the port',
    fails: lateRadar(0.15),
    passes: lateRadar(0.06),
  },
  {
    check: 'position-simulated',
    title: 'the receiver simulates',
    fails: fixes({ status: 8 }),
    passes: fixes({ status: 2 }),
  },
  { check: 'position-none', title: 'there has been no fix', fails: { gps: () => undefined }, passes: {} },
  {
    check: 'position-stale',
    title: 'the last fix is a second older than 3 s; at 3 s it counts',
    fails: lastFix(4),
    passes: lastFix(3),
  },
  {
    check: 'position-unproven',
    title: 'two fixes in a row are too few, three are enough',
    fails: { gps: (fix) => [1, 0].forEach((ago) => fix(ago)) },
    passes: {},
  },
  { check: 'van-rolling', title: 'the van rolls at 4 km/h, 2 km/h is scatter', fails: rolling(4), passes: rolling(2) },
  {
    check: 'van-moved',
    title: 'the van stands 16 m from where it began, 14 m is scatter',
    fails: moved(16),
    passes: moved(14),
  },
  {
    check: 'clock-unknown',
    title: 'the clock was read a second more than 5 s ago; at 5 s it counts',
    fails: clockRead(6),
    passes: clockRead(5),
  },
  {
    check: 'clock-unproven',
    title: 'the clock was never compared with GPS',
    fails: {
      clock: (clock, utc) => clock.onClock({ atNs: NOW, utcMs: utcMs(utc), disciplined: false, uncertaintyMs: null }),
    },
    passes: {},
  },
  {
    check: 'clock-disagrees',
    title: 'the clock is a second more than 1 s away from GPS; at 1 s it counts',
    fails: clockOff(2000),
    passes: clockOff(1000),
  },
  {
    check: 'clock-disagrees',
    title: 'a disciplined clock says that it is 101 ms uncertain, 100 ms is fine',
    fails: clockOff(0, 101),
    passes: clockOff(0, 100),
  },
];

const CAMERA_AND_STORE: readonly Case[] = [
  {
    check: 'store-failed',
    title: 'evidence cannot be stored',
    fails: facts({ store: { usable: false, detail: 'the disk is full.' } }),
    passes: {},
  },
  {
    check: 'tamper',
    title: 'TAM-1: the tamper line is active',
    fails: facts({ lines: { strobe: 0, tamper: 1, ready: null } }),
    passes: facts({ lines: { strobe: 0, tamper: 0, ready: null } }),
  },
  { check: 'camera-not-ready', title: 'the camera says that it is not ready', fails: camera(0), passes: camera(1) },
  {
    check: 'no-numbers',
    title: 'ICN-2: no leased number, one is enough',
    fails: facts({ leasedNumbers: 0 }),
    passes: facts({ leasedNumbers: 1 }),
  },
  {
    check: 'camera-out-of-sync',
    title: 'no sync shot has matched',
    fails: facts({ cameraSynced: false }),
    passes: facts({ cameraSynced: true }),
  },
  { check: 'halted', title: 'the operator halts', fails: facts({ halted: true }), passes: facts({ halted: false }) },
];

const BOARD: readonly Case[] = [
  {
    check: 'board-stale',
    title: 'the board was last heard a second more than 1 s ago; at 1 s it counts',
    fails: { board: { reportNs: agoS(2) } },
    passes: { board: { reportNs: agoS(1) } },
  },
  {
    check: 'board-stale',
    title: 'the board is unplugged',
    fails: { report: null, board: { up: false, detail: 'unplugged' } },
    passes: {},
  },
  { check: 'board-stale', title: 'the board has not reported yet', fails: { report: null }, passes: {} },
  {
    check: 'tamper-loop',
    title: 'TAM-1: the tamper loop is open',
    fails: { report: { tamperLoopWhole: false } },
    passes: { report: { tamperLoopWhole: true } },
  },
  {
    check: 'flash-not-ready',
    title: 'the flash is not charged',
    fails: { report: { flashReady: false } },
    passes: { report: { flashReady: true } },
  },
  {
    check: 'flash-not-ready',
    title: 'the flash for the dark is not charged and it is dark',
    fails: { camera: { flash: 'dark' }, report: { flashReady: false, parkLights: true }, facts: { dark: true } },
    passes: { camera: { flash: 'dark' }, report: { flashReady: true, parkLights: true }, facts: { dark: true } },
  },
  {
    check: 'battery-low',
    title: 'the battery gives 11.4 V, 11.5 V are enough',
    fails: { report: { batteryV: 11.4 } },
    passes: { report: { batteryV: 11.5 } },
  },
  {
    check: 'cabinet-temperature',
    title: 'the cabinet is at 61 °C, 60 °C is allowed',
    fails: { report: { cabinetC: 61 } },
    passes: { report: { cabinetC: 60 } },
  },
  {
    check: 'cabinet-temperature',
    title: 'the cabinet is at -11 °C, -10 °C is allowed',
    fails: { report: { cabinetC: -11 } },
    passes: { report: { cabinetC: -10 } },
  },
  {
    check: 'arm-key',
    title: 'the arm key is off',
    fails: { report: { armKey: false } },
    passes: { report: { armKey: true } },
  },
];

const TESTS: readonly Case[] = [
  {
    check: 'fork-test-running',
    title: 'a fork test is under way',
    fails: facts({ forkTestRunning: true }),
    passes: facts({ forkTestRunning: false }),
  },
  {
    check: 'radar-self-test-overdue',
    title: 'OPR-2: the test of the radar is a second past its hour, a second before it counts',
    fails: test('radar', true, 3601),
    passes: test('radar', true, 3599),
  },
  {
    check: 'radar-self-test-overdue',
    title: 'OPR-2: the radar was never tested',
    fails: { tests: { radar: null } },
    passes: test('radar', true),
  },
  {
    check: 'radar-self-test-overdue',
    title: 'OPR-2: the last test of the radar failed',
    fails: test('radar', false),
    passes: test('radar', true),
  },
  { check: 'fork-test', title: 'OPR-2: the fork test failed', fails: test('fork', false), passes: test('fork', true) },
  {
    check: 'fork-test',
    title: 'OPR-2: no fork test was made',
    fails: { tests: { fork: null } },
    passes: test('fork', true),
  },
  {
    check: 'fork-test',
    title: 'OPR-2: the fork test was made with a fork that is not carried',
    fails: {
      tests: {
        fork: { test: 'fork', passed: true, atNs: monotonicNs(0), utcMs: null, sentence: 'good.', subject: 'F-1' },
      },
    },
    passes: test('fork', true),
  },
  {
    check: 'alignment-photo',
    title: 'OPR-2: no alignment photo was made',
    fails: { tests: { alignment: null } },
    passes: test('alignment', true),
  },
  {
    check: 'alignment-photo',
    title: 'OPR-2: the alignment photo has no image',
    fails: test('alignment', false),
    passes: test('alignment', true),
  },
];

export const EQUIPMENT_CASES: readonly Case[] = [...RADAR_AND_PLACE, ...CAMERA_AND_STORE, ...BOARD, ...TESTS];

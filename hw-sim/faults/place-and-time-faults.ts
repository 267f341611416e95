/** What goes wrong with the receiver and with the system clock. */
import type { VanEvent } from '../../src/ports/pretend.js';
import { monotonicNs, NS_PER_S, utcMs } from '../../src/units.js';
import type { Random } from '../prng.js';
import { amount, kind, on, type FaultKind, type Hold } from './fault.js';

type Report = Record<string, unknown>;

const METRES_PER_DEGREE = 111_320;
const WEEKS_1024_MS = 1024 * 7 * 86_400_000;

/** @returns null for a line that another fault has garbled already */
function reportOf(line: string): Report | null {
  try {
    return JSON.parse(line) as Report;
  } catch {
    return null;
  }
}

/** Changes reports with a position; other lines stay as they are. */
function reports(change: (report: Report, atNs: number) => Report | string): Hold {
  return on('gps-line', (event) => {
    const report = reportOf(event.line);
    if (report?.['class'] !== 'TPV') return [event];
    const changed = change(report, event.atNs);
    return [{ ...event, line: typeof changed === 'string' ? changed : JSON.stringify(changed) }];
  });
}

const shifted = (report: Report, metres: number): Report =>
  typeof report['lat'] === 'number' ? { ...report, lat: report['lat'] + metres / METRES_PER_DEGREE } : report;

function timeShifted(ms: number): Hold {
  return reports((report) => {
    const reported = typeof report['time'] === 'string' ? Date.parse(report['time']) : Number.NaN;
    return Number.isNaN(reported) ? report : { ...report, time: new Date(reported + ms).toISOString() };
  });
}

function silent(): Hold {
  return on('gps-line', () => []);
}

function linkDown(): Hold {
  return {
    ...silent(),
    begin: (atNs) => [{ type: 'gps-link', atNs: monotonicNs(atNs), up: false, detail: 'pretend gpsd gone' }],
    end: (atNs) => [{ type: 'gps-link', atNs: monotonicNs(atNs), up: true, detail: 'pretend gpsd back' }],
  };
}

function garbage(_amount: number, random: Random): Hold {
  return reports((report) => {
    const text = JSON.stringify(report);
    return random.pick<Report | string>([
      text.slice(0, Math.floor(text.length * random.uniform())),
      { ...report, lat: 1e308, lon: -1e308, speed: 1e308, eph: -5, altMSL: 1e300 },
      { ...report, lat: 'north', mode: 'yes', time: 12, eph: null },
      { ...report, mode: 99, speed: Number.MAX_VALUE, eph: 1e30, time: '9999-99-99T00:00:00Z' },
      `{"class":"TPV","mode":3,"lat":${'9'.repeat(400)}}`,
    ]);
  });
}

function stuckReport(): Hold {
  let first: Report | null = null;
  return reports((report) => (first ??= report));
}

function drift(metresPerS: number): Hold {
  let fromNs = 0;
  return reports((report, atNs) => {
    fromNs ||= atNs;
    return shifted(report, (metresPerS * (atNs - fromNs)) / NS_PER_S);
  });
}

function clocks(change: (event: Extract<VanEvent, { type: 'clock' }>) => readonly VanEvent[]): Hold {
  return on('clock', change);
}

function clockDrift(partsPerMillion: number): Hold {
  let fromNs = 0;
  return clocks((event) => {
    fromNs ||= event.atNs;
    return [{ ...event, utcMs: utcMs(event.utcMs + ((event.atNs - fromNs) / 1e6) * partsPerMillion * 1e-6) }];
  });
}

export const PLACE_FAULTS: readonly FaultKind[] = [
  kind('gps-gone', 'gps', 'off', 'gpsd closes the connection', linkDown),
  kind('gps-silent', 'gps', 'off', 'gpsd says nothing', silent),
  kind('gps-no-fix', 'gps', 'off', 'the sky is covered: mode 1', () =>
    reports(({ device }) => ({ class: 'TPV', device, mode: 1 })),
  ),
  kind('gps-stuck', 'gps', 'stuck', 'the same report again and again, its time too', stuckReport),
  kind('gps-garbage', 'gps', 'garbage', 'cut lines, absurd numbers, wrong types', garbage),
  kind(
    ...(['gps-jump', 'gps', 'wrong', 'another place at once'] as const),
    (metres) => reports((report) => shifted(report, metres)),
    amount('m', 3, 100_000, 60),
  ),
  kind('gps-drift', 'gps', 'wrong', 'the place creeps away', drift, amount('m/s', 0.01, 5, 0.3)),
  kind(
    ...(['gps-lured', 'gps', 'wrong', 'the place is led away so slowly that it never jumps'] as const),
    (metres, _random, { fromS, toS }) => drift(metres / (toS - fromS)),
    amount('m in its time', 1, 14, 10),
  ),
  kind('gps-spoofed', 'gps', 'wrong', 'a simulated position, as gpsd marks it', () =>
    reports((report) => ({ ...shifted(report, 500), status: 8 })),
  ),
  kind('gps-week-rollover', 'gps', 'wrong', '1024 weeks back', () => timeShifted(-WEEKS_1024_MS)),
  kind('gps-time-backwards', 'gps', 'wrong', 'its time runs backwards', () => {
    let ms = 0;
    return reports((report) => {
      ms -= 2000;
      const time = typeof report['time'] === 'string' ? Date.parse(report['time']) + ms : Number.NaN;
      return Number.isNaN(time) ? report : { ...report, time: new Date(time).toISOString() };
    });
  }),
  kind('gps-leap-second', 'gps', 'wrong', 'a second off, as after a leap second nobody knew of', () =>
    timeShifted(-1000),
  ),
  kind(
    ...(['gps-delayed', 'gps', 'delayed', 'reports come late'] as const),
    (delayS) => on('gps-line', (event) => [{ ...event, atNs: monotonicNs(event.atNs + delayS * NS_PER_S) }]),
    amount('s', 0.1, 20, 2),
  ),
  kind(
    ...(['gps-intermittent', 'gps', 'intermittent', 'reports are lost'] as const),
    (rate, random) => on('gps-line', (event) => (random.uniform() < rate ? [] : [event])),
    amount('lost a report', 0.05, 1, 0.5),
  ),
];

export const CLOCK_FAULTS: readonly FaultKind[] = [
  kind('clock-silent', 'clock', 'off', 'nobody reads the system clock', () => clocks(() => [])),
  kind('clock-stuck', 'clock', 'stuck', 'the system clock stands still', () => {
    let first: number | null = null;
    return clocks((event) => [{ ...event, utcMs: utcMs((first ??= event.utcMs)) }]);
  }),
  kind(
    ...(['clock-step', 'clock', 'wrong', 'the system clock is set, back where negative'] as const),
    (seconds) => clocks((event) => [{ ...event, utcMs: utcMs(event.utcMs + seconds * 1000) }]),
    amount('s', -86_400, 86_400, -3),
  ),
  kind('clock-leap-second', 'clock', 'wrong', 'the system clock counts a second twice', () =>
    clocks((event) => [{ ...event, utcMs: utcMs(event.utcMs - 1000) }]),
  ),
  kind(
    'clock-drift',
    'clock',
    'wrong',
    'the system clock runs fast',
    clockDrift,
    amount('parts in a million', -20_000, 20_000, 500),
  ),
];

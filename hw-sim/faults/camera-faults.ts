/** What goes wrong with the camera: its files, its strobe feedback, the lines to it. */
import type { OutputLineName, VanEvent } from '../../src/ports/pretend.js';
import { monotonicNs, NS_PER_MS, NS_PER_S } from '../../src/units.js';
import type { Random } from '../prng.js';
import { amount, kind, on, type FaultKind, type Hold } from './fault.js';

type File = Extract<VanEvent, { type: 'file' }>;
type Edge = Extract<VanEvent, { type: 'line-edge' }>;

const files = (change: (event: File) => readonly VanEvent[]): Hold => on('file', change);

const renamed = (event: File, by: number): File => ({
  ...event,
  fileName: event.fileName.replace(/\d+/, (digits) => String(Number(digits) + by).padStart(digits.length, '0')),
});

/** Each two files under each other's name. */
function swapped(): Hold {
  let waiting: File | null = null;
  return {
    ...files((event) => {
      if (waiting === null) {
        waiting = event;
        return [];
      }
      const first = waiting;
      waiting = null;
      return [
        { ...event, bytes: first.bytes },
        { ...event, fileName: first.fileName, bytes: event.bytes },
      ];
    }),
    end: (atNs) => (waiting === null ? [] : [{ ...waiting, atNs: monotonicNs(atNs) }]),
  };
}

function doubled(_amount: number, random: Random): Hold {
  return files((event) => {
    const copy = { ...event, fileName: event.fileName.replace('.JPG', ' (2).JPG') };
    const again = random.uniform() < 0.5 ? copy : event;
    return [event, { ...again, atNs: monotonicNs(event.atNs + NS_PER_S) }];
  });
}

const strobes = (change: (event: Edge) => readonly VanEvent[]): Hold =>
  on('line-edge', (event) => (event.line === 'strobe' ? change(event) : [event]));

function spurious(perMinute: number, random: Random): Hold {
  return on('clock', (event) => {
    if (random.uniform() > perMinute / 60) return [event];
    const atNs = event.atNs + random.uniform() * 0.9 * NS_PER_S;
    const edge = (value: 0 | 1, ms: number): VanEvent => ({
      ...{ type: 'line-edge', line: 'strobe', value },
      atNs: monotonicNs(atNs + ms * NS_PER_MS),
    });
    return [event, edge(1, 0), edge(0, 5)];
  });
}

/** Neither of its edges comes, now and then. */
function lostStrobes(rate: number, random: Random): Hold {
  let lost = false;
  return strobes((event) => {
    if (event.value === 1) lost = random.uniform() < rate;
    return lost ? [] : [event];
  });
}

const deadLine = (dead: OutputLineName): Hold => ({
  line: (line, value, atNs) => (line === dead && value === 1 ? [] : [{ line, value, atNs: monotonicNs(atNs) }]),
});

export const CAMERA_FAULTS: readonly FaultKind[] = [
  kind('camera-dead', 'camera', 'off', 'no file comes any more', () => files(() => [])),
  kind(
    ...(['image-missing', 'camera', 'intermittent', 'files are lost'] as const),
    (rate, random) => files((event) => (random.uniform() < rate ? [] : [event])),
    amount('lost a file', 0.05, 1, 0.5),
  ),
  kind(
    ...(['image-late', 'camera', 'delayed', 'files come late'] as const),
    (delayS) => files((event) => [{ ...event, atNs: monotonicNs(event.atNs + delayS * NS_PER_S) }]),
    amount('s', 0.5, 120, 12),
  ),
  kind('image-doubled', 'camera', 'wrong', 'files come twice, under the same or another name', doubled),
  kind('image-swapped', 'camera', 'wrong', 'two files have each other’s name', swapped),
  kind(
    ...(['image-truncated', 'camera', 'garbage', 'files break off'] as const),
    (part) => files((event) => [{ ...event, bytes: event.bytes.slice(0, Math.floor(event.bytes.length * part)) }]),
    amount('part that is left', 0, 0.99, 0.6),
  ),
  kind(
    ...(['image-garbage', 'camera', 'garbage', 'files hold noise'] as const),
    (rate, random) =>
      files((event) => [
        { ...event, bytes: event.bytes.map((byte) => (random.uniform() < rate ? random.uniform() * 256 : byte)) },
      ]),
    amount('noise a byte', 0.001, 1, 0.3),
  ),
  kind(
    ...(['counter-jump', 'camera', 'wrong', 'the number in the file name is not the next one'] as const),
    (by) => files((event) => [renamed(event, by)]),
    amount('numbers', 1, 1000, 1),
  ),
];

export const STROBE_FAULTS: readonly FaultKind[] = [
  kind('strobe-dead', 'strobe', 'off', 'no feedback comes', () => strobes(() => [])),
  kind('strobe-stuck', 'strobe', 'stuck', 'the line stays high', () =>
    strobes((event) => (event.value === 1 ? [event] : [])),
  ),
  kind(
    ...(['strobe-delayed', 'strobe', 'delayed', 'feedback comes late'] as const),
    (ms) => strobes((event) => [{ ...event, atNs: monotonicNs(event.atNs + ms * NS_PER_MS) }]),
    amount('ms', 20, 2000, 250),
  ),
  kind(
    'strobe-intermittent',
    'strobe',
    'intermittent',
    'feedback is lost now and then',
    lostStrobes,
    amount('lost a pulse', 0.05, 1, 0.3),
  ),
  kind('strobe-spurious', 'strobe', 'wrong', 'pulses that no exposure made', spurious, amount('a minute', 0.5, 60, 6)),
];

export const LINE_FAULTS: readonly FaultKind[] = [
  kind('shutter-dead', 'lines', 'off', 'the shutter line does not reach the camera', () => deadLine('shutter')),
  kind('flash-dead', 'lines', 'off', 'the flash line does not reach the flash', () => deadLine('flash')),
  kind(
    ...(['shutter-slow', 'lines', 'slow', 'the camera sees the shutter line rise late'] as const),
    (ms) => ({
      line: (line, value, atNs) => [
        { line, value, atNs: monotonicNs(line === 'shutter' ? atNs + ms * NS_PER_MS : atNs) },
      ],
    }),
    amount('ms', 5, 400, 120),
  ),
  kind('tamper-line', 'lines', 'wrong', 'somebody opens the cabinet', () => ({
    begin: (atNs) => [{ type: 'line-edge', atNs: monotonicNs(atNs), line: 'tamper', value: 1 }],
    end: (atNs) => [{ type: 'line-edge', atNs: monotonicNs(atNs), line: 'tamper', value: 0 }],
  })),
];

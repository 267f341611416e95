/** What goes wrong with the van itself: its I/O board, disk and power, and its operator. */
import type { BoardReport, OperatorCommand, VanEvent } from '../../src/ports/pretend.js';
import { monotonicNs, NS_PER_S } from '../../src/units.js';
import { amount, kind, on, type FaultKind, type Hold } from './fault.js';

const reports = (change: Partial<BoardReport>): Hold =>
  on('board', (event) => [{ ...event, report: { ...event.report, ...change } }]);

function boardGone(): Hold {
  return {
    begin: (atNs) => [{ type: 'board-link', atNs: monotonicNs(atNs), up: false, detail: 'pretend board pulled' }],
    end: (atNs) => [{ type: 'board-link', atNs: monotonicNs(atNs), up: true, detail: 'pretend board put back' }],
    ...on('board', () => []),
  };
}

/** A worn key: each report says something else. */
function bouncing(): Hold {
  let on_ = false;
  return on('board', (event) => {
    on_ = !on_;
    return [{ ...event, report: { ...event.report, armKey: on_ } }];
  });
}

const once = (event: (atNs: number) => VanEvent): Hold => ({ begin: (atNs) => [event(atNs)] });

const command = (word: OperatorCommand): Hold =>
  once((atNs) => ({ type: 'operator', atNs: monotonicNs(atNs), request: { type: 'command', command: word } }));

export const VAN_FAULTS: readonly FaultKind[] = [
  kind('board-unplugged', 'board', 'off', 'the I/O board is pulled and put back', boardGone),
  kind('board-silent', 'board', 'off', 'the board is there and says nothing', () => on('board', () => [])),
  kind('board-stuck', 'board', 'stuck', 'the board reports what it reported first', () => {
    let first: BoardReport | null = null;
    return on('board', (event) => [{ ...event, report: (first ??= event.report) }]);
  }),
  kind('tailgate-half-way', 'board', 'wrong', 'the tailgate is neither open nor closed (DEP-5)', () =>
    reports({ tailgateOpen: false, tailgateClosed: false }),
  ),
  kind('park-lights-off', 'board', 'wrong', 'the park lights go out', () => reports({ parkLights: false })),
  kind('tamper-loop', 'board', 'wrong', 'the loop round the cabinet is cut (TAM-1)', () =>
    reports({ tamperLoopWhole: false }),
  ),
  kind(
    'battery-low',
    'board',
    'wrong',
    'the battery runs down',
    (batteryV) => reports({ batteryV }),
    amount('V', 0, 20, 9.5),
  ),
  kind(
    'cabinet-hot',
    'board',
    'wrong',
    'the cabinet is hot',
    (cabinetC) => reports({ cabinetC }),
    amount('°C', -40, 120, 75),
  ),
  kind('flash-not-ready', 'board', 'slow', 'the flash does not charge', () => reports({ flashReady: false })),
  kind('key-bounces', 'board', 'intermittent', 'the arm key bounces', bouncing),
  kind('disk-full', 'disk', 'off', 'the disk takes nothing any more', () => ({
    begin: (atNs) => [{ type: 'disk', atNs: monotonicNs(atNs), usable: false, detail: 'Disk: pretended full.' }],
    end: (atNs) => [{ type: 'disk', atNs: monotonicNs(atNs), usable: true, detail: 'Disk: room again.' }],
  })),
  kind(
    ...(['power-cut', 'power', 'off', 'the power goes and comes back'] as const),
    (seconds) =>
      once((atNs) => ({ type: 'power-cut', atNs: monotonicNs(atNs), backNs: monotonicNs(atNs + seconds * NS_PER_S) })),
    amount('s without', 1, 3600, 20),
  ),
  kind(
    ...(['trigger-killed', 'power', 'intermittent', 'the process that runs the controller dies'] as const),
    (seconds) =>
      once((atNs) => ({
        type: 'trigger-died',
        atNs: monotonicNs(atNs),
        backNs: monotonicNs(atNs + seconds * NS_PER_S),
      })),
    amount('s until it runs again', 0.3, 60, 0.8),
  ),
];

export const OPERATOR_FAULTS: readonly FaultKind[] = [
  kind('operator-suspends', 'operator', 'wrong', 'halts the camera and starts it again', () => ({
    begin: (atNs) => [{ type: 'operator', atNs: monotonicNs(atNs), request: { type: 'command', command: 'suspend' } }],
    end: (atNs) => [{ type: 'operator', atNs: monotonicNs(atNs), request: { type: 'command', command: 'start' } }],
  })),
  kind('operator-syncs', 'operator', 'wrong', 'asks for a sync photo in the middle of traffic', () => command('sync')),
  kind('operator-tests', 'operator', 'wrong', 'asks for the radar’s self-test in the middle of traffic', () =>
    command('self-test'),
  ),
  kind('operator-photographs', 'operator', 'wrong', 'asks for an alignment photo in the middle of traffic', () =>
    command('alignment'),
  ),
  kind('operator-withdraws', 'operator', 'wrong', 'takes back what he vouched for', () =>
    once((atNs) => ({
      ...{ type: 'operator', atNs: monotonicNs(atNs) },
      request: { type: 'attest', check: 'visibility', statement: 'a lorry stands before us', given: false },
    })),
  ),
  kind('operator-closes', 'operator', 'wrong', 'closes in the middle of traffic', () => command('close')),
];

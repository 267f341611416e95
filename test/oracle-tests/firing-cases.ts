/** When the camera may fire, and how: one thing wrong in each. */
import { state, checks, pulse, secondShot, strobeAt, type Case } from './changes.js';
import {
  byTime,
  CAR,
  concludes,
  FIT,
  fires,
  firing,
  incident,
  justBefore,
  ns,
  output,
  overS,
  step,
  type Made,
} from './hand-made-world.js';

const lit =
  (leadMs: number, wanted: boolean): ((made: Made) => void) =>
  (made) => {
    const { outputs } = firing(made);
    const flash = (value: 0 | 1, ms: number) =>
      output('line', { line: 'flash', value, atNs: ns(overS(CAR)) + ms * 1e6 });
    outputs.unshift(flash(1, -leadMs), flash(0, 50 - leadMs));
    for (const each of outputs) if (each.type === 'fire') Object.assign(each.exposure, { flash: wanted });
  };

/** The camera is armed anew, so long after the first reading of the car. */
const armedAt =
  (sinceS: number): ((made: Made) => void) =>
  (made) => {
    const at = made.steps.findIndex(({ input }) => input.type === 'radar-bytes') + (sinceS > 0 ? 1 : 0);
    const atNs =
      ((made.steps.find(({ input }) => input.type === 'radar-bytes')?.input.atNs ?? 0) as number) + sinceS * 1e9;
    const state = (name: string) => output('state', { atNs, state: name, reasons: [] });
    made.steps.splice(at, 0, step('tick', (atNs - ns(0)) / 1e9, {}, [state('suspended'), state('enforcing')]));
  };

const counted =
  (counter: number): ((made: Made) => void) =>
  (made) => {
    for (const each of made.steps.flatMap(({ outputs }) => outputs)) {
      if (each.type !== 'conclude' || each.exposure.kind !== 'incident') continue;
      Object.assign(each.exposure, { matching: { counter } });
    }
  };

const arrived =
  (duplicate: boolean): ((made: Made) => void) =>
  (made) => {
    const image = { sha256: '77'.repeat(32), counter: 9, fileName: 'IMG_0009.JPG', duplicate };
    made.steps.splice(-2, 0, step('image', 15, { image }));
  };

const touched =
  (...between: Made['steps']): ((made: Made) => void) =>
  (made) => {
    const enters = (name: string, atS: number) => [output('state', { atNs: ns(atS), state: name, reasons: [] })];
    made.steps.push(
      step('line-edge', 5, { line: 'tamper', value: 1 }, enters('suspended', 5)),
      step('line-edge', 6, { line: 'tamper', value: 0 }, enters('ready', 6)),
      ...between,
      step('tick', 7.2, {}, enters('enforcing', 7.2)),
    );
    made.steps.sort(byTime);
  };

export const FIRING: readonly Case[] = [
  { title: 'it fires while suspended', invariant: 'fire-not-enforcing', broken: state('suspended') },
  {
    title: 'it fires while a mandatory check fails',
    invariant: 'fire-check-failed',
    broken: checks('fail', 'mandatory'),
    well: checks('fail', 'advisory'),
  },
  ...[
    ['with the radar unplugged', step('radar-link', 10.2, { up: false, detail: '' })],
    ['with the I/O board unplugged', step('board-link', 10.2, { up: false, detail: '' })],
    ['DEP-5: with the tailgate half way', step('board', 10.2, { report: { ...FIT, tailgateClosed: false } })],
    ['TAM-1: with the loop cut', step('board', 10.2, { report: { ...FIT, tamperLoopWhole: false } })],
    ['with an empty battery', step('board', 10.2, { report: { ...FIT, batteryV: 11.4 } })],
    ['with a hot cabinet', step('board', 10.2, { report: { ...FIT, cabinetC: 61 } })],
    ['with the key off', step('board', 10.2, { report: { ...FIT, armKey: false } })],
    ['TAM-1: with the cabinet open', step('line-edge', 10.2, { line: 'tamper', value: 1 })],
    ['with a store that takes nothing', step('store', 10.2, { usable: false, detail: '' })],
    ['halted by the operator', step('command', 10.2, { command: 'suspend' })],
    ['about to be closed', step('command', 10.2, { command: 'close' })],
    ['with an attestation withdrawn', step('attest', 10.2, { attestation: { check: 'visibility', given: false } })],
    ['at a simulated position', step('gps-fix', 10.2, { fix: { mode: 3, status: 8, latitude: -40, longitude: 175 } })],
    ['without three fixes in a row', step('gps-fix', 10.2, { fix: { mode: 1, latitude: null, longitude: null } })],
    ['rolling', step('gps-fix', 10.2, { fix: { mode: 3, latitude: -40, longitude: 175, speedMs: 1, utcMs: null } })],
    ['moved by 22 m', step('gps-fix', 10.2, { fix: { mode: 3, latitude: -40.0002, longitude: 175, utcMs: null } })],
    [
      'with a clock that is 3 s off',
      step('gps-fix', 10.2, { fix: { mode: 3, latitude: -40, longitude: 175, utcMs: 1e12 + 7200 } }),
    ],
  ].map(([title, before]): Case => ({
    title: `it fires ${title as string}`,
    invariant: 'fire-unfit',
    alsoFound: ['enforcing-unfit'],
    broken: (made) => {
      justBefore(made, before as Made['steps'][number]);
    },
  })),
  ...(['gps-fix', 'clock', 'board'] as const).map((type): Case => ({
    title: `it fires when the last ${type} is too old`,
    invariant: 'fire-unfit',
    alsoFound: ['enforcing-unfit'],
    broken: (made) => {
      made.steps = made.steps.filter(({ input }) => input.type !== type || (input.atNs as number) < ns(5));
      if (type === 'board') made.steps.unshift(step('board', 4, { report: FIT }));
      if (type === 'clock') made.steps.unshift(step('clock', 4, { utcMs: 1e12 + 4000 }));
    },
  })),
  {
    title: 'it says that it enforces while a check refuses',
    invariant: 'enforcing-unfit',
    broken: (made) => {
      const reasons = [{ code: 'tailgate', sentence: '' }];
      made.steps.splice(-2, 0, step('tick', 15, {}, [output('state', { atNs: ns(15), state: 'enforcing', reasons })]));
    },
  },
  {
    title: 'it goes on enforcing with nobody in sight although the link to the radar is down',
    invariant: 'enforcing-unfit',
    broken: (made) => {
      made.steps.splice(-2, 0, step('radar-link', 15, { up: false, detail: '' }));
    },
    well: (made) => {
      const reasons = [{ code: 'radar-link-down', sentence: '' }];
      const suspended = output('state', { atNs: ns(12), state: 'suspended', reasons });
      made.steps.splice(-2, 0, step('radar-link', 12, { up: false, detail: '' }, [suspended]));
    },
  },
  {
    title: 'TAM-1: it enforces after somebody was at the cabinet, though nobody has started it since',
    invariant: 'enforcing-unfit',
    broken: touched(),
    well: touched(step('command', 7, { command: 'start' })),
  },
  {
    title: 'it fires for a vehicle that was in the beam before the camera was armed',
    invariant: 'fire-armed-late',
    broken: armedAt(0.01),
    well: armedAt(-0.01),
  },
  {
    title: 'it fires without a fork test that was passed',
    invariant: 'fire-unfit',
    alsoFound: ['enforcing-unfit'],
    broken: (made) => {
      made.steps = made.steps.filter(({ outputs }) => outputs[0]?.type !== 'event');
    },
  },
  {
    title: 'it fires after a fork test in which no fork was held',
    invariant: 'fire-unfit',
    broken: (made) => {
      made.truth.forks = [];
    },
  },
  {
    title: 'it fires in a second life on the fork test of the first',
    invariant: 'fire-unfit',
    broken: (made) => {
      const at = made.steps.findIndex(({ outputs }) => outputs.some(({ type }) => type === 'state'));
      for (const each of made.steps.slice(at)) each.life = 2;
      made.steps.splice(at, 0, step('radar-link', 3.5, { up: true, detail: '' }, [], 2));
    },
    // Its numbers were leased to the first, too.
    alsoFound: ['enforcing-unfit', 'fire-unsynced', 'icn-fate', 'icn-unknown'],
  },
  {
    title: 'the feedback of the camera comes too late',
    invariant: 'strobe-window',
    broken: (made) => {
      strobeAt(made, 251);
    },
    well: (made) => {
      strobeAt(made, 250);
    },
  },
  { title: 'the shutter pulse is too short', invariant: 'line-pulse', broken: pulse(49), well: pulse(50) },
  {
    title: 'the flash line stays high',
    invariant: 'line-stuck',
    broken: (made) => {
      made.steps.splice(-2, 0, step('tick', 15, {}, [output('line', { line: 'flash', value: 1, atNs: ns(15) })]));
    },
  },
  {
    title: 'a second photo comes too soon',
    invariant: 'line-too-soon',
    broken: secondShot(overS(CAR) + 0.49),
    well: secondShot(overS(CAR) + 0.51),
  },
  {
    title: 'ICN-1: the shutter rises under no number',
    invariant: 'line-alone',
    broken: (made) => {
      const lines = fires('', 15).slice(0, 2);
      made.steps.splice(-2, 0, step('tick', 15, {}, lines));
    },
  },
  {
    title: 'the flash rises with the shutter instead of before it',
    invariant: 'line-flash',
    broken: lit(0, true),
    well: lit(2, true),
  },
  { title: 'the flash rises where none is wanted', invariant: 'line-flash', broken: lit(2, false) },
  {
    title: 'it fires for a vehicle before a sync shot of this life has matched',
    invariant: 'fire-unsynced',
    broken: (made) => {
      for (const { outputs } of made.steps) {
        const end = outputs.find((each) => each.type === 'conclude');
        if (end?.exposure.kind === 'sync') Object.assign(end.exposure, { kind: 'void', reason: 'sync-failed' });
      }
      Object.assign(made.records[2]?.record ?? {}, { kind: 'void', reason: 'sync-failed' });
    },
  },
  {
    title: 'it fires for a vehicle after a breach without another sync shot',
    invariant: 'fire-unsynced',
    broken: (made) => {
      justBefore(made, step('tick', 9, {}, [concludes('000001002', 9, 'unmatched', 'no-trigger')]));
      Object.assign(made.records[1]?.record ?? {}, { kind: 'unmatched', reason: 'no-trigger' });
    },
    well: (made) => {
      made.steps.splice(-2, 0, step('tick', 15, {}, [concludes('000001002', 15, 'unmatched', 'no-trigger')]));
      Object.assign(made.records[1]?.record ?? {}, { kind: 'unmatched', reason: 'no-trigger' });
    },
  },
  {
    title: 'a sync shot counts without the camera’s feedback',
    invariant: 'strobe-window',
    broken: (made) => {
      Object.assign(made.records[2]?.record ?? {}, { strobeNs: null });
    },
  },
  {
    title: 'an image is issued whose number is not the one that the feedback makes it',
    invariant: 'image-counter',
    broken: counted(2),
    well: counted(1),
  },
  {
    title: 'ICN-1: an image has no number when all is closed',
    invariant: 'image-unnumbered',
    broken: arrived(false),
    well: arrived(true),
  },
  {
    title: 'the feedback that is named was never heard',
    invariant: 'strobe-window',
    broken: (made) => {
      incident(made).strobeNs = (incident(made).triggerNs ?? 0) + 13e6;
    },
  },
  {
    title: 'a number names the feedback of another',
    invariant: 'strobe-window',
    broken: (made) => {
      Object.assign(made.records[1]?.record ?? {}, { strobeNs: incident(made).strobeNs });
    },
  },
];

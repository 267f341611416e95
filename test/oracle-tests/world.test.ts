/** The watch over pretend worlds sees each thing that must never be, and nothing where all is well. */
import assert from 'node:assert/strict';
import { INVARIANTS, type Invariant } from '../oracle/world/index.js';
import {
  CAR,
  concludes,
  factsOf,
  FILE_BYTES,
  FIT,
  fires,
  firing,
  framesOf,
  IMAGE,
  incident,
  invariantsOf,
  justBefore,
  type Made,
  ns,
  output,
  overS,
  step,
  vehicleOf,
  verdictOf,
} from './hand-made-world.js';

type Change = (made: Made) => void;

interface Case {
  readonly title: string;
  readonly invariant: Invariant;
  readonly broken: Change;
  /** Nearly the same, and well; absent: the run as it is made. */
  readonly well?: Change;
  /** Where one thing cannot be wrong without another. */
  readonly alsoFound?: readonly Invariant[];
}

const drop = { direction: 'increasing' as const };
const away = (made: Made, metres: number): void => {
  made.truth.site.limitDrops = [{ ...drop, chainageM: 1000 + metres }];
};
const state =
  (name: string): Change =>
  (made) => {
    justBefore(made, step('tick', 10.2, {}, [output('state', { atNs: ns(10.2), state: name, reasons: [] })]));
  };
const checks =
  (status: string, force: string): Change =>
  (made) => {
    const findings = [{ id: 'tailgate', force, status }];
    justBefore(made, step('tick', 10.2, {}, [output('checks', { atNs: ns(10.2), findings })]));
  };
const reading = (made: Made) => (incident(made).readings ?? [])[3] ?? {};
const pulse =
  (ms: number): Change =>
  (made) => {
    const fall = firing(made).outputs.find((each) => each.type === 'line' && each.value === 0) as { atNs: number };
    fall.atNs = ns(overS(CAR)) + ms * 1e6;
  };
const secondShot =
  (atS: number): Change =>
  (made) => {
    const { steps, records } = made;
    const photo = [...fires('000001002', atS, 'alignment'), concludes('000001002', atS, 'alignment')];
    steps.splice(steps.indexOf(firing(made)) + 1, 0, step('tick', atS, {}, photo));
    Object.assign(records[1]?.record ?? {}, { kind: 'alignment', reason: undefined });
  };
const unused = (made: Made) => made.records[1]?.record ?? {};

const WHO: readonly Case[] = [
  {
    title: 'DET-1: somebody at the threshold is enforced',
    invariant: 'not-above-threshold',
    broken: (made) => {
      made.truth.site.thresholdKmh = 100;
      factsOf(made).thresholdKmh = 100;
    },
    well: (made) => {
      made.truth.site.thresholdKmh = 98;
      factsOf(made).thresholdKmh = 98;
    },
  },
  {
    title: 'DEP-8: somebody within 250 m of a drop of the limit is enforced',
    invariant: 'in-exclusion-zone',
    // The beam ends 14.4 m ahead of the antenna.
    broken: (made) => {
      away(made, 14.4 + 249);
      made.truth.van.chainageM = 900;
    },
    well: (made) => {
      away(made, 14.4 + 251);
      made.truth.van.chainageM = 900;
    },
  },
  {
    title: 'DEP-9: somebody behind a final merge is enforced',
    invariant: 'in-exclusion-zone',
    broken: (made) => {
      made.truth.site.merges = [{ ...drop, chainageM: 1011.2 - 249 }];
      made.truth.van.chainageM = 1100;
    },
    well: (made) => {
      made.truth.site.merges = [{ direction: 'decreasing', chainageM: 1011.2 - 249 }];
      made.truth.van.chainageM = 1100;
    },
  },
  {
    title: 'DEP-8: a van that stands too near fires',
    invariant: 'fire-place-illegal',
    broken: (made) => {
      away(made, -260);
    },
    well: (made) => {
      away(made, -270);
    },
  },
  {
    title: 'the record has the wrong direction',
    invariant: 'wrong-direction',
    broken: (made) => {
      (incident(made).verdict ?? {}).along = 'decreasing';
    },
  },
  {
    title: 'whoever was enforced drove the other way',
    invariant: 'wrong-direction',
    broken: (made) => {
      factsOf(made).direction = 'towards';
    },
    // And nobody was enforced who should have been.
    alsoFound: ['missed-offender'],
  },
  {
    title: 'whoever was enforced drove in a lane that is not monitored',
    invariant: 'unmonitored-lane',
    broken: (made) => {
      const [lane] = made.truth.site.lanes;
      if (lane === undefined) return;
      made.truth.site.lanes = [
        { ...lane, monitored: false },
        { ...lane, id: '2', lateralM: 8.75 },
      ];
    },
    well: (made) => {
      const [lane] = made.truth.site.lanes;
      if (lane === undefined) return;
      made.truth.site.lanes.push({ ...lane, id: '2', lateralM: 8.75, monitored: false });
    },
  },
  {
    title: 'the record says a lane in which nobody drove',
    invariant: 'wrong-lane',
    broken: (made) => {
      factsOf(made).lane = '2';
    },
  },
  {
    title: 'nobody was there',
    invariant: 'ghost-enforced',
    broken: (made) => {
      made.truth.vehicles = [];
    },
  },
  {
    title: 'whoever was there drove at another speed',
    invariant: 'wrong-speed',
    broken: (made) => {
      made.truth.vehicles = [vehicleOf({ ...CAR, speedKmh: 101 })];
    },
    well: (made) => {
      made.truth.vehicles = [vehicleOf({ ...CAR, speedKmh: 100.1 })];
    },
  },
  {
    title: 'the image shows somebody else',
    invariant: 'wrong-image',
    broken: (made) => {
      (made.truth.exposures[0] ?? { inPicture: [] }).inPicture = ['OTHER1'];
    },
    well: (made) => {
      (made.truth.exposures[0] ?? { inPicture: [] }).inPicture = ['OTHER1', CAR.plate];
    },
  },
  {
    title: 'the image was exposed for something else',
    invariant: 'wrong-image',
    broken: (made) => {
      (made.truth.exposures[0] ?? { atNs: 0 }).atNs = ns(12);
    },
  },
  {
    title: 'a reading of the record is a simulated target',
    invariant: 'test-reading',
    broken: (made) => {
      // Everything about it is as it was, but for the letter that marks it.
      const simulated = framesOf(CAR, 'Y')[3]?.text ?? '';
      const real = Buffer.from(reading(made).raw ?? []).toString('latin1');
      reading(made).raw = Buffer.from(simulated, 'latin1');
      for (const { input } of made.steps) {
        if (input.type !== 'radar-bytes' || Buffer.from(input.bytes).toString('latin1') !== real) continue;
        Object.assign(input, { bytes: Buffer.from(simulated, 'latin1') });
      }
    },
  },
  {
    title: 'a reading of the record is marked as the fork’s',
    invariant: 'test-reading',
    broken: (made) => {
      reading(made).test = 'fork';
    },
  },
  {
    title: 'a reading of the record never came from the radar',
    invariant: 'speed-differs',
    broken: (made) => {
      const strange = framesOf({ ...CAR, lateralM: 5.35 })[3]?.text ?? '';
      reading(made).raw = Buffer.from(strange, 'latin1');
    },
  },
  {
    title: 'the speed of the record is not the one of the pass',
    invariant: 'speed-differs',
    broken: (made) => {
      factsOf(made).speedKmh = (factsOf(made).speedKmh ?? 0) + 0.05;
    },
  },
  {
    title: 'a pass is more than 0.1 km/h off the own estimator',
    invariant: 'speed-differs',
    broken: (made) => {
      const pass = firing(made).outputs.find(({ type }) => type === 'pass') as unknown as {
        pass: { speedKmh: number };
      };
      pass.pass.speedKmh += 0.11;
      factsOf(made).speedKmh = pass.pass.speedKmh;
    },
  },
  {
    title: 'a pass is truncated upwards',
    invariant: 'speed-differs',
    broken: (made) => {
      const pass = firing(made).outputs.find(({ type }) => type === 'pass') as unknown as {
        pass: { truncatedKmh: number };
      };
      pass.pass.truncatedKmh += 1;
      factsOf(made).truncatedKmh = pass.pass.truncatedKmh;
    },
  },
  {
    title: 'an offender with nothing in his way is not enforced',
    invariant: 'missed-offender',
    broken: (made) => {
      made.truth.vehicles.push(vehicleOf({ ...CAR, plate: 'MISSED', entersS: 14 }));
    },
    well: (made) => {
      const { vehicles, faults } = made.truth;
      vehicles.push(vehicleOf({ ...CAR, plate: 'SLOW', entersS: 14, speedKmh: 91.4 }));
      vehicles.push(vehicleOf({ ...CAR, plate: 'CLOSED', entersS: 20.2 }));
      vehicles.push(vehicleOf({ ...CAR, plate: 'FAULT', entersS: 17 }));
      faults.push({ fault: 'radar-silent', target: 'radar', fromS: 16, toS: 18, note: '' });
    },
  },
];

const FIRING: readonly Case[] = [
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
    ['with the key off', step('board', 10.2, { report: { ...FIT, armKey: false } })],
    ['TAM-1: with the cabinet open', step('line-edge', 10.2, { line: 'tamper', value: 1 })],
    ['with a store that takes nothing', step('store', 10.2, { usable: false, detail: '' })],
    ['halted by the operator', step('command', 10.2, { command: 'suspend' })],
    ['about to be closed', step('command', 10.2, { command: 'close' })],
    ['with an attestation withdrawn', step('attest', 10.2, { attestation: { check: 'visibility', given: false } })],
    ['at a simulated position', step('gps-fix', 10.2, { fix: { mode: 3, status: 8, latitude: -40, longitude: 175 } })],
    ['rolling', step('gps-fix', 10.2, { fix: { mode: 3, latitude: -40, longitude: 175, speedMs: 1, utcMs: null } })],
    ['moved by 22 m', step('gps-fix', 10.2, { fix: { mode: 3, latitude: -40.0002, longitude: 175, utcMs: null } })],
    [
      'with a clock that is 3 s off',
      step('gps-fix', 10.2, { fix: { mode: 3, latitude: -40, longitude: 175, utcMs: 1e12 + 7200 } }),
    ],
  ].map(([title, before]): Case => ({
    title: `it fires ${title as string}`,
    invariant: 'fire-unfit',
    broken: (made) => {
      justBefore(made, before as Made['steps'][number]);
    },
  })),
  ...(['gps-fix', 'clock', 'board'] as const).map((type): Case => ({
    title: `it fires when the last ${type} is too old`,
    invariant: 'fire-unfit',
    broken: (made) => {
      made.steps = made.steps.filter(({ input }) => input.type !== type || (input.atNs as number) < ns(5));
      if (type === 'board') made.steps.unshift(step('board', 4, { report: FIT }));
      if (type === 'clock') made.steps.unshift(step('clock', 4, { utcMs: 1e12 + 4000 }));
    },
  })),
  {
    title: 'it fires without a fork test that was passed',
    invariant: 'fire-unfit',
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
    alsoFound: ['icn-fate', 'icn-unknown'],
  },
  {
    title: 'the feedback of the camera comes too late',
    invariant: 'strobe-window',
    broken: (made) => {
      incident(made).strobeNs = (incident(made).triggerNs ?? 0) + 251e6;
    },
    well: (made) => {
      incident(made).strobeNs = (incident(made).triggerNs ?? 0) + 250e6;
    },
  },
  { title: 'the shutter pulse is too short', invariant: 'line-pulse', broken: pulse(49), well: pulse(50) },
  {
    title: 'the flash line stays high',
    invariant: 'line-stuck',
    broken: (made) => {
      firing(made).outputs.push(output('line', { line: 'flash', value: 1, atNs: ns(11) }));
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
];

const KEPT: readonly Case[] = [
  {
    title: 'ICN-2: a number has two records',
    invariant: 'icn-twice',
    broken: ({ records }) => {
      records.push({ record: { ...records[1]?.record }, image: null });
    },
  },
  {
    title: 'ICN-2: a number is leased again in a second life',
    invariant: 'icn-twice',
    broken: ({ steps }) => {
      steps.push(step('lease', 25, { icns: ['000001002'] }, [], 2));
    },
    well: ({ steps, records }) => {
      steps.push(step('lease', 25, { icns: ['000001003'] }, [], 2));
      records.push({ record: { ...records[1]?.record, icn: '000001003' }, image: null });
    },
  },
  {
    title: 'ICN-2: a number has no record',
    invariant: 'icn-hole',
    broken: ({ records }) => {
      records.pop();
    },
  },
  {
    title: 'ICN-2: a number is left out',
    invariant: 'icn-hole',
    broken: ({ steps, records }) => {
      steps.push(step('lease', 25, { icns: ['000001004'] }));
      records.push({ record: { ...records[1]?.record, icn: '000001004' }, image: null });
    },
  },
  {
    title: 'ICN-2: a number is recorded that nobody leased',
    invariant: 'icn-unknown',
    broken: ({ records }) => {
      records.push({ record: { ...records[1]?.record, icn: '000001003', reason: 'image-missed' }, image: null });
    },
    well: ({ records }) => {
      records.push({ record: { ...records[1]?.record, icn: '000001003', reason: 'crash-unknown' }, image: null });
    },
  },
  {
    title: 'ICN-2: a void number has no reason',
    invariant: 'icn-fate',
    broken: (made) => {
      delete unused(made).reason;
    },
  },
  {
    title: 'a number that was fired is recorded as another kind',
    invariant: 'icn-fate',
    broken: (made) => {
      Object.assign(incident(made), { kind: 'alignment' });
    },
    // Whom it showed has no incident then.
    alsoFound: ['missed-offender'],
  },
  {
    title: 'a number is open when all is closed',
    invariant: 'left-open',
    broken: (made) => {
      made.steps = made.steps.filter(({ outputs }) => outputs[0]?.type !== 'conclude');
      Object.assign(incident(made), { kind: 'void', reason: 'image-missed' });
    },
    alsoFound: ['missed-offender'],
  },
  {
    title: 'a record names another record as the one before it',
    invariant: 'chain-broken',
    broken: ({ records }) => {
      Object.assign(records[1] ?? {}, {
        spoil: (record: { previousRecordSha256?: Uint8Array | null }) => {
          record.previousRecordSha256 = new Uint8Array(32);
        },
      });
    },
  },
  {
    title: 'the sequence leaves a place out',
    invariant: 'chain-broken',
    broken: ({ records }) => {
      Object.assign(records[1] ?? {}, {
        spoil: (record: { sequence?: number | null }) => {
          record.sequence = 3;
        },
      });
    },
  },
  {
    title: 'a record is of no known type',
    invariant: 'record-unreadable',
    broken: ({ records }) => {
      records.push({ record: { type: 'letter' }, image: null });
    },
  },
  {
    title: 'a record is not marked as a demonstration',
    invariant: 'not-demo',
    broken: (made) => {
      factsOf(made).demo = false;
    },
  },
  {
    title: 'the image is not the one of the record',
    invariant: 'image-damaged',
    broken: ({ records }) => {
      Object.assign(records[0] ?? {}, { image: Uint8Array.from([0xff, 0xd8, 9, 0xff, 0xd9]) });
    },
  },
  {
    title: 'there is no image',
    invariant: 'image-missing',
    broken: ({ records }) => {
      Object.assign(records[0] ?? {}, { image: null });
    },
  },
  {
    title: 'two numbers show one file of the camera',
    invariant: 'image-twice',
    broken: (made) => {
      unused(made).cameraFileSha256 = FILE_BYTES;
    },
  },
];

describe('the watch over pretend worlds', () => {
  it('finds nothing in a run in which all is well, and counts what was done', () => {
    const verdict = verdictOf();
    assert.deepEqual(verdict.violations, []);
    const { passes, enforced, cleanOffenders, missedOffenders, falseEnforcements, missesByCause } = verdict;
    assert.deepEqual(
      { passes, enforced, cleanOffenders, missedOffenders, falseEnforcements, missesByCause },
      { ...{ passes: 1, enforced: 1, cleanOffenders: 1, missedOffenders: 0 }, falseEnforcements: 0, missesByCause: {} },
    );
    assert.ok(verdict.maxSpeedErrorKmh < 0.1);
  });

  for (const { title, invariant, broken, well, alsoFound = [] } of [...WHO, ...FIRING, ...KEPT]) {
    it(`sees when ${title}`, () => {
      assert.deepEqual(invariantsOf(broken), [invariant, ...alsoFound].sort());
      if (well !== undefined) assert.deepEqual(invariantsOf(well), []);
    });
  }

  it('has a test for each invariant', () => {
    const tested = new Set([...WHO, ...FIRING, ...KEPT].map(({ invariant }) => invariant));
    assert.deepEqual(
      INVARIANTS.filter((each) => !tested.has(each)),
      [],
    );
  });

  it('says why an offender was not enforced', () => {
    const { missesByCause, missedOffenders } = verdictOf((made) => {
      const more = (plate: string, entersS: number, speedKmh = 100): void => {
        made.truth.vehicles.push(vehicleOf({ ...CAR, plate, entersS, speedKmh }));
      };
      more('CLOSE', 13, 91.2);
      more('BESIDE', 15);
      more('BEHIND', 15.5);
      more('CLOSED', 20.5);
      more('LEGAL', 17, 80);
    });
    assert.equal(missedOffenders, 0);
    assert.deepEqual(missesByCause, {
      ...{ 'close to the threshold': 1, 'another vehicle near': 2, 'not armed: closing': 1 },
    });
  });

  it('tolerates what no camera could know: a radar that is turned a little reads high', () => {
    const { violations, tolerated } = verdictOf((made) => {
      made.truth.site.thresholdKmh = 99;
      factsOf(made).thresholdKmh = 99;
      // Turned towards the road by 0.73 degrees: 99 km/h look like 99.5 and more.
      made.truth.van.trueAngleDeg = 22.5 - 0.73;
      made.truth.vehicles = [vehicleOf({ ...CAR, speedKmh: 98.99, entersS: 10.02 })];
      for (const frame of incident(made).readings ?? []) frame.rangeM = null;
    });
    assert.deepEqual(tolerated, { 'speed: the radar reads high': 1 });
    assert.ok(violations.every(({ invariant }) => invariant !== 'not-above-threshold'));
  });

  it('ICN-2: waits for the account of a van that lost its power and was never switched on again', () => {
    const change = (made: Made): void => {
      made.records.pop();
      made.steps.splice(-2);
    };
    assert.deepEqual(invariantsOf(change), ['icn-hole']);
    const cut = (made: Made): void => {
      change(made);
      made.truth.faults.push({ fault: 'power-cut', target: 'power', fromS: overS(CAR) + 1, toS: 40, note: '' });
    };
    assert.deepEqual(verdictOf(cut).violations, []);
    assert.deepEqual(verdictOf(cut).tolerated, { 'number: the van was never switched on again': 1 });
  });

  it('tolerates a ghost where the radar states no place', () => {
    const change = (made: Made): void => {
      made.truth.vehicles = [];
      made.truth.radar = 'ops243';
      made.truth.faults.push({ fault: 'radar-ghost', target: 'radar', fromS: 9, toS: 12, note: '' });
    };
    assert.deepEqual(invariantsOf(change), []);
    assert.deepEqual(verdictOf(change).tolerated, { 'ghost: this radar states no place': 1 });
  });

  it('tolerates a place that is wrong because the receiver was', () => {
    const change = (made: Made): void => {
      away(made, -260);
      made.truth.faults.push({ fault: 'gps-jump', target: 'gps', fromS: 1, toS: 9, note: '' });
    };
    assert.deepEqual(verdictOf(change).tolerated, { 'place: the receiver was wrong': 1 });
    assert.deepEqual(invariantsOf(change), []);
  });

  it('keeps its list short where everything is wrong', () => {
    const { violations } = verdictOf(({ records }) => {
      for (let more = 0; more < 200; more += 1) records.push({ record: { ...records[1]?.record }, image: null });
    });
    assert.equal(violations.length, 51);
    assert.equal(violations.at(-1)?.sentence, '150 more of these.');
  });

  it('is handed an image that begins and ends as a JPEG does', () => {
    const noEnd = IMAGE.slice(0, -1);
    const found = invariantsOf(({ records }) => {
      Object.assign(records[0] ?? {}, { image: noEnd });
    });
    assert.deepEqual(found, ['image-damaged']);
  });
});

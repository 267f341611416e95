/** Each fault of the catalogue shows on a small stream what it does, and nothing before and after its time. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { FAULTS } from '../../../hw-sim/faults/catalogue.js';
import type { FaultSpec } from '../../../hw-sim/faults/fault.js';
import { createLies } from '../../../hw-sim/faults/index.js';
import type { Echo } from '../../../hw-sim/road/beam.js';
import type { Lies } from '../../../hw-sim/virtual/lies.js';
import type { BoardReport, VanEvent } from '../../../src/ports/pretend.js';
import { monotonicNs, NS_PER_S, utcMs } from '../../../src/units.js';

const START_NS = 1000 * NS_PER_S;
const FROM_S = 10;
const TO_S = 20;
/** A stream from before the fault to long after it. */
const UNTIL_S = 40;

const report: BoardReport = {
  ...{ tailgateOpen: false, tailgateClosed: true, parkLights: true, tamperLoopWhole: true, batteryV: 12.6 },
  ...{ cabinetC: 25, flashReady: true, armKey: true },
};
const fix = { class: 'TPV', mode: 3, lat: -40.1, lon: 175.2, time: '2026-02-24T00:00:00.000Z', eph: 2.4, speed: 0 };
const echo = (timeS: number): Echo =>
  ({
    vehicle: { plate: 'ABC123', kind: 'car' },
    ...{ rangeM: 15 + (timeS % 1) * 10, sightAngleDeg: 22.5, radialKmh: 150, fill: 0.9 },
  }) as unknown as Echo;

/** Events of each kind, once a second. */
function eventsAt(second: number): VanEvent[] {
  const at = (offsetS: number) => monotonicNs(START_NS + (second + offsetS) * NS_PER_S);
  const time = new Date(Date.UTC(2026, 1, 24) + second * 1000).toISOString();
  return [
    { type: 'clock', atNs: at(0), utcMs: utcMs(1e12 + second * 1000), disciplined: false, uncertaintyMs: null },
    { type: 'radar-bytes', atNs: at(0.1), bytes: Buffer.from(`\u0002frame ${String(second)} of the radar*00\u0003`) },
    { type: 'gps-line', atNs: at(0.2), line: JSON.stringify({ ...fix, time }) },
    { type: 'board', atNs: at(0.3), report: { ...report, cabinetC: 20 + second / 10 } },
    { type: 'line-edge', atNs: at(0.4), line: 'strobe', value: 1 },
    { type: 'line-edge', atNs: at(0.405), line: 'strobe', value: 0 },
    {
      type: 'file',
      atNs: at(0.5),
      fileName: `IMG_${String(second).padStart(4, '0')}.JPG`,
      bytes: Buffer.alloc(400, second),
    },
  ];
}

interface Told {
  readonly second: number;
  readonly what: string;
}

/** Everything that comes out, in order, as text. */
function run(lies: Lies): Told[] {
  const told: Told[] = [];
  const tell = (event: VanEvent | null, atNs: number): void => {
    if (event === null) return;
    const text = JSON.stringify(event, (_, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
    );
    told.push({ second: (atNs - START_NS) / NS_PER_S, what: text });
  };
  lies.begin(START_NS);
  for (let second = 0; second < UNTIL_S; second += 1) {
    for (const event of eventsAt(second)) {
      while (lies.nextNs() <= event.atNs) tell(lies.next(), event.atNs);
      for (const each of lies.event(event)) tell(each, event.atNs);
    }
    const lineNs = START_NS + (second + 0.6) * NS_PER_S;
    for (const line of ['shutter', 'flash'] as const) {
      for (const value of [1, 0] as const) {
        told.push({ second: second + 0.6, what: JSON.stringify(lies.line(line, value, monotonicNs(lineNs))) });
      }
    }
    for (let frame = 0; frame < 4; frame += 1) {
      const timeS = second + frame / 4;
      const seen = lies.echoes(frame < 2 ? [echo(timeS)] : [], timeS);
      told.push({ second: timeS, what: JSON.stringify(seen) });
    }
  }
  return told;
}

const between = (told: readonly Told[], fromS: number, toS: number): string[] =>
  told.filter(({ second }) => second >= fromS && second < toS).map(({ what }) => what);

const honest = run(createLies([], 1));
const spec = (kind: string, amount?: number): FaultSpec => ({
  kind,
  fromS: FROM_S,
  toS: TO_S,
  ...(amount === undefined ? {} : { amount }),
});

describe('faults at work', () => {
  for (const { name, amount } of FAULTS.filter((each) => each.name !== 'radar-misaligned')) {
    it(`${name} shows while it is at work, and not before`, () => {
      const lies = createLies([spec(name)], 1);
      const told = run(lies);
      assert.deepEqual(between(told, 0, FROM_S), between(honest, 0, FROM_S));
      assert.notDeepEqual(between(told, FROM_S, TO_S + 0.2), between(honest, FROM_S, TO_S + 0.2));
      assert.deepEqual(
        lies.done.map(({ fault, fromS, toS }) => [fault, fromS, toS]),
        [[name, FROM_S, TO_S]],
      );
      assert.equal(
        amount === null || (lies.done[0]?.note ?? '').includes(amount.unit),
        true,
        'the note has the amount',
      );
    });
  }

  it('radar-misaligned turns the beam for the whole run', () => {
    assert.equal(createLies([spec('radar-misaligned', -0.7)], 1).misalignmentDeg, -0.7);
  });

  it('what a fault has ended is as it was, but for what it held back', () => {
    for (const name of [
      'radar-flips',
      'gps-jump',
      'tailgate-half-way',
      'clock-step',
      'radar-aliasing',
      'shutter-dead',
    ]) {
      assert.deepEqual(
        between(run(createLies([spec(name)], 1)), TO_S + 1, UNTIL_S),
        between(honest, TO_S + 1, UNTIL_S),
        name,
      );
    }
  });

  it('nothing that is held back is lost: late files all come, swapped ones, too', () => {
    for (const name of ['image-late', 'image-swapped', 'radar-delayed', 'gps-delayed', 'strobe-delayed']) {
      assert.equal(run(createLies([spec(name)], 1)).length, honest.length, name);
    }
  });

  it('faults compose in the order of the scenario', () => {
    const both = run(createLies([spec('gps-jump', 100), spec('gps-jump', 11)], 1));
    const one = run(createLies([spec('gps-jump', 111)], 1));
    const latOf = (told: readonly Told[]): number[] =>
      between(told, FROM_S, TO_S).flatMap((what) => {
        const event = JSON.parse(what) as { type?: string; line?: string };
        return event.type === 'gps-line' ? [(JSON.parse(event.line ?? '{}') as { lat: number }).lat] : [];
      });
    assert.equal(latOf(both).length, 10);
    latOf(both).forEach((lat, index) => assert.ok(Math.abs(lat - (latOf(one)[index] ?? 0)) < 1e-9));
    const cut = run(createLies([spec('radar-garbage'), spec('radar-silent')], 1));
    assert.equal(between(cut, FROM_S + 0.05, TO_S).filter((what) => what.includes('radar-bytes')).length, 0);
  });

  it('any two of the receiver work at once, whatever one makes of the line that the other reads', () => {
    const receiver = FAULTS.filter(({ target }) => target === 'gps');
    for (const one of receiver) {
      for (const other of receiver) {
        assert.ok(run(createLies([spec(one.name), spec(other.name)], 1)).length > 0);
      }
    }
  });

  it('the same seed lies the same way, another seed another', () => {
    const hash = (seed: number): string =>
      createHash('sha256')
        .update(JSON.stringify(run(createLies([spec('radar-flips', 0.05), spec('gps-garbage')], seed))))
        .digest('hex');
    assert.equal(hash(4), hash(4));
    assert.notEqual(hash(4), hash(5));
  });
});

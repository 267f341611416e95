/** What the watch is made of agrees with the slower readers and estimators beside it. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { agdFrameText, agdReadings, type OracleReading } from '../oracle/agd-frames.js';
import { oracleEstimate } from '../oracle/estimator.js';
import { opsReadings } from '../oracle/ops-lines.js';
import { TruthFaults } from '../oracle/world/faults.js';
import { Findings } from '../oracle/world/findings.js';
import { Lines } from '../oracle/world/lines.js';
import { quickEstimate } from '../oracle/world/quick-estimate.js';
import { RadarLag } from '../oracle/world/radar-lag.js';
import { RadarStream } from '../oracle/world/radar-stream.js';
import { TruthRoad } from '../oracle/world/road.js';
import { USUAL } from '../oracle/world/settings.js';
import { Turn } from '../oracle/world/turn.js';
import type { Truth } from '../../src/ports/pretend.js';
import { CAR, fires, framesOf, make, vehicleOf, verdictOf } from './hand-made-world.js';

const RUNS = 300;

/** Bytes in chunks of any size. */
const cut = (bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...chunks, bytes.subarray(at)];
};

function heard(chunks: readonly Uint8Array[]): OracleReading[] {
  const stream = new RadarStream();
  const found: OracleReading[] = [];
  for (const chunk of chunks) stream.push(chunk, (reading) => found.push(reading));
  return found;
}

const spaced = (text: string): fc.Arbitrary<string> => fc.constantFrom(text, ` ${text}`, text.replace(/^0+(?=\d)/, ''));
const decimal = fc.oneof(
  fc.integer({ min: 0, max: 4000 }).chain((tenths) => spaced((tenths / 10).toFixed(1).padStart(5, '0'))),
  fc.constantFrom('', '-', '1.', '.5', '12a', '1234567890', '+012.3', '-3', '1.2.3'),
);
const frame = fc
  .tuple(
    fc.constantFrom('04', '02', 'HB'),
    fc.constantFrom('7', '12', '10000', '', 'x'),
    fc.constantFrom('A', 'R', 'X', 'Y', 'Q', ''),
    fc.constantFrom('K', 'M', 'Z'),
    fc.constantFrom('P', 'C'),
    fc.array(decimal, { minLength: 5, maxLength: 5 }),
    fc.boolean(),
  )
  .map(([type, track, direction, unit, coordinates, [speed, range, angle, bearing, strength], lower]) =>
    agdFrameText(
      [type, '00100.5', track, direction, speed, unit, range, angle, bearing, coordinates, strength].join(','),
      lower,
    ),
  );
const good = fc.constantFrom(...framesOf(CAR).map(({ text }) => text));
const noise = fc.string({
  unit: fc.constantFrom('\u0002', '\u0003', '*', '#', ',', '0', '4', 'A', '\r'),
  maxLength: 12,
});
const sizes = fc.array(fc.integer({ min: 0, max: 70 }), { maxLength: 20 });

describe('the parts of the watch', () => {
  it('find in chunks of AGD bytes exactly what the reader of whole streams finds', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(good, frame, noise), { maxLength: 12 }), sizes, (parts, at) => {
        const bytes = Buffer.from(parts.join(''), 'latin1');
        assert.deepEqual(heard(cut(bytes, at)), agdReadings(bytes));
      }),
      { numRuns: RUNS },
    );
  });

  it('find in chunks of OPS243 bytes exactly what the reader of whole streams finds', () => {
    const line = fc.constantFrom(
      ...[
        '{"Units":"km-per-hr"}',
        '{"SamplingRate":20000}',
        '{"speed":"-71.25","magnitude":"12.5"}',
        '{"speed":"230.1"}',
      ],
      ...['{"speed":["12.1","-3"]}', '{"ALERT": High Speed}', '{"Units":"mph"}', 'x{"speed":"44"}', '{"speed":"4'],
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), sizes, (lines, at) => {
        const bytes = Buffer.from(lines.map((each) => `${each}\r\n`).join(''), 'latin1');
        assert.deepEqual(heard(cut(bytes, at)), opsReadings(bytes));
      }),
      { numRuns: RUNS },
    );
  });

  it('estimate in doubles what the exact estimator estimates', () => {
    const reading = fc.record({
      tenths: fc.oneof(fc.integer({ min: 700, max: 760 }), fc.integer({ min: 100, max: 1800 })),
      angle: fc.option(fc.integer({ min: -25, max: 25 }), { nil: null }),
    });
    fc.assert(
      fc.property(
        fc.array(reading, { minLength: 1, maxLength: 120 }),
        fc.constantFrom('left', 'right'),
        (all, turned) => {
          const readings = all.map(({ tenths, angle }) => ({
            speedKmh: tenths / 10,
            angleDeg: angle === null ? null : angle / 10,
          }));
          const quick = quickEstimate(readings as OracleReading[], 22.5, turned);
          const texts = readings.map(({ speedKmh, angleDeg }) => ({
            speed: String(speedKmh),
            angle: angleDeg === null ? null : String(angleDeg),
          }));
          const exact = oracleEstimate(texts, { angle: '22.5', reference: 'boresight', turned, corrected: false });
          assert.equal(quick.clusters, exact.clusters);
          assert.ok(Math.abs((quick.speedKmh ?? 0) - (exact.speedKmh ?? 0)) < 1e-9);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('learn from the readings to which side the beam is turned', () => {
    const readings = framesOf({ ...CAR, lateralM: 8.75 }).flatMap(({ text }) =>
      agdReadings(Buffer.from(text, 'latin1')),
    );
    const turn = new Turn();
    for (let pass = 0; pass < 20; pass += 1) turn.learn(readings);
    assert.equal(turn.known, 'right');
    const other = new Turn();
    for (let pass = 0; pass < 20; pass += 1) {
      other.learn(readings.map((each) => ({ ...each, angleDeg: -(each.angleDeg ?? 0) })));
    }
    assert.equal(other.known, 'left');
  });

  it('know when a vehicle is in the beam, how fast, and where', () => {
    const { truth } = make();
    const braking = vehicleOf({ ...CAR, plate: 'BRAKES', entersS: 20 });
    // From the near edge on by 2 m/s each second, so that the 10.2 m past the beam take a little longer.
    const [piece] = braking.motion;
    braking.motion.push({ fromS: 20, frontAheadM: 0, speedMs: 100 / 3.6, accelerationMs2: -2 });
    const near = 5.25 / Math.tan((25 * Math.PI) / 180);
    Object.assign(braking.motion[1] ?? {}, { frontAheadM: near });
    assert.ok(piece !== undefined);
    const stands = vehicleOf({ ...CAR, plate: 'STANDS', entersS: 20 });
    Object.assign(stands.motion[0] ?? {}, { frontAheadM: 13, speedMs: 0 });
    truth.vehicles.push(braking, stands);
    const road = new TruthRoad(truth as unknown as Truth);
    assert.deepEqual(
      road.between(0, 9).map(({ vehicle }) => vehicle.plate),
      ['STANDS'],
    );
    assert.deepEqual(
      road.between(10, 10.1).map(({ vehicle }) => vehicle.plate),
      ['STANDS', 'CAR001'],
    );
    const far = 5.25 / Math.tan((20 * Math.PI) / 180);
    const car = road.of('CAR001');
    assert.ok(car !== undefined);
    assert.ok(Math.abs(car.fromS - 10) < 1e-9);
    assert.ok(Math.abs(car.toS - 10 - (far - near + 4.5) / (100 / 3.6)) < 1e-9);
    const slower = road.of('BRAKES');
    assert.ok(slower !== undefined && slower.toS - slower.fromS > car.toS - car.fromS);
    const shown = road.shown(slower, slower.fromS, slower.toS);
    assert.ok(shown !== null && shown.fastestKmh > 99 && shown.slowestKmh < 99 && shown.slowestKmh > 97);
    assert.ok(shown.fromM >= 1000 + near - 0.01 && shown.toM <= 1000 + far + 0.01);
  });

  it('name the faults at work', () => {
    const { truth } = make();
    truth.faults.push({ fault: 'gps-jump', target: 'gps', fromS: 5, toS: 6, note: '' });
    const faults = new TruthFaults(truth as unknown as Truth);
    assert.equal(faults.names(0, 4), 'no fault at work');
    assert.equal(faults.names(6, 7), 'at work: gps-jump');
    assert.ok(faults.misplaced(5.5, 5.6) && !faults.misplaced(7, 8));
  });

  it('let the lines fall when a process dies in the middle of a pulse', () => {
    const findings = new Findings();
    const lines = new Lines(findings, USUAL);
    const [rise, , fire] = fires('000001001', 1);
    assert.ok(rise !== undefined && fire !== undefined);
    lines.step([rise, fire]);
    lines.newLife();
    lines.end();
    assert.deepEqual(findings.list(0), []);
  });

  it('refuse a world whose beam is set to another angle than they were told', () => {
    assert.throws(
      () =>
        verdictOf((made) => {
          made.truth.van.angleDeg = 30;
        }),
      /the beam is set to 30°, 22.5° was expected/,
    );
  });

  it('tell how late the radar speaks once its frames have come in time for 12 s, and not before', () => {
    const heard = (secondsInTime: number, lateS: number): number | null => {
      const lag = new RadarLag();
      const stream = new RadarStream((timeS) => {
        lag.heard(timeS, atS * 1e9);
      });
      let atS = 1000;
      const beat = (timeS: number): void => {
        const bytes = Buffer.from(agdFrameText(`HB,${(timeS % 86_400).toFixed(2).padStart(8, '0')}`), 'latin1');
        stream.push(bytes, () => undefined);
      };
      // Past midnight on the way.
      for (; atS <= 1000 + secondsInTime; atS += 1) beat(86_395 + atS - 1000);
      beat(86_395 + atS - 1000 - lateS);
      return lag.lateS((atS + 1) * 1e9, 0.1);
    };
    assert.ok(Math.abs((heard(13, 0.5) ?? 0) - 0.5) < 0.011);
    assert.equal(heard(13, 0.2), null);
    assert.equal(heard(9, 0.5), null);
  });
});

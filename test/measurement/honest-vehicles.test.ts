/**
 * The refusals that compare what a radar says with how a vehicle must cross the beam: no honest vehicle of the pretend road
 * may fall to them, whatever its kind, lane, speed and the radar's noise, and what does not drive must.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Agd350 } from '../../hw-sim/instruments/agd350.js';
import { Ops243 } from '../../hw-sim/instruments/ops243.js';
import type { RadarInstrument } from '../../hw-sim/instruments/radar.js';
import { createRandom } from '../../hw-sim/prng.js';
import { echoes, type Echo } from '../../hw-sim/road/beam.js';
import { Road } from '../../hw-sim/road/road.js';
import type { Along, Vehicle } from '../../hw-sim/road/vehicle.js';
import { createPassTracker } from '../../src/measurement/pass-tracker.js';
import type { PassEvent } from '../../src/measurement/types.js';
import { createRadarDriver, defaultLink } from '../../src/radar/index.js';
import type { RadarProtocol } from '../../src/radar/reading.js';
import { kmh, metres, monotonicNs } from '../../src/units.js';
import { BOOK, car } from '../hw-sim/book.js';
import { SETTINGS } from './support.js';

/** From a scooter to the longest truck. */
const LENGTHS_M = [1.8, 2.2, 4.5, 5.4, 9.2, 12.5, 19, 23] as const;
const PROTOCOLS = { agd350: ['*SU=K\r', '*DIR=B\r'], ops243: ['UK', 'S2', 'OJ', 'OT'] } as const;

interface Drive {
  readonly protocol: RadarProtocol;
  readonly seed: number;
  readonly vehicles: readonly Vehicle[];
  /** In place of the road's own echoes. */
  readonly see?: (timeS: number) => readonly Echo[];
}

/** What measurement makes of the bytes that the pretend radar says of these vehicles. */
function drive({ protocol, seed, vehicles, see }: Drive): PassEvent[] {
  const road = new Road(BOOK, vehicles);
  const random = createRandom(seed, 'radar');
  const options = { road, random, see: see ?? ((timeS: number) => echoes(road, timeS)) };
  const radar: RadarInstrument = protocol === 'agd350' ? new Agd350(options) : new Ops243(options);
  for (const command of PROTOCOLS[protocol]) radar.receive(Buffer.from(command));
  const link = { protocol, ...defaultLink(protocol), corrected: false, requireReadback: false, selfTest: false };
  const { decoder, traits } = createRadarDriver(link);
  // What an OPS243 speaks in is known by its answer.
  if (protocol === 'ops243') {
    for (const answer of radar.receive(Buffer.from('??'))) decoder.push(answer, monotonicNs(0), () => undefined);
  }
  const tracker = createPassTracker({ ...SETTINGS, beamTurned: 'left' }, traits);
  const events: PassEvent[] = [];
  const emit = (event: PassEvent): void => void events.push(event);
  const ends = vehicles.flatMap((vehicle) => road.inBeam(vehicle));
  const phaseS = random.uniform() * radar.framePeriodS;
  for (let timeS = Math.min(...ends) - 0.1 + phaseS; timeS < Math.max(...ends) + 0.5; timeS += radar.framePeriodS) {
    const atNs = monotonicNs(Math.round(timeS * 1e9) + 1e12);
    for (const bytes of radar.frame(timeS, timeS * 1000 + 1e9)) {
      decoder.push(bytes, atNs, (event) => {
        if (event.type === 'reading') tracker.add(event.reading, emit);
      });
    }
    tracker.advance(atNs, emit);
  }
  return events;
}

const completed = (events: readonly PassEvent[]): (string | null)[] =>
  events.flatMap(({ type, measurement }) => (type === 'complete' ? [measurement.reason] : []));

const drives = fc.record({
  seed: fc.integer(),
  lengthM: fc.constantFrom(...LENGTHS_M),
  laneId: fc.constantFrom('1', '2', '3', '4'),
  direction: fc.constantFrom<Along>('increasing', 'decreasing'),
  speedKmh: fc.double({ min: 30, max: 200, noNaN: true }),
  lateralShiftM: fc.double({ min: -0.7, max: 0.7, noNaN: true }),
});

const alone = (some: { lengthM: number; laneId: string; direction: Along; speedKmh: number; lateralShiftM: number }) =>
  car({
    ...some,
    lengthM: metres(some.lengthM),
    speedKmh: kmh(some.speedKmh),
    lateralShiftM: metres(some.lateralShiftM),
  });

const isNew = (reason: string | null): boolean => reason === 'range-does-not-move' || reason === 'two-vehicles';

describe('honest vehicles', () => {
  it('range-does-not-move: no vehicle of 1.8 to 23 m is taken for one that stands, in no lane, at 30 to 200 km/h', () => {
    fc.assert(
      fc.property(drives, ({ seed, ...some }) => {
        const reasons = completed(drive({ protocol: 'agd350', seed, vehicles: [alone(some)] }));
        // The short and fast ones give fewer readings than a pass needs.
        assert.ok(!reasons.some(isNew), reasons.join());
        if (some.lengthM >= 4.5 && some.speedKmh <= 150) assert.deepEqual(reasons, [null]);
      }),
      { numRuns: 1500 },
    );
  });

  it('range-does-not-move: an approaching vehicle is announced within half a metre of 3.5 m and two readings', () => {
    fc.assert(
      fc.property(drives, ({ seed, ...some }) => {
        const vehicle = alone({ ...some, direction: 'increasing' });
        const events = drive({ protocol: 'agd350', seed, vehicles: [vehicle] });
        const first = events.find(({ type }) => type === 'provisional');
        const end = events.find(({ type }) => type === 'complete');
        if (end?.measurement.reason !== null || end.measurement.travelM < 4) return;
        assert.ok(first !== undefined);
        // The van looks back: what drives its way comes nearer. A reading is 20 ms.
        const readingM = some.speedKmh / 3.6 / 50;
        assert.ok(first.measurement.travelM <= 4 + 2 * readingM, `${first.measurement.travelM}`);
      }),
      { numRuns: 500 },
    );
  });

  it('range-does-not-move: a speed at a place that stays is never announced and void at its end', () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer(),
          rangeM: fc.double({ min: 12, max: 40, noNaN: true }),
          radialKmh: fc.double({ min: 25, max: 190, noNaN: true }),
          sign: fc.constantFrom(1, -1),
          lastsS: fc.double({ min: 0.5, max: 3, noNaN: true }),
        }),
        ({ seed, rangeM, radialKmh, sign, lastsS }) => {
          const noise = createRandom(seed, 'ghost');
          const vehicle = car();
          const see = (timeS: number): Echo[] =>
            timeS < 10 || timeS > 10 + lastsS
              ? []
              : [
                  {
                    vehicle,
                    rangeM,
                    sightAngleDeg: 22.5 + noise.gaussian(0.2),
                    radialKmh: sign * radialKmh,
                    fill: 0.6,
                  },
                ];
          const events = drive({ protocol: 'agd350', seed, vehicles: [car(), car({ plate: 'END', atS: 14 })], see });
          assert.deepEqual(
            events.map(({ type }) => type),
            ['complete'],
          );
          const [reason] = completed(events);
          assert.ok(reason === 'range-does-not-move' || reason === 'length-implausible', `${reason}`);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('two-vehicles: without tracks no vehicle is taken for two by the way its speed changes', () => {
    fc.assert(
      fc.property(drives, ({ seed, ...some }) => {
        const reasons = completed(drive({ protocol: 'ops243', seed, vehicles: [alone(some)] }));
        assert.ok(!reasons.some(isNew), reasons.join());
        if (some.lengthM >= 9 && some.speedKmh <= 80) assert.deepEqual(reasons, [null]);
      }),
      { numRuns: 3000 },
    );
  });

  it('two-vehicles: without tracks a follower of the same speed, near enough to share the pass, voids it', () => {
    for (const direction of ['increasing', 'decreasing'] as const) {
      for (const speedKmh of [110, 130, 160]) {
        for (let seed = 0; seed < 10; seed += 1) {
          const leader = car({ direction, speedKmh: kmh(speedKmh), laneId: '4' });
          const gapS = (4.5 + 12) / (speedKmh / 3.6);
          const follower = { ...leader, plate: 'CAR2', atS: leader.atS + gapS };
          const events = drive({ protocol: 'ops243', seed, vehicles: [leader, follower] });
          assert.deepEqual(completed(events), ['two-vehicles'], `${direction} ${speedKmh} ${seed}`);
        }
      }
    }
  });
});

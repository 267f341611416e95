/** Readings and trackers for the tests of measurement. */
import { createPassTracker, type PassTracker } from '../../src/measurement/pass-tracker.js';
import type { MeasurementSettings, PassEvent } from '../../src/measurement/types.js';
import type { RadarTraits, Reading } from '../../src/radar/reading.js';
import { degrees, kmh, metres, monotonicNs, NS_PER_MS, toRadians } from '../../src/units.js';
import type { WireReading } from '../oracle/pass-world.js';

export const GAP_MS = 300;

export const TRACKED: RadarTraits = {
  protocol: 'agd350',
  hasTracks: true,
  hasRange: true,
  hasAngle: true,
  passGapNs: GAP_MS * NS_PER_MS,
};

export const PLAIN: RadarTraits = {
  ...TRACKED,
  protocol: 'ops243',
  hasTracks: false,
  hasRange: false,
  hasAngle: false,
};

export const SETTINGS: MeasurementSettings = {
  angleDeg: degrees(22.5),
  angleReference: 'auto',
  beamTurned: 'right',
  beamWidthDeg: degrees(5),
  // Two lanes of 3.5 m, the nearer 5.25 m off: the far edge is 10.5 m away.
  largestFootprintM: metres(6.33),
};

export const atMs = (ms: number): Reading['atNs'] => monotonicNs(ms * NS_PER_MS);

/** An untracked receding target with true speed in the stream, changed by `change`. */
export function reading(ms: number, speedKmh: number, change: Partial<Reading> = {}): Reading {
  return {
    trackKey: null,
    speedKmh: kmh(speedKmh),
    corrected: true,
    direction: 'recede',
    rangeM: null,
    angleDeg: null,
    bearingDeg: null,
    strength: null,
    radarTimeS: null,
    atNs: atMs(ms),
    raw: new Uint8Array(),
    test: null,
    ...change,
  };
}

/** One reading for each speed, `stepMs` apart. */
export function readings(speeds: readonly number[], change: Partial<Reading> = {}, fromMs = 0, stepMs = 25): Reading[] {
  return speeds.map((speed, index) => reading(fromMs + index * stepMs, speed, change));
}

export const constant = (count: number, speedKmh: number): number[] => Array.from({ length: count }, () => speedKmh);

/** A tracked vehicle in lane 1 that crosses the beam from its near to its far edge (receding) or back. */
export function laneOne(count: number, speedKmh: number, change: Partial<Reading> = {}, fromMs = 0): Reading[] {
  return readings(constant(count, speedKmh), { trackKey: 7, ...change }, fromMs).map((one, index) => {
    const part = count === 1 ? 0 : index / (count - 1);
    const sight = one.direction === 'approach' ? 20 + 5 * part : 25 - 5 * part;
    return {
      ...one,
      rangeM: one.rangeM ?? metres(5.25 / Math.sin(toRadians(sight))),
      angleDeg: one.angleDeg ?? degrees(sight - 22.5),
    };
  });
}

export interface Run {
  readonly tracker: PassTracker;
  readonly events: PassEvent[];
}

/** Feeds readings in order of time and ends well after the last. */
export function run(
  all: readonly Reading[],
  traits: RadarTraits,
  settings: MeasurementSettings = SETTINGS,
  tracker: PassTracker = createPassTracker(settings, traits),
): Run {
  const events: PassEvent[] = [];
  const emit = (event: PassEvent): void => void events.push(event);
  for (const one of all) tracker.add(one, emit);
  const last = all.at(-1)?.atNs ?? 0;
  tracker.advance(monotonicNs(last + 10 * traits.passGapNs), emit);
  return { tracker, events };
}

/** Reasons of the completed passes in order of completion; null for a valid one. */
export const reasons = ({ events }: Run): (string | null)[] =>
  events.filter((event) => event.type === 'complete').map((event) => event.measurement.reason);

export function fromWire(wire: WireReading, corrected: boolean): Reading {
  return reading(wire.atMs, Number(wire.speed), {
    trackKey: wire.track,
    corrected,
    direction: wire.direction === 'A' ? 'approach' : 'recede',
    rangeM: wire.range === null ? null : metres(Number(wire.range)),
    angleDeg: wire.angle === null ? null : degrees(Number(wire.angle)),
  });
}

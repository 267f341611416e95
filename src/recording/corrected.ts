/** Each reading of a pass with its speed along the road, as the estimator takes it (domain/measurement.md, steps 1 and 2). */
import type { ControllerConfig } from '../controller-config.js';
import { alongRoad, createSightAngle } from '../measurement/sight-angle.js';
import { radarTraits } from '../radar/index.js';
import type { Reading } from '../radar/reading.js';
import { beamTurned } from '../site/mounting.js';
import { degrees, metres, type KmH, type MonotonicNs } from '../units.js';

export interface CorrectedSpeed {
  readonly atNs: MonotonicNs;
  readonly statedKmh: KmH;
  readonly alongKmh: KmH;
  /** Of the line of sight to the road, that was used. */
  readonly usedDeg: number;
  readonly rangeM: number | null;
  /** In a bin with less than 2 % of the readings: left out. */
  readonly rare: boolean;
}

/** Bins are whole km/h; one that holds less than one reading in fifty is cut. */
const RARE_ONE_IN = 50;
const ROUNDING_KMH = 1e-9;

export function correctedSpeeds(readings: readonly Reading[], config: ControllerConfig): CorrectedSpeed[] {
  const { angleDeg, beamWidthDeg } = config.mounting;
  const { protocol, angleReference } = config.radar;
  const settings = { angleDeg, beamWidthDeg, angleReference, beamTurned: beamTurned(config.mounting) };
  const sight = createSightAngle({ ...settings, largestFootprintM: metres(0) }, radarTraits(protocol).hasAngle);
  const speeds = readings.map((reading) => {
    const stated = reading.angleDeg;
    const reference = stated === null ? null : sight.referenceOf(stated);
    const usedDeg = stated === null || reference === null ? angleDeg : sight.sightDeg(stated, reference);
    const alongKmh = reading.corrected ? reading.speedKmh : alongRoad(reading.speedKmh, degrees(usedDeg));
    return { atNs: reading.atNs, statedKmh: reading.speedKmh, alongKmh, usedDeg, rangeM: reading.rangeM };
  });
  const bins = new Map<number, number>();
  const binOf = (speed: number): number => Math.floor(speed + ROUNDING_KMH);
  for (const { alongKmh } of speeds) bins.set(binOf(alongKmh), (bins.get(binOf(alongKmh)) ?? 0) + 1);
  return speeds.map((speed) => ({
    ...speed,
    rare: (bins.get(binOf(speed.alongKmh)) ?? 0) * RARE_ONE_IN < speeds.length,
  }));
}

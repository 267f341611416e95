/**
 * From the angle a radar states to the angle between the line of sight and the road's axis, and from speed along the
 * beam to speed along the road (domain/measurement.md, "Speed", and the estimator's step 1).
 *
 * What surprised: printed manuals do not say whether the angle counts from the antenna's boresight or from the road.
 * A narrow beam answers it: the two readings of one number lie in windows that never overlap, so `auto` takes the one
 * in which the value lies, and the first valid pass settles it for the session.
 */
import { KerbsideError } from '../errors.js';
import { type Degrees, degrees, type KmH, kmh, toRadians } from '../units.js';
import type { MeasurementSettings } from './types.js';

export type KnownReference = 'boresight' | 'road';

/** What a target may lie outside the beam's nominal edge: side lobes, long bodies, the radar's own angle error. */
const EDGE_TOLERANCE_DEG = 5.5;
/** Half the resolution of a stated angle (0.1 degrees): keeps the two windows of `auto` apart. */
const HALF_STEP_DEG = 0.05;

export interface SightAngle {
  /** Half width of the window round the expected angle: 8 degrees for a 5 degree beam, less where windows would meet. */
  readonly toleranceDeg: Degrees;
  /** The reference under which a stated angle lies in the beam; null: implausible. */
  referenceOf(statedDeg: Degrees): KnownReference | null;
  /** Angle of the line of sight to the road's axis, degrees, 0 along the road. */
  sightDeg(statedDeg: Degrees, reference: KnownReference): Degrees;
  /** Settles `auto` for the rest of the session; later calls change nothing. */
  settle(reference: KnownReference): void;
}

/** Speed along the road from speed along the line of sight. */
export function alongRoad(radialKmh: KmH, sightDeg: Degrees): KmH {
  return kmh(radialKmh / Math.cos(toRadians(sightDeg)));
}

/**
 * @param statesAngle false for radars without an angle: `auto` then has nothing to decide
 * @throws KerbsideError 'config-invalid' where `auto` cannot tell the two references apart
 */
export function createSightAngle(settings: MeasurementSettings, statesAngle: boolean): SightAngle {
  const axisDeg = settings.angleDeg;
  const turn = settings.beamTurned === 'right' ? 1 : -1;
  const wideDeg = settings.beamWidthDeg / 2 + EDGE_TOLERANCE_DEG;
  // On a beam along the road the two references are the same angle.
  let known: KnownReference | null =
    settings.angleReference !== 'auto' ? settings.angleReference : axisDeg === 0 ? 'road' : null;
  const toleranceDeg = known === null ? Math.min(wideDeg, axisDeg / 2 - HALF_STEP_DEG) : wideDeg;
  if (statesAngle && known === null && toleranceDeg < settings.beamWidthDeg / 2) {
    throw new KerbsideError(
      'config-invalid',
      `radar.angleReference is auto, but at radar.angleDeg ${axisDeg} a beam of ${settings.beamWidthDeg} degrees leaves ` +
        'no room to tell the two apart; expected boresight or road.',
    );
  }

  const inWindow = (statedDeg: Degrees, reference: KnownReference): boolean =>
    Math.abs(reference === 'boresight' ? statedDeg : Math.abs(statedDeg) - axisDeg) <= toleranceDeg;

  return {
    toleranceDeg: degrees(toleranceDeg),
    referenceOf(statedDeg) {
      if (known !== null) return inWindow(statedDeg, known) ? known : null;
      if (inWindow(statedDeg, 'boresight')) return 'boresight';
      return inWindow(statedDeg, 'road') ? 'road' : null;
    },
    sightDeg(statedDeg, reference) {
      return degrees(reference === 'road' ? Math.abs(statedDeg) : Math.abs(axisDeg + turn * statedDeg));
    },
    settle(reference) {
      known ??= reference;
    },
  };
}

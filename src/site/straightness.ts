/** Is the road straight (DEP-7, SITE-4) and of constant slope (SITE-4) where the camera stands and looks? */
import type { Metres } from '../units.js';
import type { GeoPoint } from './types.js';

export interface Straightness {
  /** Largest change of direction within the stretch, degrees. */
  readonly turnDeg: number;
  /** Largest distance of the surveyed line from its chord. */
  readonly sagittaM: Metres;
  /** Largest change of slope, percent; null where heights were not surveyed. */
  readonly slopeChangePercent: number | null;
  readonly straight: boolean;
  /** null where heights were not surveyed. */
  readonly even: boolean | null;
}

export function straightnessOf(
  _centreline: readonly GeoPoint[],
  _altitudesM: readonly Metres[] | null,
  _fromM: Metres,
  _toM: Metres,
): Straightness {
  throw new Error('not built yet');
}

export const STRAIGHT_LIMITS = { turnDeg: 3, sagittaM: 1, slopeChangePercent: 1 } as const;

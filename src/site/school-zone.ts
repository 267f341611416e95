/** SCH-1: how far a place is from the grounds of the school. */
import type { Metres } from '../units.js';
import type { GeoPoint } from './types.js';

export const SCHOOL_ZONE_M = 250;

/** Distance from the boundary; 0 within the grounds. */
export function distanceToGroundsM(_boundary: readonly GeoPoint[], _point: GeoPoint): Metres {
  throw new Error('not built yet');
}

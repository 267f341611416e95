/**
 * SCH-1: how far a place is from the grounds of the school. Each corner is put into a plane round the place, scaled at
 * the latitude half-way to it, so that corners are good to a centimetre within 1 km and edges to a decimetre.
 */
import { metres, type Metres } from '../units.js';
import { DISTANCES } from './distances.js';
import { northEastM } from './geodesy.js';
import type { GeoPoint } from './types.js';

export const SCHOOL_ZONE_M = DISTANCES.schoolZoneM;

interface Corner {
  readonly northM: number;
  readonly eastM: number;
}

/**
 * Distance from the boundary; 0 within the grounds.
 *
 * @param boundary corners in order, either way round; the last is joined to the first. Infinity where there are none.
 */
export function distanceToGroundsM(boundary: readonly GeoPoint[], point: GeoPoint): Metres {
  const corners = boundary.map((corner) => northEastM(point, corner));
  let nearestM = Infinity;
  let within = false;
  for (const [index, to] of corners.entries()) {
    const from = corners.at(index - 1) ?? to;
    nearestM = Math.min(nearestM, toEdgeM(from, to));
    if (isCrossed(from, to)) within = !within;
  }
  return metres(within ? 0 : nearestM);
}

/** Distance of the plane's origin from the edge between two corners. */
function toEdgeM(from: Corner, to: Corner): number {
  const north = to.northM - from.northM;
  const east = to.eastM - from.eastM;
  const square = north ** 2 + east ** 2;
  const part = square === 0 ? 0 : -(from.northM * north + from.eastM * east) / square;
  const along = Math.min(Math.max(part, 0), 1);
  return Math.hypot(from.northM + along * north, from.eastM + along * east);
}

/** Whether a ray from the origin to the east crosses the edge; a corner on the ray belongs to one of its edges only. */
function isCrossed(from: Corner, to: Corner): boolean {
  if (from.northM > 0 === to.northM > 0) return false;
  const part = from.northM / (from.northM - to.northM);
  return from.eastM + part * (to.eastM - from.eastM) > 0;
}

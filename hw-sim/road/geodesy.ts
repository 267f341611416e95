/**
 * A straight pretend road on the WGS 84 ellipsoid: chainage and lateral distance to latitude and longitude, by the
 * radii of curvature at the road's beginning. Good to millimetres over the few kilometres that a site may be long.
 */
import { toRadians } from '../../src/units.js';

export interface RoadAnchor {
  readonly latitude: number;
  readonly longitude: number;
  /** Direction in which chainage grows, degrees from true north. */
  readonly bearingDeg: number;
}

const A = 6378137;
const E2 = 0.00669437999014;

/** @param rightM metres to the right of the centreline, seen in the direction of growing chainage */
export function positionAt(anchor: RoadAnchor, chainageM: number, rightM = 0): { latitude: number; longitude: number } {
  const bearing = toRadians(anchor.bearingDeg);
  const north = chainageM * Math.cos(bearing) - rightM * Math.sin(bearing);
  const east = chainageM * Math.sin(bearing) + rightM * Math.cos(bearing);
  const phi = toRadians(anchor.latitude);
  const w = Math.sqrt(1 - E2 * Math.sin(phi) ** 2);
  const meridian = (A * (1 - E2)) / w ** 3;
  const transverse = (A / w) * Math.cos(phi);
  return {
    latitude: anchor.latitude + ((north / meridian) * 180) / Math.PI,
    longitude: anchor.longitude + ((east / transverse) * 180) / Math.PI,
  };
}

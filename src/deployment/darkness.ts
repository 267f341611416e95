/** Is it dark at the van? From the sun's position at the fix (DEP-2); decides the flash where it is set to `dark`. */
import { getPosition } from 'suncalc';
import type { GeoPoint } from '../site/types.js';
import type { UtcMs } from '../units.js';

/** The sun's upper edge touches the horizon at this altitude, refraction included. */
const SUNSET_ALTITUDE_DEG = -0.833;

export function isDark(at: GeoPoint, utc: UtcMs): boolean {
  return getPosition(new Date(utc), at.latitude, at.longitude).altitude < SUNSET_ALTITUDE_DEG;
}

/**
 * How high the sun stands, by the short formulas of the Astronomical Almanac: within a tenth of a degree in these decades. Knows
 * nothing of refraction; whoever asks leaves room for it.
 */
import type { OraclePlace } from '../road-geometry.js';

const RADIANS = Math.PI / 180;
/** 2000-01-01T12:00Z */
const EPOCH_MS = 946_728_000_000;
const DAY_MS = 86_400_000;

export function sunAltitudeDeg(utcMs: number, { latitude, longitude }: OraclePlace): number {
  const days = (utcMs - EPOCH_MS) / DAY_MS;
  const meanDeg = 280.46 + 0.985_647_4 * days;
  const anomaly = (357.528 + 0.985_600_3 * days) * RADIANS;
  const ecliptic = (meanDeg + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * RADIANS;
  const oblique = (23.439 - 0.000_000_4 * days) * RADIANS;
  const declination = Math.asin(Math.sin(oblique) * Math.sin(ecliptic));
  const ascension = Math.atan2(Math.cos(oblique) * Math.sin(ecliptic), Math.cos(ecliptic));
  const siderealDeg = 280.460_62 + 360.985_647_4 * days + longitude;
  const hour = siderealDeg * RADIANS - ascension;
  const at = latitude * RADIANS;
  const sine = Math.sin(at) * Math.sin(declination) + Math.cos(at) * Math.cos(declination) * Math.cos(hour);
  return Math.asin(sine) / RADIANS;
}

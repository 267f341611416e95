/**
 * What a beam across the road sees of a vehicle. The echo comes from the middle of that part of the vehicle which is
 * inside the beam; its Doppler speed is the true speed times the cosine of the angle between the line of sight and the
 * road. So the angle runs from one edge of the beam to the other during a pass, as domain/measurement.md describes
 * (9.4 % low at the near edge to 6.0 % low at the far one).
 */
import { toDegrees } from '../../src/units.js';
import type { Road } from './road.js';
import type { Vehicle } from './vehicle.js';

export interface Echo {
  readonly vehicle: Vehicle;
  readonly rangeM: number;
  /** Between line of sight and road axis, degrees. */
  readonly sightAngleDeg: number;
  /** Along the line of sight, km/h, positive away from the radar. */
  readonly radialKmh: number;
  /** Part of the beam's footprint that the vehicle fills, 0 to 1. */
  readonly fill: number;
}

const STRENGTH_DB = { car: 62, van: 65, truck: 70, motorcycle: 61, bicycle: 52 } as const;

/** null when no part of the vehicle is in the beam. */
export function echoOf(road: Road, vehicle: Vehicle, timeS: number): Echo | null {
  const place = road.place(vehicle, timeS);
  const [near, far] = road.footprint(place.lateralM);
  const from = Math.max(near, place.nearAheadM);
  const to = Math.min(far, place.farAheadM);
  if (to <= from) return null;
  const ahead = (from + to) / 2;
  const rangeM = Math.hypot(ahead, place.lateralM);
  return {
    vehicle,
    rangeM,
    sightAngleDeg: toDegrees(Math.atan2(place.lateralM, ahead)),
    radialKmh: ((place.awayMs * ahead) / rangeM) * 3.6,
    fill: (to - from) / (far - near),
  };
}

export function echoes(road: Road, timeS: number): Echo[] {
  return road.vehicles.flatMap((vehicle) => echoOf(road, vehicle, timeS) ?? []);
}

/** Mean strength in dB: by kind, falling with the fourth power of range from the first lane's 13.7 m on. */
export function meanStrengthDb(echo: Echo): number {
  return (
    STRENGTH_DB[echo.vehicle.kind] - 40 * Math.log10(echo.rangeM / 13.7) + 10 * Math.log10(Math.max(echo.fill, 0.05))
  );
}

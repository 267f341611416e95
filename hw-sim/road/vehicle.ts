/**
 * The ground truth: vehicles that drive along lanes, at constant speed or with one change of it, fully known at every
 * instant; one whose speed is 0 is parked. Dimensions are
 * ordinary ones; `lengthM` may be overridden by a scenario.
 */
import type { Degrees, KmH, Metres } from '../../src/units.js';

export const VEHICLE_KINDS = ['car', 'van', 'truck', 'motorcycle', 'bicycle'] as const;
export type VehicleKind = (typeof VEHICLE_KINDS)[number];
export type Along = 'increasing' | 'decreasing';

export const DIMENSIONS: Readonly<Record<VehicleKind, { lengthM: number; widthM: number; heightM: number }>> = {
  car: { lengthM: 4.5, widthM: 1.82, heightM: 1.46 },
  van: { lengthM: 5.4, widthM: 2.0, heightM: 2.25 },
  truck: { lengthM: 9.2, widthM: 2.5, heightM: 3.7 },
  motorcycle: { lengthM: 2.2, widthM: 0.8, heightM: 1.5 },
  bicycle: { lengthM: 1.8, widthM: 0.6, heightM: 1.7 },
};

/** From `fromS` on it brakes or accelerates at this rate until it has the other speed, which it keeps. */
export interface SpeedChange {
  readonly fromS: number;
  readonly toKmh: KmH;
  /** Positive, m/s². */
  readonly rateMs2: number;
}

export interface Vehicle {
  /** Unique in its scenario; the plate. */
  readonly plate: string;
  readonly kind: VehicleKind;
  readonly colour: string;
  readonly lengthM: Metres;
  /** Id of a lane of the scenario's site. */
  readonly laneId: string;
  readonly direction: Along;
  readonly speedKmh: KmH;
  /** null: its speed is constant. */
  readonly change?: SpeedChange | null;
  /** Seconds after the start of traffic at which its leading end crosses the axis of the radar beam, but for its change. */
  readonly atS: number;
  /** Distance from the middle of its lane, metres, positive away from the van (e.g. a motorcycle beside a car). */
  readonly lateralShiftM: Metres;
}

export interface RoadLane {
  readonly id: string;
  readonly direction: Along;
  readonly widthM: Metres;
  readonly monitored: boolean;
}

/** Where the van and its radar are, and the lanes; all that geometry needs. */
export interface RoadGeometry {
  /** From the van outward. */
  readonly lanes: readonly RoadLane[];
  readonly vanChainageM: Metres;
  readonly vanHeading: Along;
  readonly facing: 'front' | 'rear';
  /** Side of its carriageway on which the van stands; the road lies on the other side. */
  readonly side: 'left' | 'right';
  /** From the antenna to the middle of the nearest lane (DEP-4: about one and a half lane widths). */
  readonly lateralM: Metres;
  /** Antenna ahead of the van's own place, in its heading. */
  readonly antennaAheadM: Metres;
  readonly angleDeg: Degrees;
  /** Where the beam really looks; left out: where it should. */
  readonly beamAngleDeg?: Degrees;
  readonly beamWidthDeg: Degrees;
}

/** Before any change. */
export const speedMs = (vehicle: Vehicle): number => vehicle.speedKmh / 3.6;

/** Constant acceleration from `fromS` on, until the next piece. */
export interface MotionPiece {
  readonly fromS: number;
  /** How far it has come since it crossed the axis; negative before. */
  readonly travelledM: number;
  readonly speedMs: number;
  readonly accelerationMs2: number;
}

/** The first piece holds for all time before it, too. */
export function motionOf(vehicle: Vehicle): readonly MotionPiece[] {
  const v0 = speedMs(vehicle);
  const first = { fromS: vehicle.atS, travelledM: 0, speedMs: v0, accelerationMs2: 0 };
  if (vehicle.change === null || vehicle.change === undefined) return [first];
  const { fromS, toKmh, rateMs2 } = vehicle.change;
  const v1 = toKmh / 3.6;
  const accelerationMs2 = v1 > v0 ? rateMs2 : -rateMs2;
  const lastsS = Math.abs(v1 - v0) / rateMs2;
  const before = { ...first, fromS, travelledM: v0 * (fromS - vehicle.atS) };
  return [
    { ...before, fromS: Math.min(vehicle.atS, fromS), travelledM: v0 * (Math.min(vehicle.atS, fromS) - vehicle.atS) },
    { ...before, accelerationMs2 },
    {
      fromS: fromS + lastsS,
      travelledM: before.travelledM + ((v0 + v1) / 2) * lastsS,
      speedMs: v1,
      accelerationMs2: 0,
    },
  ];
}

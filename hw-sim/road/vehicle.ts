/**
 * The ground truth: vehicles that drive along lanes at constant speed, fully known at every instant. Dimensions are
 * ordinary ones; `lengthM` may be overridden by a scenario.
 */
import type { Degrees, KmH, Metres } from '../../src/units.js';

export const VEHICLE_KINDS = ['car', 'van', 'truck', 'motorcycle'] as const;
export type VehicleKind = (typeof VEHICLE_KINDS)[number];
export type Along = 'increasing' | 'decreasing';

export const DIMENSIONS: Readonly<Record<VehicleKind, { lengthM: number; widthM: number; heightM: number }>> = {
  car: { lengthM: 4.5, widthM: 1.82, heightM: 1.46 },
  van: { lengthM: 5.4, widthM: 2.0, heightM: 2.25 },
  truck: { lengthM: 9.2, widthM: 2.5, heightM: 3.7 },
  motorcycle: { lengthM: 2.2, widthM: 0.8, heightM: 1.5 },
};

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
  /** Seconds after the start of traffic at which its leading end crosses the axis of the radar beam. */
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
  readonly beamWidthDeg: Degrees;
}

export const speedMs = (vehicle: Vehicle): number => vehicle.speedKmh / 3.6;

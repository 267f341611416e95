/**
 * Where every vehicle is at a time. Plane geometry in the frame of the antenna: `ahead` runs along the road in the
 * direction into which the beam looks, `lateral` from the antenna towards the far side of the road.
 */
import { toRadians } from '../../src/units.js';
import type { Along, RoadGeometry, Vehicle } from './vehicle.js';
import { motionOf, speedMs, type MotionPiece } from './vehicle.js';

const sign = (along: Along): 1 | -1 => (along === 'increasing' ? 1 : -1);

/** A vehicle's stretch of road seen from the antenna at one instant, metres. */
export interface Placement {
  readonly vehicle: Vehicle;
  /** Nearest and farthest end along the road; negative is behind the antenna. */
  readonly nearAheadM: number;
  readonly farAheadM: number;
  readonly lateralM: number;
  /** Speed along the road in m/s, positive away from the radar. */
  readonly awayMs: number;
  /** Chainage of the leading end. */
  readonly frontChainageM: number;
}

export class Road {
  readonly geometry: RoadGeometry;
  readonly #vehicles: readonly Vehicle[];
  /** +1 where the beam looks towards growing chainage. */
  readonly beamSign: 1 | -1;
  readonly antennaChainageM: number;
  /** Where the beam really looks, degrees to the road. */
  readonly beamAngleDeg: number;
  readonly #motions = new WeakMap<Vehicle, readonly MotionPiece[]>();
  readonly #laterals = new Map<string, number>();

  constructor(geometry: RoadGeometry, vehicles: readonly Vehicle[]) {
    this.geometry = geometry;
    this.#vehicles = vehicles;
    const heading = sign(geometry.vanHeading);
    this.beamSign = (heading * (geometry.facing === 'front' ? 1 : -1)) as 1 | -1;
    this.antennaChainageM = geometry.vanChainageM + heading * geometry.antennaAheadM;
    this.beamAngleDeg = geometry.beamAngleDeg ?? geometry.angleDeg;
    let lateral: number = geometry.lateralM;
    let previousHalfM: number | null = null;
    for (const { id, widthM } of geometry.lanes) {
      if (previousHalfM !== null) lateral += previousHalfM + widthM / 2;
      this.#laterals.set(id, lateral);
      previousHalfM = widthM / 2;
    }
  }

  get vehicles(): readonly Vehicle[] {
    return this.#vehicles;
  }

  /** From the antenna to the middle of a lane, metres. */
  laneLateralM(laneId: string): number {
    const lateralM = this.#laterals.get(laneId);
    if (lateralM !== undefined) return lateralM;
    throw new RangeError(`lane ${laneId} is not one of this road's lanes`);
  }

  lateralOf(vehicle: Vehicle): number {
    return this.laneLateralM(vehicle.laneId) + vehicle.lateralShiftM;
  }

  /** How far ahead of the antenna the axis of the beam, as it should look, meets this lateral distance. */
  axisAheadM(lateralM: number): number {
    return lateralM / Math.tan(toRadians(this.geometry.angleDeg));
  }

  /** Near and far edge of the beam at this lateral distance, metres ahead of the antenna. */
  footprint(lateralM: number): readonly [number, number] {
    const half = this.geometry.beamWidthDeg / 2;
    return [
      lateralM / Math.tan(toRadians(this.beamAngleDeg + half)),
      lateralM / Math.tan(toRadians(this.beamAngleDeg - half)),
    ];
  }

  place(vehicle: Vehicle, timeS: number): Placement {
    const lateralM = this.lateralOf(vehicle);
    const away = sign(vehicle.direction) * this.beamSign;
    const { travelledM, speedMs } = this.#motionAt(vehicle, timeS);
    const awayMs = away * speedMs;
    const frontAhead = this.axisAheadM(lateralM) + away * travelledM;
    const rearAhead = frontAhead - away * vehicle.lengthM;
    return {
      vehicle,
      nearAheadM: Math.min(frontAhead, rearAhead),
      farAheadM: Math.max(frontAhead, rearAhead),
      lateralM,
      awayMs,
      frontChainageM: this.antennaChainageM + this.beamSign * frontAhead,
    };
  }

  /** Every vehicle within this distance of the antenna, nearest lane last (the order in which a picture is painted). */
  within(timeS: number, distanceM: number): Placement[] {
    return this.#vehicles
      .map((vehicle) => this.place(vehicle, timeS))
      .filter((placement) => placement.farAheadM > -20 && placement.nearAheadM < distanceM)
      .sort((a, b) => b.lateralM - a.lateralM || b.nearAheadM - a.nearAheadM);
  }

  /** From the first to the last instant in which any part of the vehicle is in the beam, seconds. */
  inBeam(vehicle: Vehicle): readonly [number, number] {
    return this.between(vehicle, this.footprint(this.lateralOf(vehicle)));
  }

  /** The same for a stretch of its lane, metres ahead of the antenna. */
  between(vehicle: Vehicle, [near, far]: readonly [number, number]): readonly [number, number] {
    const axis = this.axisAheadM(this.lateralOf(vehicle));
    const receding = this.isReceding(vehicle);
    const before = receding ? axis - near : far - axis;
    const after = receding ? far - axis : axis - near;
    return [this.#whenAt(vehicle, -before), this.#whenAt(vehicle, after + vehicle.lengthM)];
  }

  /** Pieces of constant acceleration. */
  motion(vehicle: Vehicle): readonly MotionPiece[] {
    const known = this.#motions.get(vehicle);
    if (known !== undefined) return known;
    const pieces = motionOf(vehicle);
    if (pieces.length === 1) return pieces;
    this.#motions.set(vehicle, pieces);
    return pieces;
  }

  #motionAt(vehicle: Vehicle, timeS: number): { readonly travelledM: number; readonly speedMs: number } {
    // Most never change their speed, and this is asked of each in every frame.
    if (vehicle.change == null) {
      const constantMs = speedMs(vehicle);
      return { travelledM: constantMs * (timeS - vehicle.atS), speedMs: constantMs };
    }
    const pieces = this.motion(vehicle);
    let piece = pieces[0] as MotionPiece;
    for (const next of pieces) if (next.fromS <= timeS) piece = next;
    const forS = timeS - piece.fromS;
    return {
      travelledM: piece.travelledM + piece.speedMs * forS + (piece.accelerationMs2 * forS * forS) / 2,
      speedMs: piece.speedMs + piece.accelerationMs2 * forS,
    };
  }

  /** When it has come so far; for ever early or late where it stands. */
  #whenAt(vehicle: Vehicle, travelledM: number): number {
    const pieces = this.motion(vehicle);
    let piece = pieces[0] as MotionPiece;
    for (const next of pieces) if (next.travelledM <= travelledM) piece = next;
    const { fromS, speedMs, accelerationMs2 } = piece;
    const leftM = travelledM - piece.travelledM;
    if (speedMs === 0 && accelerationMs2 === 0) return leftM > 0 ? Infinity : -Infinity;
    if (accelerationMs2 === 0) return fromS + leftM / speedMs;
    const root = speedMs * speedMs + 2 * accelerationMs2 * leftM;
    return root < 0 ? Infinity : fromS + (2 * leftM) / (speedMs + Math.sqrt(root));
  }

  isReceding(vehicle: Vehicle): boolean {
    return sign(vehicle.direction) * this.beamSign > 0;
  }
}

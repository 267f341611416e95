/**
 * Who is near the beam: the vehicles of a road in the order in which they come, so that hours of traffic cost no more a
 * frame than minutes. A truck in a nearer lane hides what is behind it from the radar; what stands still has no Doppler
 * shift and is not seen by it either.
 */
import { toRadians } from '../../src/units.js';
import type { Echo } from '../road/beam.js';
import { echoOf } from '../road/beam.js';
import type { Road } from '../road/road.js';
import type { Vehicle } from '../road/vehicle.js';

interface Coming {
  readonly vehicle: Vehicle;
  /** In the picture, in the beam, or just before or behind. */
  readonly fromS: number;
  readonly toS: number;
  readonly beamFromS: number;
  readonly beamToS: number;
  /** What never moves is never heard. */
  readonly moves: boolean;
}

/** Slower than this along the beam a radar takes it for the road. */
const SLOWEST_KMH = 0.5;
/** As the lens of the pretend camera (`picture/scene.ts`) shows it. */
const FIELD_DEG = 34;
/** Beyond this vehicles are too small to tell anything. */
const SIGHT_M = 80;
/** Exposures may be asked for a moment that is over. */
const LINGERS_S = 1;

export class Traffic {
  readonly #road: Road;
  readonly #coming: readonly Coming[];
  #next = 0;
  #near: Coming[] = [];
  /** The road is empty from then on, but for what stands there for ever. */
  readonly emptyFromS: number;

  /** @param road with the beam where it really looks */
  constructor(road: Road) {
    this.#road = road;
    this.#coming = road.vehicles.map((vehicle) => this.#comingOf(vehicle)).sort((a, b) => a.fromS - b.fromS);
    this.emptyFromS = this.#coming.reduce((last, { toS }) => (Number.isFinite(toS) ? Math.max(last, toS) : last), 0);
  }

  /** When somebody in the beam may be heard next: now, later, or never (Infinity). Times may not go back much. */
  nextEchoS(timeS: number): number {
    this.#advance(timeS);
    // Nobody of the others is in the beam before the next one comes near.
    let nextS = this.#coming[this.#next]?.fromS ?? Number.POSITIVE_INFINITY;
    for (const { moves, beamFromS, beamToS } of this.#near) {
      if (moves && beamToS >= timeS && beamFromS < nextS) nextS = beamFromS;
    }
    return Math.max(timeS, nextS);
  }

  echoes(timeS: number): readonly Echo[] {
    this.#advance(timeS);
    const seen: Echo[] = [];
    for (const { vehicle, moves, beamFromS, beamToS } of this.#near) {
      if (!moves || beamFromS > timeS || beamToS < timeS) continue;
      const echo = echoOf(this.#road, vehicle, timeS);
      if (echo === null || Math.abs(echo.radialKmh) < SLOWEST_KMH) continue;
      if (!this.#isHidden(echo, timeS)) seen.push(echo);
    }
    return seen;
  }

  /** Plates of those with any part in the beam, heard or not. */
  inBeam(timeS: number): string[] {
    this.#advance(timeS);
    return this.#near
      .filter(({ beamFromS, beamToS }) => beamFromS <= timeS && timeS <= beamToS)
      .map(({ vehicle }) => vehicle.plate);
  }

  /** Plates of those with any part in the picture. */
  inPicture(timeS: number): string[] {
    this.#advance(timeS);
    return this.#near
      .filter(({ vehicle }) => {
        const { nearAheadM, farAheadM, lateralM } = this.#road.place(vehicle, timeS);
        const [near, far] = this.#inView(lateralM);
        return farAheadM >= near && nearAheadM <= far;
      })
      .map(({ vehicle }) => vehicle.plate);
  }

  #comingOf(vehicle: Vehicle): Coming {
    const lateralM = this.#road.lateralOf(vehicle);
    const [beamFromS, beamToS] = this.#road.inBeam(vehicle);
    const [viewFromS, viewToS] = this.#road.between(vehicle, this.#inView(lateralM));
    return {
      ...{ vehicle, beamFromS, beamToS, moves: vehicle.speedKmh > 0 || (vehicle.change?.toKmh ?? 0) > 0 },
      fromS: Math.min(beamFromS, viewFromS),
      toS: Math.max(beamToS, viewToS),
    };
  }

  /** Near and far end of what the camera shows of a lane. It looks where the beam should. */
  #inView(lateralM: number): readonly [number, number] {
    const { angleDeg } = this.#road.geometry;
    const far = angleDeg - FIELD_DEG / 2;
    return [
      lateralM / Math.tan(toRadians(angleDeg + FIELD_DEG / 2)),
      far <= 0 ? SIGHT_M : Math.min(SIGHT_M, lateralM / Math.tan(toRadians(far))),
    ];
  }

  #advance(timeS: number): void {
    const goneS = timeS - LINGERS_S;
    let gone = false;
    for (const { toS } of this.#near) if (toS < goneS) gone = true;
    if (gone) this.#near = this.#near.filter(({ toS }) => toS >= goneS);
    for (let next = this.#coming[this.#next]; next !== undefined; next = this.#coming[this.#next]) {
      if (next.fromS > timeS) return;
      this.#next += 1;
      if (next.toS >= goneS) this.#near.push(next);
    }
  }

  /** Does the line of sight to the middle of what is in the beam go through a truck? */
  #isHidden({ vehicle, rangeM, sightAngleDeg }: Echo, timeS: number): boolean {
    for (const { vehicle: other } of this.#near) {
      if (other.kind !== 'truck' || other === vehicle) continue;
      const { nearAheadM, farAheadM, lateralM } = this.#road.place(other, timeS);
      const sight = toRadians(sightAngleDeg);
      if (lateralM >= rangeM * Math.sin(sight) - 1) continue;
      const crossesM = lateralM / Math.tan(sight);
      if (nearAheadM <= crossesM && crossesM <= farAheadM) return true;
    }
    return false;
  }
}

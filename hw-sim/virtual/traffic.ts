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
}

/** Slower than this along the beam a radar takes it for the road. */
const SLOWEST_KMH = 0.5;
/** As the lens of the pretend camera (`picture/scene.ts`) shows it. */
const FIELD_DEG = 34;
/** Beyond this vehicles are too small to tell anything. */
const SIGHT_M = 80;
/** What is nearer than that across the road drives beside, not behind. */
const BESIDE_M = 1;
/** Exposures may be asked for a moment that is over. */
const LINGERS_S = 1;

export class Traffic {
  readonly #road: Road;
  readonly #coming: readonly Coming[];
  /** What never moves is never heard, however much of it gathers; it may be seen, and it may hide others. */
  readonly #standing: readonly Coming[];
  readonly #standingTrucks: readonly Coming[];
  #next = 0;
  #near: Coming[] = [];
  /** The road is empty from then on, but for what stands there for ever. */
  readonly emptyFromS: number;

  /** @param road with the beam where it really looks */
  constructor(road: Road) {
    this.#road = road;
    const moves = ({ vehicle }: Coming): boolean => vehicle.speedKmh > 0 || (vehicle.change?.toKmh ?? 0) > 0;
    const all = road.vehicles.map((vehicle) => this.#comingOf(vehicle));
    this.#coming = all.filter(moves).sort((a, b) => a.fromS - b.fromS);
    this.#standing = all.filter((each) => !moves(each));
    this.#standingTrucks = this.#standing.filter(isTruck);
    this.emptyFromS = this.#coming.reduce((last, { toS }) => (Number.isFinite(toS) ? Math.max(last, toS) : last), 0);
  }

  /** When somebody in the beam may be heard next: now, later, or never (Infinity). Times may not go back much. */
  nextEchoS(timeS: number): number {
    this.#advance(timeS);
    // Nobody of the others is in the beam before the next one comes near.
    let nextS = this.#coming[this.#next]?.fromS ?? Number.POSITIVE_INFINITY;
    for (const { beamFromS, beamToS } of this.#near) {
      if (beamToS >= timeS && beamFromS < nextS) nextS = beamFromS;
    }
    return Math.max(timeS, nextS);
  }

  echoes(timeS: number): readonly Echo[] {
    this.#advance(timeS);
    const seen: Echo[] = [];
    for (const { vehicle, beamFromS, beamToS } of this.#near) {
      if (beamFromS > timeS || beamToS < timeS) continue;
      const echo = echoOf(this.#road, vehicle, timeS);
      if (echo === null || Math.abs(echo.radialKmh) < SLOWEST_KMH) continue;
      if (!this.#isHidden(echo, timeS)) seen.push(echo);
    }
    return seen;
  }

  /** Plates of those with any part in the beam, heard or not. */
  inBeam(timeS: number): string[] {
    this.#advance(timeS);
    return [...this.#standing, ...this.#near]
      .filter(({ beamFromS, beamToS }) => beamFromS <= timeS && timeS <= beamToS)
      .map(({ vehicle }) => vehicle.plate);
  }

  /** Plates of those with any part in the picture. */
  inPicture(timeS: number): string[] {
    this.#advance(timeS);
    return [...this.#standing, ...this.#near]
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
      ...{ vehicle, beamFromS, beamToS },
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
  #isHidden(echo: Echo, timeS: number): boolean {
    for (const other of this.#near) if (isTruck(other) && this.#hides(other.vehicle, echo, timeS)) return true;
    return this.#standingTrucks.some(({ vehicle }) => this.#hides(vehicle, echo, timeS));
  }

  #hides(truck: Vehicle, { vehicle, rangeM, sightAngleDeg }: Echo, timeS: number): boolean {
    const sight = toRadians(sightAngleDeg);
    const { nearAheadM, farAheadM, lateralM } = this.#road.place(truck, timeS);
    if (truck === vehicle || lateralM >= rangeM * Math.sin(sight) - BESIDE_M) return false;
    const crossesM = lateralM / Math.tan(sight);
    return nearAheadM <= crossesM && crossesM <= farAheadM;
  }
}

const isTruck = ({ vehicle }: Coming): boolean => vehicle.kind === 'truck';

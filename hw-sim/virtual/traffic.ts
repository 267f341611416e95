/**
 * Who is near the beam: the vehicles of a road in the order in which they come, so that hours of traffic cost no more a
 * frame than minutes. A truck in a nearer lane hides what is behind it from the radar.
 */
import type { Echo } from '../road/beam.js';
import { echoOf } from '../road/beam.js';
import type { Road } from '../road/road.js';
import type { Vehicle } from '../road/vehicle.js';

interface Coming {
  readonly vehicle: Vehicle;
  /** In the picture or the beam from here to there. */
  readonly fromS: number;
  readonly toS: number;
}

/** Half the angle that a truck's length hides around the middle of its echo, beyond its own. */
const SHADOW_DEG = 2.5;
/** Before and after the beam in which a vehicle may still be in the picture, or in the beam of a radar that looks elsewhere. */
const AROUND_S = 6;

export class Traffic {
  readonly #road: Road;
  readonly #coming: readonly Coming[];
  #next = 0;
  #near: Coming[] = [];

  constructor(road: Road, vehicles: readonly Vehicle[] = road.vehicles) {
    this.#road = road;
    this.#coming = vehicles
      .map((vehicle) => {
        const [fromS, toS] = road.inBeam(vehicle);
        return { vehicle, fromS: fromS - AROUND_S, toS: toS + AROUND_S };
      })
      .sort((a, b) => a.fromS - b.fromS);
  }

  /** Those near the beam; times may not go back. */
  near(timeS: number): readonly Vehicle[] {
    let gone = false;
    for (const { toS } of this.#near) gone ||= toS < timeS;
    if (gone) this.#near = this.#near.filter(({ toS }) => toS >= timeS);
    for (
      let next = this.#coming[this.#next];
      next !== undefined && next.fromS <= timeS;
      next = this.#coming[this.#next]
    ) {
      this.#next += 1;
      if (next.toS >= timeS) this.#near.push(next);
    }
    return this.#near.map(({ vehicle }) => vehicle);
  }

  /** When somebody is near next: now, later, or never (Infinity). */
  nextS(timeS: number): number {
    if (this.#near.some(({ toS }) => toS >= timeS)) return timeS;
    const next = this.#coming[this.#next];
    return next === undefined ? Number.POSITIVE_INFINITY : Math.max(timeS, next.fromS);
  }

  echoes(timeS: number): readonly Echo[] {
    const seen: Echo[] = [];
    for (const vehicle of this.near(timeS)) {
      const echo = echoOf(this.#road, vehicle, timeS);
      if (echo !== null) seen.push(echo);
    }
    return seen.length < 2 ? seen : seen.filter((echo) => !seen.some((other) => hides(other, echo)));
  }

  inBeam(timeS: number): string[] {
    return this.near(timeS)
      .filter((vehicle) => echoOf(this.#road, vehicle, timeS) !== null)
      .map(({ plate }) => plate);
  }

  /** @param farthestM along the road ahead of the camera */
  inPicture(timeS: number, farthestM: number): string[] {
    return this.near(timeS)
      .filter((vehicle) => {
        const { nearAheadM, farAheadM } = this.#road.place(vehicle, timeS);
        return farAheadM > 0 && nearAheadM < farthestM;
      })
      .map(({ plate }) => plate);
  }
}

function hides(other: Echo, echo: Echo): boolean {
  if (other === echo || other.vehicle.kind !== 'truck' || other.rangeM >= echo.rangeM - 1.5) return false;
  return Math.abs(other.sightAngleDeg - echo.sightAngleDeg) < SHADOW_DEG * other.fill;
}

/** What the receiver and the clock say of time and place, as far as it forbids to fire (measurement.md, "Time and place"). */
import type { GpsFix } from '../../../src/timeline.js';
import { oracleDistanceM, type OraclePlace } from '../road-geometry.js';
import type { WorldSettings } from './settings.js';

const FIXES_TO_BELIEVE = 3;
const ROLLING_KMH = 3;
const MOVED_M = 15;
/** The van is where it was believed to be first, whichever fix the controller took that from. */
const MOVED_SLACK_M = 6;
const SIMULATED = 8;
/** A report may reach the controller a second after its time; and 1 s of disagreement is allowed. */
const DISAGREE_MS = 2200;

export class Position {
  readonly #settings: WorldSettings;
  #up = true;
  #fixNs: number | null = null;
  #inARow = 0;
  #simulated = false;
  #rollingKmh = 0;
  #first: OraclePlace | null = null;
  #movedM = 0;
  #clock: { readonly utcMs: number; readonly atNs: number } | null = null;
  #offsetMs = 0;

  constructor(settings: WorldSettings) {
    this.#settings = settings;
  }

  /** Where it was first believed to be. */
  get place(): OraclePlace | null {
    return this.#first;
  }

  link(up: boolean): void {
    this.#up = up;
    if (!up) this.#inARow = 0;
  }

  clock(utcMs: number, atNs: number): void {
    this.#clock = { utcMs, atNs };
  }

  fix(fix: GpsFix, atNs: number): void {
    const { mode, status, latitude, longitude, speedMs, utcMs } = fix;
    this.#simulated = status === SIMULATED;
    if (this.#simulated || mode < 3 || latitude === null || longitude === null) {
      this.#inARow = 0;
      return;
    }
    this.#inARow += 1;
    this.#fixNs = atNs;
    this.#rollingKmh = (speedMs ?? 0) * 3.6;
    if (this.#inARow < FIXES_TO_BELIEVE) return;
    this.#first ??= { latitude, longitude };
    this.#movedM = oracleDistanceM(this.#first, { latitude, longitude });
    if (this.#clock !== null && utcMs !== null) {
      this.#offsetMs = this.#clock.utcMs + (atNs - this.#clock.atNs) / 1e6 - utcMs;
    }
  }

  /** @param slackS by so much an age may be exceeded before anybody notices */
  unfit(nowNs: number, slackS: number): string[] {
    const unfit: string[] = [];
    const ageS = this.#fixNs === null ? Number.POSITIVE_INFINITY : (nowNs - this.#fixNs) / 1e9;
    if (!this.#up && ageS > this.#settings.staleFixS + slackS) unfit.push('gpsd is gone');
    if (ageS > this.#settings.staleFixS + slackS) unfit.push(`the last fix is ${ageS.toFixed(1)} s old`);
    if (this.#inARow < FIXES_TO_BELIEVE) unfit.push(`only ${String(this.#inARow)} fixes have come in a row`);
    if (this.#simulated) unfit.push('the position is simulated');
    if (this.#rollingKmh > ROLLING_KMH) unfit.push(`the van rolls at ${this.#rollingKmh.toFixed(1)} km/h`);
    if (this.#movedM > MOVED_M + MOVED_SLACK_M) unfit.push(`the van has moved by ${this.#movedM.toFixed(1)} m`);
    if (Math.abs(this.#offsetMs) > DISAGREE_MS) {
      unfit.push(`the clock and GPS disagree by ${(this.#offsetMs / 1000).toFixed(3)} s`);
    }
    return unfit;
  }
}

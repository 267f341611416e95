/**
 * One vehicle or two that follow each other, where a radar tells nothing but speeds? Under a beam at an angle to the road
 * the line of sight turns away from the road as a vehicle comes nearer, so that its speed along the beam can only fall, and
 * only rises while it drives away. A speed that goes the other way is the next vehicle at the beam's other edge.
 */
import type { TargetDirection } from '../radar/reading.js';

/**
 * The other way by more than this is another vehicle: from 75 km/h on the beam's two edges differ by so much. A radar's noise
 * and steps are some 1.5 km/h to either side of a single reading, and less of the mean of two.
 */
const WRONG_WAY_KMH = 2.5;
const SMOOTHED = 2;

export class ApproachTrend {
  readonly #last = new Float64Array(SMOOTHED);
  #count = 0;
  #extremeKmh = 0;

  /** @returns true where this speed, together with the one before it, has gone the wrong way for one vehicle */
  add(radialKmh: number, direction: TargetDirection): boolean {
    this.#last[this.#count % SMOOTHED] = radialKmh;
    this.#count += 1;
    if (this.#count < SMOOTHED || direction === 'unknown') return false;
    let sum = 0;
    for (const speed of this.#last) sum += speed;
    // Of the two directions one grows and the other falls: turned round they are the same.
    const expectedToGrow = (direction === 'recede' ? sum : -sum) / SMOOTHED;
    this.#extremeKmh = this.#count === SMOOTHED ? expectedToGrow : Math.max(this.#extremeKmh, expectedToGrow);
    return this.#extremeKmh - expectedToGrow > WRONG_WAY_KMH;
  }
}

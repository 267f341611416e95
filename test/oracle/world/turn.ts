/**
 * To which side the beam is turned, from the readings alone: what is farther along its lane is seen under a smaller angle to
 * the road. Where stated angles grow with the range, they count against the angle of the beam (a beam turned to the left).
 */
import type { OracleReading } from '../agd-frames.js';

export type Turned = 'left' | 'right';

/** Degrees times metres, summed over readings: far more than noise gathers by chance. */
const SURE = 100;

export class Turn {
  #sum = 0;

  /** Of one pass. */
  learn(readings: readonly OracleReading[]): void {
    if (Math.abs(this.#sum) > SURE || readings.length < 3) return;
    let [count, ranges, angles, products] = [0, 0, 0, 0];
    for (const { rangeM, angleDeg } of readings) {
      if (rangeM === null || angleDeg === null) continue;
      count += 1;
      ranges += rangeM;
      angles += angleDeg;
      products += rangeM * angleDeg;
    }
    if (count > 0) this.#sum += products - (ranges * angles) / count;
  }

  get known(): Turned | null {
    return Math.abs(this.#sum) > SURE ? this.probable : null;
  }

  get probable(): Turned {
    return this.#sum >= 0 ? 'left' : 'right';
  }
}

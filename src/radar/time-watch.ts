/**
 * Does what the radar says reach us in time? Its messages carry its own time of day; nobody sets that clock, but it runs
 * as ours does, so the smallest distance ever seen between the two is that of a message that came at once, and what
 * exceeds it is delay. A photo by a delayed message shows another vehicle.
 *
 * What surprised: a feed need not have a clock that runs. A recording played at another pace, or frames with a fixed
 * time, tell nothing of delay; so a clock is believed only after it has run beside ours for ten seconds. Once believed, a
 * clock that was set (its time goes back, or a message comes sooner than any before) must prove itself anew, and until
 * then the messages count as late. What comes late and stays late is never taken for a clock that was set, because the
 * two look alike; only a new link begins from nothing.
 */
import { NS_PER_S, type MonotonicNs } from '../units.js';
import type { RadarEvent } from './reading.js';

const DAY_S = 86_400;
/**
 * Reading a port takes milliseconds; at 130 km/h a vehicle drives 3.6 m in this time, which is still the picture of it. In
 * 0.2 s it has driven out and the next one in.
 */
export const LATEST_S = 0.1;
const PROVEN_AFTER_NS = 10 * NS_PER_S;
const PROVEN_MESSAGES = 3;
/** A clock that strays by so much within its proof runs at another pace than ours, or is read unevenly. */
const UNEVEN_S = 0.1;
/** Two crystals, and a host's clock that is being steered. */
const DRIFT = 200e-6;
/** Messages of one moment carry the same time, rounded. */
const BACK_S = 0.05;
/** The AGD 350's heartbeat; an AGD 342 puts a frame number there, in hexadecimal and without a point. */
const TIME_OF_DAY = /^\d{1,5}\.\d{1,3}$/;

/** Times of day wrap: the difference that is nearer than half a day. */
const nearest = (differenceS: number): number => differenceS - DAY_S * Math.round(differenceS / DAY_S);

export class RadarTimeWatch {
  /** Least distance from the radar's time to ours, carried on by the drift that is allowed; null: nothing was heard yet. */
  #leastS: number | null = null;
  /** The distance with which the proof began. */
  #firstS = 0;
  #lastHostNs = 0;
  #lastRadarS = 0;
  #sinceNs = 0;
  #messages = 0;
  #isProven = false;
  #mustProve = false;
  #lagS = 0;

  /** How late the last message was; null while the radar's clock tells nothing of it. */
  get lagS(): number | null {
    return this.#isProven ? this.#lagS : null;
  }

  /** Nothing that the radar says now may be taken for what is in the beam now. */
  get isLate(): boolean {
    return this.#isProven ? this.#lagS > LATEST_S : this.#mustProve;
  }

  /** The clock was set and has not proven itself since. */
  get isRelearning(): boolean {
    return this.#mustProve && !this.#isProven;
  }

  /** A new link: what was learnt may be another radar's. */
  reset(): void {
    this.#leastS = null;
    this.#isProven = false;
    this.#mustProve = false;
  }

  onEvent(event: RadarEvent): void {
    if (event.type === 'reading') {
      const { radarTimeS, test, atNs } = event.reading;
      // The targets of a self-test may carry any time.
      if (radarTimeS !== null && test !== 'simulated') this.#take(radarTimeS, atNs);
    } else if (event.type === 'heartbeat' && TIME_OF_DAY.test(event.text)) {
      this.#take(Number(event.text), event.atNs);
    }
  }

  #take(radarS: number, atNs: MonotonicNs): void {
    const offsetS = atNs / NS_PER_S - radarS;
    if (this.#leastS === null) this.#begin(offsetS, atNs);
    else this.#compare(offsetS, this.#leastS, radarS, atNs);
    this.#lastRadarS = radarS;
    this.#lastHostNs = atNs;
  }

  #compare(offsetS: number, leastS: number, radarS: number, atNs: MonotonicNs): void {
    const driftS = (DRIFT * Math.max(0, atNs - this.#lastHostNs)) / NS_PER_S;
    const moreS = nearest(offsetS - leastS);
    const wasSet = nearest(radarS - this.#lastRadarS) < -BACK_S || moreS < -LATEST_S - driftS;
    const isUneven = !this.#isProven && Math.abs(nearest(offsetS - this.#firstS)) > UNEVEN_S;
    if (wasSet || isUneven) {
      this.#mustProve ||= this.#isProven;
      this.#begin(offsetS, atNs);
      return;
    }
    // While messages are late the distance says nothing of the drift.
    const driftedS = this.isLate ? 0 : driftS;
    this.#leastS = leastS + Math.min(moreS, driftedS);
    this.#lagS = Math.max(0, moreS - driftedS);
    this.#messages += 1;
    if (atNs - this.#sinceNs >= PROVEN_AFTER_NS && this.#messages >= PROVEN_MESSAGES) this.#isProven = true;
  }

  #begin(offsetS: number, atNs: MonotonicNs): void {
    this.#leastS = offsetS;
    this.#firstS = offsetS;
    this.#lagS = 0;
    this.#sinceNs = atNs;
    this.#messages = 1;
    this.#isProven = false;
  }
}

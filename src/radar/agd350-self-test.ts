/**
 * The AGD's hardware self-test (domain/radar-protocols.md): the host has the radar simulate one approaching and one
 * receding target (`*TS=1,A`, `*TS=1,R`); they come as ordinary messages with direction X or Y, then `#TS:COMPLETE`.
 * Pass: direction always right, speed within 1.0 mph, range within 1.0 m, every checksum good.
 *
 * The manual's table of what simulation 1 holds was not at hand. So "within" is judged against the run itself:
 * speed against the run's median, range against a straight line in the radar's own time (a target that stands at one
 * range and one that drives both pass), and the two directions, which simulate the same speed, against each other.
 */
import { KMH_PER_MPH, NS_PER_S, type MonotonicNs } from '../units.js';
import type { RadarEvent, Reading, SelfTestState } from './reading.js';

/** No answer of any kind within this: the radar does not do self-tests, or does not hear. */
const ANSWER_NS = 3 * NS_PER_S;
/** A slow simulated target takes seconds to pass. */
const RUN_NS = 20 * NS_PER_S;
const SPEED_TOLERANCE_KMH = 1.0 * KMH_PER_MPH;
const RANGE_TOLERANCE_M = 1.0;
/** For sums of decimals that no double holds exactly. */
const ROUNDING = 1e-6;
const MOST_READINGS = 1024;
const SECONDS_A_DAY = 86_400;

const APPROACHING = { command: '*TS=1,A\r', direction: 'approach' } as const;
const RECEDING = { command: '*TS=1,R\r', direction: 'recede' } as const;
type Run = typeof APPROACHING | typeof RECEDING;

export class SelfTest {
  readonly #send: (command: string) => void;
  readonly #readings: Reading[] = [];
  #state: SelfTestState = 'idle';
  #sentence = '';
  #run: Run = APPROACHING;
  #heard = false;
  #checksumErrors = 0;
  #startedNs = 0;
  #firstMedianKmh = 0;

  constructor(send: (command: string) => void) {
    this.#send = send;
  }

  get state(): SelfTestState {
    return this.#state;
  }

  /** Why it failed; empty unless it did. */
  get sentence(): string {
    return this.#sentence;
  }

  start(atNs: MonotonicNs): void {
    this.#state = 'running';
    this.#sentence = '';
    this.#startRun(APPROACHING, atNs);
  }

  reset(): void {
    this.#state = 'idle';
    this.#readings.length = 0;
  }

  onEvent(event: RadarEvent): void {
    if (this.#state !== 'running') return;
    if (event.type === 'reading' && event.reading.test === 'simulated') {
      this.#heard = true;
      if (this.#readings.length < MOST_READINGS) this.#readings.push(event.reading);
    } else if (event.type === 'discard' && event.discard.reason === 'checksum') {
      this.#checksumErrors += 1;
    } else if (event.type === 'reply') {
      this.#onReply(event.text, event.isError, event.atNs);
    }
  }

  tick(atNs: MonotonicNs): void {
    if (this.#state !== 'running') return;
    if (!this.#heard && atNs >= this.#startedNs + ANSWER_NS) this.#state = 'unanswered';
    else if (atNs >= this.#startedNs + RUN_NS) this.#fail('did not end within 20 s');
  }

  #startRun(run: Run, atNs: MonotonicNs): void {
    this.#run = run;
    this.#heard = false;
    this.#checksumErrors = 0;
    this.#readings.length = 0;
    this.#startedNs = atNs;
    this.#send(run.command);
  }

  #onReply(text: string, isError: boolean, atNs: MonotonicNs): void {
    if (isError) {
      this.#fail(`was refused with ${text}`);
      return;
    }
    const compact = text.replaceAll(' ', '').toUpperCase();
    if (!compact.startsWith('#TS')) return;
    this.#heard = true;
    if (compact.includes('COMPLETE')) this.#judge(atNs);
  }

  #judge(atNs: MonotonicNs): void {
    const wrong = this.#readings.find((reading) => reading.direction !== this.#run.direction);
    const medianKmh = median(this.#readings.map((reading) => reading.speedKmh));
    const speedOffKmh = worst(this.#readings.map((reading) => reading.speedKmh - medianKmh));
    const rangeOffM = worst(rangeResiduals(this.#readings));
    const apartKmh = this.#run === APPROACHING ? 0 : Math.abs(medianKmh - this.#firstMedianKmh);
    if (this.#checksumErrors > 0) this.#fail(`had ${this.#checksumErrors} wrong checksums, none allowed`);
    else if (this.#readings.length === 0) this.#fail('brought no simulated target');
    else if (wrong) this.#fail(`brought a target in direction ${wrong.direction}`);
    else if (speedOffKmh > SPEED_TOLERANCE_KMH + ROUNDING)
      this.#fail(`had speeds ${speedOffKmh.toFixed(1)} km/h off, at most 1.6 allowed`);
    else if (rangeOffM > RANGE_TOLERANCE_M + ROUNDING)
      this.#fail(`had ranges ${rangeOffM.toFixed(1)} m off, at most 1.0 allowed`);
    else if (apartKmh > 2 * SPEED_TOLERANCE_KMH + ROUNDING)
      this.#fail(`had speeds ${apartKmh.toFixed(1)} km/h away from the approaching ones, at most 3.2 allowed`);
    else if (this.#run === RECEDING) this.#state = 'passed';
    else {
      this.#firstMedianKmh = medianKmh;
      this.#startRun(RECEDING, atNs);
    }
  }

  #fail(what: string): void {
    this.#state = 'failed';
    this.#sentence = `self-test with a target in direction ${this.#run.direction} ${what}`;
    this.#readings.length = 0;
  }
}

const worst = (differences: readonly number[]): number =>
  differences.reduce((most, difference) => Math.max(most, Math.abs(difference)), 0);

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

/** Distance of each range from the least-squares line through range over the radar's time, metres. */
function rangeResiduals(readings: readonly Reading[]): number[] {
  const startS = readings[0]?.radarTimeS ?? 0;
  const points = readings.map((reading) => ({
    // The radar's time of day wraps at midnight.
    timeS: ((reading.radarTimeS ?? 0) - startS + SECONDS_A_DAY) % SECONDS_A_DAY,
    rangeM: reading.rangeM ?? 0,
  }));
  const meanTimeS = points.reduce((sum, point) => sum + point.timeS, 0) / points.length;
  const meanRangeM = points.reduce((sum, point) => sum + point.rangeM, 0) / points.length;
  const spread = points.reduce((sum, point) => sum + (point.timeS - meanTimeS) ** 2, 0);
  const shared = points.reduce((sum, point) => sum + (point.timeS - meanTimeS) * (point.rangeM - meanRangeM), 0);
  const slope = spread > 0 ? shared / spread : 0;
  return points.map((point) => point.rangeM - meanRangeM - slope * (point.timeS - meanTimeS));
}

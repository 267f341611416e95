/**
 * Tuning-fork test (domain/measurement.md, "Self-tests"): a fork held in the beam shows as a target of the speed that it
 * stands for, within 0.5 % in frequency and within 1 km/h as shown. Direction means nothing, and no angle applies: the fork
 * stands before the antenna, so a stream that the radar has corrected is taken back to the speed along the beam.
 */
import type { Reading } from '../radar/reading.js';
import { NS_PER_S, toRadians, type Degrees, type MonotonicNs } from '../units.js';

/** To take up the fork, strike it and hold it in the beam. */
const PATIENCE_NS = 60 * NS_PER_S;
/** From the first reading that may be the fork's. */
const LISTEN_NS = 3 * NS_PER_S;
const FEWEST_READINGS = 10;
const TOLERANCE = 0.005;
/** For sums of decimals that no double holds exactly. */
const ROUNDING = 1e-9;
const SHOWN_TOLERANCE_KMH = 1;
/** Readings of one steady tone lie this close together. */
const TONE_KMH = 1;
const MOST_READINGS = 2048;
/** After the outcome the fork still rings before the antenna: the test is over when its tone has been gone for so long. */
const GONE_NS = 1 * NS_PER_S;

export interface ForkOutcome {
  readonly passed: boolean;
  readonly sentence: string;
}

export class ForkTest {
  private readonly speedsKmh: number[] = [];
  private firstNs: MonotonicNs | null = null;
  private outcome: ForkOutcome | null = null;
  private toneKmh: number | null = null;
  private lastToneNs: MonotonicNs | null = null;

  /** @param forkKmh speed that the fork stands for, along the beam */
  constructor(
    readonly fork: string,
    readonly by: string,
    private readonly forkKmh: number,
    private readonly angleDeg: Degrees,
    private readonly startedNs: MonotonicNs,
  ) {}

  add(reading: Reading): void {
    this.firstNs ??= reading.atNs;
    const speedKmh = reading.speedKmh * (reading.corrected ? Math.cos(toRadians(this.angleDeg)) : 1);
    // Where no fork was heard none rings on, and traffic must not keep the test open.
    const isTone = this.toneKmh === null ? this.outcome === null : Math.abs(speedKmh - this.toneKmh) <= TONE_KMH;
    if (isTone) this.lastToneNs = reading.atNs;
    if (this.speedsKmh.length < MOST_READINGS) this.speedsKmh.push(speedKmh);
  }

  /** The outcome has been told, and nothing of the fork can be taken for a vehicle any more. */
  isOver(nowNs: MonotonicNs): boolean {
    return this.outcome !== null && (this.lastToneNs === null || nowNs - this.lastToneNs >= GONE_NS);
  }

  /** @returns the outcome, once */
  tick(nowNs: MonotonicNs): ForkOutcome | null {
    if (this.outcome !== null) return null;
    this.outcome = this.outcomeAt(nowNs);
    return this.outcome;
  }

  private outcomeAt(nowNs: MonotonicNs): ForkOutcome | null {
    const tone = loudestTone(this.speedsKmh);
    const heard = this.firstNs !== null && nowNs - this.firstNs >= LISTEN_NS;
    if (heard && tone.length >= FEWEST_READINGS) return this.judge(tone);
    if (nowNs - this.startedNs < PATIENCE_NS) return null;
    const found = `${this.speedsKmh.length} readings in ${PATIENCE_NS / NS_PER_S} s`;
    return {
      passed: false,
      sentence: `Fork ${this.fork}: ${found}, no steady tone; expected at least ${FEWEST_READINGS} at ${this.forkKmh} km/h.`,
    };
  }

  private judge(tone: readonly number[]): ForkOutcome {
    const meanKmh = tone.reduce((sum, each) => sum + each, 0) / tone.length;
    this.toneKmh = meanKmh;
    const off = meanKmh / this.forkKmh - 1;
    // To the tenth, as radars show it.
    const shownKmh = Math.round(meanKmh * 10) / 10;
    const passed =
      Math.abs(off) <= TOLERANCE + ROUNDING && Math.abs(shownKmh - this.forkKmh) <= SHOWN_TOLERANCE_KMH + ROUNDING;
    const percent = `${off >= 0 ? '+' : '-'}${(Math.abs(off) * 100).toFixed(2)} %`;
    return {
      passed,
      sentence:
        `Fork ${this.fork}: ${shownKmh.toFixed(1)} km/h from ${tone.length} readings, ${percent} from its ` +
        `${this.forkKmh} km/h; at most 0.5 % and 1 km/h as shown allowed.`,
    };
  }
}

/** The largest set of readings within one tone's width: traffic behind the fork does not add to it. */
function loudestTone(speedsKmh: readonly number[]): number[] {
  const sorted = [...speedsKmh].sort((a, b) => a - b);
  let best: number[] = [];
  let from = 0;
  for (let until = 0; until < sorted.length; until += 1) {
    while ((sorted[until] ?? 0) - (sorted[from] ?? 0) > TONE_KMH) from += 1;
    if (until - from + 1 > best.length) best = sorted.slice(from, until + 1);
  }
  return best;
}

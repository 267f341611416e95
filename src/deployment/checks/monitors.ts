/** What the monitors of radar, receiver and clock say, asked once a look; each of their refusals is a check of its own. */
import type { ClockMonitor } from '../clock-monitor.js';
import type { PositionMonitor } from '../position-monitor.js';
import type { Judgement, ReadinessFacts, Refusal, Words } from '../readiness.js';
import { judged, unknown, type Details } from './judge.js';

export class Heard {
  readonly #facts: ReadinessFacts;
  #radar: readonly Refusal[] | null = null;
  #gps: readonly Refusal[] | null = null;
  #clock: readonly Refusal[] | null = null;
  #gpsQuality: ReturnType<PositionMonitor['quality']> | null = null;
  #clockQuality: ReturnType<ClockMonitor['quality']> | null = null;

  constructor(facts: ReadinessFacts) {
    this.#facts = facts;
  }

  get radar(): readonly Refusal[] {
    return (this.#radar ??= this.#facts.radar.refusals(this.#facts.nowNs));
  }

  get gps(): readonly Refusal[] {
    return (this.#gps ??= this.#facts.gps.refusals(this.#facts.nowNs));
  }

  get clock(): readonly Refusal[] {
    return (this.#clock ??= this.#facts.clock.refusals(this.#facts.nowNs));
  }

  get gpsQuality(): ReturnType<PositionMonitor['quality']> {
    return (this.#gpsQuality ??= this.#facts.gps.quality(this.#facts.nowNs));
  }

  get clockQuality(): ReturnType<ClockMonitor['quality']> {
    return (this.#clockQuality ??= this.#facts.clock.quality(this.#facts.nowNs));
  }
}

/**
 * @param code of the monitor's refusal
 * @param hiddenBy refusals that leave this one unanswered
 * @param fine sentence where nothing is wrong
 */
export function heard(
  refusals: readonly Refusal[],
  code: string,
  hiddenBy: readonly string[],
  fine: Words,
  details: Details = {},
): Judgement {
  const found = refusals.find((refusal) => refusal.code === code);
  if (found !== undefined) return judged(false, found.sentence, details);
  const hides = refusals.find((refusal) => hiddenBy.includes(refusal.code));
  return hides === undefined ? judged(true, fine, details) : unknown(hides.sentence);
}

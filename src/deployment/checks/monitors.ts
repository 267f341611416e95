/** What the monitors of radar, receiver and clock say, asked once a round; each of their refusals is a check of its own. */
import { remembered } from '../../site/remembered.js';
import type { Judgement, ReadinessFacts, Refusal } from '../readiness.js';
import { judged, unknown, type Details } from './judge.js';

export const radarRefusals = remembered((facts: ReadinessFacts) => facts.radar.refusals(facts.nowNs));
export const gpsRefusals = remembered((facts: ReadinessFacts) => facts.gps.refusals(facts.nowNs));
export const clockRefusals = remembered((facts: ReadinessFacts) => facts.clock.refusals(facts.nowNs));
export const gpsQuality = remembered((facts: ReadinessFacts) => facts.gps.quality(facts.nowNs));
export const clockQuality = remembered((facts: ReadinessFacts) => facts.clock.quality(facts.nowNs));

/**
 * @param code of the monitor's refusal
 * @param hiddenBy refusals that leave this one unanswered
 * @param fine sentence where nothing is wrong
 */
export function heard(
  refusals: readonly Refusal[],
  code: string,
  hiddenBy: readonly string[],
  fine: string,
  details: Details = {},
): Judgement {
  const found = refusals.find((refusal) => refusal.code === code);
  if (found !== undefined) return judged(false, found.sentence, details);
  const hides = refusals.find((refusal) => hiddenBy.includes(refusal.code));
  return hides === undefined ? judged(true, fine, details) : unknown(hides.sentence);
}

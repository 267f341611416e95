/** The refusals of the van's placement as checks: one judgement for each rule, with its distance and its bound. */
import { exclusionPoints, vanBound } from '../../site/exclusion.js';
import type { Judgement, ReadinessFacts } from '../readiness.js';
import { judged, NO_PLACE, notApplicable, type Details } from './judge.js';

/** @param rule of the placement's refusal */
export function placed(facts: ReadinessFacts, rule: string, fine: string, details: Details): Judgement {
  if (facts.van === null) return NO_PLACE;
  const found = facts.van.refusals.find((refusal) => refusal.rule === rule);
  return judged(found === undefined, found?.sentence ?? fine, { unit: 'm', ...details });
}

/** The van's distance from the nearest point of one rule. */
export function clearOf(facts: ReadinessFacts, rule: 'DEP-8' | 'DEP-9', what: string): Judgement {
  const { van, config } = facts;
  const points = exclusionPoints(config.site).filter((point) => point.rule === rule);
  if (points.length === 0) return notApplicable(`${rule}: the site has no ${what} that counts.`);
  if (van === null) return NO_PLACE;
  const nearestM = Math.min(...points.map(({ chainageM }) => Math.abs(van.chainageM - chainageM)));
  const { boundM, boundBy } = vanBound(config.site, config.mounting, rule);
  const fine =
    `${rule}: the van stands ${nearestM.toFixed(1)} m (uncertain by ${van.uncertaintyM.toFixed(1)} m) from the nearest ` +
    `${what}; at least ${boundM.toFixed(1)} m required (bound by ${boundBy}).`;
  return placed(facts, rule, fine, { value: nearestM, limit: boundM });
}

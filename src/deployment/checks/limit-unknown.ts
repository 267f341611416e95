/**
 * The limit at the instant of the exposure is what is compared: where it is not known whether a variable limit holds,
 * nothing is enforced, at a bare site file neither. Resumes: the place is the same, and the limit is known again.
 */
import { limitInForce } from '../../site/limit-in-force.js';
import type { Check } from '../readiness.js';
import { judged, momentOf, NO_TIME, notApplicable } from './judge.js';

export const limitUnknown: Check = {
  id: 'limit-unknown',
  rule: 'LIM-1',
  title: 'Limit in force known',
  force: 'mandatory',
  source: 'pack',
  resumes: true,
  judge(facts) {
    const { site } = facts.config;
    if (site.variableLimits.length === 0) return notApplicable('The site has one limit at all times.');
    if (facts.utcMs === null) return NO_TIME;
    const { unknown, untilUtcMs, site: now } = limitInForce(facts.reference, site, facts.utcMs);
    const sentence = unknown ?? `The limit in force is ${now.limitKmh} km/h.`;
    return judged(unknown === null, sentence, {
      value: unknown === null ? now.limitKmh : null,
      unit: 'km/h',
      holdsUntilNs: momentOf(facts, untilUtcMs),
    });
  },
};

/** DEP-6: on private land only with the occupier's permission, on record. Does not resume: the plan does not change. */
import type { Check } from '../readiness.js';
import { judged, notApplicable, unlessMobile } from './judge.js';

export const occupier: Check = {
  id: 'occupier',
  rule: 'DEP-6',
  title: "Occupier's permission recorded",
  force: 'mandatory',
  source: 'plan',
  resumes: false,
  judge(facts) {
    const aside = unlessMobile(facts);
    if (aside !== null) return aside;
    const who = facts.config.plan?.occupier ?? null;
    if (who === null) return notApplicable('DEP-6: the van stands on a roadway.');
    const named = who.trim() !== '';
    const sentence = named
      ? `DEP-6: on private land, permission of ${who}.`
      : 'DEP-6: on private land, but nobody is recorded who gave permission; the occupier is required.';
    return judged(named, sentence, { value: who });
  },
};

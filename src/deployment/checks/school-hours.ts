/**
 * SCH-2, DEP-12: a school site is worked at school hours and recorded activities alone. A van does not resume: after the
 * last minute of a day the work there is over, and who comes back begins anew. A static camera goes on in the morning:
 * nobody is there, and the hours are all that the rule asks.
 */
import { schoolTime } from '../../site/school-time.js';
import type { Check } from '../readiness.js';
import { judged, momentOf, NO_TIME, notApplicable, unlessPlanned } from './judge.js';

const NO_SCHOOL = notApplicable('SCH-2: no school site.');

export const schoolHours: Check = {
  id: 'school-hours',
  rule: 'SCH-2',
  title: 'Within school hours',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  resumesAtStatic: true,
  judge(facts) {
    const aside = unlessPlanned(facts);
    if (aside !== null) return aside;
    const { site } = facts.config;
    if (site.school === null) return NO_SCHOOL;
    if (facts.utcMs === null) return NO_TIME;
    const { allowed, sentence, untilUtcMs } = schoolTime(facts.reference, site, facts.utcMs);
    return judged(allowed, sentence, { value: allowed, limit: true, holdsUntilNs: momentOf(facts, untilUtcMs) });
  },
};

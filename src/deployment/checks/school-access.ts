/** SCH-1: the road gives direct access to the school, or a sign marks the centre. Does not resume: it is the site's. */
import type { Check } from '../readiness.js';
import { judged, notApplicable, unlessPlanned } from './judge.js';

export const schoolAccess: Check = {
  id: 'school-access',
  rule: 'SCH-1',
  title: 'Direct access to the school',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge(facts) {
    const aside = unlessPlanned(facts);
    if (aside !== null) return aside;
    const { school } = facts.config.site;
    if (school === null) return notApplicable('SCH-1: no school site.');
    const access = school.directAccess;
    const words = access === null ? 'does not state whether the road gives' : access ? 'gives' : 'does not give';
    const sentence = `SCH-1: the site ${words} direct access to ${school.name}; it is required.`;
    return judged(access === true, sentence, { value: access, limit: true });
  },
};

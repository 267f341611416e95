/** DEP-7, the part that the eye knows: a straight section. Does not resume: who took his word back starts anew. */
import type { Check } from '../readiness.js';
import { attested } from './attested.js';
import { unlessMobile } from './judge.js';

export const straightness: Check = {
  id: 'straightness',
  rule: 'DEP-7',
  title: 'On a straight section',
  force: 'attestable',
  source: 'plan',
  resumes: false,
  judge: (facts) =>
    unlessMobile(facts) ?? attested(facts, 'straightness', 'DEP-7: the van stands on a straight section of road.'),
};

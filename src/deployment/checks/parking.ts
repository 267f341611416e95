/** DEP-2: legally parked. Does not resume: who took his word back starts anew. */
import type { Check } from '../readiness.js';
import { attested } from './attested.js';
import { unlessMobile } from './judge.js';

export const parking: Check = {
  id: 'parking',
  rule: 'DEP-2',
  title: 'Legally parked',
  force: 'attestable',
  source: 'plan',
  resumes: false,
  judge: (facts) => unlessMobile(facts) ?? attested(facts, 'parking', 'DEP-2: the van is legally parked.'),
};

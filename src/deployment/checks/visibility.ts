/** DEP-3: visible to traffic, never hidden. Does not resume: who took his word back starts anew. */
import type { Check } from '../readiness.js';
import { attested } from './attested.js';
import { unlessMobile } from './judge.js';

export const visibility: Check = {
  id: 'visibility',
  rule: 'DEP-3',
  title: 'Visible to traffic',
  force: 'attestable',
  source: 'plan',
  resumes: false,
  judge: (facts) =>
    unlessMobile(facts) ?? attested(facts, 'visibility', 'DEP-3: the van is visible to traffic and not hidden.'),
};

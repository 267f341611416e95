/** DEP-1: safety and the radio come first. Does not resume: who took his word back starts anew when it is safe. */
import type { Check } from '../readiness.js';
import { attested } from './attested.js';
import { unlessMobile } from './judge.js';

export const safety: Check = {
  id: 'safety',
  rule: 'DEP-1',
  title: 'Safety and police radio',
  force: 'attestable',
  source: 'plan',
  resumes: false,
  judge: (facts) =>
    unlessMobile(facts) ?? attested(facts, 'safety', 'DEP-1: the operator is safe and the police radio works.'),
};

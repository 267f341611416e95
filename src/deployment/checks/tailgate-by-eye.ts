/** DEP-5 where no switches are wired: the operator looks. Does not resume: who took his word back starts anew. */
import type { Check } from '../readiness.js';
import { attested } from './attested.js';
import { unlessTailgateFor } from './wired.js';

export const tailgateByEye: Check = {
  id: 'tailgate-by-eye',
  rule: 'DEP-5',
  title: 'Tailgate fully open or closed, as seen',
  force: 'attestable',
  source: 'plan',
  resumes: false,
  judge(facts) {
    const aside = unlessTailgateFor('operator', facts);
    if (aside !== null) return aside;
    return attested(facts, 'tailgate-by-eye', 'DEP-5: the tailgate is fully open or fully closed.');
  },
};

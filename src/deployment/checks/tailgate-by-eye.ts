/** DEP-5 where no switches are wired: the operator looks. Does not resume: who took his word back starts anew. */
import type { Check } from '../readiness.js';
import { attested } from './attested.js';
import { notApplicable, unknown, unlessMobile } from './judge.js';
import { tailgateWired } from './wired.js';

export const tailgateByEye: Check = {
  id: 'tailgate-by-eye',
  rule: 'DEP-5',
  title: 'Tailgate fully open or closed, as seen',
  force: 'attestable',
  source: 'plan',
  resumes: false,
  judge(facts) {
    const aside = unlessMobile(facts);
    if (aside !== null) return aside;
    if (facts.config.plan?.occupier != null) return notApplicable('DEP-5: on private land.');
    const wired = tailgateWired(facts);
    if (wired === null) return unknown('Tailgate: the I/O board does not report.');
    if (wired) return notApplicable('DEP-5: the limit switches are wired.');
    return attested(facts, 'tailgate-by-eye', 'DEP-5: the tailgate is fully open or fully closed.');
  },
};

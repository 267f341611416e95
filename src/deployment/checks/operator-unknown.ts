/** OPR-1: the operator is one that the police know. Does not resume: another operator opens another deployment. */
import type { Check } from '../readiness.js';
import { judged, unlessMobile } from './judge.js';

export const operatorUnknown: Check = {
  id: 'operator-unknown',
  rule: 'OPR-1',
  title: 'Operator known',
  force: 'mandatory',
  source: 'plan',
  resumes: false,
  judge(facts) {
    const aside = unlessMobile(facts);
    if (aside !== null) return aside;
    const id = facts.config.plan?.operatorId ?? null;
    if (id === null) return judged(false, 'OPR-1: no operator is named; a trained one is required.');
    const found = facts.reference.operators.find((operator) => operator.id === id);
    const sentence =
      found === undefined
        ? `OPR-1: operator ${id} is in no imported pack of operators.`
        : `OPR-1: operator ${id}, ${found.name}.`;
    return judged(found !== undefined, sentence, { value: id });
  },
};

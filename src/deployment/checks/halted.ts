/** The operator's own halt. Resumes: nothing but his own start ends it. */
import type { Check } from '../readiness.js';
import { judged } from './judge.js';

export const halted: Check = {
  id: 'halted',
  rule: 'operator',
  title: 'Not halted by the operator',
  force: 'mandatory',
  source: 'plan',
  resumes: true,
  judge: (facts) =>
    judged(!facts.halted, facts.halted ? 'Halted by the operator; his start ends it.' : 'Not halted.', {
      value: facts.halted,
      limit: false,
    }),
};

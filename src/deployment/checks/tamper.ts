/** TAM-1: the tamper line. Never resumes: somebody was at the equipment, and a person must look at it first. */
import type { Check } from '../readiness.js';
import { judged } from './judge.js';

export const tamper: Check = {
  id: 'tamper',
  rule: 'TAM-1',
  title: 'Tamper line at rest',
  force: 'mandatory',
  source: 'lines',
  resumes: false,
  judge({ lines }) {
    const active = lines.tamper === 1;
    const sentence = active ? 'Tamper line is active; it must be at rest.' : 'Tamper line is at rest.';
    return judged(!active, sentence, { value: lines.tamper, limit: 0 });
  },
};

/** DEP-9: not within the distance of a final merge. Resumes: fixes scatter; van-moved watches the van itself. */
import type { Check } from '../readiness.js';
import { clearOf } from './placement.js';

export const mergeNear: Check = {
  id: 'merge-near',
  rule: 'DEP-9',
  title: 'Distance from a final merge',
  force: 'mandatory',
  source: 'gps',
  resumes: true,
  judge: (facts) => clearOf(facts, 'DEP-9', 'final merge'),
};

/** DEP-8: not within the distance of a drop of the limit. Resumes: fixes scatter; van-moved watches the van itself. */
import type { Check } from '../readiness.js';
import { clearOf } from './placement.js';

export const limitDropNear: Check = {
  id: 'limit-drop-near',
  rule: 'DEP-8',
  title: 'Distance from a drop of the limit',
  force: 'mandatory',
  source: 'gps',
  resumes: true,
  judge: (facts) => clearOf(facts, 'DEP-8', 'drop of the limit'),
};

/** No 3D fix so far, or no receiver. Resumes: three fixes must follow. */
import type { Check } from '../readiness.js';
import { heard } from './monitors.js';

export const positionNone: Check = {
  id: 'position-none',
  rule: 'gps',
  title: 'There is a position',
  force: 'mandatory',
  source: 'gps',
  resumes: true,
  judge: (facts) => heard(facts.heard.gps, 'position-none', ['position-simulated'], 'GPS: there is a 3D fix.'),
};

/** What the talk with the radar says: settings, heartbeat, error messages, self-test. Resumes: each is proven anew. */
import type { Check } from '../readiness.js';
import { heard } from './monitors.js';

const HIDDEN_BY = ['radar-link-down', 'radar-unintelligible'];

export const radarUnusable: Check = {
  id: 'radar-unusable',
  rule: 'radar',
  title: 'Condition of the radar',
  force: 'mandatory',
  source: 'radar',
  resumes: true,
  judge: (facts) => heard(facts.heard.radar, 'radar-unusable', HIDDEN_BY, 'Radar: settings and condition are good.'),
};

/** The radar's serial link. Resumes: the van has not moved meanwhile, and the radar is configured anew. */
import type { Check } from '../readiness.js';
import { heard } from './monitors.js';

export const radarLinkDown: Check = {
  id: 'radar-link-down',
  rule: 'radar',
  title: 'Link to the radar',
  force: 'mandatory',
  source: 'radar',
  resumes: true,
  judge: (facts) =>
    heard(facts.heard.radar, 'radar-link-down', [], 'Radar: linked.', { value: facts.radar.isUp, limit: true }),
};

/** Bytes that never become a message: wrong baud rate or parity. Resumes: good messages prove that it is over. */
import type { Check } from '../readiness.js';
import { heard } from './monitors.js';

export const radarUnintelligible: Check = {
  id: 'radar-unintelligible',
  rule: 'radar',
  title: "The radar's messages make sense",
  force: 'mandatory',
  source: 'radar',
  resumes: true,
  judge: (facts) =>
    heard(facts.heard.radar, 'radar-unintelligible', ['radar-link-down'], 'Radar: its messages make sense.'),
};

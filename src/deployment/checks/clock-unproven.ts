/** The system clock was compared with GPS since it last jumped. Resumes: the next fix compares it. */
import type { Check } from '../readiness.js';
import { heard } from './monitors.js';

export const clockUnproven: Check = {
  id: 'clock-unproven',
  rule: 'clock',
  title: 'Clock compared with GPS',
  force: 'mandatory',
  source: 'clock',
  resumes: true,
  judge: (facts) =>
    heard(facts.heard.clock, 'clock-unproven', ['clock-unknown'], 'Clock: compared with GPS.', {
      value: facts.heard.clockQuality.gpsOffsetMs !== null,
      limit: true,
    }),
};

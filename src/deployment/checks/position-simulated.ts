/** A simulated position (gpsd status 8) is never evidence. Resumes: three real fixes must follow. */
import type { Check } from '../readiness.js';
import { heard } from './monitors.js';

export const positionSimulated: Check = {
  id: 'position-simulated',
  rule: 'gps',
  title: 'The position is real',
  force: 'mandatory',
  source: 'gps',
  resumes: true,
  judge: (facts) =>
    heard(facts.heard.gps, 'position-simulated', [], 'GPS: not simulated.', {
      value: facts.heard.gpsQuality.status,
      unit: 'gpsd status',
      limit: 'not 8',
    }),
};

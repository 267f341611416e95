/** A receiver is believed after three 3D fixes in a row. Resumes: it is what the other losses of the receiver wait for. */
import { FIXES_TO_BELIEVE } from '../position-monitor.js';
import type { Check } from '../readiness.js';
import { heard } from './monitors.js';

const HIDDEN_BY = ['position-simulated', 'position-none', 'position-stale'];

export const positionUnproven: Check = {
  id: 'position-unproven',
  rule: 'gps',
  title: 'Fixes in a row',
  force: 'mandatory',
  source: 'gps',
  resumes: true,
  judge(facts) {
    const { consecutiveFixes } = facts.heard.gpsQuality;
    return heard(
      facts.heard.gps,
      'position-unproven',
      HIDDEN_BY,
      `GPS: ${consecutiveFixes} consecutive 3D fixes; ${FIXES_TO_BELIEVE} required.`,
      { value: consecutiveFixes, unit: 'fixes', limit: FIXES_TO_BELIEVE },
    );
  },
};

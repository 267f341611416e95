/** The system clock agrees with GPS, and a disciplined one says how well. Resumes: the next comparison tells. */
import { DISCIPLINED_BOUND_MS, FREE_BOUND_MS } from '../clock-monitor.js';
import type { Check } from '../readiness.js';
import { heard } from './monitors.js';

export const clockDisagrees: Check = {
  id: 'clock-disagrees',
  rule: 'clock',
  title: 'Clock agrees with GPS',
  force: 'mandatory',
  source: 'clock',
  resumes: true,
  judge(facts) {
    const { gpsOffsetMs, statedUncertaintyMs } = facts.heard.clockQuality;
    // The finer bound is judged by the discipline's own figure, once the comparison itself is within the wider one.
    const fine = statedUncertaintyMs !== null && Math.abs(gpsOffsetMs ?? 0) <= FREE_BOUND_MS;
    const value = fine ? statedUncertaintyMs : gpsOffsetMs;
    const limit = fine ? DISCIPLINED_BOUND_MS : FREE_BOUND_MS;
    const what = fine ? 'uncertain by its own account' : 'away from GPS';
    return heard(
      facts.heard.clock,
      'clock-disagrees',
      ['clock-unknown', 'clock-unproven'],
      () => `Clock: ${(value ?? 0).toFixed(0)} ms ${what}; at most ${limit} ms allowed.`,
      { value, unit: 'ms', limit },
    );
  },
};

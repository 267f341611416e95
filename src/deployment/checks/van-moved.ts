/** The place that was checked and attested is where the session began. A moved van is another deployment: it never resumes. */
import { MOVED_M } from '../position-monitor.js';
import type { Check } from '../readiness.js';
import { heard } from './monitors.js';

const HIDDEN_BY = ['position-simulated', 'position-none', 'position-stale', 'position-unproven'];

export const vanMoved: Check = {
  id: 'van-moved',
  rule: 'gps',
  title: 'The van is where the session began',
  force: 'mandatory',
  source: 'gps',
  resumes: false,
  judge(facts) {
    const { movedM } = facts.heard.gpsQuality;
    return heard(
      facts.heard.gps,
      'van-moved',
      HIDDEN_BY,
      () => `GPS: van ${(movedM ?? 0).toFixed(0)} m from where the session began; at most ${MOVED_M} m allowed.`,
      { value: movedM, unit: 'm', limit: MOVED_M },
    );
  },
};

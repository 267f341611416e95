/** A receiver is believed no longer than its last fix is fresh. Resumes: three fixes in a row must follow. */
import { monotonicNs, NS_PER_S } from '../../units.js';
import { POSITION_STALE_NS } from '../position-monitor.js';
import type { Check } from '../readiness.js';
import { heard } from './monitors.js';

const LIMIT_S = POSITION_STALE_NS / NS_PER_S;

export const positionStale: Check = {
  id: 'position-stale',
  rule: 'gps',
  title: 'Age of the position',
  force: 'mandatory',
  source: 'gps',
  resumes: true,
  judge(facts) {
    const { fixAgeMs } = facts.heard.gpsQuality;
    const untilNs = monotonicNs(facts.gps.validUntilNs());
    return heard(
      facts.heard.gps,
      'position-stale',
      ['position-simulated', 'position-none'],
      () => `GPS: last fix ${((fixAgeMs ?? 0) / 1000).toFixed(1)} s ago; at most ${LIMIT_S} s allowed.`,
      {
        value: fixAgeMs === null ? null : fixAgeMs / 1000,
        unit: 's',
        limit: LIMIT_S,
        takenNs: fixAgeMs === null ? null : monotonicNs(untilNs - POSITION_STALE_NS),
        holdsUntilNs: untilNs,
      },
    );
  },
};

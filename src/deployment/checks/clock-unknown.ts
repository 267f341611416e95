/** The system time was read lately. Resumes: the next reading is as good as the last. */
import { monotonicNs, NS_PER_S } from '../../units.js';
import { CLOCK_STALE_NS } from '../clock-monitor.js';
import type { Check } from '../readiness.js';
import { heard } from './monitors.js';

const LIMIT_S = CLOCK_STALE_NS / NS_PER_S;

export const clockUnknown: Check = {
  id: 'clock-unknown',
  rule: 'clock',
  title: 'Age of the clock reading',
  force: 'mandatory',
  source: 'clock',
  resumes: true,
  judge(facts) {
    const { readingAgeMs } = facts.heard.clockQuality;
    const untilNs = monotonicNs(facts.clock.validUntilNs());
    return heard(
      facts.heard.clock,
      'clock-unknown',
      [],
      () => `Clock: read ${((readingAgeMs ?? 0) / 1000).toFixed(1)} s ago; at most ${LIMIT_S} s allowed.`,
      {
        value: readingAgeMs === null ? null : readingAgeMs / 1000,
        unit: 's',
        limit: LIMIT_S,
        takenNs: readingAgeMs === null ? null : monotonicNs(untilNs - CLOCK_STALE_NS),
        holdsUntilNs: untilNs,
      },
    );
  },
};

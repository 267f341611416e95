/** The van is parked. Resumes: it stands again, and van-moved has watched how far it came meanwhile. */
import { ROLLING_KMH } from '../position-monitor.js';
import type { Check } from '../readiness.js';
import { heard } from './monitors.js';

const HIDDEN_BY = ['position-simulated', 'position-none', 'position-stale', 'position-unproven'];

export const vanRolling: Check = {
  id: 'van-rolling',
  rule: 'gps',
  title: 'The van stands still',
  force: 'mandatory',
  source: 'gps',
  resumes: true,
  judge(facts) {
    const { rollingKmh } = facts.heard.gpsQuality;
    const shown = (): string => (rollingKmh === null ? 'an unstated speed' : `${rollingKmh.toFixed(1)} km/h`);
    return heard(
      facts.heard.gps,
      'van-rolling',
      HIDDEN_BY,
      () => `GPS: van rolls at ${shown()}; at most ${ROLLING_KMH} km/h allowed.`,
      { value: rollingKmh, unit: 'km/h', limit: ROLLING_KMH },
    );
  },
};

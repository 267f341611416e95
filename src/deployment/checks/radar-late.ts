/**
 * What the radar says reaches the camera at once. Resumes: a message in time proves that the delay is over, and a clock of
 * the radar that was set proves itself within ten seconds.
 */
import { LATEST_S } from '../../radar/time-watch.js';
import type { Check } from '../readiness.js';
import { heard } from './monitors.js';

const HIDDEN_BY = ['radar-link-down', 'radar-unintelligible', 'radar-unusable'];

export const radarLate: Check = {
  id: 'radar-late',
  rule: 'radar',
  title: "Delay of the radar's messages",
  force: 'mandatory',
  source: 'radar',
  resumes: true,
  judge(facts) {
    const { lagS } = facts.radar.time;
    const fine = (): string =>
      lagS === null
        ? 'Radar: its messages carry no time that runs, so that a delay of them would not be noticed.'
        : `Radar: its last message came ${lagS.toFixed(2)} s late; at most ${LATEST_S} s allowed.`;
    const value = lagS === null ? {} : { value: Math.round(lagS * 100) / 100, unit: 's', limit: LATEST_S };
    return heard(facts.heard.radar, 'radar-late', HIDDEN_BY, fine, value);
  },
};

/**
 * The radar's own test is younger than the configuration asks. Resumes: the controller runs
 * it again by itself where it was not answered; one that failed is repeated when a person asks for it, who has looked.
 */
import { NS_PER_S, plusNs } from '../../units.js';
import type { Check } from '../readiness.js';
import { judged, notApplicable, unlessPlanned } from './judge.js';

const NS_PER_MINUTE = 60 * NS_PER_S;

export const radarSelfTestOverdue: Check = {
  id: 'radar-self-test-overdue',
  rule: 'OPR-2',
  title: "Age of the radar's self-test",
  force: 'mandatory',
  source: 'tests',
  resumes: true,
  judge(facts) {
    const aside = unlessPlanned(facts);
    if (aside !== null) return aside;
    const { selfTestEveryMinutes: every } = facts.config.equipment;
    if (every === null) return notApplicable('Radar: it has no self-test that is due at intervals.');
    const limits = { unit: 'min', limit: every };
    const { radar } = facts.tests;
    if (radar === null) return judged(false, `Radar self-test: none yet; one every ${every} min is required.`, limits);
    const ageNs = facts.nowNs - radar.atNs;
    const untilNs = plusNs(radar.atNs, every * NS_PER_MINUTE);
    const details = {
      value: ageNs / NS_PER_MINUTE,
      unit: 'min',
      limit: every,
      takenNs: radar.atNs,
      holdsUntilNs: untilNs,
    };
    if (!radar.passed) return judged(false, radar.sentence, details);
    return judged(
      ageNs < every * NS_PER_MINUTE,
      () => `Radar self-test: ${(ageNs / NS_PER_MINUTE).toFixed(1)} min ago; less than ${every} min required.`,
      details,
    );
  },
};

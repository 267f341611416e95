/** DET-1: the threshold is data with an authority and a date, in force today. Does not resume: it changes with the pack. */
import type { Check } from '../readiness.js';
import { judged, unlessPlanned } from './judge.js';
import { onDate } from './today.js';

export const threshold: Check = {
  id: 'threshold',
  rule: 'DET-1',
  title: 'Threshold in force',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge: (facts) =>
    unlessPlanned(facts) ??
    onDate(facts, (today) => {
      const { speedKmh, authority, date } = facts.site.threshold;
      const named = authority.trim() !== '';
      const sentence = named
        ? `DET-1: threshold ${speedKmh} km/h, set ${date} by ${authority}; required on or before ${today.date}.`
        : `DET-1: threshold ${speedKmh} km/h names no authority; one is required.`;
      const details = { value: date, limit: today.date, holdsUntilNs: today.untilNs };
      return judged(named && date <= today.date, sentence, details);
    }),
};

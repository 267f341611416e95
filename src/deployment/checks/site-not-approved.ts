/** SITE-2: a site is approved before use. Does not resume: an approval comes with another pack. */
import type { Check } from '../readiness.js';
import { judged, unlessPlanned } from './judge.js';
import { onDate } from './today.js';

export const siteNotApproved: Check = {
  id: 'site-not-approved',
  rule: 'SITE-2',
  title: 'The site is approved',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge: (facts) =>
    unlessPlanned(facts) ??
    onDate(facts, ({ date, untilNs }) => {
      const { approval, code } = facts.config.site;
      if (approval === null) return judged(false, `SITE-2: site ${code} states no approval; one is required.`);
      const sentence = `SITE-2: approved ${approval.date} by ${approval.authority}; required on or before ${date}.`;
      const ok = approval.date <= date && approval.authority.trim() !== '';
      return judged(ok, sentence, { value: approval.date, limit: date, holdsUntilNs: untilNs });
    }),
};

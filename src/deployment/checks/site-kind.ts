/** A site is approved for one kind of installation; distances differ. Does not resume: another site, another deployment. */
import type { Check } from '../readiness.js';
import { judged, unlessPlanned } from './judge.js';

export const siteKind: Check = {
  id: 'site-kind',
  rule: 'SITE-2',
  title: 'The site is for this kind of camera',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge(facts) {
    const aside = unlessPlanned(facts);
    if (aside !== null) return aside;
    const { site, installation } = facts.config;
    const sentence = `SITE-2: site ${site.code} is for a ${site.installation} camera; this camera is ${installation}.`;
    return judged(site.installation === installation, sentence, { value: site.installation, limit: installation });
  },
};

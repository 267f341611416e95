/** SITE-3: sites reach the van in packs that PIB signs. Does not resume: another origin of the site is another deployment. */
import type { Check } from '../readiness.js';
import { judged, notApplicable } from './judge.js';

export const siteUnsigned: Check = {
  id: 'site-unsigned',
  rule: 'SITE-3',
  title: 'The site is from a signed pack',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge({ config, reference }) {
    if (config.plan === null) {
      if (config.demo) return notApplicable('SITE-3: a demonstration at a bare site file; it is never evidence.');
      return judged(false, 'SITE-3: the site is from a bare file, not from a signed pack; import one and open it.');
    }
    const head = reference.heads.sites;
    if (head === null) return judged(false, 'SITE-3: no signed pack of sites has been imported.');
    const sentence = `SITE-3: site from pack ${head.serial} of ${head.issuer}.`;
    return judged(true, sentence, { value: head.serial });
  },
};

/** CAL-6: a static site has a certificate of its own. Does not resume: a new one is imported and the site started anew. */
import type { Check } from '../readiness.js';
import { certified } from './certificate.js';
import { unlessStatic } from './judge.js';

export const siteCertificate: Check = {
  id: 'site-certificate',
  rule: 'CAL-6',
  title: 'Certificate of the static site',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge: (facts) => unlessStatic(facts) ?? certified(facts, 'CAL-6', 'site', facts.config.site.code, 'the site'),
};

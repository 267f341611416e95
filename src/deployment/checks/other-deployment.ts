/**
 * DEP-10: no second camera at the same or an adjoining site while one operates. Does not resume: somebody looks whether the
 * other has really gone.
 */
import { otherDeployment as findOther } from '../../site/separation.js';
import type { Check } from '../readiness.js';
import { judged, momentOf, NO_TIME, unknown, unlessMobile } from './judge.js';

export const otherDeployment: Check = {
  id: 'other-deployment',
  rule: 'DEP-10',
  title: 'No second camera near by',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge(facts) {
    const aside = unlessMobile(facts);
    if (aside !== null) return aside;
    const { bulletin } = facts.reference;
    const { utcMs: utc, config } = facts;
    if (utc === null) return NO_TIME;
    if (bulletin === null || utc < bulletin.validFromUtcMs || utc >= bulletin.validUntilUtcMs) {
      return unknown('DEP-10: there is no current bulletin.');
    }
    const { found, untilUtcMs } = findOther(config.site, config.camera.id, bulletin, utc);
    const sentence =
      found === null
        ? 'DEP-10: no other camera at this or an adjoining site.'
        : `DEP-10: camera ${found.cameraId} works at site ${found.siteCode} until ${new Date(found.untilUtcMs).toISOString()}.`;
    const details = { value: found?.siteCode ?? null, holdsUntilNs: momentOf(facts, untilUtcMs) };
    return judged(found === null, sentence, details);
  },
};

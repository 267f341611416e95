/** SITE-1: a site is one named roadway with a start and an end. Resumes: fixes scatter; van-moved watches the van itself. */
import { OFF_SITE_M } from '../../site/placement.js';
import type { Check } from '../readiness.js';
import { placed } from './placement.js';

export const offSite: Check = {
  id: 'off-site',
  rule: 'SITE-1',
  title: 'The van stands at the site',
  force: 'mandatory',
  source: 'gps',
  resumes: true,
  judge(facts) {
    const offM = facts.van?.offLineM ?? 0;
    const fine = `The van's position is ${offM.toFixed(1)} m from the centreline; at most ${OFF_SITE_M} m allowed.`;
    return placed(facts, 'off-site', fine, { value: offM, limit: OFF_SITE_M });
  },
};

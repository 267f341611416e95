/** DEP-4: about one and a half lane widths from the normal path of vehicles. Does not resume: the plan does not change. */
import { lateralPlausible } from '../../site/lateral.js';
import { metres } from '../../units.js';
import type { Check } from '../readiness.js';
import { judged, unlessMobile } from './judge.js';

export const lateralDistance: Check = {
  id: 'lateral-distance',
  rule: 'DEP-4',
  title: 'Distance from the path of vehicles',
  force: 'mandatory',
  source: 'plan',
  resumes: false,
  judge(facts) {
    const aside = unlessMobile(facts);
    if (aside !== null) return aside;
    const lateralM = facts.config.plan?.lateralM ?? metres(NaN);
    const { ok, fromM, toM } = lateralPlausible(facts.config.site, lateralM);
    const limit = `${fromM.toFixed(2)} to ${toM.toFixed(2)}`;
    const sentence = `DEP-4: ${lateralM.toFixed(2)} m to the centre of the nearest lane; ${limit} m required.`;
    return judged(ok, sentence, { value: lateralM, unit: 'm', limit });
  },
};

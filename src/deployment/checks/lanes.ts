/** SITE-1: what is to be monitored are lanes of this road. Does not resume: the plan does not change while it is open. */
import type { Check } from '../readiness.js';
import { judged, unlessPlanned } from './judge.js';

export const lanes: Check = {
  id: 'lanes',
  rule: 'SITE-1',
  title: 'Monitored lanes are of this road',
  force: 'mandatory',
  source: 'plan',
  resumes: false,
  judge(facts) {
    const aside = unlessPlanned(facts);
    if (aside !== null) return aside;
    const planned = facts.config.plan?.lanes ?? [];
    const has = facts.config.site.lanes.map(({ id }) => id);
    const foreign = planned.filter((lane) => !has.includes(lane));
    const words = planned.length === 0 ? 'no lane' : `lanes ${planned.join(', ')}`;
    const sentence = `SITE-1: ${words} to be monitored; the site has ${has.join(', ')}, at least one of them required.`;
    return judged(planned.length > 0 && foreign.length === 0, sentence, {
      value: planned.join(', '),
      limit: has.join(', '),
    });
  },
};

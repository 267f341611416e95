/** LIM-1: a road whose limit changed needs a new site code first. Does not resume: it is another site then. */
import type { Check } from '../readiness.js';
import { judged, notApplicable, unlessPlanned } from './judge.js';
import { isSuperseded, periodAt } from './limit-history.js';
import { onDate } from './today.js';

const aside = {
  temporary: notApplicable('LIM-1: a temporary limit is not in the history of the posted ones.'),
  none: notApplicable('LIM-1: the site states no history of limits.'),
};

export const limitSuperseded: Check = {
  id: 'limit-superseded',
  rule: 'LIM-1',
  title: "Limit of the road is the code's own",
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge(facts) {
    const { site } = facts.config;
    const unplanned = unlessPlanned(facts);
    if (unplanned !== null) return unplanned;
    if (site.temporaryLimit) return aside.temporary;
    if (site.limitHistory.length === 0) return aside.none;
    return onDate(facts, ({ date, untilNs }) => {
      const now = periodAt(site, date);
      const road = now === null ? 'has no stated limit yet' : `has ${now.limitKmh} km/h since ${now.from}`;
      const sentence = `LIM-1: the road ${road}; code ${site.code} is bound to ${site.limitKmh} km/h. A change needs a new code.`;
      const details = { value: now?.limitKmh ?? null, unit: 'km/h', limit: site.limitKmh, holdsUntilNs: untilNs };
      return judged(!isSuperseded(site, date), sentence, details);
    });
  },
};

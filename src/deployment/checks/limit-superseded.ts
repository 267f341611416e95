/** LIM-1: a road whose limit changed needs a new site code first. Does not resume: it is another site then. */
import { superseded } from '../../site/limit-change.js';
import type { LimitPeriod, Site } from '../../site/types.js';
import type { Check } from '../readiness.js';
import { judged, notApplicable, unlessPlanned } from './judge.js';
import { onDate } from './today.js';

/** A code never comes back: also a limit that went away and returned after the approval needs a new one. */
function otherLimit(site: Site, date: string): LimitPeriod | null {
  const { approval, limitHistory, limitKmh } = site;
  const sinceApproval = limitHistory.find(
    (period) => approval !== null && period.from > approval.date && period.from <= date && period.limitKmh !== limitKmh,
  );
  return superseded(site, date) ?? sinceApproval ?? null;
}

export const limitSuperseded: Check = {
  id: 'limit-superseded',
  rule: 'LIM-1',
  title: "Limit of the road is the code's own",
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge(facts) {
    const aside = unlessPlanned(facts);
    if (aside !== null) return aside;
    const { site } = facts.config;
    if (site.temporaryLimit) return notApplicable('LIM-1: a temporary limit is none of the posted ones.');
    if (site.limitHistory.length === 0) return notApplicable('LIM-1: the site states no history of limits.');
    return onDate(facts, ({ date, untilNs }) => {
      const other = otherLimit(site, date);
      const bound = `LIM-1: code ${site.code} is bound to ${site.limitKmh} km/h`;
      const sentence =
        other === null
          ? `${bound}, as the road has it.`
          : `${bound}; the road has had ${other.limitKmh} km/h since ${other.from}, which needs a new code.`;
      const value = other === null ? site.limitKmh : other.limitKmh;
      return judged(other === null, sentence, { value, unit: 'km/h', limit: site.limitKmh, holdsUntilNs: untilNs });
    });
  },
};

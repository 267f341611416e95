/**
 * LIM-2: no mobile camera for a month after a change of the limit; a school zone at the high-risk times that its pack lists
 * is excepted. Does not resume: with the end of those times the work is over.
 */
import { recentChangeOn } from '../../site/limit-change.js';
import { isHighRiskTime } from '../../site/school-time.js';
import type { Check } from '../readiness.js';
import { judged, momentOf, notApplicable, unlessMobile } from './judge.js';
import { onDate } from './today.js';

export const limitTooYoung: Check = {
  id: 'limit-too-young',
  rule: 'LIM-2',
  title: 'Age of the limit',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge(facts) {
    const { site } = facts.config;
    const aside = unlessMobile(facts);
    if (aside !== null) return aside;
    if (site.limitHistory.length === 0) return notApplicable('LIM-2: the site states no history of limits.');
    return onDate(facts, ({ date, untilNs }) => {
      const change = recentChangeOn(site, date);
      const today = { value: date, holdsUntilNs: untilNs };
      if (change === null) return judged(true, 'LIM-2: no change of the limit is younger than a month.', today);
      // Only a school zone is excepted, whatever a pack lists.
      const { utcMs: utc } = facts;
      const risk = site.school === null || utc === null ? null : isHighRiskTime(facts.reference, site, utc);
      const excepted = risk?.within === true;
      const sentence =
        `LIM-2: the limit changed ${change.changedOn}; mobile cameras work there from ${change.untilDate}, before that ` +
        `only at listed high-risk times of a school: now is ${excepted ? 'one' : 'none'}.`;
      return judged(excepted, sentence, {
        value: date,
        limit: change.untilDate,
        holdsUntilNs: momentOf(facts, risk?.untilUtcMs ?? null),
      });
    });
  },
};

/**
 * LIM-2: no mobile camera for a month after a change of the limit; a school zone at the high-risk times that its pack lists
 * is excepted. Does not resume: with the end of those times the work is over.
 */
import { plusMonths } from '../../site/dates.js';
import { isHighRiskTime } from '../../site/school-time.js';
import type { Check } from '../readiness.js';
import { judged, momentOf, NO_TIME, notApplicable, unlessMobile } from './judge.js';
import { periodAt } from './limit-history.js';
import { onDate } from './today.js';

const MONTHS = 1;

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
    const { utcMs: utc } = facts;
    if (utc === null) return NO_TIME;
    return onDate(facts, ({ date, untilNs }) => {
      const now = periodAt(site, date);
      if (now === null) return notApplicable('LIM-2: no limit of the history has begun.');
      const firstDay = plusMonths(now.from, MONTHS);
      const limits = { value: now.from, limit: firstDay };
      const begun = `LIM-2: the limit began ${now.from}; mobile cameras work there from ${firstDay}`;
      if (date >= firstDay) return judged(true, `${begun}.`, { ...limits, holdsUntilNs: untilNs });
      // Only a school zone is excepted, whatever a pack lists.
      const risk = site.school === null ? null : isHighRiskTime(facts.reference, site, utc);
      const excepted = risk?.within === true;
      const sentence = excepted
        ? `${begun}, and at high-risk times of the school before that: now is one.`
        : `${begun}, before that only at listed high-risk times of a school: now is none.`;
      return judged(excepted, sentence, { ...limits, holdsUntilNs: momentOf(facts, risk?.untilUtcMs ?? null) });
    });
  },
};

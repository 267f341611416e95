/**
 * LIM-2: no mobile camera for a month after a change of the limit; a school zone at the high-risk times that its pack lists
 * is excepted. Does not resume: with the end of those times the work is over.
 */
import { localTime } from '../../evidence/local-time.js';
import { plusMonths } from '../../site/dates.js';
import { utcMs, type MonotonicNs, type UtcMs } from '../../units.js';
import type { Site } from '../../site/types.js';
import type { Check, ReadinessFacts } from '../readiness.js';
import { judged, momentOf, NO_TIME, notApplicable, unlessMobile } from './judge.js';
import { periodAt } from './limit-history.js';
import { onDate } from './today.js';

const MINUTE_MS = 60_000;
const NO_HISTORY = notApplicable('LIM-2: the site states no history of limits.');

/** HH:MM sorts as text. */
function isHighRisk(site: Site, utc: UtcMs): boolean {
  if (site.school === null) return false;
  const time = localTime(utc, site.zone).time.slice(0, 5);
  return site.highRiskTimes.some(({ from, until }) => from <= time && time < until);
}

/** Times of day are whole minutes: within one the answer stays. */
function endOfMinute(facts: ReadinessFacts, utc: UtcMs): MonotonicNs | null {
  return momentOf(facts, utcMs((Math.floor(utc / MINUTE_MS) + 1) * MINUTE_MS));
}

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
    if (site.limitHistory.length === 0) return NO_HISTORY;
    const { utcMs: utc } = facts;
    if (utc === null) return NO_TIME;
    return onDate(facts, ({ date, untilNs }) => {
      const now = periodAt(site, date);
      if (now === null) return notApplicable('LIM-2: no limit of the history has begun.');
      const firstDay = plusMonths(now.from, 1);
      const limits = { value: now.from, limit: firstDay };
      const begun = `LIM-2: the limit began ${now.from}; mobile cameras work there from ${firstDay}`;
      if (date >= firstDay) return judged(true, `${begun}.`, { ...limits, holdsUntilNs: untilNs });
      const excepted = isHighRisk(site, utc);
      const sentence = excepted
        ? `${begun}, and at high-risk times of the school before that: now is one.`
        : `${begun}, before that only at listed high-risk times of a school: now is none.`;
      return judged(excepted, sentence, { ...limits, holdsUntilNs: endOfMinute(facts, utc) });
    });
  },
};

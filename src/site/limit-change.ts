/**
 * Changes of the limit of a road (LIM-1, LIM-2, LIM-3), from the history of limits that its site states.
 *
 * Three readings, each the safe one. A month ends with the same day of the next month; where that month is too short for
 * it, the day after its last: a change of 31 January is a month old on 1 March. A history whose only entry in force is
 * younger than a month counts as a change from an unknown limit. An entry that repeats the limit before it is none.
 */
import type { KmH, UtcMs } from '../units.js';
import { localDateOf, plusDays, plusMonths, startOfDate, type LocalDate } from './dates.js';
import type { LimitPeriod, Site } from './types.js';

const MONTHS = 1;

export interface LimitChange {
  /** Before the change: for LIM-3 the limit that PIB still answers by; null where the history begins with the new one. */
  readonly previousKmh: KmH | null;
  readonly limitKmh: KmH;
  readonly changedOn: LocalDate;
  /** First day on which the change is a month old, and the instant at which that day begins at the site. */
  readonly untilDate: LocalDate;
  readonly untilUtcMs: UtcMs;
}

/** `recentChangeOn` at an instant. @throws RangeError where the site's zone is not known */
export const recentChange = (site: Site, utc: UtcMs): LimitChange | null =>
  recentChangeOn(site, localDateOf(utc, site.zone));

/**
 * The last change of the road's limit while it is less than one month old (LIM-2, LIM-3); null where it is older or the
 * site states no history.
 *
 * @param today at the site
 * @throws RangeError where the site's zone is not known
 */
export function recentChangeOn(site: Site, today: LocalDate): LimitChange | null {
  const begun = begunBy(site, today);
  const index = begun.findLastIndex((period, at) => period.limitKmh !== begun[at - 1]?.limitKmh);
  const period = begun[index];
  if (period === undefined) return null;
  const untilDate = monthAfter(period.from);
  if (today >= untilDate) return null;
  const untilUtcMs = startOfDate(untilDate, site.zone);
  const previousKmh = begun[index - 1]?.limitKmh ?? null;
  return { previousKmh, limitKmh: period.limitKmh, changedOn: period.from, untilDate, untilUtcMs };
}

/**
 * LIM-1: the limit that is in force on the road, where it is not the one that the site's code is bound to; null otherwise.
 *
 * @param site as issued, not with a variable limit put in
 * @param today at the site
 */
export function superseded(site: Site, today: LocalDate): LimitPeriod | null {
  const inForce = begunBy(site, today).at(-1);
  return inForce === undefined || inForce.limitKmh === site.limitKmh ? null : inForce;
}

/** Periods that have begun by the local date, oldest first, whatever their order in the file. */
function begunBy({ limitHistory }: Site, today: LocalDate): readonly LimitPeriod[] {
  return limitHistory
    .filter(({ from }) => from <= today)
    .sort((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0));
}

function monthAfter(date: LocalDate): LocalDate {
  const same = plusMonths(date, MONTHS);
  return same.slice(8) === date.slice(8) ? same : plusDays(same, 1);
}

/** Which period of a road's limit is in force, and which one a site code is bound to (LIM-1). */
import type { LimitPeriod, Site } from '../../site/types.js';

/** The last period that has begun by a date; null where none has. */
export function periodAt({ limitHistory }: Site, date: string): LimitPeriod | null {
  return limitHistory.findLast(({ from }) => from <= date) ?? null;
}

/**
 * LIM-1: a code is bound to one limit and never edited. So it is superseded where the road has another limit now, and also
 * where the limit went away and came back after the site was approved for it.
 */
export function isSuperseded(site: Site, date: string): boolean {
  const now = periodAt(site, date);
  if (now === null || now.limitKmh !== site.limitKmh) return true;
  const atApproval = site.approval === null ? null : periodAt(site, site.approval.date);
  return atApproval !== null && atApproval.limitKmh === site.limitKmh && atApproval !== now;
}

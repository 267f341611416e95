/**
 * The legal limit at an instant: a variable limit may hold on school days between two local times (paragraph "School
 * days" of domain/rules.md). It holds on school days alone, not while a school activity goes on in the evening. The site
 * with its limit and threshold is what speeds are compared with and what is stamped (DET-1).
 */
import type { UtcMs } from '../units.js';
import type { Reference } from './reference.js';
import { remembered } from './remembered.js';
import { edgesOf, isWithin, schoolDayAt, schoolWindows } from './school-days.js';
import { between, rememberedSpans, type Span } from './spans.js';
import type { Site } from './types.js';

export interface LimitInForce {
  /** The site with the limit and the threshold of that instant; the same object for the same limit. */
  readonly site: Site;
  readonly untilUtcMs: UtcMs | null;
  /** Where it is not known whether a variable limit holds: why. Then nothing may be enforced. */
  readonly unknown: string | null;
}

const constant = remembered((site: Site): LimitInForce => ({ site, untilUtcMs: null, unknown: null }));

/** The site as it is under each of its variable limits, in their order. Equal limits are one object. */
const variants = remembered((site: Site): readonly Site[] => {
  const made = new Map<string, Site>();
  return site.variableLimits.map(({ limitKmh, threshold }) => {
    const key = JSON.stringify([limitKmh, threshold.speedKmh, threshold.authority, threshold.date]);
    const variant = made.get(key) ?? { ...site, limitKmh, threshold };
    made.set(key, variant);
    return variant;
  });
});

const answers = rememberedSpans(
  (reference: Pick<Reference, 'calendars'>, site: Site, utc: UtcMs): Span<LimitInForce> => {
    const day = schoolDayAt(reference, site, utc);
    const windows = schoolWindows(day, site.variableLimits, site.zone);
    const span = between(edgesOf(day, windows), utc);
    const holds = windows.findIndex((each) => isWithin(each, utc));
    const unknown = day.kind === 'unknown' ? `${day.why}; whether its variable limit holds is not known.` : null;
    const answer = { site: variants(site)[holds] ?? site, untilUtcMs: span.untilUtcMs, unknown };
    return { ...span, answer };
  },
);

/**
 * @param reference the same object for the same facts: answers are remembered by it
 * @param site as its pack or file states it, never one that this function has given
 */
export const limitInForce = (reference: Pick<Reference, 'calendars'>, site: Site, utc: UtcMs): LimitInForce =>
  site.variableLimits.length === 0 ? constant(site) : answers(reference, site, utc);

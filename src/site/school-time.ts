/**
 * May a camera work at a school site at this instant? (SCH-2, DEP-12) From 07:30 up to 18:00 local time on a school day,
 * and during a recorded activity on any day. At 18:00:00.000 it is over. High-risk times (LIM-2) are told here as well,
 * since they too are hours of a school day.
 */
import type { UtcMs } from '../units.js';
import type { Reference, SchoolActivity } from './reference.js';
import { edgesOf, isWithin, schoolDayAt, schoolWindows } from './school-days.js';
import { between, rememberedSpans, type Span } from './spans.js';
import type { DailyTime, Site } from './types.js';

export interface SchoolTime {
  readonly allowed: boolean;
  /** Why, with the day and the hours or the activity. */
  readonly sentence: string;
  /** The answer stays the same until then; null: for ever. */
  readonly untilUtcMs: UtcMs | null;
}

type Facts = Pick<Reference, 'calendars' | 'activities'>;

/** SCH-2. */
const HOURS: DailyTime = { from: '07:30', until: '18:00' };
const HOURS_TEXT = `${HOURS.from} up to ${HOURS.until} local time (SCH-2)`;

const answers = rememberedSpans((reference: Facts, site: Site, utc: UtcMs): Span<SchoolTime> => {
  if (site.school === null) {
    const sentence = `Site ${site.code} is no school site; it has no hours.`;
    return { fromUtcMs: -Infinity, untilUtcMs: null, answer: { allowed: true, sentence, untilUtcMs: null } };
  }
  const day = schoolDayAt(reference, site, utc);
  const hours = schoolWindows(day, [HOURS], site.zone);
  const activities = reference.activities.filter(({ siteCode }) => siteCode === site.code);
  const span = between(edgesOf(day, [...hours, ...activities]), utc);
  const activity = activities.find((each) => isWithin(each, utc));
  const answer = { ...verdict(day.why, hours, activity, utc), untilUtcMs: span.untilUtcMs };
  return { ...span, answer };
});

function verdict(
  why: string,
  hours: ReturnType<typeof schoolWindows>,
  activity: SchoolActivity | undefined,
  utc: UtcMs,
): Omit<SchoolTime, 'untilUtcMs'> {
  if (hours.some((each) => isWithin(each, utc))) return { allowed: true, sentence: `${why}, ${HOURS_TEXT}.` };
  if (activity !== undefined) {
    const until = new Date(activity.untilUtcMs).toISOString();
    return { allowed: true, sentence: `School activity: ${activity.name}, until ${until} (SCH-2).` };
  }
  const allowed =
    hours.length > 0 ? `; a camera works there ${HOURS_TEXT}` : '; no school activity is recorded (SCH-2)';
  return { allowed: false, sentence: `${why}${allowed}.` };
}

/**
 * SCH-2, DEP-12. A site that is no school site has no hours and is allowed for ever.
 *
 * @param reference the same object for the same facts: answers are remembered by it
 */
export const schoolTime = (reference: Facts, site: Site, utc: UtcMs): SchoolTime => answers(reference, site, utc);

export interface HighRiskTime {
  readonly within: boolean;
  /** As in `SchoolTime`. */
  readonly untilUtcMs: UtcMs | null;
}

const highRisk = rememberedSpans(
  (reference: Pick<Reference, 'calendars'>, site: Site, utc: UtcMs): Span<HighRiskTime> => {
    const day = schoolDayAt(reference, site, utc);
    const windows = schoolWindows(day, site.highRiskTimes, site.zone);
    const span = between(edgesOf(day, windows), utc);
    const within = windows.some((each) => isWithin(each, utc));
    return { ...span, answer: { within, untilUtcMs: span.untilUtcMs } };
  },
);

const NO_HIGH_RISK: HighRiskTime = { within: false, untilUtcMs: null };

/** LIM-2: is it a school day known to be one, and one of the site's high-risk times? */
export const isHighRiskTime = (reference: Pick<Reference, 'calendars'>, site: Site, utc: UtcMs): HighRiskTime =>
  site.highRiskTimes.length === 0 ? NO_HIGH_RISK : highRisk(reference, site, utc);

/** SITE-2: a site is reviewed at least every five years. Does not resume: a review comes with another pack. */
import { plusMonths } from '../../site/dates.js';
import { remembered } from '../../site/remembered.js';
import type { Site } from '../../site/types.js';
import type { Check } from '../readiness.js';
import { judged, unknown, unlessPlanned } from './judge.js';
import { onDate } from './today.js';

const REVIEW_MONTHS = 60;

/** The later of approval and review, and the last day on which it counts. */
const reviewOf = remembered((site: Site): { readonly on: string; readonly lastDay: string } | null => {
  const { approval, reviewedOn } = site;
  if (approval === null) return null;
  const on = reviewedOn !== null && reviewedOn > approval.date ? reviewedOn : approval.date;
  return { on, lastDay: plusMonths(on, REVIEW_MONTHS) };
});

export const siteReviewDue: Check = {
  id: 'site-review-due',
  rule: 'SITE-2',
  title: 'Age of the last review',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge: (facts) =>
    unlessPlanned(facts) ??
    onDate(facts, ({ date, untilNs }) => {
      const review = reviewOf(facts.config.site);
      if (review === null) return unknown('SITE-2: a site that was not approved has no review.');
      const sentence = `SITE-2: last reviewed ${review.on}; it counts until ${review.lastDay} (five years).`;
      return judged(date <= review.lastDay, sentence, {
        value: review.on,
        limit: review.lastDay,
        holdsUntilNs: untilNs,
      });
    }),
};

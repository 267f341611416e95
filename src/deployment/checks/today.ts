/**
 * The local date at the site, on which certificates, trainings and reviews hang. It stays until midnight there, and what
 * was said of a date is looked at again then, not at the next round: an expiry comes between two vehicles.
 */
import { localDateOf, plusDays, startOfDate, type LocalDate } from '../../site/dates.js';
import { remembered } from '../../site/remembered.js';
import type { MonotonicNs, UtcMs } from '../../units.js';
import type { Judgement, ReadinessFacts } from '../readiness.js';
import { momentOf, NO_TIME } from './judge.js';

export interface Today {
  readonly date: LocalDate;
  /** Next midnight of the site. */
  readonly untilNs: MonotonicNs | null;
}

interface Day {
  readonly date: LocalDate;
  readonly fromMs: UtcMs;
  readonly untilMs: UtcMs;
}

// A calendar is asked once a day, not ten times a second for each of twenty checks.
const days = new Map<string, Day>();

function dayAt(utc: UtcMs, zone: string): Day {
  const known = days.get(zone);
  if (known !== undefined && utc >= known.fromMs && utc < known.untilMs) return known;
  const date = localDateOf(utc, zone);
  const day = { date, fromMs: startOfDate(date, zone), untilMs: startOfDate(plusDays(date, 1), zone) };
  days.set(zone, day);
  return day;
}

const todayOf = remembered((facts: ReadinessFacts): { readonly today: Today | null } => {
  if (facts.utcMs === null) return { today: null };
  const { date, untilMs } = dayAt(facts.utcMs, facts.site.zone);
  return { today: { date, untilNs: momentOf(facts, untilMs) } };
});

/** What the check makes of the date; `unknown` while there is no time (clock-unknown refuses then). */
export function onDate(facts: ReadinessFacts, judge: (today: Today) => Judgement): Judgement {
  const { today } = todayOf(facts);
  return today === null ? NO_TIME : judge(today);
}

/**
 * The local date at the site, on which certificates, trainings and reviews hang. It stays until midnight there, and what
 * was said of a date is looked at again then, not at the next round: an expiry comes between two vehicles.
 */
import { localDateOf, plusDays, startOfDate, type LocalDate } from '../../site/dates.js';
import type { MonotonicNs, UtcMs } from '../../units.js';
import type { CheckFacts, Judgement, ReadinessFacts } from '../readiness.js';
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

/** Rounding of a date's end when it is worked out at another moment. */
const SAME_NS = 1000;

/** @param before kept while it is the same day and ends no later, so that it is the same object as long as nothing changes */
export function todayOf(facts: Pick<ReadinessFacts, 'nowNs' | 'utcMs' | 'site'>, before: Today | null): Today | null {
  if (facts.utcMs === null) return null;
  const { date, untilMs } = dayAt(facts.utcMs, facts.site.zone);
  const untilNs = momentOf(facts, untilMs);
  if (before?.date !== date || before.untilNs === null || untilNs === null) return { date, untilNs };
  const laterNs = untilNs - before.untilNs;
  return laterNs >= 0 && laterNs <= SAME_NS ? before : { date, untilNs };
}

/** What the check makes of the date; `unknown` while there is no time (clock-unknown refuses then). */
export function onDate({ today }: Pick<CheckFacts, 'today'>, judge: (today: Today) => Judgement): Judgement {
  return today === null ? NO_TIME : judge(today);
}

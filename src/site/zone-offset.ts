/**
 * How far a zone is ahead of UTC. Intl is asked only where no answer is known yet: an offset holds for months, so its
 * span is found once and kept, and the questions of every exposure cost a comparison. The zone rules are those of the
 * machine's ICU; no clock is read.
 */
import type { UtcMs } from '../units.js';

export interface OffsetSpan {
  /** First and first-no-longer instant; nothing is said of what holds outside. */
  readonly fromUtcMs: number;
  readonly untilUtcMs: number;
  /** Ahead of UTC: positive in the east. */
  readonly offsetMs: number;
}

interface ZoneKnowledge {
  readonly format: Intl.DateTimeFormat;
  readonly spans: OffsetSpan[];
  last: OffsetSpan;
}

const DAY_MS = 86_400_000;
/** No zone keeps an offset for less than this, or what is in force on both sides of the stray days is taken. */
const STEP_MS = 7 * DAY_MS;
/** Far enough to meet the next change where there is one each year. */
const STEPS = 58;
const NEVER: OffsetSpan = { fromUtcMs: 0, untilUtcMs: 0, offsetMs: 0 };

const zones = new Map<string, ZoneKnowledge>();

function knowledgeOf(zone: string): ZoneKnowledge {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone: zone, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  const made: ZoneKnowledge = { format, spans: [], last: NEVER };
  zones.set(zone, made);
  return made;
}

/** @throws RangeError where the instant is not a number */
function askIntl({ format }: ZoneKnowledge, utc: number): number {
  const wholeS = Math.floor(utc / 1000) * 1000;
  const parts = new Map(format.formatToParts(wholeS).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - wholeS;
}

/** The instant, in whole milliseconds, at which the offset of `insideMs` begins to fail on the way to `outsideMs`. */
function edge(zone: ZoneKnowledge, insideMs: number, outsideMs: number, offsetMs: number): number {
  let inside = insideMs;
  let outside = outsideMs;
  while (Math.abs(outside - inside) > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (askIntl(zone, middle) === offsetMs) inside = middle;
    else outside = middle;
  }
  return Math.max(inside, outside);
}

function reach(zone: ZoneKnowledge, fromMs: number, offsetMs: number, stepMs: number): number {
  let at = fromMs;
  for (let count = 0; count < STEPS; count += 1) {
    const next = at + stepMs;
    if (askIntl(zone, next) !== offsetMs) return edge(zone, at, next, offsetMs);
    at = next;
  }
  return at;
}

/** @throws RangeError where the zone is not known or the instant is not a number */
export function offsetSpan(utc: UtcMs, zone: string): OffsetSpan {
  const known = knowledgeOf(zone);
  if (utc >= known.last.fromUtcMs && utc < known.last.untilUtcMs) return known.last;
  let found = known.spans.find(({ fromUtcMs, untilUtcMs }) => utc >= fromUtcMs && utc < untilUtcMs);
  if (found === undefined) {
    const whole = Math.floor(utc);
    const offsetMs = askIntl(known, whole);
    found = {
      fromUtcMs: reach(known, whole, offsetMs, -STEP_MS),
      untilUtcMs: reach(known, whole, offsetMs, STEP_MS),
      offsetMs,
    };
    known.spans.push(found);
  }
  known.last = found;
  return found;
}

/** Milliseconds by which the zone is ahead of UTC. @throws RangeError as above */
export const offsetMsAt = (utc: UtcMs, zone: string): number => offsetSpan(utc, zone).offsetMs;

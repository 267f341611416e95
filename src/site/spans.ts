/**
 * Answers that hold for a span of time. The decision whether to fire asks at every exposure; between two moments at which
 * an answer may change it is the one found before.
 */
import { utcMs, type UtcMs } from '../units.js';

export interface Span<Answer> {
  readonly fromUtcMs: number;
  /** First instant at which the answer may differ; null: never. */
  readonly untilUtcMs: UtcMs | null;
  readonly answer: Answer;
}

/** The stretch between two neighbouring edges in which `utc` lies; an edge belongs to the stretch that it begins. */
export function between(edges: readonly number[], utc: number): Omit<Span<never>, 'answer'> {
  let from = -Infinity;
  let until = Infinity;
  for (const edge of edges) {
    if (edge <= utc) from = Math.max(from, edge);
    else until = Math.min(until, edge);
  }
  return { fromUtcMs: from, untilUtcMs: until === Infinity ? null : utcMs(until) };
}

/** Keeps the last span of each subject. The same facts are the same object: what is imported is never altered in place. */
export function rememberedSpans<Facts extends object, Subject extends object, Answer>(
  compute: (facts: Facts, subject: Subject, utc: UtcMs) => Span<Answer>,
): (facts: Facts, subject: Subject, utc: UtcMs) => Answer {
  const known = new WeakMap<Subject, { readonly facts: Facts; readonly span: Span<Answer> }>();
  return (facts, subject, utc) => {
    const last = known.get(subject);
    if (last?.facts === facts) {
      const { fromUtcMs, untilUtcMs, answer } = last.span;
      if (utc >= fromUtcMs && (untilUtcMs === null || utc < untilUtcMs)) return answer;
    }
    const span = compute(facts, subject, utc);
    known.set(subject, { facts, span });
    return span.answer;
  };
}

/**
 * May the camera enforce now? Asks every check and says what was found, what refuses, and how long that may be relied on.
 * Asked ten times a second and again before a shot: a check whose facts are the same is not asked again.
 */
import { NS_PER_MS, type MonotonicNs } from '../../units.js';
import type { Check, CheckStatus, Finding, Judgement, ReadinessFacts, Refusal, Words } from '../readiness.js';
import { isStatic, spoken } from './judge.js';
import { EVERYTHING, Look, type FactSet } from './look.js';
import { CHECKS } from './registry.js';

export { CHECKS } from './registry.js';

export interface Evaluation {
  /** One of each check, in their order; put into words when it is asked for. */
  readonly findings: readonly Finding[];
  /** Theirs, in the same order. */
  readonly statuses: readonly CheckStatus[];
  readonly refusals: readonly Refusal[];
  /** The answer stands until then unless an input changes it; from that moment on it is asked anew. Infinity: no end. */
  readonly holdsUntilNs: number;
  /** After every one of these refusals the camera may go on by itself; true where nothing refuses. */
  readonly resumes: boolean;
}

/** Before the first look nothing refuses and nothing may be relied on. */
export const NOT_LOOKED: Evaluation = {
  findings: [],
  statuses: [],
  refusals: [],
  holdsUntilNs: -Infinity,
  resumes: true,
};

interface Answer {
  readonly judgement: Judgement;
  /** What it was made of. */
  readonly reads: FactSet;
}

/** Keeps what each check has answered and asks only those again whose facts have changed. */
export class ReadinessBook {
  private before: Look | null = null;
  private answers: readonly Answer[] = [];

  /** What the camera makes of the facts. */
  look(facts: ReadinessFacts): Evaluation {
    const look = new Look(facts, this.before);
    const changed = this.before === null ? EVERYTHING : look.changedSince(this.before);
    this.answers = CHECKS.map((check, index) => {
      const known = this.answers[index];
      return known === undefined || (known.reads & changed) !== 0 ? ask(check, look) : known;
    });
    // All answers are of one look, or, should a check throw, all are still of the one before.
    this.before = look;
    return summed(this.answers, facts.nowNs, isStatic(facts));
  }
}

/** The same by a book that knows nothing yet: every check is asked. */
export const evaluate = (facts: ReadinessFacts): Evaluation => new ReadinessBook().look(facts);

function ask(check: Check, look: Look): Answer {
  look.reads = 0;
  const judgement = check.judge(look);
  return { judgement, reads: look.reads };
}

function summed(answers: readonly Answer[], nowNs: MonotonicNs, atStatic: boolean): Evaluation {
  const refused: { readonly check: Check; readonly sentence: Words }[] = [];
  let hidden: { readonly check: Check; readonly sentence: Words } | null = null;
  let holdsUntilNs = Infinity;
  const statuses = answers.map(({ judgement }) => judgement.status);
  for (let index = 0; index < answers.length; index += 1) {
    const { status, sentence, holdsUntilNs: untilNs } = (answers[index] as Answer).judgement;
    if (status === 'pass') {
      if (untilNs !== null && untilNs < holdsUntilNs) holdsUntilNs = untilNs;
      continue;
    }
    const check = CHECKS[index] as Check;
    if (check.force === 'advisory') continue;
    if (status === 'fail') refused.push({ check, sentence });
    if (status === 'unknown') hidden ??= { check, sentence };
  }
  // What is hidden has another's failure before it. Should that one be missing, not knowing is no reason to enforce.
  if (refused.length === 0 && hidden !== null) refused.push(hidden);
  return {
    get findings() {
      return CHECKS.map((check, index) => findingOf(check, (answers[index] as Answer).judgement, nowNs));
    },
    statuses,
    refusals: refused.map(({ check, sentence }) => ({ code: check.id, sentence: spoken(sentence) })),
    holdsUntilNs,
    resumes: refused.every(({ check }) => (atStatic ? (check.resumesAtStatic ?? check.resumes) : check.resumes)),
  };
}

function findingOf(check: Check, judgement: Judgement, nowNs: number): Finding {
  const { id, rule, title, force, source } = check;
  const { status, value, unit, limit, takenNs, sentence } = judgement;
  const ageMs = takenNs === null ? null : Math.max(0, (nowNs - takenNs) / NS_PER_MS);
  return { id, rule, title, force, source, status, value, unit, limit, sentence: spoken(sentence), ageMs };
}

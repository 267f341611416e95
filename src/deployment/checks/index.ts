/**
 * May the camera enforce now? Asks every check and says what was found, what refuses, and how long that may be relied on.
 * Asked ten times a second and again before a shot: what is dear is kept by the checks.
 */
import { NS_PER_MS } from '../../units.js';
import type { Check, Finding, Judgement, ReadinessFacts, Refusal } from '../readiness.js';
import { isStatic } from './judge.js';
import { CHECKS } from './registry.js';

export { CHECKS } from './registry.js';

export interface Evaluation {
  /** One of each check, in their order. */
  readonly findings: readonly Finding[];
  readonly refusals: readonly Refusal[];
  /** The answer stands until then unless an input changes it; from that moment on it is asked anew. Infinity: no end. */
  readonly holdsUntilNs: number;
  /** After every one of these refusals the camera may go on by itself; true where nothing refuses. */
  readonly resumes: boolean;
}

/** What the camera makes of the facts. */
export function evaluate(facts: ReadinessFacts): Evaluation {
  const findings: Finding[] = [];
  const refused: { readonly check: Check; readonly sentence: string }[] = [];
  let hidden: { readonly check: Check; readonly sentence: string } | null = null;
  let holdsUntilNs = Infinity;
  for (const check of CHECKS) {
    const judgement = check.judge(facts);
    const { status, sentence } = judgement;
    findings.push(findingOf(check, judgement, facts.nowNs));
    if (status === 'pass') holdsUntilNs = Math.min(holdsUntilNs, judgement.holdsUntilNs ?? Infinity);
    if (check.force === 'advisory') continue;
    if (status === 'fail') refused.push({ check, sentence });
    if (status === 'unknown') hidden ??= { check, sentence };
  }
  // What is hidden has another's failure before it. Should that one be missing, not knowing is no reason to enforce.
  if (refused.length === 0 && hidden !== null) refused.push(hidden);
  return {
    findings,
    refusals: refused.map(({ check, sentence }) => ({ code: check.id, sentence })),
    holdsUntilNs,
    resumes: refused.every(({ check }) => (isStatic(facts) ? (check.resumesAtStatic ?? check.resumes) : check.resumes)),
  };
}

function findingOf(check: Check, judgement: Judgement, nowNs: number): Finding {
  const { id, rule, title, force, source } = check;
  const { status, value, unit, limit, takenNs, sentence } = judgement;
  const ageMs = takenNs === null ? null : Math.max(0, (nowNs - takenNs) / NS_PER_MS);
  return { id, rule, title, force, source, status, value, unit, limit, sentence, ageMs };
}

import type { Check, Finding, ReadinessFacts, Refusal } from '../readiness.js';
export interface Evaluation {
  readonly findings: readonly Finding[];
  readonly refusals: readonly Refusal[];
  readonly holdsUntilNs: number;
  readonly resumes: boolean;
}
export const CHECKS: readonly Check[] = [];
export function evaluate(_facts: ReadinessFacts): Evaluation {
  return { findings: [], refusals: [], holdsUntilNs: Infinity, resumes: true };
}

/** OPR-1: the operator's training is valid today. Does not resume: a new one is imported, and the operator starts anew. */
import type { Check } from '../readiness.js';
import { judged, unknown, unlessMobile } from './judge.js';
import { onDate } from './today.js';

export const operatorTraining: Check = {
  id: 'operator-training',
  rule: 'OPR-1',
  title: "Operator's training valid",
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge: (facts) =>
    unlessMobile(facts) ??
    onDate(facts, ({ date, untilNs }) => {
      const id = facts.config.plan?.operatorId ?? null;
      const found = facts.reference.operators.find((operator) => operator.id === id);
      if (found === undefined) return unknown('OPR-1: the operator is not known.');
      const { trainedOn, validUntil } = found;
      const sentence = `OPR-1: operator ${found.id} was trained ${trainedOn}, valid until ${validUntil}; today is ${date}.`;
      const details = { value: date, limit: validUntil, holdsUntilNs: untilNs };
      return judged(trainedOn <= date && date <= validUntil, sentence, details);
    }),
};

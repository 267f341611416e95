/** CAL-4: only a type of equipment that a gazetted notice names. Does not resume: type or notice is another then. */
import type { Check } from '../readiness.js';
import { judged, unlessPlanned } from './judge.js';
import { onDate } from './today.js';

export const typeNotApproved: Check = {
  id: 'type-not-approved',
  rule: 'CAL-4',
  title: 'Approved type of equipment',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge: (facts) =>
    unlessPlanned(facts) ??
    onDate(facts, ({ date, untilNs }) => {
      const { model, approvalNotice } = facts.config.camera;
      if (approvalNotice === null) {
        return judged(
          false,
          'CAL-4: camera.approvalNotice is not configured; the notice that approves it is required.',
        );
      }
      const found = facts.reference.approvedTypes.find(
        (type) => type.model === model && type.notice === approvalNotice,
      );
      const details = { value: approvalNotice, limit: model, holdsUntilNs: untilNs };
      if (found === undefined) {
        const sentence = `CAL-4: no approved type is model ${model} under notice ${approvalNotice}.`;
        return judged(false, sentence, details);
      }
      const sentence = `CAL-4: ${model} is approved by ${found.notice}, gazetted ${found.gazettedOn}; today is ${date}.`;
      return judged(found.gazettedOn <= date, sentence, details);
    }),
};

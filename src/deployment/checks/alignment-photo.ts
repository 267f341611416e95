/** A photo proves afterwards how camera and beam lay. Resumes: it is taken again by itself until its image comes. */
import type { Check } from '../readiness.js';
import { judged, unlessPlanned } from './judge.js';

export const alignmentPhoto: Check = {
  id: 'alignment-photo',
  rule: 'OPR-2',
  title: 'Alignment photo made',
  force: 'mandatory',
  source: 'tests',
  resumes: true,
  judge(facts) {
    const aside = unlessPlanned(facts);
    if (aside !== null) return aside;
    const { alignment } = facts.tests;
    if (alignment === null) return judged(false, 'Alignment photo: none made yet; one is required.', { limit: true });
    const { passed, sentence, atNs } = alignment;
    return judged(passed, sentence, { value: passed, limit: true, takenNs: atNs });
  },
};

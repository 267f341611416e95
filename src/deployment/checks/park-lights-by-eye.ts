/** DEP-2 where the lights are not wired: the operator looks. Resumes: dusk asked for his word, and he gave it. */
import type { Check } from '../readiness.js';
import { attested } from './attested.js';
import { unlessParkLightsFor } from './wired.js';

export const parkLightsByEye: Check = {
  id: 'park-lights-by-eye',
  rule: 'DEP-2',
  title: 'Park lights on in the dark, as seen',
  force: 'attestable',
  source: 'plan',
  resumes: true,
  judge(facts) {
    const aside = unlessParkLightsFor('operator', facts);
    if (aside !== null) return aside;
    return attested(facts, 'park-lights-by-eye', 'DEP-2: the park lights are on.');
  },
};

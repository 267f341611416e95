/** DEP-2 where the lights are not wired: the operator looks. Resumes: dusk asked for his word, and he gave it. */
import type { Check } from '../readiness.js';
import { attested } from './attested.js';
import { notApplicable, unknown, unlessMobile } from './judge.js';
import { parkLightsWired } from './wired.js';

export const parkLightsByEye: Check = {
  id: 'park-lights-by-eye',
  rule: 'DEP-2',
  title: 'Park lights on in the dark, as seen',
  force: 'attestable',
  source: 'plan',
  resumes: true,
  judge(facts) {
    const aside = unlessMobile(facts);
    if (aside !== null) return aside;
    if (facts.dark === null) return unknown('DEP-2: whether it is dark is not known.');
    if (!facts.dark) return notApplicable('DEP-2: it is not dark.');
    const wired = parkLightsWired(facts);
    if (wired === null) return unknown('Park lights: the I/O board does not report.');
    if (wired) return notApplicable('DEP-2: the park lights are wired.');
    return attested(facts, 'park-lights-by-eye', 'DEP-2: the park lights are on.');
  },
};

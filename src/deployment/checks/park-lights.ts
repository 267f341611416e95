/** DEP-2: park lights on when it is dark. Resumes: with the lights on again the van stands as it was deployed. */
import type { Check } from '../readiness.js';
import { judged, notApplicable, unknown, unlessMobile } from './judge.js';
import { parkLightsWired } from './wired.js';

export const parkLights: Check = {
  id: 'park-lights',
  rule: 'DEP-2',
  title: 'Park lights on in the dark',
  force: 'mandatory',
  source: 'board',
  resumes: true,
  judge(facts) {
    const aside = unlessMobile(facts);
    if (aside !== null) return aside;
    if (facts.dark === null) return unknown('DEP-2: whether it is dark is not known.');
    if (!facts.dark) return notApplicable('DEP-2: it is not dark.');
    const wired = parkLightsWired(facts);
    if (wired === null) return unknown('Park lights: the I/O board does not report.');
    if (!wired) return notApplicable('DEP-2: the park lights are not wired; the operator looks.');
    const on = facts.board.report?.parkLights === true;
    const sentence = `DEP-2: it is dark and the park lights are ${on ? 'on' : 'off; they must be on'}.`;
    return judged(on, sentence, { value: on, limit: true, takenNs: facts.board.reportNs });
  },
};

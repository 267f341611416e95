/** DEP-2: park lights on when it is dark. Resumes: with the lights on again the van stands as it was deployed. */
import type { Check } from '../readiness.js';
import { judged } from './judge.js';
import { unlessParkLightsFor } from './wired.js';

export const parkLights: Check = {
  id: 'park-lights',
  rule: 'DEP-2',
  title: 'Park lights on in the dark',
  force: 'mandatory',
  source: 'board',
  resumes: true,
  judge(facts) {
    const aside = unlessParkLightsFor('board', facts);
    if (aside !== null) return aside;
    const on = facts.board.report?.parkLights === true;
    const sentence = `DEP-2: it is dark and the park lights are ${on ? 'on' : 'off; they must be on'}.`;
    return judged(on, sentence, { value: on, limit: true, takenNs: facts.board.reportNs });
  },
};

/**
 * DEP-5: deployed on a roadway, the tailgate is fully extended or fully closed; on private land the rule is silent.
 * Resumes: with the tailgate at an end again the van stands as it was deployed.
 */
import type { Check } from '../readiness.js';
import { judged } from './judge.js';
import { unlessTailgateFor } from './wired.js';

export const tailgate: Check = {
  id: 'tailgate',
  rule: 'DEP-5',
  title: 'Tailgate fully open or closed',
  force: 'mandatory',
  source: 'board',
  resumes: true,
  judge(facts) {
    const aside = unlessTailgateFor('board', facts);
    if (aside !== null) return aside;
    const open = facts.board.report?.tailgateOpen === true;
    const closed = facts.board.report?.tailgateClosed === true;
    const made = open && closed ? 'both switches made' : open ? 'open' : closed ? 'closed' : 'half way';
    return judged(open !== closed, `DEP-5: tailgate ${made}; fully open or fully closed required.`, {
      value: made,
      limit: 'open or closed',
      takenNs: facts.board.reportNs,
    });
  },
};

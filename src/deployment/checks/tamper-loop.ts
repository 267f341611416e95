/** TAM-1: the loop round the cabinet. Never resumes: somebody was at the equipment, and a person must look at it first. */
import type { Check } from '../readiness.js';
import { judged, notApplicable, unlessBoardReports } from './judge.js';

export const tamperLoop: Check = {
  id: 'tamper-loop',
  rule: 'TAM-1',
  title: 'Tamper loop whole',
  force: 'mandatory',
  source: 'board',
  resumes: false,
  judge(facts) {
    const whole = facts.board.report?.tamperLoopWhole ?? null;
    const aside = unlessBoardReports(facts);
    if (aside !== null) return aside;
    if (whole === null) return notApplicable('Tamper loop: not wired to the board.');
    const sentence = whole ? 'Tamper loop: whole.' : 'Tamper loop: broken; it must be whole. The cabinet may be open.';
    return judged(whole, sentence, { value: whole, limit: true, takenNs: facts.board.reportNs });
  },
};

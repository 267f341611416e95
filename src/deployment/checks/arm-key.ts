/** The operator's arm key. Resumes: turning it on again is his own hand, the very act that begins enforcement. */
import type { Check } from '../readiness.js';
import { judged, notApplicable, unlessBoardReports } from './judge.js';

export const armKey: Check = {
  id: 'arm-key',
  rule: 'board',
  title: 'Arm key on',
  force: 'mandatory',
  source: 'board',
  resumes: true,
  judge(facts) {
    const aside = unlessBoardReports(facts);
    if (aside !== null) return aside;
    const on = facts.board.report?.armKey ?? null;
    if (on === null) return notApplicable('Arm key: not wired to the board.');
    const sentence = on ? 'Arm key: on.' : 'Arm key: off; turn it on to enforce.';
    return judged(on, sentence, { value: on, limit: true, takenNs: facts.board.reportNs });
  },
};

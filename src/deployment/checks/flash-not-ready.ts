/** The flash is charged where it is going to fire: an image in the dark without it shows nothing. Resumes: it charges. */
import type { Check } from '../readiness.js';
import { judged, notApplicable, unknown, unlessBoardReports } from './judge.js';

export const flashNotReady: Check = {
  id: 'flash-not-ready',
  rule: 'board',
  title: 'Flash ready',
  force: 'mandatory',
  source: 'board',
  resumes: true,
  judge(facts) {
    const { flash } = facts.config.camera;
    if (flash === 'never') return notApplicable('Flash: none is used.');
    const aside = unlessBoardReports(facts);
    if (aside !== null) return aside;
    const ready = facts.board.report?.flashReady ?? null;
    if (ready === null) return notApplicable('Flash: its ready signal is not wired to the board.');
    if (flash === 'dark' && facts.dark === null) return unknown('Flash: whether it is dark is not known.');
    if (flash === 'dark' && facts.dark === false) return notApplicable('Flash: by day it does not fire.');
    const sentence = ready ? 'Flash: ready.' : 'Flash: not ready; it must be charged.';
    return judged(ready, sentence, { value: ready, limit: true, takenNs: facts.board.reportNs });
  },
};

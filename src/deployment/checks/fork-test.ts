/**
 * OPR-2: one of the forks that are carried was heard at the speed that it stands for. Does not resume: a failed test puts
 * in doubt what came before it, and whoever repeats it decides whether to go on.
 */
import type { Check } from '../readiness.js';
import { judged, notApplicable, unlessPlanned } from './judge.js';

export const forkTest: Check = {
  id: 'fork-test',
  rule: 'OPR-2',
  title: 'Tuning-fork test passed',
  force: 'mandatory',
  source: 'tests',
  resumes: false,
  judge(facts) {
    const aside = unlessPlanned(facts);
    if (aside !== null) return aside;
    const { forks } = facts.config.equipment;
    if (forks.length === 0)
      return notApplicable('Fork test: no tuning fork is carried; the radar is tested otherwise.');
    const carried = `carried: ${forks.join(', ')}`;
    const { fork } = facts.tests;
    if (fork === null) return judged(false, `Fork test: none made yet; one is required (${carried}).`, { limit: true });
    const known = fork.subject !== null && forks.includes(fork.subject);
    const sentence = known ? fork.sentence : `Fork test: made with fork ${fork.subject ?? 'unnamed'}; ${carried}.`;
    return judged(fork.passed && known, sentence, { value: fork.passed, limit: true, takenNs: fork.atNs });
  },
};

/** CAL-2: certificates of all forks that are carried. Does not resume: a new one is imported, and the operator starts anew. */
import type { Check, Judgement } from '../readiness.js';
import { certificateOn, certificatesOf, certified } from './certificate.js';
import { judged, notApplicable, unlessPlanned } from './judge.js';
import { onDate } from './today.js';

export const forkCertificate: Check = {
  id: 'fork-certificate',
  rule: 'CAL-2',
  title: 'Certificates of the tuning forks',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge(facts) {
    const aside = unlessPlanned(facts);
    if (aside !== null) return aside;
    const { forks } = facts.config.equipment;
    if (forks.length === 0) return notApplicable('CAL-2: no tuning fork is carried.');
    // The first that fails is told, else the one that ends first.
    let worst: Judgement | null = null;
    for (const fork of forks) {
      const one = certified(facts, 'CAL-2', 'fork', fork, 'forks');
      if (one.status !== 'pass') return one;
      if (worst === null || String(one.limit) < String(worst.limit)) worst = one;
    }
    return onDate(facts, ({ date }) => {
      const mute = forks.find((fork) => certificateOn(certificatesOf(facts, 'fork', fork), date)?.forkKmh == null);
      if (mute === undefined && worst !== null) return worst;
      return judged(false, `CAL-2: the certificate of fork ${mute} does not state the speed that it stands for.`);
    });
  },
};

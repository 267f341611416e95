/**
 * CAL-3: after a repair nothing is used until calibration services record the test, and the new certificate where they
 * require one. Does not resume: equipment came back from repair, and the operator starts anew.
 */
import type { Repair } from '../../site/reference.js';
import type { Check, ReadinessFacts } from '../readiness.js';
import { certificatesOf, type CertificateKind } from './certificate.js';
import { isStatic, judged, unlessPlanned } from './judge.js';
import { onDate } from './today.js';

function inUse(facts: ReadinessFacts, kind: CertificateKind, subject: string): boolean {
  const { camera, equipment, site } = facts.config;
  switch (kind) {
    case 'camera':
      return subject === camera.id;
    case 'radar':
      return subject === equipment.radarSerial;
    case 'fork':
      return equipment.forks.includes(subject);
    case 'site':
      return isStatic(facts) && subject === site.code;
  }
}

/** What is missing after a repair; null where nothing is. A test before the repair tested something else. */
function missing(facts: ReadinessFacts, repair: Repair, date: string): string | null {
  const { kind, subject, repairedOn, testedOn, recertify } = repair;
  if (testedOn === null || testedOn < repairedOn || testedOn > date) return 'its test is not recorded';
  if (!recertify) return null;
  const anew = certificatesOf(facts, kind, subject).some(({ issuedOn }) => issuedOn >= repairedOn && issuedOn <= date);
  return anew ? null : 'it needs a certificate issued since';
}

export const repairOpen: Check = {
  id: 'repair-open',
  rule: 'CAL-3',
  title: 'Repairs tested',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge: (facts) =>
    unlessPlanned(facts) ??
    onDate(facts, ({ date, untilNs }) => {
      for (const repair of facts.reference.repairs) {
        if (!inUse(facts, repair.kind, repair.subject)) continue;
        const what = missing(facts, repair, date);
        if (what === null) continue;
        const { kind, subject, repairedOn } = repair;
        return judged(false, `CAL-3: ${kind} ${subject} was repaired ${repairedOn} and ${what}.`, {
          value: repairedOn,
        });
      }
      return judged(true, 'CAL-3: no repair of the equipment in use is open.', { holdsUntilNs: untilNs });
    }),
};

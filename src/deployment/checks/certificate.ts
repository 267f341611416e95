/**
 * When a certificate of accuracy counts (CAL-1, CAL-2, CAL-6): from the day of its issue through the same day 12 months
 * later, and not past its own last day. It ends with that day at midnight local time.
 */
import { plusMonths } from '../../site/dates.js';
import type { CalibrationCertificate } from '../../site/reference.js';
import { remembered } from '../../site/remembered.js';
import type { CheckFacts, Judgement, ReadinessFacts } from '../readiness.js';
import { judged } from './judge.js';
import { onDate } from './today.js';

const VALID_MONTHS = 12;

export type CertificateKind = CalibrationCertificate['kind'];

export interface Certified extends CalibrationCertificate {
  readonly lastDay: string;
}

/** The last date on which a certificate counts. @param issuedOn YYYY-MM-DD @param validUntil as it states itself */
export function lastDayOf(issuedOn: string, validUntil: string | null): string {
  const year = plusMonths(issuedOn, VALID_MONTHS);
  return validUntil !== null && validUntil < year ? validUntil : year;
}

const keyOf = (kind: CertificateKind, subject: string): string => `${kind} ${subject}`;

const bySubject = remembered((all: readonly CalibrationCertificate[]): ReadonlyMap<string, readonly Certified[]> => {
  const found = new Map<string, Certified[]>();
  for (const one of all) {
    const key = keyOf(one.kind, one.subject);
    found.set(key, [...(found.get(key) ?? []), { ...one, lastDay: lastDayOf(one.issuedOn, one.validUntil) }]);
  }
  return found;
});

export function certificatesOf(
  { reference }: Pick<ReadinessFacts, 'reference'>,
  kind: CertificateKind,
  subject: string,
): readonly Certified[] {
  return bySubject(reference.certificates).get(keyOf(kind, subject)) ?? [];
}

/** The certificate that counts on a date, else the one that ends last of those that were issued; null where there is none. */
export function certificateOn(all: readonly Certified[], date: string): Certified | null {
  const issued = all.filter(({ issuedOn }) => issuedOn <= date);
  return issued.reduce<Certified | null>(
    (best, one) => (best === null || one.lastDay > best.lastDay ? one : best),
    null,
  );
}

/**
 * @param subject null where the configuration does not name it
 * @param key of the configuration that would
 */
export function certified(
  facts: CheckFacts,
  rule: string,
  kind: CertificateKind,
  subject: string | null,
  key: string,
): Judgement {
  if (subject === null) return judged(false, `${rule}: ${key} is not configured, so that no certificate can be found.`);
  return onDate(facts, ({ date, untilNs }) => {
    const one = certificateOn(certificatesOf(facts, kind, subject), date);
    if (one === null) return judged(false, `${rule}: no certificate of accuracy for ${kind} ${subject}.`);
    const sentence =
      `${rule}: certificate ${one.number} of ${kind} ${subject} was issued ${one.issuedOn} and counts until ` +
      `${one.lastDay}; today is ${date}.`;
    return judged(date <= one.lastDay, sentence, { value: date, limit: one.lastDay, holdsUntilNs: untilNs });
  });
}

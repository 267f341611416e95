/** OPR-5: a vehicle that the police own or operate today. Does not resume: another vehicle, another deployment. */
import type { Check } from '../readiness.js';
import { judged, unlessMobile } from './judge.js';
import { onDate } from './today.js';

export const vehicleUnknown: Check = {
  id: 'vehicle-unknown',
  rule: 'OPR-5',
  title: 'Vehicle of the police',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge: (facts) =>
    unlessMobile(facts) ??
    onDate(facts, ({ date, untilNs }) => {
      const registration = facts.config.plan?.vehicle ?? null;
      if (registration === null) return judged(false, 'OPR-5: no vehicle is named; one of the police is required.');
      const known = facts.reference.vehicles.filter((vehicle) => vehicle.registration === registration);
      const found = known.find(({ from, until }) => from <= date && (until === null || date <= until));
      const sentence =
        found === undefined
          ? `OPR-5: vehicle ${registration} is not among the vehicles of the police on ${date}.`
          : `OPR-5: vehicle ${registration}, ${found.description}.`;
      return judged(found !== undefined, sentence, { value: registration, holdsUntilNs: untilNs });
    }),
};

/** DEP-10: who else works where is known now. Resumes: a new bulletin that names nobody near by changes nothing here. */
import type { Bulletin } from '../../site/reference.js';
import { remembered } from '../../site/remembered.js';
import type { Check } from '../readiness.js';
import { judged, momentOf, NO_TIME, unlessMobile } from './judge.js';

const textsOf = remembered(({ validFromUtcMs, validUntilUtcMs }: Bulletin) => ({
  fromText: new Date(validFromUtcMs).toISOString(),
  untilText: new Date(validUntilUtcMs).toISOString(),
}));

export const bulletinOutOfDate: Check = {
  id: 'bulletin-out-of-date',
  rule: 'DEP-10',
  title: 'Bulletin of deployments current',
  force: 'mandatory',
  source: 'pack',
  resumes: true,
  judge(facts) {
    const aside = unlessMobile(facts);
    if (aside !== null) return aside;
    const { bulletin } = facts.reference;
    if (bulletin === null) return judged(false, 'DEP-10: no bulletin of deployments has been imported.');
    if (facts.utcMs === null) return NO_TIME;
    const { validFromUtcMs: from, validUntilUtcMs: until } = bulletin;
    const { fromText, untilText } = textsOf(bulletin);
    const sentence = `DEP-10: the bulletin is valid from ${fromText} until ${untilText}; it must be now.`;
    return judged(from <= facts.utcMs && facts.utcMs < until, sentence, {
      value: fromText,
      limit: untilText,
      holdsUntilNs: momentOf(facts, until),
    });
  },
};

/** SITE-3: what is signed under the public DEMO key proves nothing. Does not resume: other data, another deployment. */
import type { PackKind } from '../../site/reference.js';
import type { Check, ReadinessFacts } from '../readiness.js';
import { isStatic, judged, notApplicable, unlessPlanned } from './judge.js';

/** Kinds of packs that this session rests on. */
function needed(facts: ReadinessFacts): PackKind[] {
  const { site } = facts.config;
  const mobile: PackKind[] = isStatic(facts) ? [] : ['operators', 'bulletin'];
  const school: PackKind[] = site.school !== null || site.variableLimits.length > 0 ? ['calendar'] : [];
  return ['sites', 'certificates', ...mobile, ...school];
}

export const packDemo: Check = {
  id: 'pack-demo',
  rule: 'SITE-3',
  title: 'No pack of the demonstration',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge(facts) {
    const aside = unlessPlanned(facts);
    if (aside !== null) return aside;
    if (facts.config.demo) return notApplicable('SITE-3: a demonstration may use its own packs.');
    const { heads } = facts.reference;
    const demos = needed(facts).filter((kind) => heads[kind]?.demo === true);
    const found = demos.join(', ');
    const sentence =
      demos.length === 0
        ? 'SITE-3: no pack in use is signed under the DEMO root.'
        : `SITE-3: signed under the DEMO root: ${found}; import packs of the real issuers.`;
    return judged(demos.length === 0, sentence, { value: demos.length, unit: 'packs', limit: 0 });
  },
};

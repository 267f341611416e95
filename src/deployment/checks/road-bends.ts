/** DEP-7, the part that a survey knows: the road is straight from the van to the far end of the beam. Resumes: fixes scatter. */
import { STRAIGHT_LIMITS } from '../../site/straightness.js';
import type { Check } from '../readiness.js';
import { judged, NO_PLACE, unlessMobile } from './judge.js';
import { roadInBeam } from './straight-road.js';

export const roadBends: Check = {
  id: 'road-bends',
  rule: 'DEP-7',
  title: 'Surveyed road straight in the beam',
  force: 'mandatory',
  source: 'pack',
  resumes: true,
  judge(facts) {
    const aside = unlessMobile(facts);
    if (aside !== null) return aside;
    if (facts.van === null) return NO_PLACE;
    const { turnDeg, sagittaM, straight, surveyedM } = roadInBeam(facts.van, facts.config.site, facts.config.mounting);
    const sentence =
      `DEP-7: within ${surveyedM.toFixed(0)} m in the beam the road turns by ${turnDeg.toFixed(1)}° ` +
      `(${sagittaM.toFixed(2)} m off its chord); at most ${STRAIGHT_LIMITS.turnDeg}° and ${STRAIGHT_LIMITS.sagittaM} m allowed.`;
    return judged(straight, sentence, { value: turnDeg, unit: '°', limit: STRAIGHT_LIMITS.turnDeg });
  },
};

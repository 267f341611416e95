/** DEP-7, the part that a survey knows: the road is straight where the camera looks. Resumes: fixes scatter. */
import { STRAIGHT_LIMITS } from '../../site/straightness.js';
import type { Check } from '../readiness.js';
import { judged, NO_PLACE, unlessMobile } from './judge.js';
import { bendWords, roadAhead } from './straight-road.js';

const { turnDeg, sagittaM } = STRAIGHT_LIMITS;

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
    const road = roadAhead(facts.van, facts.config.site, facts.config.mounting);
    const sentence = `DEP-7: ${bendWords(road)}; at most ${turnDeg}° and ${sagittaM} m allowed.`;
    return judged(road.straight, sentence, { value: road.turnDeg, unit: '°', limit: turnDeg });
  },
};

/** SITE-4: a static site is straight with a constant slope for 100 m. Resumes: the camera stands where it stood; fixes scatter. */
import { STRAIGHT_LIMITS } from '../../site/straightness.js';
import type { Check } from '../readiness.js';
import { judged, NO_PLACE, unlessStatic } from './judge.js';
import { bendWords, roadAhead } from './straight-road.js';

const { turnDeg, sagittaM, slopeChangePercent } = STRAIGHT_LIMITS;
const LIMIT = `${turnDeg}°, ${sagittaM} m, ${slopeChangePercent} %`;

export const siteNotStraight: Check = {
  id: 'site-not-straight',
  rule: 'SITE-4',
  title: 'Straight and even for 100 m',
  force: 'mandatory',
  source: 'pack',
  resumes: true,
  judge(facts) {
    const aside = unlessStatic(facts);
    if (aside !== null) return aside;
    if (facts.van === null) return NO_PLACE;
    const road = roadAhead(facts.van, facts.config.site, facts.config.mounting);
    const slope = road.slopeChangePercent;
    const slopeWords = slope === null ? 'their slope was not surveyed' : `their slope changes by ${slope.toFixed(1)} %`;
    const sentence = `SITE-4: ${bendWords(road)}, ${slopeWords}; at most ${LIMIT} allowed.`;
    return judged(road.straight && road.even === true, sentence, { value: road.turnDeg, unit: '°', limit: LIMIT });
  },
};

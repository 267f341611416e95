/** SITE-4: a static site is straight with a constant slope for 100 m. Resumes: the camera stands where it stood; fixes scatter. */
import { STRAIGHT_LIMITS } from '../../site/straightness.js';
import type { Check } from '../readiness.js';
import { judged, NO_PLACE, unlessStatic } from './judge.js';
import { roadAhead } from './straight-road.js';

const STRAIGHT_M = 100;
/** A stretch that is cut at a point of the survey is as long as the survey says, to the millimetre. */
const MILLIMETRE_M = 0.001;

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
    const road = roadAhead(facts.van, facts.config.site, STRAIGHT_M);
    const { turnDeg, sagittaM, slopeChangePercent: slope, surveyedM } = road;
    const limits = { unit: 'm', limit: STRAIGHT_M, value: surveyedM };
    if (!(surveyedM >= STRAIGHT_M - MILLIMETRE_M)) {
      const sentence = `SITE-4: ${surveyedM.toFixed(0)} m of road are surveyed ahead of the camera; ${STRAIGHT_M} m required.`;
      return judged(false, sentence, limits);
    }
    const slopeWords = slope === null ? 'its slope was not surveyed' : `its slope changes by ${slope.toFixed(1)} %`;
    const sentence =
      `SITE-4: within ${STRAIGHT_M} m the road turns by ${turnDeg.toFixed(1)}° (${sagittaM.toFixed(2)} m off its chord), ` +
      `${slopeWords}; at most ${STRAIGHT_LIMITS.turnDeg}°, ${STRAIGHT_LIMITS.sagittaM} m and ` +
      `${STRAIGHT_LIMITS.slopeChangePercent} % allowed.`;
    return judged(road.straight && road.even === true, sentence, limits);
  },
};

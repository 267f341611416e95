/** SITE-1: a mobile site spans at most 5 km in rural areas, three blocks in urban ones. Does not resume: it is the site's. */
import { lineLengthM } from '../../site/geodesy.js';
import type { Check } from '../readiness.js';
import { judged, unlessMobile } from './judge.js';

const LONGEST_M = 5000;
const MOST_BLOCKS = 3;

export const siteTooLong: Check = {
  id: 'site-too-long',
  rule: 'SITE-1',
  title: 'Length of the site',
  force: 'mandatory',
  source: 'pack',
  resumes: false,
  judge(facts) {
    const aside = unlessMobile(facts);
    if (aside !== null) return aside;
    const { site } = facts.config;
    if (site.setting === 'urban') {
      const { blocks } = site;
      const sentence = `SITE-1: the urban site spans ${blocks ?? 'an unstated number of'} blocks; at most ${MOST_BLOCKS} allowed.`;
      const details = { value: blocks, unit: 'blocks', limit: MOST_BLOCKS };
      return judged(blocks !== null && blocks <= MOST_BLOCKS, sentence, details);
    }
    const lengthM = lineLengthM(site.centreline);
    const sentence = `SITE-1: the rural site is ${lengthM.toFixed(0)} m long; at most ${LONGEST_M} m allowed.`;
    return judged(lengthM <= LONGEST_M, sentence, { value: lengthM, unit: 'm', limit: LONGEST_M });
  },
};

/**
 * DEP-4: about one and a half lane widths from the normal path of vehicles. "About" is taken as half a lane width either
 * way: nearer, the beam cuts the lane too short; farther, it meets other lanes than was believed. Does not resume: the
 * plan does not change while it is open.
 */
import type { Check } from '../readiness.js';
import { judged, unlessMobile } from './judge.js';

const NEAREST_LANES = 1;
const FARTHEST_LANES = 2;

export const lateralDistance: Check = {
  id: 'lateral-distance',
  rule: 'DEP-4',
  title: 'Distance from the path of vehicles',
  force: 'mandatory',
  source: 'plan',
  resumes: false,
  judge(facts) {
    const aside = unlessMobile(facts);
    if (aside !== null) return aside;
    const lateralM = facts.config.plan?.lateralM ?? NaN;
    const widthM = facts.config.site.lanes[0]?.widthM ?? NaN;
    const [leastM, mostM] = [NEAREST_LANES * widthM, FARTHEST_LANES * widthM];
    const bounds = `${leastM.toFixed(2)} to ${mostM.toFixed(2)}`;
    const sentence = `DEP-4: ${lateralM.toFixed(2)} m to the centre of the nearest lane; ${bounds} m required.`;
    const details = { value: lateralM, unit: 'm', limit: bounds };
    return judged(lateralM >= leastM && lateralM <= mostM, sentence, details);
  },
};

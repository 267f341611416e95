/** DEP-11: far enough from a static camera on the same road. Resumes: fixes scatter; van-moved watches the van itself. */
import { nearestStaticCamera } from '../../site/separation.js';
import type { Check } from '../readiness.js';
import { judged, NO_PLACE, unlessMobile } from './judge.js';
import { onDate } from './today.js';

export const staticCameraNear: Check = {
  id: 'static-camera-near',
  rule: 'DEP-11',
  title: 'Distance from static cameras',
  force: 'mandatory',
  source: 'pack',
  resumes: true,
  judge(facts) {
    const aside = unlessMobile(facts);
    if (aside !== null) return aside;
    const { van, position, site, reference } = facts;
    if (van === null || position === null) return NO_PLACE;
    return onDate(facts, ({ date, untilNs: holdsUntilNs }) => {
      const { chainageM, uncertaintyM } = van;
      const place = { point: position.point, chainageM, uncertaintyM };
      const near = nearestStaticCamera(site, place, reference.staticCameras, date, facts.config.site.limitKmh);
      if (near === null) return judged(true, 'DEP-11: no static camera on this road counts.', { holdsUntilNs });
      const { camera, distanceM, boundM, clear } = near;
      const sentence =
        `DEP-11: static camera ${camera.id} on this road is ${distanceM.toFixed(0)} m away (uncertain by ` +
        `${uncertaintyM.toFixed(1)} m); at least ${boundM.toFixed(0)} m required.`;
      return judged(clear, sentence, { value: distanceM, unit: 'm', limit: boundM, holdsUntilNs });
    });
  },
};

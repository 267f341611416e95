/** DEP-11: far enough from a static camera on the same road. Resumes: fixes scatter; van-moved watches the van itself. */
import { nearestStaticCamera, type NearCamera } from '../../site/separation.js';
import type { StaticCamera } from '../../site/reference.js';
import type { Site, VanPlacement } from '../../site/types.js';
import type { KmH, UtcMs } from '../../units.js';
import type { BelievedPosition } from '../position-monitor.js';
import type { Check } from '../readiness.js';
import { judged, NO_PLACE, NO_TIME, unlessMobile } from './judge.js';
import { onDate } from './today.js';

interface Kept {
  readonly of: readonly [BelievedPosition, Site, readonly StaticCamera[], string, KmH];
  readonly near: NearCamera | null;
}

const kept = new WeakMap<VanPlacement, Kept>();

/** Static cameras begin and end with a date, so that within one only the van's place counts. */
function nearest(van: VanPlacement, of: Kept['of'], utc: UtcMs): NearCamera | null {
  const found = kept.get(van);
  if (found?.of.every((each, index) => each === of[index]) === true) return found.near;
  const [position, site, cameras, , postedKmh] = of;
  const { chainageM, uncertaintyM } = van;
  const near = nearestStaticCamera(site, { point: position.point, chainageM, uncertaintyM }, cameras, utc, postedKmh);
  kept.set(van, { of, near });
  return near;
}

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
    const { van, position, utcMs: utc, site, reference } = facts;
    if (van === null || position === null) return NO_PLACE;
    if (utc === null) return NO_TIME;
    return onDate(facts, ({ date, untilNs: holdsUntilNs }) => {
      const near = nearest(van, [position, site, reference.staticCameras, date, facts.config.site.limitKmh], utc);
      if (near === null) return judged(true, 'DEP-11: no static camera on this road counts.', { holdsUntilNs });
      const { camera, distanceM, boundM, clear } = near;
      const sentence =
        `DEP-11: static camera ${camera.id} on this road is ${distanceM.toFixed(0)} m away (uncertain by ` +
        `${van.uncertaintyM.toFixed(1)} m); at least ${boundM.toFixed(0)} m required.`;
      return judged(clear, sentence, { value: distanceM, unit: 'm', limit: boundM, holdsUntilNs });
    });
  },
};

/**
 * SCH-1: a school zone reaches no further than 250 m from the grounds. Both the van and the far end of its beam lie within,
 * the uncertainty of the position added. Resumes: fixes scatter; van-moved watches the van itself.
 */
import { MILLIMETRE_M } from '../../site/distances.js';
import { pointAt } from '../../site/geodesy.js';
import { beamReach, signOf } from '../../site/mounting.js';
import { distanceToGroundsM, SCHOOL_ZONE_M } from '../../site/school-zone.js';
import type { GeoPoint, Mounting, School, Site, VanPlacement } from '../../site/types.js';
import { metres } from '../../units.js';
import type { BelievedPosition } from '../position-monitor.js';
import type { Check } from '../readiness.js';
import { judged, NO_PLACE, notApplicable, unlessPlanned } from './judge.js';
import { lastFor } from './memory.js';

interface Distances {
  readonly vanM: number;
  readonly beamM: number;
}

const distances = lastFor(
  (
    van: VanPlacement,
    position: BelievedPosition,
    site: Site,
    mounting: Mounting,
    boundary: readonly GeoPoint[],
  ): Distances => {
    const antennaM = van.chainageM + signOf(site.deployment.vanHeading) * mounting.antennaAheadM;
    const farM = metres(antennaM + signOf(van.beamAlong) * beamReach(site, mounting).farM);
    return {
      vanM: distanceToGroundsM(boundary, position.point),
      beamM: distanceToGroundsM(boundary, pointAt(site.centreline, farM, metres(0))),
    };
  },
);

const boundaryOf = (school: School | null): readonly GeoPoint[] | null => school?.boundary ?? null;

export const schoolZone: Check = {
  id: 'school-zone',
  rule: 'SCH-1',
  title: 'Distance from the grounds of the school',
  force: 'mandatory',
  source: 'gps',
  resumes: true,
  judge(facts) {
    const aside = unlessPlanned(facts);
    if (aside !== null) return aside;
    const { site, mounting } = facts.config;
    if (site.school === null) return notApplicable('SCH-1: no school site.');
    const boundary = boundaryOf(site.school);
    if (boundary === null) return judged(false, 'SCH-1: the grounds of the school are not surveyed; they must be.');
    const { van, position } = facts;
    if (van === null || position === null) return NO_PLACE;
    const { vanM, beamM } = distances(van, position, site, mounting, boundary);
    const farthestM = Math.max(vanM, beamM);
    const sentence =
      `SCH-1: the van is ${vanM.toFixed(1)} m and the far end of its beam ${beamM.toFixed(1)} m from the grounds ` +
      `(uncertain by ${van.uncertaintyM.toFixed(1)} m); at most ${SCHOOL_ZONE_M} m allowed.`;
    return judged(farthestM + van.uncertaintyM <= SCHOOL_ZONE_M + MILLIMETRE_M, sentence, {
      value: farthestM,
      unit: 'm',
      limit: SCHOOL_ZONE_M,
    });
  },
};

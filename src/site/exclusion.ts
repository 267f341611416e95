/**
 * Exclusion zones round changes of the limit (DEP-8) and final merges (DEP-9): which points concern a site, and how far
 * the camera and a vehicle must be from them. The numbers are those of the site's own kind of installation.
 *
 * Readings, where the rules leave room:
 * - A static camera has 250 m to a "speed change" where the mobile one has them to a drop. A site states its drops by
 *   direction of travel; those of every monitored direction count for both kinds. A rise does not: whoever is slow to
 *   speed up breaks no limit, and for the other direction the same place is a drop and counts where that is monitored.
 * - SCH-5 speaks of sites, not of vans: its exemption holds for both kinds.
 * - At a static site the vehicles within its zone are not enforced either, which is the safe reading.
 */
import { type Metres, metres } from '../units.js';
import { DISTANCES, MILLIMETRE_M } from './distances.js';
import { beamReach, monitoredDirections } from './mounting.js';
import { remembered } from './remembered.js';
import type { ExclusionBound, Mounting, Site } from './types.js';

export type ExclusionRule = 'DEP-8' | 'DEP-9';

export interface ExclusionPoint {
  readonly rule: ExclusionRule;
  readonly what: string;
  readonly chainageM: Metres;
  /** No vehicle is enforced nearer than this, on either side. */
  readonly zoneM: Metres;
}

/** Half the length of a rule's zone at this site. */
export function zoneOf(site: Site, rule: ExclusionRule): Metres {
  const { limitChangeM, mergeM } = DISTANCES[site.installation];
  return rule === 'DEP-8' ? limitChangeM : mergeM;
}

/**
 * The points that concern a monitored direction. SCH-5: at school and temporary-limit sites drops of the limit exclude
 * nothing; merges always do.
 */
export const exclusionPoints = remembered((site: Site): readonly ExclusionPoint[] => {
  const monitored = monitoredDirections(site);
  const exempt = site.school !== null || site.temporaryLimit;
  const drops = exempt ? [] : site.limitDrops.filter((drop) => monitored.has(drop.direction));
  const merges = site.merges.filter((merge) => monitored.has(merge.direction));
  const [dropZoneM, mergeZoneM] = [zoneOf(site, 'DEP-8'), zoneOf(site, 'DEP-9')];
  return [
    ...drops.map(({ chainageM, toKmh }) => ({
      rule: 'DEP-8' as const,
      what: `the drop of the limit to ${toKmh} km/h`,
      chainageM,
      zoneM: dropZoneM,
    })),
    ...merges.map(({ chainageM }) => ({
      rule: 'DEP-9' as const,
      what: 'the final merge',
      chainageM,
      zoneM: mergeZoneM,
    })),
  ];
});

/**
 * Smallest distance of the camera from such a point: the larger of rule and plane geometry, and which one it was.
 *
 * @param rule whose bound; at a static site DEP-9 asks for less than DEP-8, which is the one for either
 */
export function vanBound(site: Site, mounting: Mounting, rule: ExclusionRule = 'DEP-8'): ExclusionBound {
  const { perMonitoredLaneM, beamBinds } = DISTANCES[site.installation];
  const zoneM = zoneOf(site, rule);
  const lanes = site.lanes.filter((lane) => lane.monitored).length;
  const byRuleM = zoneM + perMonitoredLaneM * lanes;
  const byGeometryM = beamBinds ? zoneM + beamReach(site, mounting).farM : 0;
  return byGeometryM > byRuleM
    ? { boundM: metres(byGeometryM), boundBy: 'geometry' }
    : { boundM: metres(byRuleM), boundBy: 'rule' };
}

/** (distance - uncertainty, 95 %) >= bound; false whenever a value is not a number. */
export function isClear(distanceM: number, uncertaintyM: number, boundM: number): boolean {
  return distanceM - uncertaintyM >= boundM - MILLIMETRE_M;
}

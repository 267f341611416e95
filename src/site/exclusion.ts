/**
 * Exclusion zones round drops of the limit (DEP-8) and final merges (DEP-9): which points concern a site, and how far
 * the van and a vehicle must be from them.
 */
import { type Metres, metres } from '../units.js';
import { beamReach, monitoredDirections } from './mounting.js';
import { remembered } from './remembered.js';
import type { ExclusionBound, Mounting, Site } from './types.js';

/**
 * Distances by kind of installation. A change of the standard is a new version here, never an edit elsewhere. Only the
 * mobile camera's are applied; the others are the context in which a reader will look for them.
 */
export const EXCLUSION_DISTANCES = {
  version: 'mobile-standard-2021-12',
  mobileCamera: { zoneM: metres(250), perMonitoredLaneM: metres(15) },
  officerRadar: { zoneM: metres(200), withAdvanceSignsM: metres(100) },
  staticCamera: { zoneM: metres(250), withAdvanceSignsM: metres(200) },
} as const;

/** Distances are compared to the millimetre, so that 280 m on the map is not 279.9999999 m by rounding. */
const MILLIMETRE_M = 0.001;

export interface ExclusionPoint {
  readonly rule: 'DEP-8' | 'DEP-9';
  readonly what: string;
  readonly chainageM: Metres;
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
  return [
    ...drops.map(({ chainageM, toKmh }) => ({
      rule: 'DEP-8' as const,
      what: `the drop of the limit to ${toKmh} km/h`,
      chainageM,
    })),
    ...merges.map(({ chainageM }) => ({ rule: 'DEP-9' as const, what: 'the final merge', chainageM })),
  ];
});

/** Smallest distance of the van from such a point: the larger of rule and plane geometry, and which one it was. */
export function vanBound(site: Site, mounting: Mounting): ExclusionBound {
  const { zoneM, perMonitoredLaneM } = EXCLUSION_DISTANCES.mobileCamera;
  const lanes = site.lanes.filter((lane) => lane.monitored).length;
  const byRuleM = zoneM + perMonitoredLaneM * lanes;
  const byGeometryM = zoneM + beamReach(site, mounting).farM;
  return byGeometryM > byRuleM
    ? { boundM: metres(byGeometryM), boundBy: 'geometry' }
    : { boundM: metres(byRuleM), boundBy: 'rule' };
}

/** (distance - uncertainty, 95 %) >= bound; false whenever a value is not a number. */
export function isClear(distanceM: number, uncertaintyM: number, boundM: number): boolean {
  return distanceM - uncertaintyM >= boundM - MILLIMETRE_M;
}

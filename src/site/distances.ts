/**
 * Every distance and angle that a rule of domain/rules.md puts on a place, by kind of installation: ONE named, versioned
 * table. A change of the standard is a new version here, never a number elsewhere.
 *
 * The mobile camera (DEP-8, DEP-9) adds to its zones what its beam reaches over the monitored lanes, because its van may
 * stand anywhere. A static camera has distances of its own and no margin for lanes. Officers' radar is not ours: its
 * figures stand here because a reader will look for them beside the others.
 */
import { degrees, kmh, metres, type Metres } from '../units.js';
import type { InstallationKind } from './types.js';

/** The zones of one kind of installation. */
export interface InstallationDistances {
  /** As sentences name what stands there. */
  readonly who: string;
  /** DEP-8: either side of a change of the limit; no vehicle within it is enforced, nor may the camera stand there. */
  readonly limitChangeM: Metres;
  /** DEP-9: the same at a final merge. */
  readonly mergeM: Metres;
  /** Further distance of the camera for each monitored lane. */
  readonly perMonitoredLaneM: Metres;
  /** Plane geometry of the beam binds the camera where it asks for more than the lanes do. */
  readonly beamBinds: boolean;
  /** DEP-7, SITE-4: length of road ahead of the camera that is straight. */
  readonly straightM: Metres;
}

const KINDS: Readonly<Record<InstallationKind, InstallationDistances>> = {
  mobile: {
    who: 'van',
    limitChangeM: metres(250),
    mergeM: metres(250),
    perMonitoredLaneM: metres(15),
    beamBinds: true,
    straightM: metres(100),
  },
  static: {
    who: 'camera',
    limitChangeM: metres(250),
    mergeM: metres(200),
    perMonitoredLaneM: metres(0),
    beamBinds: false,
    straightM: metres(100),
  },
};

export const DISTANCES = {
  version: 'speed-enforcement-2021-12',
  ...KINDS,
  officerRadar: { limitChangeM: metres(200), withAdvanceSignsM: metres(100) },
  /** The camera stands beside its road: a fix farther from the centreline is another place. */
  offSiteM: metres(30),
  /** DEP-11: from a static camera on the same road with the same limit; `fast` from `fastFromKmh` on. */
  separation: { fastFromKmh: kmh(70), slowM: metres(1000), fastM: metres(2000) },
  /** SCH-1: from the boundary of the grounds. */
  schoolZoneM: metres(250),
  /**
   * DEP-4 says "about": half a lane either way. Nearer than one lane width a wide vehicle meets the edge of the van's
   * own strip; farther than two, the nearest lane lies where the second one is taken to be.
   */
  lateral: { laneWidths: 1.5, toleranceLaneWidths: 0.5 },
  /**
   * DEP-7, SITE-4. Half a beam of 5 degrees: seen 2.5 degrees flatter than 22.5 a vehicle reads 1.7 % high, still within
   * the 2 % that are aimed at. One metre off the chord is what a target may lie outside its lane. A slope that changes
   * by 1 % is 0.6 degrees, about 0.4 % of speed, and as little as heights to a few centimetres can show over 20 m.
   */
  straight: { turnDeg: degrees(2.5), sagittaM: metres(1), slopeChangePercent: 1 },
} as const;

/** Distances are compared to the millimetre, so that 280 m on the map is not 279.9999999 m by rounding. */
export const MILLIMETRE_M = 0.001;

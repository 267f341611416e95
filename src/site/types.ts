/** The site as the controller sees it. Validated by `src/site/site-file.ts`; every rule id is from domain/rules.md. */
import type { Degrees, KmH, Metres } from '../units.js';

/** Along the centreline: chainage grows, or falls. */
export type Along = 'increasing' | 'decreasing';

export interface GeoPoint {
  readonly latitude: number;
  readonly longitude: number;
}

export interface Lane {
  readonly id: string;
  readonly direction: Along;
  readonly widthM: Metres;
  readonly monitored: boolean;
}

export interface Site {
  /** Bound to one limit for ever (LIM-1). */
  readonly code: string;
  readonly road: string;
  readonly locality: string | null;
  /** Version of the site's data as their issuer names it; null where the file states none. */
  readonly version: string | null;
  /** IANA zone of the site: Pacific/Auckland or Pacific/Chatham. */
  readonly zone: string;
  readonly centreline: readonly GeoPoint[];
  /** From the van outward: the first lane is the nearest. */
  readonly lanes: readonly Lane[];
  readonly limitKmh: KmH;
  /** Who set the limit and when (LIM-1); null where the file does not say. */
  readonly limitSource: { readonly authority: string; readonly date: string } | null;
  /** DET-1: data with an authority and a date, never a constant. */
  readonly threshold: { readonly speedKmh: KmH; readonly authority: string; readonly date: string };
  /** DEP-8: where the posted limit drops, for traffic in `direction`. */
  readonly limitDrops: readonly { readonly chainageM: Metres; readonly direction: Along; readonly toKmh: KmH }[];
  /** DEP-9: final merge of a passing or slow-vehicle lane, for traffic in `direction`. */
  readonly merges: readonly { readonly chainageM: Metres; readonly direction: Along }[];
  readonly temporaryLimit: boolean;
  /** SCH-3, SCH-4: null where the site is no school site. */
  readonly school: { readonly name: string } | null;
  /** How the van stands, until deployments have their own flow. */
  readonly deployment: { readonly vanHeading: Along; readonly lateralM: Metres };
}

/** How the antenna sits on the van (configuration `mounting` and `radar.angleDeg`). */
export interface Mounting {
  readonly facing: 'front' | 'rear';
  /** Side of its carriageway on which the van stands; the road lies on the other side of the van. */
  readonly side: 'left' | 'right';
  readonly antennaAheadM: Metres;
  readonly antennaOffsetM: Metres;
  readonly angleDeg: Degrees;
  readonly beamWidthDeg: Degrees;
}

/** A bound on a distance and which of rule and geometry gave it. */
export interface ExclusionBound {
  readonly boundM: Metres;
  readonly boundBy: 'rule' | 'geometry';
}

export interface VanPlacement {
  readonly chainageM: Metres;
  /** Distance of the fix from the centreline. */
  readonly offLineM: Metres;
  /** 95 % uncertainty of the position along the road. */
  readonly uncertaintyM: Metres;
  /** Direction in which the beam leaves the van, along the road. */
  readonly beamAlong: Along;
  readonly allowed: boolean;
  /** 'DEP-8' | 'DEP-9' | 'off-site' and a sentence with distance and bound; empty when allowed. */
  readonly refusals: readonly { readonly rule: string; readonly sentence: string }[];
}

export type VerdictKind = 'enforce' | 'observe' | 'void';

/** Why a measured vehicle is observed, not enforced. Void passes carry a VoidReason instead. */
export const OBSERVE_REASONS = [
  'not-above-threshold',
  'exclusion-zone-limit-drop', // DEP-8
  'exclusion-zone-merge', // DEP-9
  'direction-not-monitored',
  'lane-not-monitored',
  'place-unknown', // footprint reaches into a zone or no usable position
  'not-armed', // the camera was not enforcing; the pass is measured for statistics only
] as const;
export type ObserveReason = (typeof OBSERVE_REASONS)[number];

/** Where a vehicle is on the road; null where the radar cannot tell. */
export interface VehiclePlace {
  /** Chainage of the vehicle, or of the nearest and farthest point where it may be (footprint). */
  readonly chainageM: Metres | null;
  readonly fromChainageM: Metres;
  readonly toChainageM: Metres;
  readonly rangeM: Metres | null;
  readonly lane: string | null;
  readonly position: GeoPoint | null;
}

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
  readonly school: School | null;
  readonly installation: InstallationKind;
  /** SITE-1: at most 5 km in rural areas, three blocks in urban ones. */
  readonly setting: 'rural' | 'urban';
  /** Blocks between side roads that an urban site spans; null where not stated. */
  readonly blocks: number | null;
  /** SITE-2. */
  readonly approval: { readonly authority: string; readonly date: string } | null;
  /** SITE-2: last review; null: not reviewed since its approval. */
  readonly reviewedOn: string | null;
  /** The road through all changes of its name, and where on it the centreline lies (DEP-11); null: not surveyed. */
  readonly roadReference: RoadReference | null;
  /** Codes of sites that adjoin this one (DEP-10). */
  readonly adjoining: readonly string[];
  /** Posted limits of this road, oldest first (LIM-1, LIM-2, LIM-3); empty where the file states none. */
  readonly limitHistory: readonly LimitPeriod[];
  /** LIM-2: when a school site may be worked within a month of a change. */
  readonly highRiskTimes: readonly DailyTime[];
  /** Another legal limit at certain times of a school day. */
  readonly variableLimits: readonly VariableLimit[];
  /** Height of each point of the centreline, for SITE-4; null where not surveyed. */
  readonly altitudesM: readonly Metres[] | null;
  /** How the van stands, until deployments have their own flow. */
  readonly deployment: { readonly vanHeading: Along; readonly lateralM: Metres };
}

export const INSTALLATION_KINDS = ['mobile', 'static'] as const;
export type InstallationKind = (typeof INSTALLATION_KINDS)[number];

export interface School {
  readonly name: string;
  /** Region of its calendar, e.g. auckland; null in a bare site file. */
  readonly region: string | null;
  /** Corners of the grounds (SCH-1); null where not surveyed. */
  readonly boundary: readonly GeoPoint[] | null;
  /** SCH-1: the road leads to the school, or a sign marks the early-childhood centre. */
  readonly directAccess: boolean | null;
}

/** What a site file may leave out. */
export const NOT_SURVEYED = {
  installation: 'mobile',
  setting: 'rural',
  blocks: null,
  approval: null,
  reviewedOn: null,
  roadReference: null,
  adjoining: [],
  limitHistory: [],
  highRiskTimes: [],
  variableLimits: [],
  altitudesM: null,
} as const satisfies Partial<Site>;

export interface RoadReference {
  readonly roadId: string;
  /** Chainage along the road of the centreline's first point. */
  readonly startM: Metres;
  /** Whether the road's chainage grows or falls along the centreline. */
  readonly direction: Along;
}

export interface LimitPeriod {
  readonly limitKmh: KmH;
  /** First day. */
  readonly from: string;
  readonly authority: string;
}

/** Local time of day, from the first minute to just before the last, e.g. 08:25 to 09:10. */
export interface DailyTime {
  readonly from: string;
  readonly until: string;
}

/** The limit on school days between two local times, and the threshold for it (DET-1). */
export interface VariableLimit extends DailyTime {
  readonly limitKmh: KmH;
  readonly threshold: Site['threshold'];
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

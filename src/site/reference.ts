/**
 * Reference data as signed packs bring them: what the issuers (PIB, calibration services) know and the van cannot. Plain
 * data; validated by `src/site/packs`, signatures checked by `firmware/reference`. Dates are local calendar dates
 * (YYYY-MM-DD), instants are UTC. Rule ids are from domain/rules.md.
 */
import type { KmH, Metres, UtcMs } from '../units.js';
import type { GeoPoint, Site } from './types.js';

export const PACK_KINDS = ['sites', 'calendar', 'bulletin', 'operators', 'certificates'] as const;
export type PackKind = (typeof PACK_KINDS)[number];

/** What stands at the head of every pack. */
export interface PackHead {
  readonly kind: PackKind;
  /** Common name of the certificate that signed it. */
  readonly issuer: string;
  /** Grows with every issue of this kind: an older one is refused. */
  readonly serial: number;
  readonly issuedUtcMs: UtcMs;
  /** Hex, of the whole file. */
  readonly sha256: string;
  /** Signed under the DEMO root, whose key is public on purpose. */
  readonly demo: boolean;
}

/** DEP-11: a static camera by road; the road goes on through changes of its name. */
export interface StaticCamera {
  readonly id: string;
  readonly roadId: string;
  /** Along the road as its id counts; null: not surveyed, then the straight line counts (never longer than the road). */
  readonly roadChainageM: Metres | null;
  readonly position: GeoPoint;
  readonly limitKmh: KmH;
  readonly operatesFrom: string;
  /** Last day; null: still operating. */
  readonly operatesUntil: string | null;
}

/** CAL-1, CAL-2, CAL-6. */
export interface CalibrationCertificate {
  readonly kind: 'camera' | 'radar' | 'fork' | 'site';
  readonly number: string;
  /** Camera id, serial number of the radar or the fork, or site code. */
  readonly subject: string;
  readonly issuer: string;
  readonly issuedOn: string;
  /** Last day; the 12 months of the rules bind as well. null: only those. */
  readonly validUntil: string | null;
  /** Of a fork: the speed that it stands for in the radar's beam, not corrected for any angle. */
  readonly forkKmh: number | null;
}

/** CAL-3: not used until the test is recorded, and the new certificate where one is required. */
export interface Repair {
  readonly kind: CalibrationCertificate['kind'];
  readonly subject: string;
  readonly repairedOn: string;
  readonly what: string;
  readonly testedOn: string | null;
  readonly recertify: boolean;
}

/** CAL-4: a type of equipment approved by a gazetted notice. */
export interface ApprovedType {
  readonly model: string;
  readonly notice: string;
  readonly gazettedOn: string;
}

/** OPR-1. */
export interface Operator {
  readonly id: string;
  readonly name: string;
  readonly trainedOn: string;
  readonly validUntil: string;
}

/** OPR-5: owned or operated by the police. */
export interface PoliceVehicle {
  readonly registration: string;
  readonly description: string;
  readonly from: string;
  readonly until: string | null;
}

/** School days of one region. Outside its validity no day is known to be a school day. */
export interface SchoolCalendar {
  readonly region: string;
  readonly zone: string;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly terms: readonly { readonly from: string; readonly until: string }[];
  /** Closed beside weekends, public holidays, Easter Tuesday and the anniversary day, which are computed. */
  readonly closures: readonly { readonly date: string; readonly name: string }[];
}

/** SCH-2: sport on the grounds, a drama night. */
export interface SchoolActivity {
  readonly siteCode: string;
  readonly name: string;
  readonly fromUtcMs: UtcMs;
  readonly untilUtcMs: UtcMs;
}

/** DEP-10: who else works where. */
export interface Bulletin {
  readonly validFromUtcMs: UtcMs;
  readonly validUntilUtcMs: UtcMs;
  readonly deployments: readonly {
    readonly siteCode: string;
    readonly cameraId: string;
    readonly fromUtcMs: UtcMs;
    readonly untilUtcMs: UtcMs;
  }[];
}

/** Everything that the imported packs say, as one deployment sees it. */
export interface Reference {
  readonly heads: { readonly [Kind in PackKind]: PackHead | null };
  readonly staticCameras: readonly StaticCamera[];
  readonly certificates: readonly CalibrationCertificate[];
  readonly repairs: readonly Repair[];
  readonly approvedTypes: readonly ApprovedType[];
  readonly operators: readonly Operator[];
  readonly vehicles: readonly PoliceVehicle[];
  readonly calendars: readonly SchoolCalendar[];
  readonly activities: readonly SchoolActivity[];
  readonly bulletin: Bulletin | null;
}

/** Content of a `sites` pack. */
export interface SitesContent {
  readonly sites: readonly Site[];
  readonly staticCameras: readonly StaticCamera[];
}

export const NO_REFERENCE: Reference = {
  heads: { sites: null, calendar: null, bulletin: null, operators: null, certificates: null },
  staticCameras: [],
  certificates: [],
  repairs: [],
  approvedTypes: [],
  operators: [],
  vehicles: [],
  calendars: [],
  activities: [],
  bulletin: null,
};

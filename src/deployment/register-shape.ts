/** The register of a deployment as plain data (docs/register.md). Times are ISO 8601 in UTC; null is not known. */
import type { ExportAge } from './export-age.js';
import type { NamedCertificate } from './office-events.js';
import type { ReadOpened } from './register-opened.js';

export interface RegisterPosition {
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly positionErrorM: number | null;
  readonly chainageM: number | null;
}

export interface RegisterEvent extends RegisterPosition {
  readonly at: string | null;
  readonly by: string;
  readonly from: string | null;
  readonly to: string;
  readonly reasons: readonly { readonly code: string; readonly sentence: string }[];
  readonly sentence: string;
}

export interface RegisterTest {
  readonly at: string | null;
  readonly by: string;
  readonly test: string;
  readonly passed: boolean;
  /** Serial number of the fork, or ICN of the photo. */
  readonly subject: string | null;
  readonly sentence: string;
}

export interface ReasonCount {
  readonly reason: string;
  readonly count: number;
}

export interface RegisterCounts {
  /** Measured vehicles, offenders or not; these four are null where there is no store. */
  readonly passes: number | null;
  readonly enforced: number | null;
  readonly observed: number | null;
  readonly void: number | null;
  readonly observedByReason: readonly ReasonCount[];
  readonly voidByReason: readonly ReasonCount[];
  /** Incident Control Numbers that were given out. */
  readonly numbers: number;
  readonly images: number;
  /** Sync shots, alignment photos and images that nothing was fired for. */
  readonly photosWithoutVehicle: number;
  readonly byKind: readonly { readonly kind: string; readonly count: number }[];
}

/** Who sealed, and whether everything verified when the register was made. */
export interface RegisterSignature {
  /** Subject of the certificate; null where nothing is signed. */
  readonly signer: string | null;
  /** Hex SHA-256 of that certificate. */
  readonly fingerprint: string | null;
  readonly verified: boolean;
  /** How many records the register rests on. */
  readonly records: number;
  /** What is missing or altered, one sentence each; empty when all is well. */
  readonly findings: readonly string[];
  /** ISO; when the register was made. */
  readonly madeAt: string;
}

export interface Register {
  readonly version: number;
  readonly deployment: string;
  readonly follows: string | null;
  readonly continuedIn: string | null;
  readonly demo: boolean;
  /** How it ended, or the session's state while it is open. */
  readonly state: string;
  readonly operator: string | null;
  readonly startedBy: string | null;
  readonly vehicle: string | null;
  readonly camera: {
    readonly id: string | null;
    readonly model: string | null;
    readonly approvalNotice: string | null;
  };
  readonly radar: ReadOpened['radar'];
  readonly forks: readonly string[];
  /** `expiresOn`: last day on which it counts, twelve months after its issue at the latest (CAL-1, CAL-2, CAL-6). */
  readonly certificates: readonly (NamedCertificate & { readonly expiresOn: string | null })[];
  readonly packs: readonly {
    readonly kind: string;
    readonly issuer: string;
    readonly serial: number;
    readonly issued: string | null;
    readonly sha256: string;
    readonly demo: boolean;
  }[];
  readonly software: ReadOpened['software'];
  readonly installation: string | null;
  readonly site: {
    readonly code: string;
    readonly road: string | null;
    readonly locality: string | null;
    readonly version: string | null;
    readonly sha256: string | null;
    readonly zone: string | null;
    readonly school: string | null;
    readonly temporaryLimit: boolean | null;
  } | null;
  readonly limit: ReadOpened['limit'];
  readonly threshold: ReadOpened['threshold'];
  readonly lanes: ReadOpened['lanes'];
  readonly direction: {
    readonly vanHeading: string | null;
    readonly facing: string | null;
    readonly lateralM: number | null;
  };
  readonly distances: ReadOpened['distances'];
  readonly weather: string | null;
  readonly occupier: string | null;
  readonly opened: string | null;
  readonly closed: string | null;
  readonly start: (RegisterPosition & { readonly at: string | null }) | null;
  readonly attestations: readonly {
    readonly at: string | null;
    readonly by: string;
    readonly check: string;
    readonly given: boolean;
    /** In the operator's words; empty for a plain yes. */
    readonly statement: string;
    readonly sentence: string;
  }[];
  readonly tests: readonly RegisterTest[];
  readonly states: readonly RegisterEvent[];
  readonly suspensions: readonly {
    readonly from: string | null;
    readonly until: string | null;
    readonly by: string;
    readonly reasons: RegisterEvent['reasons'];
  }[];
  readonly firstIcn: string | null;
  readonly lastIcn: string | null;
  readonly counts: RegisterCounts;
  /** EXP-1, of this deployment's images, when the register was made; null where there is no store. */
  readonly exportAge: ExportAge | null;
  readonly faults: readonly {
    readonly at: string | null;
    readonly code: string;
    readonly sentence: string;
    readonly count: number;
  }[];
  readonly doubts: readonly {
    readonly at: string | null;
    readonly fromIcn: string;
    readonly untilIcn: string;
    readonly test: string;
    readonly since: string | null;
    readonly reason: string;
  }[];
  readonly signature: RegisterSignature;
}

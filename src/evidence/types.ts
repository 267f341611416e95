/** What is written down about one number: from the pulse to the sealed image or the reason why there is none. */
import type { Verdict } from '../enforcement/types.js';
import type { VoidReason } from '../measurement/types.js';
import type { Reading } from '../radar/reading.js';
import type { GeoPoint, ObserveReason } from '../site/types.js';
import type { SessionState } from '../timeline.js';
import type { KmH, Metres, MonotonicNs, UtcMs } from '../units.js';

/** Nine digits, fixed width, a string for ever (ICN-1, ICN-3). */
export type Icn = string;

export const EXPOSURE_KINDS = ['incident', 'annulled', 'void', 'unmatched', 'sync', 'alignment', 'test'] as const;
export type ExposureKind = (typeof EXPOSURE_KINDS)[number];

/** Why a number has no evidence, beside the reasons for which a pass is annulled. */
export const EXPOSURE_REASONS = [
  'lease-unused', // given out, never fired, session over
  'crash-unknown', // lease open after a crash: what happened is not known
  'image-missed', // fired, no image came
  'strobe-missed', // fired, the camera's feedback did not come in its window
  'image-unusable', // the file is no complete baseline JPEG
  'late-image', // arrived after its trigger was given up
  'no-trigger', // nothing was fired for it
  'counter-mismatch',
  'camera-clock-mismatch',
  'serial-mismatch',
  'duplicate-counter',
  'sync-failed',
] as const;
export type ExposureReason = (typeof EXPOSURE_REASONS)[number];

/** Emitted with the pulse and journalled at once. */
export interface ExposureStart {
  readonly icn: Icn;
  /** The first ICN of the vehicle's images; equals `icn` for a single image. */
  readonly incident: Icn;
  readonly imageNumber: number;
  readonly imageCount: number;
  readonly kind: 'incident' | 'sync' | 'alignment';
  /** When the shutter line was (ordered to be) raised. */
  readonly atNs: MonotonicNs;
  readonly utcMs: UtcMs | null;
  readonly passId: number | null;
  readonly flash: boolean;
}

/** Everything that the data block and the record state. Absent is null. */
export interface ExposureFacts {
  readonly speedKmh: KmH | null;
  readonly truncatedKmh: number | null;
  readonly limitKmh: KmH;
  readonly thresholdKmh: KmH;
  readonly thresholdAuthority: string;
  readonly thresholdDate: string;
  readonly direction: 'towards' | 'away' | null;
  /** Direction of travel of the vehicle in degrees from true north; null where unknown. */
  readonly headingDeg: number | null;
  readonly lane: string | null;
  readonly rangeM: Metres | null;
  readonly vehicleChainageM: Metres | null;
  readonly vehicleFromChainageM: Metres | null;
  readonly vehicleToChainageM: Metres | null;
  readonly vehiclePosition: GeoPoint | null;
  readonly cameraPosition: GeoPoint | null;
  readonly cameraPositionErrorM: Metres | null;
  readonly vanChainageM: Metres | null;
  readonly siteCode: string;
  readonly road: string;
  readonly zone: string;
  readonly school: string | null;
  readonly cameraId: string;
  readonly cameraModel: string;
  /** Gazetted notice (CAL-4); null: type not approved, said on every record. */
  readonly approvalNotice: string | null;
  readonly utcMs: UtcMs | null;
  readonly clockUncertaintyMs: number | null;
  readonly radarProtocol: string;
  readonly radarSettingsUnconfirmed: boolean;
  readonly readingsUsed: number;
  readonly readingsCut: number;
  /** Anything simulated took part: DEMO – NOT EVIDENCE. */
  readonly demo: boolean;
  /** LIM-3: the limit before, at a static site in the month after a change; null: the limit is not new. */
  readonly graduatedFromKmh: KmH | null;
}

/** What the camera knew of itself at the pulse; for the record only. */
export interface ExposureAccount {
  readonly readiness: {
    readonly state: SessionState;
    /** Since when nothing has refused without a break; null while something does. */
    readonly armedSinceNs: MonotonicNs | null;
    /** Codes of everything that refused. */
    readonly refusals: readonly string[];
  };
  readonly clock: {
    readonly disciplined: boolean;
    /** What the discipline says of itself. */
    readonly statedUncertaintyMs: number | null;
    /** System clock minus GPS when they were last compared. */
    readonly gpsOffsetMs: number | null;
    readonly readingAgeMs: number | null;
  };
  readonly position: {
    readonly mode: number | null;
    readonly status: number | null;
    readonly fixAgeMs: number | null;
    readonly consecutiveFixes: number;
    readonly movedM: Metres | null;
    readonly rollingKmh: number | null;
  };
}

/** What tied the image to its trigger, or failed to (matching rules 4, 5 and 7). */
export interface MatchingInputs {
  readonly fileName: string;
  readonly fileBytes: number;
  readonly counter: number | null;
  readonly expectedCounter: number | null;
  readonly cameraClockMs: number | null;
  readonly cameraClockResolutionMs: number;
  /** Camera's clock minus UTC as learnt at the sync shot. */
  readonly cameraClockOffsetMs: number | null;
  readonly serialNumber: string | null;
  readonly expectedSerialNumber: string | null;
}

/** The whole story of one number. */
export interface ConcludedExposure {
  readonly icn: Icn;
  readonly incident: Icn;
  readonly imageNumber: number;
  readonly imageCount: number;
  readonly kind: ExposureKind;
  readonly reason: ExposureReason | VoidReason | ObserveReason | null;
  readonly passId: number | null;
  readonly verdict: Verdict | null;
  readonly triggerNs: MonotonicNs | null;
  readonly strobeNs: MonotonicNs | null;
  readonly imageNs: MonotonicNs | null;
  readonly concludedNs: MonotonicNs;
  readonly flash: boolean;
  /** The image to be sealed under this number; null: record only. */
  readonly imageId: string | null;
  readonly imageSha256: string | null;
  readonly facts: ExposureFacts;
  /** Null where the camera's own account is lost: a number that was open when the controller died. */
  readonly account: ExposureAccount | null;
  /** Null where no image came. */
  readonly matching: MatchingInputs | null;
  /** Readings of the pass, oldest first, for the record: raw frames and host times. */
  readonly readings: readonly Reading[];
}

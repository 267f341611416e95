/**
 * One timeline in, one timeline out. Everything that can influence a decision is an Input with a time; everything the
 * controller wants done is an Output. Both are plain data that survive a structured clone, so that they can be posted
 * between threads and processes, recorded and replayed.
 */
import type { Attestation } from './deployment/plan.js';
import type { DeploymentEvent } from './deployment/events.js';
import type { Finding } from './deployment/readiness.js';
import type { ErrorName } from './errors.js';
import type { ConcludedExposure, ExposureStart } from './evidence/types.js';
import type { PassSummary } from './enforcement/types.js';
import type { Reference } from './site/reference.js';
import type { MonotonicNs, UtcMs } from './units.js';

export const LINE_NAMES = ['shutter', 'flash', 'strobe', 'tamper', 'ready'] as const;
export type LineName = (typeof LINE_NAMES)[number];
export type OutputLineName = 'shutter' | 'flash';
export type InputLineName = 'strobe' | 'tamper' | 'ready';

/** One gpsd TPV report; absent is null, never zero. Times and metres as gpsd states them. */
export interface GpsFix {
  readonly mode: number;
  /** gpsd status; 8 is a simulated position. null where gpsd did not say. */
  readonly status: number | null;
  readonly utcMs: UtcMs | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly altitudeM: number | null;
  readonly speedMs: number | null;
  /** Horizontal 95 % error, metres (eph, or the larger of epx and epy). */
  readonly horizontalErrorM: number | null;
}

/** What the workshop found in a delivered file. */
export interface ImageArrival {
  /** Name within the spool, unique for the session; how the office and the workshop refer to it. */
  readonly imageId: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
  /** null: complete baseline JPEG; otherwise why it can never be evidence. */
  readonly problem: ErrorName | null;
  /** Camera's own counter from the file name or EXIF; null where it has none. */
  readonly counter: number | null;
  /** DateTimeOriginal (+SubSec) as a zone-less number of milliseconds; null where absent. */
  readonly cameraClockMs: number | null;
  /** Resolution of cameraClockMs: 1000 without sub-seconds. */
  readonly cameraClockResolutionMs: number;
  readonly serialNumber: string | null;
  /** The same bytes have been seen before. */
  readonly duplicate: boolean;
}

/** `start`: from ready to enforcing; `suspend`: the operator's own halt, ended by `start`. */
export type OperatorCommand = 'close' | 'sync' | 'self-test' | 'start' | 'suspend' | 'alignment';

/** One report of the I/O board; absent (not wired) is null. */
export interface BoardReport {
  /** Limit switches: both false is half way (DEP-5). */
  readonly tailgateOpen: boolean | null;
  readonly tailgateClosed: boolean | null;
  readonly parkLights: boolean | null;
  /** The loop round the cabinet is whole (TAM-1). */
  readonly tamperLoopWhole: boolean | null;
  readonly batteryV: number | null;
  readonly cabinetC: number | null;
  readonly flashReady: boolean | null;
  /** The operator's arm key, debounced. */
  readonly armKey: boolean | null;
}

export type Input =
  | { readonly type: 'radar-bytes'; readonly atNs: MonotonicNs; readonly bytes: Uint8Array }
  | { readonly type: 'radar-link'; readonly atNs: MonotonicNs; readonly up: boolean; readonly detail: string }
  | { readonly type: 'gps-link'; readonly atNs: MonotonicNs; readonly up: boolean; readonly detail: string }
  | { readonly type: 'gps-fix'; readonly atNs: MonotonicNs; readonly fix: GpsFix }
  /** A pair of clock readings taken together; `disciplined`: PPS or chrony holds the system clock. */
  | {
      readonly type: 'clock';
      readonly atNs: MonotonicNs;
      readonly utcMs: UtcMs;
      readonly disciplined: boolean;
      readonly uncertaintyMs: number | null;
    }
  | { readonly type: 'line-edge'; readonly atNs: MonotonicNs; readonly line: InputLineName; readonly value: 0 | 1 }
  | { readonly type: 'image'; readonly atNs: MonotonicNs; readonly image: ImageArrival }
  /** Numbers leased durably; only these may be used. */
  | { readonly type: 'lease'; readonly atNs: MonotonicNs; readonly icns: readonly string[] }
  /** The office cannot store: enforcement suspends until it can. */
  | { readonly type: 'store'; readonly atNs: MonotonicNs; readonly usable: boolean; readonly detail: string }
  | { readonly type: 'command'; readonly atNs: MonotonicNs; readonly command: OperatorCommand; readonly by?: string }
  | { readonly type: 'board-link'; readonly atNs: MonotonicNs; readonly up: boolean; readonly detail: string }
  /** `atNs`: when the board was read; reports come several times a second. */
  | { readonly type: 'board'; readonly atNs: MonotonicNs; readonly report: BoardReport }
  /** Packs were imported while the deployment is open. */
  | { readonly type: 'reference'; readonly atNs: MonotonicNs; readonly reference: Reference }
  | { readonly type: 'attest'; readonly atNs: MonotonicNs; readonly attestation: Attestation }
  /** The fork is about to be held in the beam. */
  | { readonly type: 'fork-test'; readonly atNs: MonotonicNs; readonly fork: string; readonly by: string }
  /** EXP-1: when the oldest image was made that PIB has not confirmed; null: there is none. */
  | { readonly type: 'unexported'; readonly atNs: MonotonicNs; readonly oldestUtcMs: UtcMs | null }
  | { readonly type: 'tick'; readonly atNs: MonotonicNs };

export const SESSION_STATES = ['closed', 'checking', 'ready', 'enforcing', 'suspended', 'closing'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

export type Output =
  /** To be written at `atNs` (at once when that is not in the future). Executed by the loop that runs the controller. */
  | { readonly type: 'line'; readonly atNs: MonotonicNs; readonly line: OutputLineName; readonly value: 0 | 1 }
  | { readonly type: 'radar-command'; readonly bytes: Uint8Array }
  | { readonly type: 'request-lease'; readonly atNs: MonotonicNs; readonly count: number }
  /** Journalled right after the pulse; the number is spent. */
  | { readonly type: 'fire'; readonly exposure: ExposureStart }
  /** The fate of a number is known: seal its image or write the record that says why there is none. */
  | { readonly type: 'conclude'; readonly exposure: ConcludedExposure }
  /** An image that is not kept as evidence under a number (a byte-equal duplicate): what to do with it and why. */
  | { readonly type: 'drop-image'; readonly atNs: MonotonicNs; readonly imageId: string; readonly reason: string }
  | { readonly type: 'pass'; readonly pass: PassSummary }
  | {
      readonly type: 'state';
      readonly atNs: MonotonicNs;
      readonly state: SessionState;
      readonly reasons: readonly { readonly code: string; readonly sentence: string }[];
    }
  | {
      readonly type: 'notice';
      readonly atNs: MonotonicNs;
      readonly level: 'info' | 'warning' | 'alarm';
      readonly code: string;
      readonly sentence: string;
    }
  /** All readiness checks, when one changes its mind and else once a second. */
  | { readonly type: 'checks'; readonly atNs: MonotonicNs; readonly findings: readonly Finding[] }
  /** To be chained (OPR-2). */
  | { readonly type: 'event'; readonly event: DeploymentEvent }
  /** Everything is concluded after a `close` command; the process may end. */
  | { readonly type: 'closed'; readonly atNs: MonotonicNs };

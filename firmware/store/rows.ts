/** Rows of the store as the rest of the office sees them. */
import type { DeploymentEvent } from '../../src/deployment/events.js';
import type { ConcludedExposure, ExposureFacts, ExposureKind, ExposureStart, Icn } from '../../src/evidence/types.js';
import type { Parameters } from '../../src/evidence/parameters.js';
import type { RecordContext } from '../../src/evidence/record-context.js';
import type { RecordWork } from '../../src/evidence/record-work.js';
import type { UtcMs } from '../../src/units.js';

export interface NewDeployment {
  readonly siteCode: string;
  readonly cameraId: string;
  readonly demo: boolean;
  /** What every record of the deployment states, vehicle or not: the base of void records after a crash. */
  readonly facts: ExposureFacts;
  readonly softwareVersion: string;
  readonly openedUtcMs: UtcMs;
  /** What every record of the deployment states of the camera; the event counter is the store's to add. */
  readonly context: Omit<RecordContext, 'eventCounter'>;
  readonly parameters: Parameters;
  /** Who started the session: the user of the operating system. */
  readonly who: string;
  /** Its first event (OPR-2). */
  readonly opened: DeploymentEvent;
}

export interface NumberRow {
  readonly icn: Icn;
  readonly deployment: number;
  readonly lease: number;
  readonly state: 'leased' | 'fired' | 'concluded';
  readonly kind: ExposureKind | null;
  readonly reason: string | null;
  readonly start: ExposureStart | null;
}

/** A record that waits for its files: stored before the workshop hears of it. */
export interface JobRow {
  readonly id: number;
  readonly work: RecordWork;
}

export interface SealedFiles {
  readonly image: { readonly path: string; readonly sha256: string } | null;
  readonly record: { readonly path: string; readonly sha256: string };
}

/** One row of `evidence list`. File names are relative to the data folder, so that it may be moved or copied. */
export interface ExposureRow {
  readonly exposure: ConcludedExposure;
  readonly deployment: number;
  readonly imageFile: string | null;
  readonly imageSha256: string | null;
  readonly recordFile: string;
  readonly recordSha256: string;
}

export type ImageOutcome = 'seen' | 'committed' | 'dropped';

export interface ImageRow {
  readonly sha256: string;
  readonly imageId: string;
  readonly fileName: string;
  readonly session: number;
  readonly outcome: ImageOutcome;
  readonly icn: Icn | null;
}

export interface StoredEvent {
  readonly level: 'info' | 'warning' | 'alarm';
  readonly code: string;
  readonly sentence: string;
  readonly utcMs: UtcMs;
}

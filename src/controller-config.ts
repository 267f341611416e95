/** What the controller is told once, at the start of a session. Plain data; made by `firmware/config`. */
import type { AngleReference } from './measurement/types.js';
import type { RadarSettings } from './radar/reading.js';
import type { DeploymentPlan } from './deployment/plan.js';
import type { Reference } from './site/reference.js';
import type { InstallationKind, Mounting, Site } from './site/types.js';
import type { OutputLineName } from './timeline.js';

export interface CameraSettings {
  readonly id: string;
  readonly model: string;
  readonly approvalNotice: string | null;
  /** Expected body serial number in the camera's EXIF; null: learnt at the sync shot. */
  readonly serialNumber: string | null;
  readonly shutterPulseMs: number;
  /** The flash line rises this long before the shutter. */
  readonly flashLeadMs: number;
  readonly flashPulseMs: number;
  /** 'dark': only when the sun is down at the fix. */
  readonly flash: 'dark' | 'always' | 'never';
  /** No second trigger sooner than this. */
  readonly deadTimeMs: number;
  /** The strobe edge must come in this window after the shutter line rose. */
  readonly strobeWindowMs: readonly [number, number];
  /** An image later than this after its trigger is given up. */
  readonly imageTimeoutMs: number;
  readonly hasStrobe: boolean;
  readonly hasReadyLine: boolean;
}

export interface EquipmentSettings {
  readonly radarSerial: string | null;
  /** Serial numbers of the forks that are carried; empty: the radar is tested otherwise. */
  readonly forks: readonly string[];
  /** The radar's own test must be younger than this; null: it has none. */
  readonly selfTestEveryMinutes: number | null;
}

export interface ControllerConfig {
  readonly camera: CameraSettings;
  readonly radar: RadarSettings & { readonly angleReference: AngleReference };
  readonly mounting: Mounting;
  readonly site: Site;
  readonly lines: readonly OutputLineName[];
  readonly installation: InstallationKind;
  /** null: a session at a bare site file (bench), which begins to enforce by itself and is never evidence. */
  readonly plan: DeploymentPlan | null;
  readonly reference: Reference;
  readonly equipment: EquipmentSettings;
  /** An I/O board is wired; without one the operator vouches for what it would sense. */
  readonly hasIoBoard: boolean;
  /** True when anything simulated takes part (simulated lines, demo). */
  readonly demo: boolean;
}

/**
 * What is the same for all numbers of a deployment and belongs into each record: the software, how the beam lay, the
 * certificates, the site's identity, the measuring parameters. Kept with the deployment, so that a record that is
 * written after a crash states what was in force when the camera fired, not what is installed now.
 */
import type { CameraSettings, ControllerConfig } from '../controller-config.js';
import type { Mounting, Site } from '../site/types.js';

export interface SoftwareFacts {
  readonly version: string;
  /** Full hash; null outside a checkout. */
  readonly commit: string | null;
  /** Hex, over all installed files that measure, decide, seal and store. */
  readonly sha256: string;
  readonly node: string;
  readonly platform: string;
}

export const CERTIFICATE_KINDS = ['camera', 'radar', 'fork', 'site'] as const;

/** CAL-1, CAL-2, CAL-6: a certificate of accuracy as the configuration states it. */
export interface CertificateFacts {
  readonly kind: (typeof CERTIFICATE_KINDS)[number];
  readonly number: string;
  readonly issuer: string;
  /** YYYY-MM-DD */
  readonly issuedOn: string;
  readonly validUntil: string;
  /** Hex, of the copy that travels with the evidence (CAL-5); null: none is kept. */
  readonly sha256: string | null;
}

export interface SiteFacts {
  readonly code: string;
  readonly version: string | null;
  /** Hex, over everything that the site file says. */
  readonly sha256: string;
  readonly limitAuthority: string | null;
  readonly limitDate: string | null;
}

export interface GeometryFacts extends Mounting {
  readonly angleReference: ControllerConfig['radar']['angleReference'];
  readonly corrected: boolean;
  readonly baudRate: number;
  readonly parity: ControllerConfig['radar']['parity'];
}

export interface TimingFacts extends Pick<
  CameraSettings,
  'shutterPulseMs' | 'flashLeadMs' | 'deadTimeMs' | 'imageTimeoutMs' | 'hasStrobe'
> {
  readonly strobeFromMs: number;
  readonly strobeToMs: number;
}

export interface RecordContext {
  readonly software: SoftwareFacts;
  readonly site: SiteFacts;
  readonly geometry: GeometryFacts;
  readonly cameraTiming: TimingFacts;
  readonly certificates: readonly CertificateFacts[];
  /** Sessions so far in which a measuring parameter had changed. */
  readonly eventCounter: number;
  /** Hex, over the measuring parameters in force (`parameters.ts`). */
  readonly parametersSha256: string;
}

/** What only the outside knows of a session. */
export interface GivenFacts {
  readonly software: SoftwareFacts;
  readonly siteSha256: string;
  readonly certificates: readonly CertificateFacts[];
  readonly eventCounter: number;
  readonly parametersSha256: string;
}

export function contextOf(config: ControllerConfig, given: GivenFacts): RecordContext {
  const { siteSha256, ...rest } = given;
  const { radar, mounting, camera, site } = config;
  const { angleReference, corrected, baudRate, parity } = radar;
  const { shutterPulseMs, flashLeadMs, deadTimeMs, imageTimeoutMs, hasStrobe } = camera;
  const [strobeFromMs, strobeToMs] = camera.strobeWindowMs;
  return {
    ...rest,
    site: siteFacts(site, siteSha256),
    geometry: { ...mounting, angleReference, corrected, baudRate, parity },
    cameraTiming: { shutterPulseMs, flashLeadMs, deadTimeMs, imageTimeoutMs, hasStrobe, strobeFromMs, strobeToMs },
  };
}

function siteFacts({ code, version, limitSource }: Site, sha256: string): SiteFacts {
  const { authority = null, date = null } = limitSource ?? {};
  return { code, version, sha256, limitAuthority: authority, limitDate: date };
}

/** Gathers what the data block and the record state about one exposure (contract, "The data block on the image"). */
import type { ControllerConfig } from '../controller-config.js';
import type { BelievedPosition } from '../deployment/position-monitor.js';
import type { Verdict } from '../enforcement/types.js';
import type { Measurement, Pass } from '../measurement/types.js';
import { headingAt } from '../site/geodesy.js';
import { recentChange } from '../site/limit-change.js';
import type { Site, VanPlacement } from '../site/types.js';
import type { KmH, UtcMs } from '../units.js';
import type { ExposureAccount, ExposureFacts } from './types.js';

/** What the van knew at the moment of the exposure. */
export interface Circumstances {
  /** With the limit and threshold in force. */
  readonly site: Site;
  readonly position: BelievedPosition | null;
  readonly van: VanPlacement | null;
  readonly utcMs: UtcMs | null;
  readonly clockUncertaintyMs: number | null;
  readonly radarSettingsUnconfirmed: boolean;
  readonly account: ExposureAccount | null;
}

export interface MeasuredPass {
  readonly pass: Pick<Pass, 'direction'>;
  readonly measurement: Measurement;
  readonly verdict: Verdict;
}

/** @param measured null for an exposure without a vehicle (sync shot, unmatched image). */
export function factsOf(config: ControllerConfig, at: Circumstances, measured: MeasuredPass | null): ExposureFacts {
  return { ...standingFacts(config, at), ...vehicleFacts(at.site, measured) };
}

function standingFacts(config: ControllerConfig, at: Circumstances) {
  const { camera } = config;
  const { site } = at;
  return {
    limitKmh: site.limitKmh,
    thresholdKmh: site.threshold.speedKmh,
    thresholdAuthority: site.threshold.authority,
    thresholdDate: site.threshold.date,
    cameraPosition: at.position?.point ?? null,
    cameraPositionErrorM: at.position?.errorM ?? null,
    vanChainageM: at.van?.chainageM ?? null,
    siteCode: site.code,
    road: site.road,
    zone: site.zone,
    school: site.school?.name ?? null,
    cameraId: camera.id,
    cameraModel: camera.model,
    approvalNotice: camera.approvalNotice,
    utcMs: at.utcMs,
    clockUncertaintyMs: at.clockUncertaintyMs,
    radarProtocol: config.radar.protocol,
    radarSettingsUnconfirmed: at.radarSettingsUnconfirmed,
    demo: config.demo,
    graduatedFromKmh: graduatedFrom(site, at.utcMs),
  };
}

/** LIM-3: the previous limit, in the first month after a change at a static site; PIB answers by it. */
function graduatedFrom(site: Site, utc: UtcMs | null): KmH | null {
  if (site.installation !== 'static' || utc === null) return null;
  return recentChange(site, utc)?.previousKmh ?? null;
}

function vehicleFacts(site: Site, measured: MeasuredPass | null) {
  const place = measured?.verdict.place ?? null;
  const along = measured?.verdict.along ?? null;
  const chainageM = place?.chainageM ?? place?.fromChainageM ?? null;
  const towards = { approach: 'towards', recede: 'away', unknown: null } as const;
  return {
    speedKmh: measured?.measurement.speedKmh ?? null,
    truncatedKmh: measured?.measurement.truncatedKmh ?? null,
    direction: measured === null ? null : towards[measured.pass.direction],
    headingDeg: along === null || chainageM === null ? null : headingAt(site, chainageM, along),
    lane: place?.lane ?? null,
    rangeM: place?.rangeM ?? null,
    vehicleChainageM: place?.chainageM ?? null,
    vehicleFromChainageM: place?.fromChainageM ?? null,
    vehicleToChainageM: place?.toChainageM ?? null,
    vehiclePosition: place?.position ?? null,
    readingsUsed: measured?.measurement.readingsUsed ?? 0,
    readingsCut: measured?.measurement.readingsCut ?? 0,
  };
}

/** Exposures, passes and deployments for tests of the store, the office and the console. */
import type { DeploymentEvent } from '../../src/deployment/events.js';
import type { PassSummary } from '../../src/enforcement/types.js';
import type { ConcludedExposure, ExposureFacts, ExposureStart } from '../../src/evidence/types.js';
import type { Reading } from '../../src/radar/reading.js';
import { degrees, kmh, metres, monotonicNs, utcMs } from '../../src/units.js';
import type { NewDeployment } from '../../firmware/store/rows.js';
import { sampleContext } from '../evidence/samples.js';

export const RANGE = { firstDeployment: 1, lastDeployment: 999_999 };

export function sampleFacts(changes: Partial<ExposureFacts> = {}): ExposureFacts {
  return {
    speedKmh: null,
    truncatedKmh: null,
    limitKmh: kmh(50),
    thresholdKmh: kmh(61),
    thresholdAuthority: 'National Manager',
    thresholdDate: '2026-01-15',
    direction: null,
    headingDeg: null,
    lane: null,
    rangeM: null,
    vehicleChainageM: null,
    vehicleFromChainageM: null,
    vehicleToChainageM: null,
    vehiclePosition: null,
    cameraPosition: null,
    cameraPositionErrorM: null,
    vanChainageM: null,
    siteCode: '4711',
    road: 'Marine Parade',
    zone: 'Pacific/Auckland',
    school: null,
    cameraId: 'SC-014',
    cameraModel: 'unknown',
    approvalNotice: null,
    utcMs: null,
    clockUncertaintyMs: null,
    radarProtocol: 'agd350',
    radarSettingsUnconfirmed: false,
    readingsUsed: 0,
    readingsCut: 0,
    demo: true,
    graduatedFromKmh: null,
    ...changes,
  };
}

export const sampleOpened: DeploymentEvent = {
  type: 'opened',
  atNs: monotonicNs(1e9),
  utcMs: utcMs(1_790_000_000_000),
  by: 'controller',
  code: 'opened',
  sentence: 'Deployment opened at site 4711, Marine Parade.',
  detail: { startedBy: 'technician', plan: null },
};

export function sampleDeployment(changes: Partial<NewDeployment> = {}): NewDeployment {
  return {
    siteCode: '4711',
    cameraId: 'SC-014',
    demo: true,
    facts: sampleFacts(),
    softwareVersion: '0.1.0-test',
    openedUtcMs: utcMs(1_790_000_000_000),
    context: sampleContext,
    parameters: new Map([
      ['radar.protocol', '"agd350"'],
      ['site.4711.limitKmh', '50'],
    ]),
    who: 'technician',
    opened: sampleOpened,
    ...changes,
  };
}

export function sampleStart(icn: string, changes: Partial<ExposureStart> = {}): ExposureStart {
  return {
    icn,
    incident: icn,
    imageNumber: 1,
    imageCount: 1,
    kind: 'incident',
    atNs: monotonicNs(5e9),
    utcMs: utcMs(1_790_000_005_000),
    passId: 3,
    flash: false,
    ...changes,
  };
}

export function sampleExposure(icn: string, changes: Partial<ConcludedExposure> = {}): ConcludedExposure {
  return {
    icn,
    incident: icn,
    imageNumber: 1,
    imageCount: 1,
    kind: 'incident',
    reason: null,
    passId: 3,
    verdict: null,
    triggerNs: monotonicNs(5e9),
    strobeNs: monotonicNs(5.03e9),
    imageNs: monotonicNs(5.4e9),
    concludedNs: monotonicNs(5.4e9),
    flash: false,
    imageId: null,
    imageSha256: null,
    facts: sampleFacts({
      speedKmh: kmh(73.62),
      truncatedKmh: 73,
      direction: 'away',
      lane: 'L1',
      rangeM: metres(21.5),
      cameraPosition: { latitude: -39.4928, longitude: 176.9121 },
      utcMs: utcMs(1_790_000_005_000),
      readingsUsed: 14,
    }),
    account: null,
    matching: null,
    readings: [sampleReading],
    ...changes,
  };
}

export const sampleReading: Reading = {
  trackKey: 7,
  speedKmh: kmh(68),
  corrected: false,
  direction: 'recede',
  rangeM: metres(21.5),
  angleDeg: degrees(0.4),
  bearingDeg: null,
  strength: 61,
  radarTimeS: 43_200.1,
  atNs: monotonicNs(4.9e9),
  raw: new Uint8Array([1, 0, 255]),
  test: null,
};

export function samplePass(passId: number, changes: Partial<PassSummary> = {}): PassSummary {
  return {
    passId,
    trackKey: 7,
    direction: 'recede',
    firstNs: monotonicNs(1e9),
    lastNs: monotonicNs(2e9),
    utcMs: utcMs(1_790_000_001_000),
    speedKmh: kmh(48.9),
    truncatedKmh: 48,
    readingsUsed: 12,
    readingsCut: 1,
    travelM: metres(13.2),
    verdict: {
      kind: 'observe',
      reason: 'not-above-threshold',
      limitKmh: kmh(50),
      thresholdKmh: kmh(61),
      along: 'increasing',
      place: {
        chainageM: null,
        fromChainageM: metres(300),
        toChainageM: metres(330),
        rangeM: null,
        lane: null,
        position: null,
      },
    },
    armed: true,
    whyNot: null,
    icn: null,
    ...changes,
  };
}

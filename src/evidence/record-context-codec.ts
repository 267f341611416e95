/** The parts of an exposure record that speak of the camera itself, between their plain form and the message. */
import type { kerbside } from '../../proto/generated/evidence.js';
import { SESSION_STATES } from '../timeline.js';
import { degrees, metres, monotonicNs } from '../units.js';
import {
  CERTIFICATE_KINDS,
  type CertificateFacts,
  type GeometryFacts,
  type RecordContext,
  type SoftwareFacts,
  type TimingFacts,
} from './record-context.js';
import { bytesToHex, hexToBytes, needed, oneOf, optional, same } from './record-envelope.js';
import type { ExposureAccount, MatchingInputs } from './types.js';

type Message = kerbside.evidence.v1.EvidenceRecord.$Properties;
type SoftwareMessage = kerbside.evidence.v1.Software.$Properties;

export const fromSoftware = ({ sha256, ...rest }: SoftwareFacts): SoftwareMessage => ({
  ...rest,
  sha256: hexToBytes(sha256),
});

export function toSoftware(message: SoftwareMessage | null | undefined): SoftwareFacts {
  const software = needed(message, 'software');
  return {
    version: needed(software.version, 'software.version'),
    commit: optional(software.commit, same),
    sha256: bytesToHex(needed(software.sha256, 'software.sha256')),
    node: needed(software.node, 'software.node'),
    platform: needed(software.platform, 'software.platform'),
  };
}

export function fromContext(context: RecordContext): Message {
  const { site, geometry, cameraTiming, certificates, eventCounter } = context;
  return {
    software: fromSoftware(context.software),
    site: { ...site, sha256: hexToBytes(site.sha256) },
    geometry,
    cameraTiming,
    certificates: certificates.map((certificate) => ({
      ...certificate,
      sha256: optional(certificate.sha256, hexToBytes),
    })),
    eventCounter,
    parametersSha256: hexToBytes(context.parametersSha256),
  };
}

export function toContext(message: Message): RecordContext {
  const site = needed(message.site, 'site');
  return {
    software: toSoftware(message.software),
    site: {
      code: needed(site.code, 'site.code'),
      version: optional(site.version, same),
      sha256: bytesToHex(needed(site.sha256, 'site.sha256')),
      limitAuthority: optional(site.limitAuthority, same),
      limitDate: optional(site.limitDate, same),
    },
    geometry: toGeometry(message),
    cameraTiming: toTiming(message),
    certificates: (message.certificates ?? []).map(toCertificate),
    eventCounter: needed(message.eventCounter, 'event counter'),
    parametersSha256: bytesToHex(needed(message.parametersSha256, 'hash of the measuring parameters')),
  };
}

function toGeometry(message: Message): GeometryFacts {
  const geometry = needed(message.geometry, 'geometry');
  return {
    facing: oneOf(['front', 'rear'], geometry.facing, 'geometry.facing'),
    side: oneOf(['left', 'right'], geometry.side, 'geometry.side'),
    antennaAheadM: metres(needed(geometry.antennaAheadM, 'geometry.antenna_ahead_m')),
    antennaOffsetM: metres(needed(geometry.antennaOffsetM, 'geometry.antenna_offset_m')),
    angleDeg: degrees(needed(geometry.angleDeg, 'geometry.angle_deg')),
    beamWidthDeg: degrees(needed(geometry.beamWidthDeg, 'geometry.beam_width_deg')),
    angleReference: oneOf(['auto', 'boresight', 'road'], geometry.angleReference, 'geometry.angle_reference'),
    corrected: needed(geometry.corrected, 'geometry.corrected'),
    baudRate: needed(geometry.baudRate, 'geometry.baud_rate'),
    parity: oneOf(['none', 'odd', 'even'], geometry.parity, 'geometry.parity'),
  };
}

function toTiming(message: Message): TimingFacts {
  const timing = needed(message.cameraTiming, 'camera timing');
  return {
    shutterPulseMs: needed(timing.shutterPulseMs, 'camera_timing.shutter_pulse_ms'),
    flashLeadMs: needed(timing.flashLeadMs, 'camera_timing.flash_lead_ms'),
    deadTimeMs: needed(timing.deadTimeMs, 'camera_timing.dead_time_ms'),
    strobeFromMs: needed(timing.strobeFromMs, 'camera_timing.strobe_from_ms'),
    strobeToMs: needed(timing.strobeToMs, 'camera_timing.strobe_to_ms'),
    imageTimeoutMs: needed(timing.imageTimeoutMs, 'camera_timing.image_timeout_ms'),
    hasStrobe: needed(timing.hasStrobe, 'camera_timing.has_strobe'),
  };
}

function toCertificate(message: kerbside.evidence.v1.Certificate.$Properties): CertificateFacts {
  return {
    kind: oneOf(CERTIFICATE_KINDS, message.kind, 'kind of a certificate'),
    number: needed(message.number, 'number of a certificate'),
    issuer: needed(message.issuer, 'issuer of a certificate'),
    issuedOn: needed(message.issuedOn, 'date of a certificate'),
    validUntil: needed(message.validUntil, 'end of a certificate'),
    sha256: optional(message.sha256, bytesToHex),
  };
}

export function fromAccount(account: ExposureAccount | null): Message {
  if (account === null) return {};
  const { readiness, clock, position } = account;
  return {
    readiness: { ...readiness, refusals: [...readiness.refusals] },
    clock,
    position,
  };
}

/** The three are there together or not at all. */
export function toAccount(message: Message): ExposureAccount | null {
  const { readiness, clock, position } = message;
  if (readiness == null && clock == null && position == null) return null;
  return {
    readiness: {
      state: oneOf(SESSION_STATES, needed(readiness, 'readiness').state, 'state'),
      armedSinceNs: optional(readiness?.armedSinceNs, monotonicNs),
      refusals: [...(readiness?.refusals ?? [])],
    },
    clock: {
      disciplined: needed(needed(clock, 'clock quality').disciplined, 'clock.disciplined'),
      statedUncertaintyMs: optional(clock?.statedUncertaintyMs, same),
      gpsOffsetMs: optional(clock?.gpsOffsetMs, same),
      readingAgeMs: optional(clock?.readingAgeMs, same),
    },
    position: {
      mode: optional(needed(position, 'position quality').mode, same),
      status: optional(position?.status, same),
      fixAgeMs: optional(position?.fixAgeMs, same),
      consecutiveFixes: needed(position?.consecutiveFixes, 'position.consecutive_fixes'),
      movedM: optional(position?.movedM, metres),
      rollingKmh: optional(position?.rollingKmh, same),
    },
  };
}

export function toMatching(message: kerbside.evidence.v1.Matching.$Properties): MatchingInputs {
  return {
    fileName: needed(message.fileName, 'matching.file_name'),
    fileBytes: needed(message.fileBytes, 'matching.file_bytes'),
    counter: optional(message.counter, same),
    expectedCounter: optional(message.expectedCounter, same),
    cameraClockMs: optional(message.cameraClockMs, same),
    cameraClockResolutionMs: needed(message.cameraClockResolutionMs, 'matching.camera_clock_resolution_ms'),
    cameraClockOffsetMs: optional(message.cameraClockOffsetMs, same),
    serialNumber: optional(message.serialNumber, same),
    expectedSerialNumber: optional(message.expectedSerialNumber, same),
  };
}

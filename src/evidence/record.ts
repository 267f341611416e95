/**
 * The evidence record: what is written down about one number, as the bytes that are hashed, chained and signed
 * (proto/evidence.proto). Encoding is deterministic: one order of fields, absent fields left out, no maps. Absent
 * differs from zero both ways.
 */
import { kerbside } from '../../proto/generated/evidence.js';
import { KerbsideError } from '../errors.js';
import type { Verdict } from '../enforcement/types.js';
import { VOID_REASONS } from '../measurement/types.js';
import { OBSERVE_REASONS, type GeoPoint, type VehiclePlace } from '../site/types.js';
import { kmh, metres, monotonicNs, utcMs } from '../units.js';
import { EXPOSURE_KINDS, EXPOSURE_REASONS, type ConcludedExposure, type ExposureFacts } from './types.js';

type Message = kerbside.evidence.v1.EvidenceRecord.$Properties;
type FactsMessage = kerbside.evidence.v1.Facts.$Properties;
type VerdictMessage = kerbside.evidence.v1.Verdict.$Properties;
type PlaceMessage = kerbside.evidence.v1.Place.$Properties;
type PointMessage = kerbside.evidence.v1.Point.$Properties;

/** How the strip was joined to the photo. */
export interface SpliceFacts {
  /** Pixel rows of the camera's photo, and of the sealed image. */
  readonly photoRows: number;
  readonly sealedRows: number;
  /** Rows between photo and strip that are no part of the scene. */
  readonly edgeRows: number;
}

export interface EvidenceRecord {
  readonly exposure: ConcludedExposure;
  /** Hex SHA-256 of the sealed image; null: this number has no image. The camera's file: `exposure.imageSha256`. */
  readonly sealedImageSha256: string | null;
  readonly splice: SpliceFacts | null;
  readonly softwareVersion: string;
}

const RECORD_VERSION = 1;
const ALL_REASONS = [...EXPOSURE_REASONS, ...VOID_REASONS] as const;
const VERDICT_REASONS = [...OBSERVE_REASONS, ...VOID_REASONS] as const;

const damaged = (what: string): KerbsideError => new KerbsideError('evidence-damaged', `The evidence record ${what}.`);

function hexToBytes(hex: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new RangeError(`"${hex}" is no SHA-256 in 64 lower-case hex digits`);
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

function bytesToHex(bytes: Uint8Array): string {
  if (bytes.length !== 32) throw damaged(`has a SHA-256 of ${bytes.length} bytes, expected 32`);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Deterministic. @throws RangeError where a SHA-256 is not one */
export function encodeRecord(record: EvidenceRecord): Uint8Array {
  const { exposure } = record;
  const { facts, verdict, imageSha256, readings, triggerNs, strobeNs, imageNs, concludedNs, ...rest } = exposure;
  const message: Message = {
    ...rest,
    ...{ version: RECORD_VERSION, triggerNs, strobeNs, imageNs, concludedNs, facts },
    verdict: verdict === null ? null : { ...verdict, place: { ...verdict.place } },
    cameraFileSha256: imageSha256 === null ? null : hexToBytes(imageSha256),
    sealedImageSha256: record.sealedImageSha256 === null ? null : hexToBytes(record.sealedImageSha256),
    readings: [...readings],
    splice: record.splice,
    softwareVersion: record.softwareVersion,
  };
  // Copied: the writer hands out a view of its pool, and a Node Buffer where there is one.
  return new Uint8Array(kerbside.evidence.v1.EvidenceRecord.encode(message).finish());
}

/** Absent and null are one; a value passes through `convert`. */
function optional<T, U>(value: T | null | undefined, convert: (value: T) => U): U | null {
  return value === null || value === undefined ? null : convert(value);
}

const same = <T>(value: T): T => value;

function oneOf<T extends string>(words: readonly T[], value: string | null | undefined, what: string): T {
  const found = words.find((word) => word === value);
  if (found === undefined) throw damaged(`has the ${what} "${value ?? ''}", expected one of ${words.join(', ')}`);
  return found;
}

function needed<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw damaged(`has no ${what}`);
  return value;
}

const toPoint = (point: PointMessage): GeoPoint => ({ latitude: point.latitude ?? 0, longitude: point.longitude ?? 0 });

function toPlace(place: PlaceMessage): VehiclePlace {
  return {
    chainageM: optional(place.chainageM, metres),
    fromChainageM: metres(place.fromChainageM ?? 0),
    toChainageM: metres(place.toChainageM ?? 0),
    rangeM: optional(place.rangeM, metres),
    lane: optional(place.lane, same),
    position: optional(place.position, toPoint),
  };
}

function toVerdict(verdict: VerdictMessage): Verdict {
  return {
    kind: oneOf(['enforce', 'observe', 'void'], verdict.kind, 'verdict'),
    reason: optional(verdict.reason, (reason) => oneOf(VERDICT_REASONS, reason, "verdict's reason")),
    limitKmh: kmh(verdict.limitKmh ?? 0),
    thresholdKmh: kmh(verdict.thresholdKmh ?? 0),
    along: optional(verdict.along, (along) => oneOf(['increasing', 'decreasing'], along, 'direction along the road')),
    place: toPlace(needed(verdict.place, 'place in its verdict')),
  };
}

function toFacts(facts: FactsMessage): ExposureFacts {
  return {
    speedKmh: optional(facts.speedKmh, kmh),
    truncatedKmh: optional(facts.truncatedKmh, same),
    limitKmh: kmh(facts.limitKmh ?? 0),
    thresholdKmh: kmh(facts.thresholdKmh ?? 0),
    thresholdAuthority: facts.thresholdAuthority ?? '',
    thresholdDate: facts.thresholdDate ?? '',
    direction: optional(facts.direction, (direction) => oneOf(['towards', 'away'], direction, 'direction')),
    headingDeg: optional(facts.headingDeg, same),
    lane: optional(facts.lane, same),
    rangeM: optional(facts.rangeM, metres),
    vehicleChainageM: optional(facts.vehicleChainageM, metres),
    vehicleFromChainageM: optional(facts.vehicleFromChainageM, metres),
    vehicleToChainageM: optional(facts.vehicleToChainageM, metres),
    vehiclePosition: optional(facts.vehiclePosition, toPoint),
    cameraPosition: optional(facts.cameraPosition, toPoint),
    cameraPositionErrorM: optional(facts.cameraPositionErrorM, metres),
    vanChainageM: optional(facts.vanChainageM, metres),
    siteCode: facts.siteCode ?? '',
    road: facts.road ?? '',
    zone: facts.zone ?? '',
    school: optional(facts.school, same),
    cameraId: facts.cameraId ?? '',
    cameraModel: facts.cameraModel ?? '',
    approvalNotice: optional(facts.approvalNotice, same),
    utcMs: optional(facts.utcMs, utcMs),
    clockUncertaintyMs: optional(facts.clockUncertaintyMs, same),
    radarProtocol: facts.radarProtocol ?? '',
    radarSettingsUnconfirmed: facts.radarSettingsUnconfirmed ?? false,
    readingsUsed: facts.readingsUsed ?? 0,
    readingsCut: facts.readingsCut ?? 0,
    demo: facts.demo ?? false,
  };
}

function toExposure(message: Message): ConcludedExposure {
  return {
    icn: message.icn ?? '',
    incident: message.incident ?? '',
    imageNumber: message.imageNumber ?? 0,
    imageCount: message.imageCount ?? 0,
    kind: oneOf(EXPOSURE_KINDS, message.kind, 'kind'),
    reason: optional(message.reason, (reason) => oneOf(ALL_REASONS, reason, 'reason')),
    passId: optional(message.passId, same),
    verdict: optional(message.verdict, toVerdict),
    triggerNs: optional(message.triggerNs, monotonicNs),
    strobeNs: optional(message.strobeNs, monotonicNs),
    imageNs: optional(message.imageNs, monotonicNs),
    concludedNs: monotonicNs(message.concludedNs ?? 0),
    flash: message.flash ?? false,
    imageId: optional(message.imageId, same),
    imageSha256: optional(message.cameraFileSha256, bytesToHex),
    facts: toFacts(needed(message.facts, 'facts')),
    readings: (message.readings ?? []).map((reading) => ({
      atNs: monotonicNs(reading.atNs ?? 0),
      speedKmh: kmh(reading.speedKmh ?? 0),
      raw: new Uint8Array(reading.raw ?? []),
    })),
  };
}

/** @throws KerbsideError evidence-damaged where these bytes are no record of this layout */
export function decodeRecord(bytes: Uint8Array): EvidenceRecord {
  let message: Message;
  try {
    message = kerbside.evidence.v1.EvidenceRecord.decode(bytes);
  } catch (cause) {
    throw new KerbsideError('evidence-damaged', 'The evidence record is cut or damaged: its fields cannot be read.', {
      cause,
    });
  }
  if (message.version !== RECORD_VERSION)
    throw damaged(`has layout ${message.version ?? 0}, expected ${RECORD_VERSION}`);
  return {
    exposure: toExposure(message),
    sealedImageSha256: optional(message.sealedImageSha256, bytesToHex),
    splice: optional(message.splice, (splice) => ({
      photoRows: splice.photoRows ?? 0,
      sealedRows: splice.sealedRows ?? 0,
      edgeRows: splice.edgeRows ?? 0,
    })),
    softwareVersion: message.softwareVersion ?? '',
  };
}

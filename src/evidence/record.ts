/**
 * The exposure record: what is written down about one number, as the bytes that are hashed, chained and signed
 * (proto/evidence.proto). Encoding is deterministic: one order of fields, absent fields left out and listed, no maps.
 * Absent differs from zero both ways.
 */
import { kerbside } from '../../proto/generated/evidence.js';
import type { Verdict } from '../enforcement/types.js';
import { VOID_REASONS } from '../measurement/types.js';
import type { Reading } from '../radar/reading.js';
import { OBSERVE_REASONS, type GeoPoint, type VehiclePlace } from '../site/types.js';
import { degrees, kmh, metres, monotonicNs, utcMs } from '../units.js';
import { DEFAULT_ICN_SCHEME } from './icn.js';
import { fromAccount, fromContext, toAccount, toContext, toMatching } from './record-context-codec.js';
import type { RecordContext } from './record-context.js';
import {
  bytesToHex,
  damagedRecord,
  decodeWith,
  hexToBytes,
  linkFields,
  needed,
  oneOf,
  optional,
  readEnvelope,
  same,
  withInventory,
  type ChainLink,
} from './record-envelope.js';
import { EXPOSURE_KINDS, EXPOSURE_REASONS, type ConcludedExposure, type ExposureFacts } from './types.js';

type Message = kerbside.evidence.v1.EvidenceRecord.$Properties;
type FactsMessage = kerbside.evidence.v1.Facts.$Properties;
type VerdictMessage = kerbside.evidence.v1.Verdict.$Properties;
type PlaceMessage = kerbside.evidence.v1.Place.$Properties;
type PointMessage = kerbside.evidence.v1.Point.$Properties;
type ReadingMessage = kerbside.evidence.v1.Reading.$Properties;

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
  /** Version of the software that sealed. */
  readonly softwareVersion: string;
  readonly context: RecordContext;
  readonly link: ChainLink;
}

/** The rule by which readings become a speed; another name would be another rule. */
export const ESTIMATOR = 'histogram-mean-1';

const ALL_REASONS = [...EXPOSURE_REASONS, ...VOID_REASONS, ...OBSERVE_REASONS] as const;
const VERDICT_REASONS = [...OBSERVE_REASONS, ...VOID_REASONS] as const;

/** @throws RangeError where a SHA-256 is not one; KerbsideError 'icn-unknown' where the number is none */
export function encodeRecord(record: EvidenceRecord): Uint8Array {
  const { exposure } = record;
  const { account, matching, verdict, imageSha256, readings, ...rest } = exposure;
  const { deployment } = DEFAULT_ICN_SCHEME.parse(exposure.icn);
  const message: Message = {
    ...rest,
    ...linkFields('exposure', record.link),
    ...fromContext(record.context),
    ...fromAccount(account),
    deployment: DEFAULT_ICN_SCHEME.formatDeployment(deployment),
    estimator: ESTIMATOR,
    matching,
    verdict: verdict === null ? null : { ...verdict, place: { ...verdict.place } },
    cameraFileSha256: optional(imageSha256, hexToBytes),
    sealedImageSha256: optional(record.sealedImageSha256, hexToBytes),
    readings: [...readings],
    splice: record.splice,
    softwareVersion: record.softwareVersion,
  };
  return withInventory('exposure', (lists) =>
    kerbside.evidence.v1.EvidenceRecord.encode({
      ...message,
      absent: [...(lists.absent ?? [])],
      counts: [...(lists.counts ?? [])],
    }).finish(),
  );
}

const toPoint = (point: PointMessage): GeoPoint => ({
  latitude: needed(point.latitude, 'latitude'),
  longitude: needed(point.longitude, 'longitude'),
});

function toPlace(place: PlaceMessage): VehiclePlace {
  return {
    chainageM: optional(place.chainageM, metres),
    fromChainageM: metres(needed(place.fromChainageM, 'place.fromChainageM')),
    toChainageM: metres(needed(place.toChainageM, 'place.toChainageM')),
    rangeM: optional(place.rangeM, metres),
    lane: optional(place.lane, same),
    position: optional(place.position, toPoint),
  };
}

function toVerdict(verdict: VerdictMessage): Verdict {
  return {
    kind: oneOf(['enforce', 'observe', 'void'], verdict.kind, 'verdict'),
    reason: optional(verdict.reason, (reason) => oneOf(VERDICT_REASONS, reason, "verdict's reason")),
    limitKmh: kmh(needed(verdict.limitKmh, 'verdict.limitKmh')),
    thresholdKmh: kmh(needed(verdict.thresholdKmh, 'verdict.thresholdKmh')),
    along: optional(verdict.along, (along) => oneOf(['increasing', 'decreasing'], along, 'direction along the road')),
    place: toPlace(needed(verdict.place, 'place in its verdict')),
  };
}

function toFacts(facts: FactsMessage): ExposureFacts {
  return {
    speedKmh: optional(facts.speedKmh, kmh),
    truncatedKmh: optional(facts.truncatedKmh, same),
    limitKmh: kmh(needed(facts.limitKmh, 'facts.limitKmh')),
    thresholdKmh: kmh(needed(facts.thresholdKmh, 'facts.thresholdKmh')),
    thresholdAuthority: needed(facts.thresholdAuthority, 'facts.thresholdAuthority'),
    thresholdDate: needed(facts.thresholdDate, 'facts.thresholdDate'),
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
    siteCode: needed(facts.siteCode, 'facts.siteCode'),
    road: needed(facts.road, 'facts.road'),
    zone: needed(facts.zone, 'facts.zone'),
    school: optional(facts.school, same),
    cameraId: needed(facts.cameraId, 'facts.cameraId'),
    cameraModel: needed(facts.cameraModel, 'facts.cameraModel'),
    approvalNotice: optional(facts.approvalNotice, same),
    utcMs: optional(facts.utcMs, utcMs),
    clockUncertaintyMs: optional(facts.clockUncertaintyMs, same),
    radarProtocol: needed(facts.radarProtocol, 'facts.radarProtocol'),
    radarSettingsUnconfirmed: needed(facts.radarSettingsUnconfirmed, 'facts.radarSettingsUnconfirmed'),
    readingsUsed: needed(facts.readingsUsed, 'facts.readingsUsed'),
    readingsCut: needed(facts.readingsCut, 'facts.readingsCut'),
    demo: needed(facts.demo, 'facts.demo'),
    graduatedFromKmh: optional(facts.graduatedFromKmh, kmh),
  };
}

function toReading(reading: ReadingMessage): Reading {
  return {
    trackKey: optional(reading.trackKey, same),
    speedKmh: kmh(needed(reading.speedKmh, 'speed in a reading')),
    corrected: needed(reading.corrected, 'word about correction in a reading'),
    direction: oneOf(['approach', 'recede', 'unknown'], reading.direction, 'direction of a reading'),
    rangeM: optional(reading.rangeM, metres),
    angleDeg: optional(reading.angleDeg, degrees),
    bearingDeg: optional(reading.bearingDeg, degrees),
    strength: optional(reading.strength, same),
    radarTimeS: optional(reading.radarTimeS, same),
    atNs: monotonicNs(needed(reading.atNs, 'time in a reading')),
    raw: new Uint8Array(needed(reading.raw, 'frame in a reading')),
    test: optional(reading.test, (test) => oneOf(['simulated', 'fork'], test, 'kind of a test reading')),
  };
}

function toExposure(message: Message): ConcludedExposure {
  return {
    icn: needed(message.icn, 'number'),
    incident: needed(message.incident, 'incident'),
    imageNumber: needed(message.imageNumber, 'image number'),
    imageCount: needed(message.imageCount, 'image count'),
    kind: oneOf(EXPOSURE_KINDS, message.kind, 'kind'),
    reason: optional(message.reason, (reason) => oneOf(ALL_REASONS, reason, 'reason')),
    passId: optional(message.passId, same),
    verdict: optional(message.verdict, toVerdict),
    triggerNs: optional(message.triggerNs, monotonicNs),
    strobeNs: optional(message.strobeNs, monotonicNs),
    imageNs: optional(message.imageNs, monotonicNs),
    concludedNs: monotonicNs(needed(message.concludedNs, 'time of its conclusion')),
    flash: needed(message.flash, 'word about the flash'),
    imageId: optional(message.imageId, same),
    imageSha256: optional(message.cameraFileSha256, bytesToHex),
    facts: toFacts(needed(message.facts, 'facts')),
    account: toAccount(message),
    matching: optional(message.matching, toMatching),
    readings: (message.readings ?? []).map(toReading),
  };
}

/** @throws KerbsideError evidence-damaged where these bytes are no exposure record of this layout */
export function decodeRecord(bytes: Uint8Array): EvidenceRecord {
  const { type, ...link } = readEnvelope(bytes);
  if (type !== 'exposure') throw damagedRecord(`is of type ${type}, expected exposure`);
  const message = decodeWith((data) => kerbside.evidence.v1.EvidenceRecord.decode(data), bytes);
  return {
    exposure: toExposure(message),
    sealedImageSha256: optional(message.sealedImageSha256, bytesToHex),
    splice: optional(message.splice, (splice) => ({
      photoRows: needed(splice.photoRows, 'rows of the photo'),
      sealedRows: needed(splice.sealedRows, 'rows of the sealed image'),
      edgeRows: needed(splice.edgeRows, 'rows between photo and strip'),
    })),
    softwareVersion: needed(message.softwareVersion, 'software version'),
    context: toContext(message),
    link,
  };
}

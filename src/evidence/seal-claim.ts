/**
 * What the manifest inside the image says of the measurement (assertion `org.kerbside.measurement`): the figures that a
 * court asks for, in names that a person reads with any EXIF tool. All of it stands in the record, too, and a verifier
 * demands that both say the same.
 */
import { localTime } from './local-time.js';
import type { ChainLink } from './record-envelope.js';
import type { ConcludedExposure } from './types.js';

/** No numbers: a number passes through several codings on its way into the image, a string stays what it is. */
export type MeasurementClaim = Readonly<Record<string, string | boolean>>;

const NOT_KNOWN = 'not known';

/** @param exposure with an image */
export function measurementClaim(exposure: ConcludedExposure, link: ChainLink): MeasurementClaim {
  const { facts } = exposure;
  const local = facts.utcMs === null ? null : localTime(facts.utcMs, facts.zone);
  const number = (value: number | null): string => (value === null ? NOT_KNOWN : String(value));
  return {
    ...(facts.demo ? { marking: 'DEMO - NOT EVIDENCE' } : {}),
    demo: facts.demo,
    icn: exposure.icn,
    incident: exposure.incident,
    kind: exposure.kind,
    ...(exposure.reason === null ? {} : { reason: exposure.reason }),
    speedKmh: number(facts.truncatedKmh),
    measuredKmh: number(facts.speedKmh),
    limitKmh: number(facts.limitKmh),
    thresholdKmh: number(facts.thresholdKmh),
    thresholdAuthority: facts.thresholdAuthority,
    direction: facts.direction ?? NOT_KNOWN,
    lane: facts.lane ?? NOT_KNOWN,
    utc: facts.utcMs === null ? NOT_KNOWN : new Date(facts.utcMs).toISOString(),
    localTime: local === null ? NOT_KNOWN : `${local.date} ${local.time} UTC${local.offset}`,
    siteCode: facts.siteCode,
    road: facts.road,
    ...(facts.school === null ? {} : { school: facts.school }),
    cameraLatitude: number(facts.cameraPosition?.latitude ?? null),
    cameraLongitude: number(facts.cameraPosition?.longitude ?? null),
    cameraId: facts.cameraId,
    approvalNotice: facts.approvalNotice ?? 'type not approved',
    cameraFileSha256: exposure.imageSha256 ?? NOT_KNOWN,
    recordSequence: String(link.sequence),
    previousRecordSha256: link.previousSha256,
  };
}

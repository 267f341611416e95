/**
 * The two records that speak of no image: the account of a deployment's numbers (ICN-2) and the change of measuring
 * parameters. They stand in the same chain as the exposures (proto/evidence.proto).
 */
import { kerbside } from '../../proto/generated/evidence.js';
import type { ParameterChange } from './parameters.js';
import { fromSoftware, toSoftware } from './record-context-codec.js';
import type { SoftwareFacts } from './record-context.js';
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
import { EXPOSURE_KINDS, type ExposureKind, type Icn } from './types.js';

export const DEPLOYMENT_ENDS = ['closed', 'continued', 'crash'] as const;

export interface LeaseFacts {
  readonly lease: number;
  readonly firstIcn: Icn;
  readonly lastIcn: Icn;
}

export interface DeploymentFacts {
  /** Six digits. */
  readonly deployment: string;
  /** The deployment that this one goes on with after image 999; null: none. */
  readonly follows: string | null;
  readonly cameraId: string;
  readonly siteCode: string;
  readonly demo: boolean;
  readonly openedUtcMs: number;
  readonly closedUtcMs: number;
  readonly ended: (typeof DEPLOYMENT_ENDS)[number];
  readonly leases: readonly LeaseFacts[];
  readonly numberCount: number;
  readonly counts: readonly { readonly kind: ExposureKind; readonly count: number }[];
  /** Events of the deployment, the last one its closing. */
  readonly eventCount: number;
  readonly software: SoftwareFacts;
  readonly eventCounter: number;
  /** Sequence of the first and the last record of these numbers; null where no number was leased. */
  readonly firstSequence: number | null;
  readonly lastSequence: number | null;
}

export interface ParametersFacts {
  readonly deployment: string;
  readonly cameraId: string;
  readonly demo: boolean;
  readonly changedUtcMs: number;
  readonly who: string;
  readonly changes: readonly ParameterChange[];
  readonly software: SoftwareFacts;
  readonly eventCounter: number;
  readonly parametersSha256: string;
}

export interface DeploymentRecord {
  readonly facts: DeploymentFacts;
  readonly link: ChainLink;
}

export interface ParametersRecord {
  readonly facts: ParametersFacts;
  readonly link: ChainLink;
}

export function encodeDeploymentRecord({ facts, link }: DeploymentRecord): Uint8Array {
  const { leases, counts, software, ...rest } = facts;
  const message = {
    ...rest,
    ...linkFields('deployment', link),
    leases: [...leases],
    kinds: [...counts],
    software: fromSoftware(software),
  };
  return withInventory('deployment', (lists) =>
    kerbside.evidence.v1.DeploymentRecord.encode({
      ...message,
      absent: [...(lists.absent ?? [])],
      counts: [...(lists.counts ?? [])],
    }).finish(),
  );
}

/** @throws KerbsideError 'evidence-damaged' where these bytes are no deployment record of this layout */
export function decodeDeploymentRecord(bytes: Uint8Array): DeploymentRecord {
  const { type, ...link } = readEnvelope(bytes);
  if (type !== 'deployment') throw damagedRecord(`is of type ${type}, expected deployment`);
  const message = decodeWith((data) => kerbside.evidence.v1.DeploymentRecord.decode(data), bytes);
  return {
    link,
    facts: {
      deployment: needed(message.deployment, 'deployment'),
      follows: optional(message.follows, same),
      cameraId: needed(message.cameraId, 'camera'),
      siteCode: needed(message.siteCode, 'site code'),
      demo: needed(message.demo, 'word about demo'),
      openedUtcMs: needed(message.openedUtcMs, 'time of opening'),
      closedUtcMs: needed(message.closedUtcMs, 'time of closing'),
      ended: oneOf(DEPLOYMENT_ENDS, message.ended, 'way of ending'),
      leases: message.leases.map((lease) => ({
        lease: needed(lease.lease, 'number of a lease'),
        firstIcn: needed(lease.firstIcn, 'first number of a lease'),
        lastIcn: needed(lease.lastIcn, 'last number of a lease'),
      })),
      numberCount: needed(message.numberCount, 'count of numbers'),
      counts: message.kinds.map(({ kind, count }) => ({
        kind: oneOf(EXPOSURE_KINDS, kind, 'kind'),
        count: needed(count, 'count of a kind'),
      })),
      eventCount: needed(message.eventCount, 'count of events'),
      software: toSoftware(message.software),
      eventCounter: needed(message.eventCounter, 'event counter'),
      firstSequence: optional(message.firstSequence, same),
      lastSequence: optional(message.lastSequence, same),
    },
  };
}

export function encodeParametersRecord({ facts, link }: ParametersRecord): Uint8Array {
  const { changes, software, parametersSha256, ...rest } = facts;
  const message = {
    ...rest,
    ...linkFields('parameters', link),
    changes: [...changes],
    software: fromSoftware(software),
    parametersSha256: hexToBytes(parametersSha256),
  };
  return withInventory('parameters', (lists) =>
    kerbside.evidence.v1.ParametersRecord.encode({
      ...message,
      absent: [...(lists.absent ?? [])],
      counts: [...(lists.counts ?? [])],
    }).finish(),
  );
}

/** @throws KerbsideError 'evidence-damaged' where these bytes are no parameters record of this layout */
export function decodeParametersRecord(bytes: Uint8Array): ParametersRecord {
  const { type, ...link } = readEnvelope(bytes);
  if (type !== 'parameters') throw damagedRecord(`is of type ${type}, expected parameters`);
  const message = decodeWith((data) => kerbside.evidence.v1.ParametersRecord.decode(data), bytes);
  return {
    link,
    facts: {
      deployment: needed(message.deployment, 'deployment'),
      cameraId: needed(message.cameraId, 'camera'),
      demo: needed(message.demo, 'word about demo'),
      changedUtcMs: needed(message.changedUtcMs, 'time of the change'),
      who: needed(message.who, 'name of who changed'),
      changes: message.changes.map((change) => ({
        name: needed(change.name, 'name of a parameter'),
        oldValue: optional(change.oldValue, same),
        newValue: optional(change.newValue, same),
      })),
      software: toSoftware(message.software),
      eventCounter: needed(message.eventCounter, 'event counter'),
      parametersSha256: bytesToHex(needed(message.parametersSha256, 'hash of the measuring parameters')),
    },
  };
}

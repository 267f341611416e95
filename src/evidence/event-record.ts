/**
 * The event record: one change of a deployment as it is chained (OPR-2; proto/evidence.proto). Events of a deployment are
 * numbered 1, 2, 3 … without a gap; the account of the deployment states how many there are, so that a missing one shows.
 */
import { kerbside } from '../../proto/generated/evidence.js';
import { EVENT_TYPES, type DeploymentEvent } from '../deployment/events.js';
import { monotonicNs, utcMs } from '../units.js';
import { fromSoftware, toSoftware } from './record-context-codec.js';
import type { SoftwareFacts } from './record-context.js';
import {
  damagedRecord,
  decodeWith,
  linkFields,
  needed,
  oneOf,
  optional,
  readEnvelope,
  withInventory,
  type ChainLink,
} from './record-envelope.js';

export interface EventFacts {
  /** Six digits. */
  readonly deployment: string;
  readonly cameraId: string;
  readonly demo: boolean;
  /** From 1, within the deployment. */
  readonly number: number;
  readonly event: DeploymentEvent;
  readonly software: SoftwareFacts;
  readonly eventCounter: number;
}

export interface EventRecord {
  readonly facts: EventFacts;
  readonly link: ChainLink;
}

/** Name of its files without their endings: event-0001. */
export const eventStem = (number: number): string => `event-${String(number).padStart(4, '0')}`;

/** @throws RangeError where the detail is no plain JSON object */
export function encodeEventRecord({ facts, link }: EventRecord): Uint8Array {
  const { event, software, ...rest } = facts;
  const { type, detail, ...told } = event;
  const message = {
    ...rest,
    ...told,
    ...linkFields('event', link),
    event: type,
    detail: detailText(detail),
    software: fromSoftware(software),
  };
  return withInventory('event', (lists) =>
    kerbside.evidence.v1.EventRecord.encode({
      ...message,
      absent: [...(lists.absent ?? [])],
      counts: [...(lists.counts ?? [])],
    }).finish(),
  );
}

function detailText(detail: DeploymentEvent['detail']): string {
  const text = JSON.stringify(detail);
  // Read again, so that a record says for ever what it said when it was made.
  if (JSON.stringify(JSON.parse(text)) !== text) throw new RangeError('the detail of an event is no plain JSON');
  return text;
}

/** @throws KerbsideError 'evidence-damaged' where these bytes are no event record of this layout */
export function decodeEventRecord(bytes: Uint8Array): EventRecord {
  const { type, ...link } = readEnvelope(bytes);
  if (type !== 'event') throw damagedRecord(`is of type ${type}, expected event`);
  const message = decodeWith((data) => kerbside.evidence.v1.EventRecord.decode(data), bytes);
  return {
    link,
    facts: {
      deployment: needed(message.deployment, 'deployment'),
      cameraId: needed(message.cameraId, 'camera'),
      demo: needed(message.demo, 'word about demo'),
      number: needed(message.number, 'number of an event'),
      event: {
        type: oneOf(EVENT_TYPES, message.event, 'event'),
        atNs: monotonicNs(needed(message.atNs, 'time of the event')),
        utcMs: optional(message.utcMs, utcMs),
        by: needed(message.by, 'name of who caused the event'),
        code: needed(message.code, 'code of the event'),
        sentence: needed(message.sentence, 'sentence of the event'),
        detail: readDetail(needed(message.detail, 'detail of the event')),
      },
      software: toSoftware(message.software),
      eventCounter: needed(message.eventCounter, 'event counter'),
    },
  };
}

function readDetail(text: string): DeploymentEvent['detail'] {
  let detail: unknown;
  try {
    detail = JSON.parse(text);
  } catch {
    throw damagedRecord('has a detail that is no JSON');
  }
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) {
    throw damagedRecord('has a detail that is no JSON object');
  }
  return detail as DeploymentEvent['detail'];
}

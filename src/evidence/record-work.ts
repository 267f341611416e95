/** What waits to be written down: one of the four kinds of record, before it has its place in the chain. */
import { encodeEventRecord, eventStem, type EventFacts } from './event-record.js';
import { DEFAULT_ICN_SCHEME } from './icn.js';
import type { RecordContext } from './record-context.js';
import type { ChainLink } from './record-envelope.js';
import { encodeRecord, type EvidenceRecord } from './record.js';
import {
  encodeDeploymentRecord,
  encodeParametersRecord,
  type DeploymentFacts,
  type ParametersFacts,
} from './session-records.js';
import type { ConcludedExposure } from './types.js';

export type RecordWork =
  | { readonly type: 'exposure'; readonly exposure: ConcludedExposure; readonly context: RecordContext }
  | { readonly type: 'deployment'; readonly facts: DeploymentFacts }
  | { readonly type: 'parameters'; readonly facts: ParametersFacts }
  | { readonly type: 'event'; readonly facts: EventFacts };

/** What sealing finds out about an image. */
export type SealedImageFacts = Pick<EvidenceRecord, 'sealedImageSha256' | 'splice'> & {
  readonly cameraFileSha256: string | null;
};

export const NO_IMAGE: SealedImageFacts = { sealedImageSha256: null, splice: null, cameraFileSha256: null };

/** Six digits: the folder below the evidence folder. */
export function deploymentOf(work: RecordWork): string {
  if (work.type !== 'exposure') return work.facts.deployment;
  return DEFAULT_ICN_SCHEME.formatDeployment(DEFAULT_ICN_SCHEME.parse(work.exposure.icn).deployment);
}

/** Name of the record's files without their endings. */
export function stemOf(work: RecordWork): string {
  if (work.type === 'exposure') return work.exposure.icn;
  return work.type === 'event' ? eventStem(work.facts.number) : work.type;
}

/** Path of the record below the evidence folder: its name in the chain. */
export const chainName = (work: RecordWork): string => `${deploymentOf(work)}/${stemOf(work)}.record`;

export const isDemo = (work: RecordWork): boolean =>
  work.type === 'exposure' ? work.exposure.facts.demo : work.facts.demo;

/** The bytes that are hashed, chained and signed. Deterministic. */
export function encodeWork(
  work: RecordWork,
  link: ChainLink,
  image: SealedImageFacts,
  softwareVersion: string,
): Uint8Array {
  if (work.type === 'deployment') return encodeDeploymentRecord({ facts: work.facts, link });
  if (work.type === 'event') return encodeEventRecord({ facts: work.facts, link });
  if (work.type === 'parameters') return encodeParametersRecord({ facts: work.facts, link });
  const { sealedImageSha256, splice, cameraFileSha256 } = image;
  const exposure = cameraFileSha256 === null ? work.exposure : { ...work.exposure, imageSha256: cameraFileSha256 };
  return encodeRecord({ exposure, sealedImageSha256, splice, softwareVersion, context: work.context, link });
}

/**
 * One exhibit, that is the files of one number: record, signature and image. A function of bytes, so that a stranger's
 * folder, an export and the tests that alter every bit are judged by the same code.
 */
import type { SealCrypto } from '../../ports/signer.js';
import type { EventType } from '../../deployment/events.js';
import type { DecodedCms } from '../cms.js';
import type { Doubt } from '../doubts.js';
import type { RecordType } from '../record-envelope.js';
import type { DeploymentFacts } from '../session-records.js';
import type { ExposureKind } from '../types.js';
import { CheckList, type Check } from './checks.js';
import { checkImage, checkImageAlone } from './image-checks.js';
import { checkRecord, maySpeakOfImage, type ReadRecord } from './record-checks.js';
import { remeasure } from './remeasure.js';
import { checkSignature, type SignerFacts } from './signature-checks.js';

/** Null: there is no such file. */
export interface ExhibitParts {
  /** File name without its ending. */
  readonly name: string;
  /** Name of the folder in which the files lie; null: not looked at. */
  readonly folder: string | null;
  readonly record: Uint8Array | null;
  readonly signature: Uint8Array | null;
  readonly image: Uint8Array | null;
  /** Hex SHA-256 of all files in `certificates/`; null: there is no such folder. */
  readonly certificateSha256s: ReadonlySet<string> | null;
}

export interface SignerJudgement {
  readonly trusted: boolean;
  readonly demo: boolean;
  readonly sentence: string;
}

/** What checking needs from outside. */
export interface Verifier {
  readonly algorithms: SealCrypto;
  /** As `decodeCms`. */
  readonly readSignature: (bytes: Uint8Array) => DecodedCms;
  /** SHA-256 over several pieces, as if they stood one behind the other. */
  readonly sha256Of: (pieces: readonly Uint8Array[]) => Uint8Array;
  /** @param certificates DER, the signer's first */
  readonly judge: (certificates: readonly Uint8Array[], atMs: number) => SignerJudgement;
}

/** What the set has to know of an event record. */
export interface MemberEvent {
  readonly number: number;
  readonly type: EventType;
  readonly doubt: Doubt | null;
}

/** What the set of all exhibits has to know of one. */
export interface SetMember {
  readonly type: RecordType;
  readonly sequence: number;
  readonly previousSha256: string;
  /** Of the record's file. */
  readonly sha256: string;
  readonly deployment: string;
  readonly cameraId: string;
  /** Hex SHA-256 of the public key that signed it; null: nobody did. */
  readonly signer: string | null;
  readonly icn: string | null;
  readonly kind: ExposureKind | null;
  readonly eventCounter: number;
  /** Of a deployment record. */
  readonly account: DeploymentFacts | null;
  /** Of an event record. */
  readonly event: MemberEvent | null;
}

export interface ExhibitResult {
  /** `image`: an image without a record. */
  readonly type: RecordType | 'image';
  readonly icn: string | null;
  readonly kind: ExposureKind | null;
  /** Record, key or image says that it is a demonstration. */
  readonly demo: boolean;
  readonly ok: boolean;
  readonly checks: readonly Check[];
  /** Null where the record cannot be read, or is not written and named as it must be. */
  readonly member: SetMember | null;
}

const NOT_REACHED = { sentence: 'Not checked: what this check rests on does not hold.' };
const NO_SUCH_PART = {
  sentence: 'Not checked: this record speaks of no image and of no vehicle.',
  needless: true,
} as const;
const NO_RECORD = { sentence: 'Not checked: there is no record beside the image, and only the record says this.' };

/** Judges all that can be judged; a failure never ends it early. */
export function verifyExhibit(parts: ExhibitParts, verifier: Verifier): ExhibitResult {
  const list = new CheckList();
  if (parts.record === null && parts.signature === null && parts.image !== null) {
    const demo = checkImageAlone(parts.image, verifier, list);
    const checks = list.all(NO_RECORD);
    return { type: 'image', icn: null, kind: null, demo, ok: isGood(checks), checks, member: null };
  }
  const signer = checkSignature(parts, verifier, list);
  const read = checkRecord(parts, verifier, list);
  const exposure = read?.exposure ?? null;
  if (signer?.signedThis === true && read !== null) noteDemo(signer, read, list);
  const isExposure = parts.record === null || maySpeakOfImage(parts.record);
  const sealDemo = isExposure ? checkImage(parts, { record: exposure, signer }, verifier, list) : false;
  if (exposure !== null) remeasure(exposure.exposure, exposure.context, list);
  const isMember = read !== null && list.holds('record-name') && list.holds('record-form');
  const checks = list.all(read === null || exposure !== null ? NOT_REACHED : NO_SUCH_PART);
  return {
    type: read?.member.type ?? 'exposure',
    icn: exposure?.exposure.icn ?? (/^\d{9}$/.test(parts.name) ? parts.name : null),
    kind: exposure?.exposure.kind ?? null,
    demo: (read?.demo ?? false) || (signer?.demo ?? false) || sealDemo,
    ok: isGood(checks),
    checks,
    member: isMember ? { ...read.member, signer: signer?.keySha256 ?? null } : null,
  };
}

const isGood = (checks: readonly Check[]): boolean => checks.every(({ status }) => status !== 'failed');

/** A demo record must be signed by a demo key, and no other may be. */
function noteDemo({ demo }: SignerFacts, read: ReadRecord, list: CheckList): void {
  if (demo === read.demo) list.note('demo-marked', null);
  else if (demo)
    list.note(
      'demo-marked',
      'The record does not say that it is a demonstration, and a DEMO key signed it: NOT EVIDENCE.',
    );
  else list.note('demo-marked', 'The record says DEMO - NOT EVIDENCE, and the key that signed it is no demo key.');
}

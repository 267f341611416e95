/** The record by itself: its form, and that nothing was taken out of it. */
import { kerbside } from '../../../proto/generated/evidence.js';
import { KerbsideError } from '../../errors.js';
import { incompleteness, inventoryOf } from '../completeness.js';
import { sameBytes } from '../der.js';
import { doubtOf } from '../doubts.js';
import { decodeEventRecord, encodeEventRecord, eventStem, type EventRecord } from '../event-record.js';
import { DEFAULT_ICN_SCHEME } from '../icn.js';
import { messageOf, readEnvelope, type Envelope, type RecordType } from '../record-envelope.js';
import { decodeRecord, encodeRecord, ESTIMATOR, type EvidenceRecord } from '../record.js';
import { missingRequired } from '../required-fields.js';
import {
  decodeDeploymentRecord,
  decodeParametersRecord,
  encodeDeploymentRecord,
  encodeParametersRecord,
  type DeploymentRecord,
  type ParametersRecord,
} from '../session-records.js';
import { EXPOSURE_KINDS, type ExposureKind } from '../types.js';
import type { CheckList } from './checks.js';
import type { ExhibitParts, MemberEvent, SetMember, Verifier } from './exhibit.js';
import { toHex } from './hex.js';

export interface ReadRecord {
  readonly demo: boolean;
  readonly member: Omit<SetMember, 'signer'>;
  /** Of an exposure record. */
  readonly exposure: EvidenceRecord | null;
}

type Decoded =
  | { readonly type: 'exposure'; readonly record: EvidenceRecord }
  | { readonly type: 'deployment'; readonly record: DeploymentRecord }
  | { readonly type: 'parameters'; readonly record: ParametersRecord }
  | { readonly type: 'event'; readonly record: EventRecord };

/** Fields that a deployment, parameters or event record may leave out; an exposure record has its own rules. */
const MAY_BE_ABSENT =
  /^(follows|first_sequence|last_sequence|utc_ms|software\.commit|changes(\[\d+\])?\.(old_value|new_value))$/;

/** @returns null where it cannot be read as a whole */
export function checkRecord(parts: ExhibitParts, verifier: Verifier, list: CheckList): ReadRecord | null {
  const { record: bytes, name } = parts;
  if (bytes === null) {
    list.note('record-readable', `The record ${name}.record is missing: nothing says what was measured.`);
    return null;
  }
  if (bytes.length === 0) {
    list.note('record-readable', `The record file ${name}.record is empty: nothing says what was measured.`);
    return null;
  }
  const envelope = list.attempt('record-readable', () => readEnvelope(bytes));
  checkFields(bytes, envelope?.type ?? typeByName(name), list);
  if (envelope === null) return null;
  const decoded = list.attempt('record-readable', () => decode(envelope.type, bytes));
  if (decoded === null) return null;
  noteForm(decoded, bytes, list);
  const read = summarize(decoded, envelope, toHex(verifier.algorithms.sha256(bytes)));
  list.note('record-name', nameObjection(parts, read.member));
  if (read.exposure !== null) checkCopies(read.exposure, parts, list);
  return read;
}

/** What a record is that does not say so itself. */
function typeByName(name: string): RecordType {
  if (name === 'deployment' || name === 'parameters') return name;
  return name.startsWith('event-') ? 'event' : 'exposure';
}

/** On the bytes alone, so that a field is named even where the record cannot be read for want of it. */
function checkFields(bytes: Uint8Array, type: RecordType, list: CheckList): void {
  const message = messageOf(type);
  const inventory = list.attempt('record-form', () => inventoryOf(bytes, message));
  if (inventory === null) return;
  const sentences = list.attempt('record-complete', () => incompleteness(bytes, message));
  if (sentences !== null)
    list.note('record-complete', sentences.length === 0 ? null : fieldsWereTaken(sentences), sentences);
  const missing = type === 'exposure' ? missingOf(bytes, inventory.absent) : inventory.absent.filter(isNeeded);
  list.note(
    'record-required',
    missing.length === 0 ? null : `The record leaves out what a record of its kind must state: ${firstOf(missing)}.`,
    missing,
  );
}

const MOST_NAMED = 5;

/** The first few, and how many more. */
function firstOf(names: readonly string[]): string {
  if (names.length <= MOST_NAMED) return names.join(', ');
  return `${names.slice(0, MOST_NAMED).join(', ')} and ${names.length - MOST_NAMED} more`;
}

const MOST_SENTENCES = 3;

function fieldsWereTaken(sentences: readonly string[]): string {
  const start = 'Something was taken out of the record or put into it';
  if (sentences.length <= MOST_SENTENCES) return `${start}. ${sentences.join(' ')}`;
  const names = sentences.map((sentence) => /^Field ([^ :]+)/.exec(sentence)?.[1] ?? sentence);
  return `${start}: what it says that it leaves out is not what it leaves out; this concerns ${firstOf(names)}.`;
}

const isNeeded = (path: string): boolean => !MAY_BE_ABSENT.test(path);

function missingOf(bytes: Uint8Array, absent: readonly string[]): string[] {
  return missingRequired(kindOf(bytes), absent);
}

/** Of an unknown kind the least is demanded; that it is unknown is said where the record is read. */
function kindOf(bytes: Uint8Array): ExposureKind {
  try {
    const stated = kerbside.evidence.v1.EvidenceRecord.decode(bytes).kind;
    return EXPOSURE_KINDS.find((known) => known === stated) ?? 'test';
  } catch {
    return 'test';
  }
}

function decode(type: RecordType, bytes: Uint8Array): Decoded {
  if (type === 'exposure') return { type, record: decodeRecord(bytes) };
  if (type === 'deployment') return { type, record: decodeDeploymentRecord(bytes) };
  if (type === 'event') return { type, record: decodeEventRecord(bytes) };
  return { type, record: decodeParametersRecord(bytes) };
}

function encode(decoded: Decoded): Uint8Array {
  if (decoded.type === 'exposure') return encodeRecord(decoded.record);
  if (decoded.type === 'deployment') return encodeDeploymentRecord(decoded.record);
  if (decoded.type === 'event') return encodeEventRecord(decoded.record);
  return encodeParametersRecord(decoded.record);
}

/** What was read, written anew, must give the same bytes. */
function noteForm(decoded: Decoded, bytes: Uint8Array, list: CheckList): void {
  const again = list.attempt('record-form', () => encode(decoded));
  if (again !== null && !sameBytes(again, bytes)) {
    list.note(
      'record-form',
      'The record is not written as the camera writes it; something was added, or spelt otherwise.',
    );
  }
  if (decoded.type !== 'exposure') return;
  const { estimator } = kerbside.evidence.v1.EvidenceRecord.decode(bytes);
  if (estimator !== ESTIMATOR) {
    const found = estimator ?? 'none';
    list.note('record-readable', `The record names the measuring rule ${found}, this program knows ${ESTIMATOR}.`);
  }
}

function summarize(decoded: Decoded, envelope: Envelope, sha256: string): ReadRecord {
  const place = { ...envelope, sha256 };
  if (decoded.type === 'exposure') {
    const { exposure, context } = decoded.record;
    const { icn, kind, facts } = exposure;
    const deployment = icn.slice(0, DEFAULT_ICN_SCHEME.deploymentDigits);
    const { cameraId, demo } = facts;
    const { eventCounter } = context;
    const member = { ...place, deployment, cameraId, icn, kind, eventCounter, account: null, event: null };
    return { demo, member, exposure: decoded.record };
  }
  const { deployment, cameraId, eventCounter, demo } = decoded.record.facts;
  const account = decoded.type === 'deployment' ? decoded.record.facts : null;
  const event = decoded.type === 'event' ? memberEvent(decoded.record) : null;
  const member = { ...place, deployment, cameraId, icn: null, kind: null, eventCounter, account, event };
  return { demo, member, exposure: null };
}

const memberEvent = ({ facts: { number, event } }: EventRecord): MemberEvent => ({
  number,
  type: event.type,
  doubt: doubtOf(event),
});

function nameObjection({ name, folder }: ExhibitParts, member: ReadRecord['member']): string | null {
  const { type, icn, event, deployment } = member;
  const expected = icn ?? (event === null ? type : eventStem(event.number));
  if (name !== expected) {
    return `The file is named ${name}, and the record in it speaks of ${expected}: it belongs to another number.`;
  }
  if (folder !== null && folder !== deployment) {
    return `The record speaks of deployment ${deployment}, and lies in the folder ${folder}.`;
  }
  if (icn === null) return null;
  try {
    DEFAULT_ICN_SCHEME.parse(icn);
    return null;
  } catch (error) {
    return error instanceof KerbsideError ? error.message : String(error);
  }
}

/** CAL-5: copies of the certificates of accuracy travel with the evidence. */
function checkCopies({ context }: EvidenceRecord, { certificateSha256s }: ExhibitParts, list: CheckList): void {
  const stated = context.certificates.filter(({ sha256 }) => sha256 !== null);
  if (stated.length === 0) {
    list.leaveOut('certificate-copies', 'Not checked: the record speaks of no copy of a certificate of accuracy.');
    return;
  }
  if (certificateSha256s === null) {
    list.skip('certificate-copies', 'Not checked: there is no folder certificates beside the record.');
    return;
  }
  const lost = stated.filter(({ sha256 }) => !certificateSha256s.has(sha256 ?? ''));
  const names = lost.map(({ kind, number, sha256 }) => `${kind} ${number} (SHA-256 ${sha256 ?? ''})`).join(', ');
  list.note(
    'certificate-copies',
    lost.length === 0
      ? null
      : `The folder certificates holds no unaltered copy of the certificate of accuracy ${names}.`,
  );
}

/** Unless the record can be read as being of another kind; beside a damaged one any image is looked at. */
export function maySpeakOfImage(bytes: Uint8Array): boolean {
  try {
    return readEnvelope(bytes).type === 'exposure';
  } catch {
    return true;
  }
}

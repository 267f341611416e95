/**
 * What the four kinds of record have in common (proto/evidence.proto): their place in the chain, and the lists of what
 * they leave out. A record is encoded once without the lists, looked at, and encoded again with them.
 */
import { kerbside } from '../../proto/generated/evidence.js';
import { KerbsideError } from '../errors.js';
import { inventoryOf, type Inventory, type RecordMessage } from './completeness.js';

export const RECORD_TYPES = ['exposure', 'deployment', 'parameters', 'event'] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

/** A record's place in the chain. */
export interface ChainLink {
  /** 1, 2, 3 … in the life of a data folder. */
  readonly sequence: number;
  /** Hex SHA-256 of the file of the record before. */
  readonly previousSha256: string;
}

/** Before the first record there is none. */
export const NO_RECORD_SHA256 = '00'.repeat(32);

/** Layout that is written; layout 1 never left the workbench. */
export const RECORD_VERSION = 2;

const MESSAGES: Readonly<Record<RecordType, RecordMessage>> = {
  exposure: 'EvidenceRecord',
  deployment: 'DeploymentRecord',
  parameters: 'ParametersRecord',
  event: 'EventRecord',
};

export const messageOf = (type: RecordType): RecordMessage => MESSAGES[type];

export const damagedRecord = (what: string): KerbsideError =>
  new KerbsideError('evidence-damaged', `The evidence record ${what}.`);

/** @throws RangeError where the text is no SHA-256 */
export function hexToBytes(hex: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new RangeError(`"${hex}" is no SHA-256 in 64 lower-case hex digits`);
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

/** @throws KerbsideError 'evidence-damaged' where the bytes are no SHA-256 */
export function bytesToHex(bytes: Uint8Array): string {
  if (bytes.length !== 32) throw damagedRecord(`has a SHA-256 of ${bytes.length} bytes, expected 32`);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Absent and null are one; a value passes through `convert`. */
export function optional<T, U>(value: T | null | undefined, convert: (value: T) => U): U | null {
  return value === null || value === undefined ? null : convert(value);
}

export const same = <T>(value: T): T => value;

/** @throws KerbsideError 'evidence-damaged' where the value is none of the words */
export function oneOf<T extends string>(words: readonly T[], value: string | null | undefined, what: string): T {
  const found = words.find((word) => word === value);
  if (found === undefined) throw damagedRecord(`has the ${what} "${value ?? ''}", expected one of ${words.join(', ')}`);
  return found;
}

/** @throws KerbsideError 'evidence-damaged' where the field is absent */
export function needed<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw damagedRecord(`has no ${what}`);
  return value;
}

/** The fields that every record begins and ends with. */
export const linkFields = (type: RecordType, { sequence, previousSha256 }: ChainLink) => ({
  version: RECORD_VERSION,
  type,
  sequence,
  previousRecordSha256: hexToBytes(previousSha256),
});

/** Encodes with the lists of what is left out. @param encode of one message; deterministic */
export function withInventory(type: RecordType, encode: (lists: Partial<Inventory>) => Uint8Array): Uint8Array {
  const { absent, counts } = inventoryOf(encode({}), messageOf(type));
  // Copied: the writer hands out a view of its pool, and a Node Buffer where there is one.
  return new Uint8Array(encode({ absent, counts }));
}

export interface Envelope extends ChainLink {
  readonly type: RecordType;
}

/**
 * Kind and place of a record, whatever else it holds.
 * @throws KerbsideError 'evidence-damaged' where these bytes are no record of this layout
 */
export function readEnvelope(bytes: Uint8Array): Envelope {
  const message = decodeWith((data) => kerbside.evidence.v1.Envelope.decode(data), bytes);
  if (message.version !== RECORD_VERSION)
    throw damagedRecord(`has layout ${message.version ?? 0}, expected ${RECORD_VERSION}`);
  return {
    type: oneOf(RECORD_TYPES, message.type, 'type'),
    sequence: needed(message.sequence, 'sequence'),
    previousSha256: bytesToHex(needed(message.previousRecordSha256, 'hash of the record before')),
  };
}

/** @throws KerbsideError 'evidence-damaged' in one sentence, whatever the reader stumbled over */
export function decodeWith<T>(decode: (bytes: Uint8Array) => T, bytes: Uint8Array): T {
  try {
    return decode(bytes);
  } catch (cause) {
    throw new KerbsideError('evidence-damaged', 'The evidence record is cut or damaged: its fields cannot be read.', {
      cause,
    });
  }
}

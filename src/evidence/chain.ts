/**
 * The chain of records, kept twice: in the store, and in a text file that anybody can read and check with `sha256sum -c`
 * (`<dataDir>/evidence/chain.sha256`). Line n names the record with sequence n by its hash and its path. Compared at
 * every start; what differs is named, never mended in silence.
 */
import { KerbsideError } from '../errors.js';
import type { ChainLink, RecordType } from './record-envelope.js';
import { NO_RECORD_SHA256 } from './record-envelope.js';

/** One record as the chain knows it. */
export interface ChainEntry extends ChainLink {
  readonly type: RecordType;
  /** Path below the evidence folder, e.g. 000001/000001002.record. */
  readonly name: string;
  /** Hex SHA-256 of the record's file. */
  readonly sha256: string;
}

export type ChainLine = Pick<ChainEntry, 'sha256' | 'name'>;

/** The end of the chain, which the next record hangs on. */
export interface ChainHead {
  readonly sequence: number;
  readonly sha256: string;
}

export const EMPTY_CHAIN: ChainHead = { sequence: 0, sha256: NO_RECORD_SHA256 };

export const nextLink = ({ sequence, sha256 }: ChainHead): ChainLink => ({
  sequence: sequence + 1,
  previousSha256: sha256,
});

const LINE = /^([0-9a-f]{64}) {2}([0-9]{6}\/(?:[0-9]{9}|deployment|parameters|event-[0-9]{4,9})\.record)$/;

export const chainLine = ({ sha256, name }: ChainLine): string => `${sha256}  ${name}\n`;

export interface ChainText {
  readonly lines: readonly ChainLine[];
  /** A last line that is not whole: it was being written when the power went; '' for none. */
  readonly torn: string;
}

/**
 * Each line is on the disk before the next is begun, so only the last can be torn: without its end, or with its end and
 * without its beginning, since a disk may write the sectors of a line in any order.
 *
 * @throws KerbsideError 'chain-broken' with the number of a line before the last that is none
 */
export function parseChainText(text: string): ChainText {
  const parts = text.split('\n');
  let torn = parts.pop() ?? '';
  const last = parts.at(-1);
  if (torn === '' && last !== undefined && !LINE.test(last)) {
    torn = `${last}\n`;
    parts.pop();
  }
  const lines = parts.map((line, index) => {
    const match = LINE.exec(line);
    if (match === null) {
      const found = line.length > 90 ? `${line.slice(0, 90)}…` : line;
      throw new KerbsideError(
        'chain-broken',
        `Chain file, line ${index + 1}: found "${found}", expected a SHA-256, two spaces and the path of a record.`,
      );
    }
    return { sha256: match[1] ?? '', name: match[2] ?? '' };
  });
  return { lines, torn };
}

export type ChainComparison =
  | { readonly state: 'same' }
  /** The file knows records that the store does not. */
  | { readonly state: 'ahead'; readonly lines: readonly ChainLine[] }
  /** The store knows records that the file does not. */
  | { readonly state: 'behind'; readonly missing: readonly ChainLine[] }
  | { readonly state: 'differs'; readonly sequence: number; readonly file: ChainLine; readonly store: ChainLine };

/** @param stored entries of the store, sequence 1 first, without a hole */
export function compareChains(stored: readonly ChainLine[], lines: readonly ChainLine[]): ChainComparison {
  const both = Math.min(stored.length, lines.length);
  for (let index = 0; index < both; index += 1) {
    const [store, file] = [stored[index], lines[index]] as [ChainLine, ChainLine];
    if (store.sha256 !== file.sha256 || store.name !== file.name) {
      return { state: 'differs', sequence: index + 1, file, store };
    }
  }
  if (lines.length > both) return { state: 'ahead', lines: lines.slice(both) };
  if (stored.length > both) return { state: 'behind', missing: stored.slice(both) };
  return { state: 'same' };
}

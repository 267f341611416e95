/** What the checks of a whole set are made of. */
import type { SetMember } from './exhibit.js';

/** A record with its place in the tree that was given. */
export interface PlacedMember extends SetMember {
  /** Path of the record, for sentences. */
  readonly path: string;
  /** The evidence folder in which its deployment lies: one chain. */
  readonly chain: string;
  /** Path from there, as the chain file states it. */
  readonly relative: string;
}

export const SET_CHECKS = {
  'chain-sequence': 'The sequence of the records has no gap and no duplicate.',
  'chain-hashes': 'Each record carries the hash of the one before it.',
  'chain-file': 'The chain file lists exactly the records that are here, in their order, with their hashes.',
  numbers: 'Every number of every deployment is accounted for exactly once.',
  events: 'The events of every deployment are all here: from its opening to its closing, numbered without a gap.',
  'event-counter': 'The event counter grew by one with each change of measuring parameters, and never fell.',
  'foreign-files': 'Every image and every signature file belongs to a record, and nothing half-written is left.',
} as const;

export type SetCheckId = keyof typeof SET_CHECKS;

/** One for each thing that was found, or one that says that all is well. */
export interface SetCheck {
  readonly id: SetCheckId;
  readonly status: 'ok' | 'failed' | 'not-checked';
  readonly sentence: string;
}

export const failedSet = (id: SetCheckId, sentence: string): SetCheck => ({ id, status: 'failed', sentence });
export const skippedSet = (id: SetCheckId, sentence: string): SetCheck => ({ id, status: 'not-checked', sentence });

/** @param found what was found; nothing: the check holds */
export const concluded = (id: SetCheckId, found: readonly SetCheck[]): SetCheck[] =>
  found.length === 0 ? [{ id, status: 'ok', sentence: SET_CHECKS[id] }] : [...found];

export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

export const bySequence = (a: PlacedMember, b: PlacedMember): number => a.sequence - b.sequence;

/** 1 number, 2 numbers. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** 5, or 5 to 9. */
export const span = (from: number | string, to: number | string): string =>
  from === to ? String(from) : `${from} to ${to}`;

/**
 * What stands at the head of the content of every pack, and who may sign which kind: PIB the sites, calendars, operators
 * and the bulletin (SITE-3), calibration services the certificates (CAL-1). Dates and instants are written as people
 * write them; a date counts in the zone of the site, an instant says its offset.
 */
import { z } from 'zod';
import { utcMs, type UtcMs } from '../../units.js';
import type { PackKind } from '../reference.js';

export const PACK_FORMAT = 'kerbside-pack';

export const ISSUER_KINDS = ['pib', 'calibration'] as const;
export type IssuerKind = (typeof ISSUER_KINDS)[number];

export const ISSUER_OF: Readonly<Record<PackKind, IssuerKind>> = {
  sites: 'pib',
  calendar: 'pib',
  bulletin: 'pib',
  operators: 'pib',
  certificates: 'calibration',
};

/** For sentences. */
export const ISSUER_NAMES: Readonly<Record<IssuerKind, string>> = { pib: 'PIB', calibration: 'calibration services' };

export const text = z.string().trim().min(1).max(120);
export const code = text.max(20);

export const isoDate = z.iso.date({ error: 'expected a calendar date as YYYY-MM-DD' });

/** An instant with its offset; a time without one would mean another instant on another machine. */
export const instant = z.iso.datetime({
  offset: true,
  error: 'expected an instant with its offset as YYYY-MM-DDThh:mm:ss+hh:mm',
});

export const instantOf = (written: string): UtcMs => utcMs(Date.parse(written));

/** The local date on which an instant was written, by its own offset. */
export const dateOf = (written: string): string => written.slice(0, 10);

export const packHead = <Kind extends PackKind>(kind: Kind) => ({
  format: z.literal(PACK_FORMAT),
  version: z.literal(1).describe('Of the format'),
  kind: z.literal(kind),
  serial: z.int().min(1).max(999_999_999).describe('Grows with every issue of this kind'),
  issuedAt: instant.describe('When the issuer released it'),
});

/** The keys of {@link packHead} after parsing. */
export interface Head {
  readonly serial: number;
  readonly issuedAt: string;
}

/** A contradiction between values: where, and a clause that follows the key, `is …, expected …`. */
export interface Complaint {
  readonly path: readonly (string | number)[];
  readonly clause: string;
}

/** An entry whose key stands in the list before it already, and its place. */
export function duplicates<Entry>(entries: readonly Entry[], keyOf: (entry: Entry) => string): number[] {
  const seen = new Set<string>();
  return entries.flatMap((entry, index) => {
    const key = keyOf(entry);
    if (seen.has(key)) return [index];
    seen.add(key);
    return [];
  });
}

/** A date that must not come after the day on which the pack was issued. */
export const notAfterIssue = (
  path: Complaint['path'],
  date: string | null,
  { issuedAt }: Pick<Head, 'issuedAt'>,
): Complaint[] =>
  date === null || date <= dateOf(issuedAt)
    ? []
    : [{ path, clause: `is ${date}, expected at most ${dateOf(issuedAt)}, the day on which the pack is issued` }];

/** The later of two dates must not come before the earlier one. */
export const inOrder = (path: Complaint['path'], earlier: string, later: string | null, what: string): Complaint[] =>
  later === null || later >= earlier ? [] : [{ path, clause: `is ${later}, expected ${earlier} or later, ${what}` }];

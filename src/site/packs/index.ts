/**
 * One door to the content of packs: which schema, which contradictions, which part of the reference data. What is not
 * refused here is believed by the checks of a deployment, so each kind is read strictly and unknown keys are errors.
 */
import type { z } from 'zod';
import type { PackKind, Reference, SitesContent } from '../reference.js';
import { bulletinSchema, checkBulletin, toBulletin } from './bulletin.js';
import { calendarSchema, checkCalendar, toCalendarContent } from './calendar.js';
import { certificatesSchema, checkCertificates, toCertificatesContent } from './certificates.js';
import { instantOf, type Complaint, type Head } from './head.js';
import { checkOperators, operatorsSchema, toOperatorsContent } from './operators.js';
import { checkSites, sitesSchema, toSitesContent } from './sites.js';
import type { UtcMs } from '../../units.js';

/** What a pack adds to the reference data, and the sites of a `sites` pack. */
export interface PackContent {
  readonly reference: Partial<Omit<Reference, 'heads'>>;
  readonly sites: SitesContent['sites'];
}

export type PackReading =
  | { readonly ok: false; readonly issues: readonly z.core.$ZodIssue[]; readonly complaints: readonly Complaint[] }
  | { readonly ok: true; readonly serial: number; readonly issuedUtcMs: UtcMs; readonly content: PackContent };

/** Schema of each kind, for sentences and for editors. */
export const PACK_SCHEMAS: Readonly<Record<PackKind, z.ZodType>> = {
  sites: sitesSchema,
  calendar: calendarSchema,
  bulletin: bulletinSchema,
  operators: operatorsSchema,
  certificates: certificatesSchema,
};

type Reader = (value: unknown) => PackReading;

function reader<File extends Head>(
  schema: z.ZodType<File>,
  check: (file: File) => Complaint[],
  toContent: (file: File) => Partial<PackContent>,
): Reader {
  return (value) => {
    const parsed = schema.safeParse(value);
    if (!parsed.success) return { ok: false, issues: parsed.error.issues, complaints: [] };
    const complaints = check(parsed.data);
    if (complaints.length > 0) return { ok: false, issues: [], complaints };
    const { serial, issuedAt } = parsed.data;
    const content = { reference: {}, sites: [], ...toContent(parsed.data) };
    return { ok: true, serial, issuedUtcMs: instantOf(issuedAt), content };
  };
}

const READERS: Readonly<Record<PackKind, Reader>> = {
  sites: reader(sitesSchema, checkSites, (file) => {
    const { sites, staticCameras } = toSitesContent(file);
    return { sites, reference: { staticCameras } };
  }),
  calendar: reader(calendarSchema, checkCalendar, (file) => ({ reference: toCalendarContent(file) })),
  bulletin: reader(bulletinSchema, checkBulletin, (file) => ({ reference: { bulletin: toBulletin(file) } })),
  operators: reader(operatorsSchema, checkOperators, (file) => ({ reference: toOperatorsContent(file) })),
  certificates: reader(certificatesSchema, checkCertificates, (file) => ({ reference: toCertificatesContent(file) })),
};

/** Everything that is wrong with the value of a parsed document, or what it says. */
export const readPackContent = (kind: PackKind, value: unknown): PackReading => READERS[kind](value);

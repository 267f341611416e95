/** Content of a `bulletin` pack: which camera works where, and until when that is known (DEP-10). */
import { z } from 'zod';
import type { Bulletin } from '../reference.js';
import { checkSpan } from './calendar.js';
import { code, instant, instantOf, packHead, type Complaint } from './head.js';

/** A bulletin that claims to know more than a year ahead who works where has a mistyped date. */
const LONGEST_MS = 366 * 86_400_000;

export const bulletinSchema = z.strictObject({
  ...packHead('bulletin'),
  validFrom: instant,
  validUntil: instant.describe('Afterwards nobody knows from it where others work'),
  deployments: z
    .array(z.strictObject({ siteCode: code, cameraId: code, from: instant, until: instant }))
    .max(5000)
    .default([]),
});

type BulletinFile = z.infer<typeof bulletinSchema>;

export const checkBulletin = ({ validFrom, validUntil, deployments }: BulletinFile): Complaint[] => [
  ...checkSpan(['validUntil'], validFrom, validUntil, LONGEST_MS),
  ...deployments.flatMap(({ from, until }, index) => checkSpan(['deployments', index, 'until'], from, until)),
];

export const toBulletin = ({ validFrom, validUntil, deployments }: BulletinFile): Bulletin => ({
  validFromUtcMs: instantOf(validFrom),
  validUntilUtcMs: instantOf(validUntil),
  deployments: deployments.map(({ siteCode, cameraId, from, until }) => ({
    siteCode,
    cameraId,
    fromUtcMs: instantOf(from),
    untilUtcMs: instantOf(until),
  })),
});

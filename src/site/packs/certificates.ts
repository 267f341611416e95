/**
 * Content of a `certificates` pack of calibration services: certificates of accuracy (CAL-1, CAL-2, CAL-6), repairs and
 * the tests after them (CAL-3), approved types (CAL-4). Whether a certificate is still in force is asked at the time of
 * the deployment; here only what can never be right is refused.
 */
import { z } from 'zod';
import type { ApprovedType, CalibrationCertificate, Repair } from '../reference.js';
import { duplicates, inOrder, isoDate, notAfterIssue, packHead, text, type Complaint } from './head.js';

const kind = z.enum(['camera', 'radar', 'fork', 'site']);
const subject = text.max(40).describe('Camera id, serial number of the radar or the fork, or site code');

export const certificatesSchema = z.strictObject({
  ...packHead('certificates'),
  certificates: z
    .array(
      z.strictObject({
        kind,
        number: text.max(60),
        subject,
        issuer: text,
        issuedOn: isoDate,
        validUntil: isoDate.nullable().default(null).describe('Last day; the 12 months of the rules bind as well'),
        forkKmh: z.number().min(5).max(300).nullable().default(null).describe('CAL-2: what the fork stands for'),
      }),
    )
    .max(20_000),
  repairs: z
    .array(
      z.strictObject({
        kind,
        subject,
        repairedOn: isoDate,
        what: text,
        testedOn: isoDate.nullable().default(null).describe('null: not tested yet, not to be used (CAL-3)'),
        recertify: z.boolean(),
      }),
    )
    .max(20_000)
    .default([]),
  approvedTypes: z
    .array(z.strictObject({ model: text, notice: text, gazettedOn: isoDate }))
    .max(500)
    .default([])
    .describe('CAL-4'),
});

type CertificatesFile = z.infer<typeof certificatesSchema>;

export const checkCertificates = (file: CertificatesFile): Complaint[] => [
  ...duplicates(file.certificates, ({ number }) => number).map((index) => ({
    path: ['certificates', index, 'number'],
    clause: 'is found twice, expected each certificate once',
  })),
  ...file.certificates.flatMap((certificate, index) => {
    const path = ['certificates', index];
    return [
      ...notAfterIssue([...path, 'issuedOn'], certificate.issuedOn, file),
      ...inOrder([...path, 'validUntil'], certificate.issuedOn, certificate.validUntil, 'the day of its issue'),
      ...checkFork(certificate, [...path, 'forkKmh']),
    ];
  }),
  ...file.repairs.flatMap(({ repairedOn, testedOn }, index) => [
    ...notAfterIssue(['repairs', index, 'repairedOn'], repairedOn, file),
    ...notAfterIssue(['repairs', index, 'testedOn'], testedOn, file),
    ...inOrder(['repairs', index, 'testedOn'], repairedOn, testedOn, 'the day of the repair (CAL-3)'),
  ]),
  ...duplicates(file.approvedTypes, ({ model, notice }) => `${model}\n${notice}`).map((index) => ({
    path: ['approvedTypes', index],
    clause: 'is found twice, expected each approved type once',
  })),
  ...file.approvedTypes.flatMap(({ gazettedOn }, index) =>
    notAfterIssue(['approvedTypes', index, 'gazettedOn'], gazettedOn, file),
  ),
];

function checkFork({ kind, forkKmh }: CertificatesFile['certificates'][number], path: Complaint['path']): Complaint[] {
  if ((kind === 'fork') === (forkKmh !== null)) return [];
  const clause =
    forkKmh === null
      ? 'is missing, expected the speed in km/h that the fork stands for (CAL-2)'
      : `is ${forkKmh}, expected none: the certificate is of a ${kind}`;
  return [{ path, clause }];
}

export const toCertificatesContent = ({
  certificates,
  repairs,
  approvedTypes,
}: CertificatesFile): {
  readonly certificates: readonly CalibrationCertificate[];
  readonly repairs: readonly Repair[];
  readonly approvedTypes: readonly ApprovedType[];
} => ({ certificates, repairs, approvedTypes });

/** Content of an `operators` pack: who is trained and certified (OPR-1), and the vehicles of the police (OPR-5). */
import { z } from 'zod';
import type { Operator, PoliceVehicle } from '../reference.js';
import { code, duplicates, inOrder, isoDate, notAfterIssue, packHead, text, type Complaint } from './head.js';

export const operatorsSchema = z.strictObject({
  ...packHead('operators'),
  operators: z
    .array(
      z.strictObject({
        id: code,
        name: text,
        trainedOn: isoDate,
        validUntil: isoDate.describe('Last day of the certification'),
      }),
    )
    .max(5000),
  vehicles: z
    .array(
      z.strictObject({
        registration: text.max(10),
        description: text,
        from: isoDate,
        until: isoDate.nullable().default(null).describe('Last day; null: still in use'),
      }),
    )
    .max(2000),
});

type OperatorsFile = z.infer<typeof operatorsSchema>;

export const checkOperators = (file: OperatorsFile): Complaint[] => [
  ...duplicates(file.operators, ({ id }) => id).map((index) => ({
    path: ['operators', index, 'id'],
    clause: 'is found twice, expected each operator once',
  })),
  ...file.operators.flatMap(({ trainedOn, validUntil }, index) => [
    ...notAfterIssue(['operators', index, 'trainedOn'], trainedOn, file),
    ...inOrder(['operators', index, 'validUntil'], trainedOn, validUntil, 'the day of the training'),
  ]),
  ...duplicates(file.vehicles, ({ registration }) => registration).map((index) => ({
    path: ['vehicles', index, 'registration'],
    clause: 'is found twice, expected each vehicle once',
  })),
  ...file.vehicles.flatMap(({ from, until }, index) =>
    inOrder(['vehicles', index, 'until'], from, until, 'the first day'),
  ),
];

export const toOperatorsContent = ({
  operators,
  vehicles,
}: OperatorsFile): { readonly operators: readonly Operator[]; readonly vehicles: readonly PoliceVehicle[] } => ({
  operators,
  vehicles,
});

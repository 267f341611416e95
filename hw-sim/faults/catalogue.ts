/** All faults that virtual time knows, by name; docs/faults.md is this table. */
import { SimulationProblem } from '../problem.js';
import { CAMERA_FAULTS, LINE_FAULTS, STROBE_FAULTS } from './camera-faults.js';
import type { FaultKind, FaultSpec } from './fault.js';
import { CLOCK_FAULTS, PLACE_FAULTS } from './place-and-time-faults.js';
import { RADAR_FAULTS } from './radar-faults.js';
import { TRACK_FAULTS } from './track-faults.js';
import { OPERATOR_FAULTS, VAN_FAULTS } from './van-faults.js';

export const FAULTS: readonly FaultKind[] = [
  ...RADAR_FAULTS,
  ...TRACK_FAULTS,
  ...PLACE_FAULTS,
  ...CLOCK_FAULTS,
  ...CAMERA_FAULTS,
  ...STROBE_FAULTS,
  ...LINE_FAULTS,
  ...VAN_FAULTS,
  ...OPERATOR_FAULTS,
];

const BY_NAME: ReadonlyMap<string, FaultKind> = new Map(FAULTS.map((each) => [each.name, each]));

/** @returns what is wrong with it, as the end of a sentence; null when nothing is */
export function objectionTo({ kind, amount }: Pick<FaultSpec, 'kind' | 'amount'>): string | null {
  const known = BY_NAME.get(kind);
  if (known === undefined) {
    return `kind: ${kind} is not known, expected one of ${FAULTS.map(({ name }) => name).join(', ')}`;
  }
  if (amount === undefined) return null;
  if (known.amount === null) return `amount: is ${String(amount)}, expected none, since ${kind} has none`;
  const { least, most, unit } = known.amount;
  if (amount >= least && amount <= most) return null;
  return `amount: is ${String(amount)}, expected ${String(least)} to ${String(most)} ${unit}`;
}

/** @throws SimulationProblem where the name is not known */
export function faultKind(name: string): FaultKind {
  const known = BY_NAME.get(name);
  if (known === undefined) throw new SimulationProblem(`fault ${name} is not known, expected one of the catalogue.`);
  return known;
}

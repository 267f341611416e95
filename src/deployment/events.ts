/** Each change of a deployment, as it is chained and as the register tells it (OPR-2). */
import type { MonotonicNs, UtcMs } from '../units.js';

export const EVENT_TYPES = [
  'opened', // plan, equipment, reference data and distances in force
  'state', // from one state of the session to another, and why
  'attestation',
  'test', // fork, radar or alignment
  'doubt', // records that a failed or missing test puts in doubt
  'fault', // TAM-1, OPR-4: an alarm
  'closed',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** `by` of what nobody asked for. */
export const CONTROLLER = 'controller';

export interface DeploymentEvent {
  readonly type: EventType;
  readonly atNs: MonotonicNs;
  readonly utcMs: UtcMs | null;
  /** Operator id, or `controller`. */
  readonly by: string;
  /** Stable: the new state, the check, the test or the alarm. */
  readonly code: string;
  readonly sentence: string;
  /** Plain JSON values, per type; see docs/codes.md. */
  readonly detail: Readonly<Record<string, unknown>>;
}

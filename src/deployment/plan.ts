/** What the operator enters before a deployment begins, and what he vouches for by name. */
import type { Along } from '../site/types.js';
import type { Metres, MonotonicNs, UtcMs } from '../units.js';

export interface DeploymentPlan {
  /** OPR-1; null at a static site, where nobody is on board. */
  readonly operatorId: string | null;
  /** Registration (OPR-5); null at a static site. */
  readonly vehicle: string | null;
  /** Lanes to be monitored, ids of the site's. */
  readonly lanes: readonly string[];
  readonly vanHeading: Along;
  /** From the antenna to the centre of the nearest lane, as measured by the operator (DEP-4). */
  readonly lateralM: Metres;
  /** DEP-6: who gave permission, where the van stands on private land; null: on a roadway. */
  readonly occupier: string | null;
  readonly weather: string | null;
  /** automatic: enforcing follows from ready by itself (static sites). */
  readonly start: 'operator' | 'automatic';
}

export interface Attestation {
  /** Id of the check that it answers. */
  readonly check: string;
  /** Operator id. */
  readonly by: string;
  /** In the operator's words; empty for a plain yes. */
  readonly statement: string;
  /** false: he withdraws it, or says no. */
  readonly given: boolean;
}

export const SELF_TESTS = ['fork', 'radar', 'alignment'] as const;
export type SelfTestName = (typeof SELF_TESTS)[number];

/** Outcome of a test of the equipment. */
export interface TestResult {
  readonly test: SelfTestName;
  readonly passed: boolean;
  readonly atNs: MonotonicNs;
  readonly utcMs: UtcMs | null;
  /** What was found and what was expected. */
  readonly sentence: string;
  /** Serial number of the fork, or ICN of the alignment photo. */
  readonly subject: string | null;
}

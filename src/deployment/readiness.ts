/**
 * Readiness checks as data. Each check is one file in `checks/`: what it is called, which rule it serves, what it makes of
 * the facts. A mandatory check that does not pass keeps the camera from enforcing, whoever asks.
 */
import type { ControllerConfig } from '../controller-config.js';
import type { Reference } from '../site/reference.js';
import type { Site, VanPlacement } from '../site/types.js';
import type { BoardReport, InputLineName, SessionState } from '../timeline.js';
import type { MonotonicNs, UtcMs } from '../units.js';
import type { Heard } from './checks/monitors.js';
import type { Today } from './checks/today.js';
import type { ClockMonitor } from './clock-monitor.js';
import type { Attestation, SelfTestName, TestResult } from './plan.js';
import type { BelievedPosition, PositionMonitor } from './position-monitor.js';
import type { RadarMonitor } from './radar-monitor.js';

/** advisory: shown and warned of, refuses nothing. attestable: the operator vouches for it by name. */
export type CheckForce = 'mandatory' | 'attestable' | 'advisory';

/** Where the value comes from. */
export type CheckSource =
  'radar' | 'gps' | 'clock' | 'camera' | 'lines' | 'board' | 'store' | 'pack' | 'plan' | 'tests';

export type CheckStatus =
  | 'pass'
  | 'fail'
  /** Hidden behind the failure of another check, e.g. movement while there is no fix. Refuses nothing by itself. */
  | 'unknown'
  | 'not-applicable';

/** A sentence, or how it is put together: one that tells an age is another at each look, and told once a second. */
export type Words = string | (() => string);

/** What a check makes of the facts. */
export interface Judgement {
  readonly status: CheckStatus;
  /** Measured; null where there is nothing to measure or it is not known. */
  readonly value: string | number | boolean | null;
  readonly unit: string | null;
  readonly limit: string | number | boolean | null;
  /** When the value was taken; null where it has no age. */
  readonly takenNs: MonotonicNs | null;
  /** With value, unit and limit, for people; says what to do where that is not plain. */
  readonly sentence: Words;
  /** A pass may be relied on up to this moment without looking again; null: until an input says otherwise. */
  readonly holdsUntilNs: MonotonicNs | null;
}

export interface Check {
  /** Stable, said in states, records and the register; names the failure, e.g. camera-certificate. */
  readonly id: string;
  /** Rule id of domain/rules.md, or the part of the equipment (radar, gps, camera …). */
  readonly rule: string;
  readonly title: string;
  readonly force: CheckForce;
  readonly source: CheckSource;
  /** The camera goes on by itself once the check passes again; else the operator starts anew. */
  readonly resumes: boolean;
  /** The same at a static installation, where nobody comes back in the morning; absent: as `resumes` says. */
  readonly resumesAtStatic?: boolean;
  judge(facts: CheckFacts): Judgement;
}

/** A check with what it makes of the facts now, as it is shown. */
export interface Finding extends Omit<Judgement, 'takenNs' | 'holdsUntilNs' | 'sentence'> {
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly force: CheckForce;
  readonly source: CheckSource;
  readonly sentence: string;
  readonly ageMs: number | null;
}

/** Everything that checks may look at. What changes is another object, but for the three monitors, which live. */
export interface ReadinessFacts {
  readonly nowNs: MonotonicNs;
  readonly utcMs: UtcMs | null;
  readonly state: SessionState;
  readonly config: ControllerConfig;
  /** With the limit and threshold that are in force now. */
  readonly site: Site;
  readonly reference: Reference;
  readonly radar: RadarMonitor;
  readonly gps: PositionMonitor;
  readonly clock: ClockMonitor;
  readonly position: BelievedPosition | null;
  readonly van: VanPlacement | null;
  /** null while it is not known. */
  readonly dark: boolean | null;
  readonly lines: Readonly<Record<InputLineName, 0 | 1 | null>>;
  readonly board: BoardFacts;
  readonly store: { readonly usable: boolean; readonly detail: string };
  readonly leasedNumbers: number;
  readonly cameraSynced: boolean;
  /** By check id; withdrawn ones are gone. */
  readonly attestations: ReadonlyMap<string, Attestation>;
  /** The last of each kind. */
  readonly tests: { readonly [Test in SelfTestName]: TestResult | null };
  /** A fork test waits for its fork. */
  readonly forkTestRunning: boolean;
  /** Operator's own halt. */
  readonly halted: boolean;
  readonly oldestUnexportedUtcMs: UtcMs | null;
}

/** The facts as a check gets them, with what follows from them for many. */
export interface CheckFacts extends ReadinessFacts {
  /** null while there is no time. */
  readonly today: Today | null;
  readonly heard: Heard;
}

export interface BoardFacts {
  readonly up: boolean;
  readonly detail: string;
  readonly report: BoardReport | null;
  readonly reportNs: MonotonicNs | null;
}

/** Why the camera may not enforce now: the id of a check and a sentence with the value and the limit. */
export interface Refusal {
  readonly code: string;
  readonly sentence: string;
}

/** What the session looks like now, for the status page and the terminal. Plain data; listeners are told of changes. */
import type { DeploymentPlan } from '../../src/deployment/plan.js';
import type { Finding } from '../../src/deployment/readiness.js';
import type { PassSummary } from '../../src/enforcement/types.js';
import type { SoftwareFacts } from '../../src/evidence/record-context.js';
import type { ConcludedExposure } from '../../src/evidence/types.js';
import type { Output, SessionState } from '../../src/timeline.js';
import type { UtcMs } from '../../src/units.js';

export interface StatusNotice {
  readonly utcMs: UtcMs;
  readonly level: 'info' | 'warning' | 'alarm';
  readonly code: string;
  readonly sentence: string;
}

export interface StatusExposure {
  readonly icn: string;
  readonly kind: ConcludedExposure['kind'];
  readonly reason: string | null;
  readonly speedKmh: number | null;
  readonly limitKmh: number;
  readonly direction: 'towards' | 'away' | null;
  readonly lane: string | null;
  readonly utcMs: UtcMs | null;
  readonly hasImage: boolean;
}

export interface StatusPass {
  readonly passId: number;
  readonly utcMs: UtcMs | null;
  readonly speedKmh: number | null;
  readonly direction: PassSummary['direction'];
  readonly verdict: string;
  readonly reason: string | null;
  readonly icn: string | null;
}

/** The disk with the evidence. */
export interface StatusDisk {
  /** Of what may be written; space or inodes, whichever is scarcer. */
  readonly freeShare: number;
  readonly freeBytes: number;
}

/** The recording of the session. */
export interface StatusRecording {
  /** That is written now; null: nothing was written yet. */
  readonly file: string | null;
  /** Of all its files. */
  readonly bytes: number;
  /** Why it cannot be written; null: it can. */
  readonly error: string | null;
}

/** A site of the imported packs. */
export interface StatusSite {
  readonly code: string;
  readonly road: string;
  readonly locality: string | null;
  readonly limitKmh: number;
}

export interface Status {
  readonly camera: string;
  /** Null, as road and limit, while no deployment is open. */
  readonly siteCode: string | null;
  readonly road: string | null;
  readonly zone: string;
  readonly limitKmh: number | null;
  readonly demo: boolean;
  readonly software: SoftwareFacts;
  /** Sessions so far in which a measuring parameter had changed; null before the deployment is open. */
  readonly eventCounter: number | null;
  readonly deployment: string | null;
  /** What the operator entered; null at the bench and while nothing is open. */
  readonly plan: DeploymentPlan | null;
  /** Where a deployment may be opened; empty at the bench. */
  readonly sites: readonly StatusSite[];
  readonly state: SessionState;
  readonly reasons: readonly { readonly code: string; readonly sentence: string }[];
  /** All readiness checks as the controller judged them last. */
  readonly checks: readonly Finding[];
  readonly storage: { readonly usable: boolean; readonly detail: string };
  /** Null before the first look. */
  readonly disk: StatusDisk | null;
  /** Null while no deployment is open. */
  readonly recording: StatusRecording | null;
  /** EXP-1: when the oldest image was made that PIB has not confirmed; null: there is none. */
  readonly oldestUnexportedUtcMs: UtcMs | null;
  readonly counts: {
    readonly passes: number;
    readonly enforced: number;
    readonly observed: number;
    readonly voided: number;
  };
  /** Newest first. */
  readonly passes: readonly StatusPass[];
  readonly exposures: readonly StatusExposure[];
  readonly notices: readonly StatusNotice[];
}

const tenths = ({ freeShare }: StatusDisk): number => Math.floor(freeShare * 1000);

const tenthsOfMb = ({ bytes }: StatusRecording): number => Math.floor(bytes / 100_000);

const KEPT = { passes: 12, exposures: 12, notices: 20 } as const;

export type StatusIdentity = Pick<
  Status,
  'camera' | 'siteCode' | 'road' | 'zone' | 'limitKmh' | 'demo' | 'software' | 'eventCounter'
> &
  Partial<Pick<Status, 'plan' | 'sites'>>;

/** Before anything has happened. */
export const startingStatus = (identity: StatusIdentity): Status => ({
  plan: null,
  sites: [],
  ...identity,
  deployment: null,
  state: 'closed',
  reasons: [],
  checks: [],
  storage: { usable: true, detail: 'Evidence is stored.' },
  disk: null,
  recording: null,
  oldestUnexportedUtcMs: null,
  counts: { passes: 0, enforced: 0, observed: 0, voided: 0 },
  passes: [],
  exposures: [],
  notices: [],
});

export class StatusBoard {
  #status: Status;
  readonly #listeners = new Set<(status: Status) => void>();

  constructor(identity: StatusIdentity) {
    this.#status = startingStatus(identity);
  }

  get status(): Status {
    return this.#status;
  }

  /** @returns call to be told no more */
  onChange(listener: (status: Status) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  deploymentOpened(deployment: string, eventCounter: number): void {
    this.#change({ deployment, eventCounter });
  }

  state(output: Extract<Output, { type: 'state' }>): void {
    this.#change({ state: output.state, reasons: output.reasons });
  }

  checks(findings: readonly Finding[]): void {
    this.#change({ checks: findings });
  }

  /** The deployment is closed and written down. */
  closed(): void {
    this.#change({ state: 'closed', reasons: [], checks: [] });
  }

  storage(usable: boolean, detail: string): void {
    this.#change({ storage: { usable, detail } });
  }

  /** Listeners hear of whole tenths of a percent only: a disk is never quite still. */
  disk(disk: StatusDisk): void {
    const before = this.#status.disk;
    if (before !== null && tenths(before) === tenths(disk)) return;
    this.#change({ disk });
  }

  /** It grows all the time: listeners hear of tenths of a megabyte. */
  recording(recording: StatusRecording): void {
    const before = this.#status.recording;
    const same = before?.file === recording.file && before.error === recording.error;
    if (same && tenthsOfMb(before) === tenthsOfMb(recording)) this.#status = { ...this.#status, recording };
    else this.#change({ recording });
  }

  unexported(oldestUnexportedUtcMs: UtcMs | null): void {
    if (oldestUnexportedUtcMs !== this.#status.oldestUnexportedUtcMs) this.#change({ oldestUnexportedUtcMs });
  }

  notice(notice: StatusNotice): void {
    this.#change({ notices: [notice, ...this.#status.notices].slice(0, KEPT.notices) });
  }

  pass(pass: PassSummary): void {
    const { counts } = this.#status;
    const { kind, reason } = pass.verdict;
    const row = {
      passId: pass.passId,
      utcMs: pass.utcMs,
      speedKmh: pass.truncatedKmh,
      direction: pass.direction,
      verdict: kind,
      reason,
      icn: pass.icn,
    };
    this.#change({
      passes: [row, ...this.#status.passes].slice(0, KEPT.passes),
      counts: {
        passes: counts.passes + 1,
        enforced: counts.enforced + (kind === 'enforce' ? 1 : 0),
        observed: counts.observed + (kind === 'observe' ? 1 : 0),
        voided: counts.voided + (kind === 'void' ? 1 : 0),
      },
    });
  }

  exposure(exposure: ConcludedExposure, hasImage: boolean): void {
    const { icn, kind, reason, facts } = exposure;
    const row = {
      icn,
      kind,
      reason,
      speedKmh: facts.truncatedKmh,
      limitKmh: facts.limitKmh,
      direction: facts.direction,
      lane: facts.lane,
      utcMs: facts.utcMs,
      hasImage,
    };
    this.#change({ exposures: [row, ...this.#status.exposures].slice(0, KEPT.exposures) });
  }

  #change(change: Partial<Status>): void {
    this.#status = { ...this.#status, ...change };
    for (const listener of this.#listeners) listener(this.#status);
  }
}

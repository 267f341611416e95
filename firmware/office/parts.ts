/** What the office is made of; the composition root fills it with the real world, tests with plain objects. */
import type { ControllerConfig } from '../../src/controller-config.js';
import type { SoftwareFacts } from '../../src/evidence/record-context.js';
import type { Clock } from '../../src/ports/index.js';
import type { EntryEncoder } from '../../src/recording/index.js';
import type { Reference } from '../../src/site/reference.js';
import type { Input } from '../../src/timeline.js';
import type { IcnRange } from '../store/store.js';
import type { FromTrigger, LineSettings, RadarPortSettings, ToTrigger } from '../trigger/messages.js';
import type { FromWorkshop, ToWorkshop } from '../workshop/messages.js';
import type { KeptCertificate, KeptCopy } from './certificates.js';
import type { StartChild } from './child.js';
import type { DiskWatchOptions } from './disk-watch.js';
import type { IoBoardDesk } from './io-board-desk.js';

export interface OfficeTiming {
  /** How long the controller may take to conclude everything after `close`. */
  readonly closeMs: number;
  /** How long the workshop may take for what is left. */
  readonly drainMs: number;
  /** How long a child may take to end. */
  readonly stopMs: number;
  /** Pause before a failed write or seal is tried again. */
  readonly retryMs: number;
  readonly restartMs: readonly number[];
  readonly clockEveryMs: number;
  /** A trigger process that has started speaks every second; one that is silent for so long hangs. */
  readonly silentMs: number;
  /** A seal job that is unanswered for so long never will be: the workshop hangs. */
  readonly sealMs: number;
}

const OFFICE_TIMING: OfficeTiming = {
  closeMs: 20_000,
  drainMs: 20_000,
  stopMs: 3000,
  retryMs: 1000,
  restartMs: [500, 1000, 2000, 5000, 10_000],
  clockEveryMs: 1000,
  silentMs: 10_000,
  sealMs: 60_000,
};

/** The controller itself concludes within the time of an image and 2 s; its messages need a moment more. */
const CONCLUDE_SLACK_MS = 5000;

export function officeTiming({ camera }: ControllerConfig): OfficeTiming {
  return { ...OFFICE_TIMING, closeMs: Math.max(OFFICE_TIMING.closeMs, camera.imageTimeoutMs + CONCLUDE_SLACK_MS) };
}

/** Where sentences for people go while the session runs. */
export interface Say {
  progress(text: string): void;
  warn(text: string): void;
}

export interface OfficeParts {
  readonly dataDir: string;
  readonly range: IcnRange;
  readonly imageFolder: string;
  readonly controller: ControllerConfig;
  readonly port: RadarPortSettings;
  readonly lines: LineSettings;
  readonly software: SoftwareFacts;
  readonly keys: {
    readonly folder: string;
    /** @throws KerbsideError 'key-missing', 'key-unusable': nothing could be sealed, so no deployment is opened */
    check(): Promise<void>;
  };
  readonly certificates: readonly KeptCertificate[];
  /**
   * The files of these packs, to lie in `certificates/` of each deployment that goes by them (CAL-5).
   * @throws KerbsideError 'pack-unreadable'
   */
  readonly packs?: (reference: Reference) => readonly KeptCopy[];
  /** Who started the session: the user of the operating system. */
  readonly who: string;
  readonly clock: Clock;
  /** Both clocks, read together. */
  readonly clockInput: () => Extract<Input, { type: 'clock' }>;
  readonly startTrigger: StartChild<ToTrigger, FromTrigger>;
  readonly startWorkshop: StartChild<ToWorkshop, FromWorkshop>;
  readonly startPosition: (onInput: (input: Input) => void) => { stop(): void };
  /** Left out: there is no I/O board. */
  readonly startIoBoard?: (onInput: (input: Input) => void) => IoBoardDesk;
  readonly recording: {
    readonly partMb: number;
    readonly keepMb: number;
    readonly encoder: EntryEncoder;
  };
  readonly say: Say;
  readonly timing: OfficeTiming;
  /** Another disk than the one of `dataDir`, or looked at more often: for tests. */
  readonly disk?: Pick<DiskWatchOptions, 'read' | 'everyMs' | 'patienceMs'>;
}

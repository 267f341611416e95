/**
 * The black box of a session: takes what the trigger's loop has kept and writes it into the deployment's recording. Its
 * disk may fail without ending enforcement: what is enforced does not depend on it, and what is missing says so itself.
 *
 * The controller speaks before the deployment has a number, so the beginning waits here. A controller that was started
 * again begins another life in the same recording. After image 999 the numbers go on in the next deployment; the recording
 * stays in the folder in which it began.
 */
import { join } from 'node:path';
import type { ControllerConfig } from '../../src/controller-config.js';
import { DEFAULT_ICN_SCHEME } from '../../src/evidence/icn.js';
import type { SoftwareFacts } from '../../src/evidence/record-context.js';
import type { Clock } from '../../src/ports/index.js';
import type { EntryEncoder, RecordingHead, Step } from '../../src/recording/index.js';
import type { MonotonicNs, UtcMs } from '../../src/units.js';
import { pruneRecordings } from '../recording/prune.js';
import { RecordingWriter } from '../recording/writer.js';
import type { KnownDeployments } from '../store/exhibit-table.js';
import type { RecordedBatch } from '../trigger/recording-ring.js';
import type { OfficeParts } from './parts.js';
import type { Records } from './records.js';
import type { StatusRecording } from './status.js';

export interface RecorderOptions {
  readonly dataDir: string;
  readonly partMb: number;
  readonly keepMb: number;
  readonly encoder: EntryEncoder;
  readonly controller: ControllerConfig;
  readonly software: SoftwareFacts;
  readonly clock: Clock;
  readonly retryMs: number;
  readonly deployments: () => Promise<KnownDeployments>;
  readonly onStatus: (status: StatusRecording) => void;
  readonly onNotice: (level: 'info' | 'warning' | 'alarm', code: string, sentence: string) => void;
  /** What may wait before the deployment has a number, in steps: for tests. */
  readonly mostEarlySteps?: number;
}

type Life = Pick<RecordingHead, 'life' | 'atNs' | 'utcMs'>;

const MOST_EARLY_STEPS = 100_000;
const MB = 1_000_000;

/** For the session of these records. */
export function recorderOf(parts: OfficeParts, records: Records): Recorder {
  const { dataDir, recording, controller, software, clock, timing } = parts;
  return new Recorder({
    ...{ dataDir, ...recording, controller, software, clock, retryMs: timing.retryMs },
    deployments: () => records.store.knownDeployments(),
    onStatus: (status) => {
      records.board.recording(status);
    },
    onNotice: (level, code, sentence) => {
      records.notice(level, code, sentence);
    },
  });
}

export class Recorder {
  readonly #options: RecorderOptions;
  #writer: RecordingWriter | null = null;
  #deployment: number | null = null;
  #life: Life | null = null;
  /** The life's head is written with its first step: a controller that never ran leaves nothing. */
  #headWritten = false;
  #lives = 0;
  #early: RecordedBatch[] = [];
  #earlySteps = 0;
  #earlyLost: { readonly atNs: MonotonicNs; inputs: number } | null = null;
  readonly #sizes = new Map<string, number>();
  #error: string | null = null;
  #pruning: Promise<void> = Promise.resolve();
  #warnedOfBound = false;
  #broken = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** A trigger process was started: another controller, another life. */
  begin(): void {
    this.#lives += 1;
    this.#life = { life: this.#lives, ...this.#clocks() };
    this.#headWritten = false;
  }

  take(batch: RecordedBatch): void {
    if (this.#writer === null) this.#keep(batch);
    else this.#write(this.#writer, batch);
  }

  /** The controller's process is dead: what it said last goes to the disk now. */
  ended(): void {
    this.#writer?.flush();
  }

  /** The deployment has its number. */
  open(deployment: number): void {
    const { dataDir, encoder, partMb, retryMs, onNotice } = this.#options;
    const printed = DEFAULT_ICN_SCHEME.formatDeployment(deployment);
    this.#deployment = deployment;
    const writer = new RecordingWriter({
      folder: join(dataDir, 'evidence', printed),
      ...{ encoder, partMb, retryMs },
      clocks: () => this.#clocks(),
      onFailure: (sentence) => {
        this.#error = sentence;
        this.#tell();
        onNotice('alarm', 'recording-failed', sentence);
      },
      onRecovery: (lost) => {
        this.#error = null;
        this.#tell();
        const missing = lost === 0 ? 'nothing is missing in it' : `${lost} inputs are missing in it`;
        onNotice('warning', 'recording-resumed', `Recording ${writer.path} is written again; ${missing}.`);
      },
      onWritten: (path, bytes) => {
        const begun = !this.#sizes.has(path);
        this.#sizes.set(path, bytes);
        this.#tell();
        if (begun) this.#prune();
      },
    });
    this.#writer = writer;
    for (const batch of this.#early.splice(0)) this.#write(writer, batch);
    if (this.#earlyLost !== null) this.#write(writer, { steps: [], lost: this.#earlyLost });
  }

  /**
   * @param how `clean`: the session is over; `broken-off`: it ends without its order, and the recording shows it
   * @param patienceMs what a disk that goes on failing is given
   */
  async close(how: 'clean' | 'broken-off', patienceMs: number): Promise<void> {
    const writer = this.#writer;
    this.#writer = null;
    if (writer !== null && !(await writer.close(patienceMs, how === 'clean'))) {
      const sentence = `Recording ${writer.path} has no clean end: it could not be written in time.`;
      this.#options.onNotice('alarm', 'recording-failed', sentence);
    }
    await this.#pruning;
  }

  #keep(batch: RecordedBatch): void {
    const { mostEarlySteps = MOST_EARLY_STEPS } = this.#options;
    if (this.#earlyLost === null && this.#earlySteps + batch.steps.length <= mostEarlySteps) {
      this.#early.push(batch);
      this.#earlySteps += batch.steps.length;
      return;
    }
    const inputs = batch.steps.length + (batch.lost?.inputs ?? 0);
    const atNs = batch.steps[0]?.input.atNs ?? batch.lost?.atNs ?? this.#clocks().atNs;
    this.#earlyLost ??= { atNs, inputs: 0 };
    this.#earlyLost.inputs += inputs;
  }

  #write(writer: RecordingWriter, { steps, lost }: RecordedBatch): void {
    const life = this.#life;
    if (life === null) return;
    if (!this.#headWritten) writer.begin(this.#head(life));
    this.#headWritten = true;
    for (const step of steps) this.#step(writer, step);
    if (lost !== null) writer.lost(lost.atNs, lost.inputs);
  }

  /** What cannot be encoded is a defect of the recording, and none of enforcement. */
  #step(writer: RecordingWriter, { input, outputs }: Step): void {
    try {
      writer.step(input, outputs);
    } catch (error) {
      writer.lost(input.atNs, 1);
      if (this.#broken) return;
      this.#broken = true;
      const reason = error instanceof Error ? error.message : String(error);
      const sentence = `Recording ${writer.path}: an input of the type ${input.type} is missing in it (${reason}).`;
      this.#options.onNotice('alarm', 'recording-failed', sentence);
    }
  }

  #head(life: Life): RecordingHead {
    const { controller, software } = this.#options;
    const { version, commit, sha256 } = software;
    return {
      ...{ layout: 1, entriesBefore: 0, ...life },
      deployment: DEFAULT_ICN_SCHEME.formatDeployment(this.#deployment ?? 0),
      software: { version, commit, sha256 },
      config: controller,
    };
  }

  #clocks(): { readonly atNs: MonotonicNs; readonly utcMs: UtcMs } {
    const { clock } = this.#options;
    return { atNs: clock.monotonicNs(), utcMs: clock.utcMs() };
  }

  #tell(): void {
    const files = [...this.#sizes];
    const [file] = files.at(-1) ?? [this.#writer?.path ?? null];
    const bytes = files.reduce((sum, [, size]) => sum + size, 0);
    this.#options.onStatus({ file, bytes, error: this.#error });
  }

  #prune(): void {
    this.#pruning = this.#pruning
      .then(() => this.#pruneNow())
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#options.onNotice('warning', 'recording-kept', `Old recordings cannot be looked through (${reason}).`);
      });
  }

  async #pruneNow(): Promise<void> {
    const { dataDir, keepMb, deployments, onNotice } = this.#options;
    const keepBytes = keepMb * MB;
    const current = this.#deployment ?? 0;
    const { deleted, bytes } = await pruneRecordings({ dataDir, keepBytes, deployments: await deployments(), current });
    if (deleted.length > 0) {
      const names = deleted.join(', ');
      onNotice('info', 'recording-pruned', `Recordings of deployments without an exhibit were deleted: ${names}.`);
    }
    if (bytes <= keepBytes || this.#warnedOfBound) return;
    this.#warnedOfBound = true;
    const found = `Recordings take ${Math.ceil(bytes / MB)} MB, recording.keepMb is ${keepMb}`;
    onNotice('warning', 'recording-kept', `${found}; exhibits or this session need all of them, so they are kept.`);
  }
}

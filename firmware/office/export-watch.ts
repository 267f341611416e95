/**
 * EXP-1: tells the controller and the status page how old the oldest image is that PIB has not confirmed: at the start,
 * every hour, and when the first one has been sealed. The age itself is judged by the readiness checks; here it becomes a
 * warning or an alarm, once for each level, so that it also stands in the log and in the register.
 */
import { exportAge, noticeLevel } from '../../src/deployment/export-age.js';
import type { Input } from '../../src/timeline.js';
import type { Clock } from '../../src/ports/index.js';
import type { Records } from './records.js';

/** Code of the notice, as of the check that says the same. */
export const EXPORT_DUE = 'export-due';

const EVERY_MS = 3_600_000;

export class ExportWatch {
  readonly #records: Records;
  readonly #clock: Clock;
  readonly #toController: (input: Input) => void;
  readonly #timer: NodeJS.Timeout;
  #said: string | null = null;

  constructor(records: Records, clock: Clock, toController: (input: Input) => void) {
    this.#records = records;
    this.#clock = clock;
    this.#toController = toController;
    this.#timer = setInterval(() => {
      void this.look().catch(() => undefined);
    }, EVERY_MS);
    this.#timer.unref();
    records.onImage = () => {
      if (records.board.status.oldestUnexportedUtcMs === null) void this.look().catch(() => undefined);
    };
  }

  /** Rejects where the store cannot be read; the next hour asks again. */
  async look(): Promise<void> {
    const oldestUtcMs = await this.#records.store.oldestUnexportedUtcMs();
    this.#records.board.unexported(oldestUtcMs);
    this.#toController({ type: 'unexported', atNs: this.#clock.monotonicNs(), oldestUtcMs });
    const { level, sentence } = exportAge(oldestUtcMs, this.#clock.utcMs());
    if (level === this.#said) return;
    this.#said = level;
    const notice = noticeLevel(level);
    if (notice !== null) this.#records.notice(notice, EXPORT_DUE, sentence);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#records.onImage = null;
  }
}

/**
 * EXP-1: tells the controller and the status page how old the oldest image is that PIB has not confirmed: at the start,
 * every hour, and when the first one has been sealed. The age itself is judged by the readiness checks.
 */
import type { Input } from '../../src/timeline.js';
import type { Clock } from '../../src/ports/index.js';
import type { Records } from './records.js';

const EVERY_MS = 3_600_000;

export class ExportWatch {
  readonly #records: Records;
  readonly #clock: Clock;
  readonly #toController: (input: Input) => void;
  readonly #timer: NodeJS.Timeout;

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
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#records.onImage = null;
  }
}

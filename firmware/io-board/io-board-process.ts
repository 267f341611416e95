/**
 * The I/O board's process without its channel to the office: waits for the board, speaks with it, and ends when it is
 * lost; the office starts the next one. While there is no board it waits here, since that costs nothing: what leaks is a
 * board that was known.
 */
import { EXIT, KerbsideError, type ExitCode } from '../../src/errors.js';
import type { SessionState } from '../../src/timeline.js';
import type { MonotonicNs } from '../../src/units.js';
import { openBoardPort } from './board-port.js';
import { BoardSession } from './board-session.js';
import type { FromIoBoard, IoBoardSettings, ToIoBoard } from './messages.js';

const LOOK_EVERY_MS = 250;
const ALIVE_EVERY_MS = 1000;

export interface IoBoardProcessParts {
  readonly send: (message: FromIoBoard) => void;
  /** Says `stopped` and ends the process. */
  readonly end: (code: ExitCode) => void;
  readonly nowNs: () => MonotonicNs;
}

export class IoBoardProcess {
  readonly #parts: IoBoardProcessParts;
  #session: BoardSession | null = null;
  #state: SessionState = 'closed';
  #link: boolean | null = null;
  #detail = '';
  #ending = false;

  constructor(parts: IoBoardProcessParts) {
    this.#parts = parts;
  }

  take(message: ToIoBoard): void {
    if (message.type === 'start') {
      setInterval(() => this.#parts.send({ type: 'alive' }), ALIVE_EVERY_MS);
      void this.#open(message.settings).catch((error: unknown) => this.fail(error));
    } else if (message.type === 'lamp') {
      this.#state = message.state;
      this.#session?.show(message.state);
    } else {
      void this.stop();
    }
  }

  /** Puts the lamp out and ends. */
  async stop(): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    await this.#session?.stop();
    this.#parts.end(EXIT.good);
  }

  /** What nobody foresaw: the next process may fare better. */
  fail(error: unknown): void {
    this.#lost(
      `The I/O board's process failed (${error instanceof Error ? error.message : String(error)}).`,
      EXIT.internal,
    );
  }

  async #open(settings: IoBoardSettings): Promise<void> {
    if (this.#ending) return;
    try {
      const port = await openBoardPort(settings);
      const { nowNs } = this.#parts;
      this.#session = new BoardSession(port, settings, {
        nowNs,
        onReport: (report, atNs) => {
          this.#tell(true, `ioBoard.port: ${settings.port} answers`);
          this.#parts.send({ type: 'input', input: { type: 'board', atNs, report } });
        },
        onLost: (detail) => this.#lost(`ioBoard.port: ${settings.port} ${detail}`, EXIT.deviceMissing),
      });
      this.#session.show(this.#state);
    } catch (error) {
      if (!(error instanceof KerbsideError)) throw error;
      this.#tell(false, error.message);
      setTimeout(() => {
        void this.#open(settings).catch((failure: unknown) => this.fail(failure));
      }, LOOK_EVERY_MS);
    }
  }

  #lost(detail: string, code: ExitCode): void {
    if (this.#ending) return;
    this.#ending = true;
    this.#tell(false, detail);
    this.#parts.end(code);
  }

  #tell(up: boolean, detail: string): void {
    if (up === this.#link && detail === this.#detail) return;
    this.#link = up;
    this.#detail = detail;
    this.#parts.send({ type: 'input', input: { type: 'board-link', atNs: this.#parts.nowNs(), up, detail } });
  }
}

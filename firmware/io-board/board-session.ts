/**
 * One connection to the board, from the open port to its loss. There is one in the life of the process: johnny-five keeps
 * every board it ever knew (16 kB each), knows no reconnection and goes on writing to a dead port.
 *
 * johnny-five gets a Firmata that is ready already. Its own way, to wait for one that connects, needs the port's `open`
 * event, which has passed here: what is written before a port is open would be lost.
 */
import Firmata from 'firmata';
import five, { type Board } from 'johnny-five';
import type { SerialPort } from 'serialport';
import type { BoardReport, SessionState } from '../../src/timeline.js';
import type { MonotonicNs } from '../../src/units.js';
import { Inputs } from './inputs.js';
import { Lamp } from './lamp.js';
import type { IoBoardSettings } from './messages.js';
import { objectToPins } from './pins.js';

const ASK_EVERY_MS = 100;
/** Questions in a row without a full answer; counted in turns, so that a process that was held up blames itself. */
const MOST_UNANSWERED = 10;
/** An Uno needs 2 s: its boot loader waits for a new program. */
const HANDSHAKE_MS = 8000;
const ASK_VERSION_MS = 1000;
/** Unasked-for analog reports would only be old readings in the way. */
const SAMPLING_MS = 10_000;
/** From here on REPORT_DIGITAL is answered and PULLUP is a mode. */
const OLDEST_PROTOCOL: readonly [number, number] = [2, 5];

export interface BoardSessionHooks {
  readonly nowNs: () => MonotonicNs;
  /** `atNs`: a moment before the board was read and after the question was put. */
  readonly onReport: (report: BoardReport, atNs: MonotonicNs) => void;
  /** Once. `detail` follows the name of the port: `was unplugged`. */
  readonly onLost: (detail: string) => void;
}

export class BoardSession {
  readonly #port: SerialPort;
  readonly #settings: IoBoardSettings;
  readonly #hooks: BoardSessionHooks;
  readonly #io: Firmata;
  readonly #timers: NodeJS.Timeout[] = [];
  #inputs: Inputs | null = null;
  #lamp: Lamp | null = null;
  #state: SessionState = 'closed';
  #asking = false;
  #unanswered = 0;
  #trouble = '';
  #over = false;

  /** @param port just opened */
  constructor(port: SerialPort, settings: IoBoardSettings, hooks: BoardSessionHooks) {
    this.#port = port;
    this.#settings = settings;
    this.#hooks = hooks;
    port.on('close', () => this.#lost('was unplugged'));
    port.on('error', (error) => this.#lost(`failed (${error.message})`));
    this.#io = new Firmata(port, { reportVersionTimeout: 1, samplingInterval: SAMPLING_MS });
    this.#io.on('error', (error: Error) => this.#lost(`failed (${error.message})`));
    this.#io.once('ready', () => this.#onFirmata());
    const again = setInterval(() => {
      this.#io.reportVersion(() => undefined);
      this.#io.queryFirmware(() => undefined);
    }, ASK_VERSION_MS);
    // Not once more: its answer would come when the board is in use, and look like a restart.
    this.#io.once('reportversion', () => clearInterval(again));
    const patience = setTimeout(() => {
      this.#lost(`says nothing of Firmata within ${HANDSHAKE_MS / 1000} s; expected a board with StandardFirmata`);
    }, HANDSHAKE_MS);
    this.#timers.push(again, patience);
  }

  show(state: SessionState): void {
    this.#state = state;
    if (!this.#over) this.#lamp?.show(state);
  }

  /** Puts the lamp out. Resolves when the board has it, or the port is dead. */
  async stop(): Promise<void> {
    this.show('closed');
    this.#end();
    await new Promise<void>((resolve) => {
      if (this.#port.isOpen) this.#port.drain(() => resolve());
      else resolve();
    });
  }

  #onFirmata(): void {
    this.#clearTimers();
    if (this.#over) return;
    const { major = 0, minor = 0 } = this.#io.version;
    const [oldestMajor, oldestMinor] = OLDEST_PROTOCOL;
    if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
      this.#lost(`speaks Firmata ${major}.${minor}; expected ${OLDEST_PROTOCOL.join('.')} or later`);
      return;
    }
    const objection = objectToPins(this.#io, this.#settings.pins);
    if (objection !== null) {
      this.#lost(`does not fit: ${objection}`);
      return;
    }
    // Nobody asks for these from here on: a board that says them has just started.
    for (const greeting of ['reportversion', 'queryfirmware']) {
      this.#io.on(greeting, () => this.#lost('has restarted by itself'));
    }
    const board = new five.Board({ io: this.#io, repl: false, sigint: false, debug: false });
    board.on('error', (error: unknown) => this.#lost(`failed (${String(error)})`));
    board.once('ready', () => this.#run(board));
  }

  #run(board: Board): void {
    if (this.#over) return;
    this.#inputs = new Inputs(board, this.#io, this.#settings, this.#hooks.nowNs);
    this.#lamp = new Lamp(board, this.#settings.pins.lamp);
    this.#lamp.show(this.#state);
    this.#timers.push(setInterval(() => this.#ask(), ASK_EVERY_MS));
    this.#ask();
  }

  #ask(): void {
    if (this.#over) return;
    if (this.#unanswered >= MOST_UNANSWERED) {
      const seconds = (MOST_UNANSWERED * ASK_EVERY_MS) / 1000;
      this.#lost(this.#asking ? `has been silent for ${seconds} s` : this.#trouble);
      return;
    }
    this.#unanswered += 1;
    if (this.#asking) return;
    this.#asking = true;
    const askedNs = this.#hooks.nowNs();
    this.#inputs?.ask((restarted) => this.#answered(askedNs, restarted));
  }

  #answered(askedNs: MonotonicNs, restarted: boolean): void {
    this.#asking = false;
    if (this.#over || this.#inputs === null) return;
    if (restarted) {
      this.#lost('has restarted by itself');
      return;
    }
    const report = this.#inputs.read(askedNs);
    if (typeof report === 'string') {
      this.#trouble = report;
      return;
    }
    this.#unanswered = 0;
    this.#hooks.onReport(report, askedNs);
  }

  #lost(detail: string): void {
    if (this.#over) return;
    this.#end();
    this.#hooks.onLost(detail);
  }

  #end(): void {
    this.#over = true;
    this.#lamp?.leave();
    this.#clearTimers();
  }

  #clearTimers(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
  }
}

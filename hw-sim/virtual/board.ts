/**
 * What the I/O board of the pretend van reports: park lights on (the scenario's light is pretended, the sun over its place
 * is not), tailgate shut, loop whole, and the operator's key. Each change at once, everything again before it is a second old.
 */
import type { BoardReport, VanEvent } from '../../src/ports/pretend.js';
import { monotonicNs, NS_PER_S } from '../../src/units.js';
import type { Agenda } from './agenda.js';

/** A report counts for a second. The real board tells ten times as often, which every input of the controller has to pay for. */
const REPORT_EVERY_S = 0.8;
/** A board that is plugged in starts first. */
const STARTS_S = 2;

const ALL_WELL: BoardReport = {
  tailgateOpen: false,
  tailgateClosed: true,
  parkLights: true,
  tamperLoopWhole: true,
  batteryV: 12.6,
  cabinetC: 25,
  flashReady: true,
  armKey: false,
};

export class Board {
  readonly #agenda: Agenda;
  readonly #tell: (event: VanEvent) => void;
  #report = ALL_WELL;
  #plugged = false;
  /** Of the reports that an earlier cable brought nothing must come. */
  #plugs = 0;

  constructor(agenda: Agenda, tell: (event: VanEvent) => void) {
    this.#agenda = agenda;
    this.#tell = tell;
  }

  plug(atNs: number): void {
    this.#plugs += 1;
    const mine = this.#plugs;
    const again = (at: number): void => {
      if (!this.#plugged || mine !== this.#plugs) return;
      this.#say(at);
      this.#agenda.add(at + REPORT_EVERY_S * NS_PER_S, again);
    };
    this.#agenda.add(atNs + STARTS_S * NS_PER_S, (at) => {
      if (mine !== this.#plugs) return;
      this.#plugged = true;
      this.#tell({ type: 'board-link', atNs: monotonicNs(at), up: true, detail: 'opened' });
      again(at);
    });
  }

  unplug(atNs: number): void {
    this.#plugs += 1;
    if (!this.#plugged) return;
    this.#plugged = false;
    this.#tell({ type: 'board-link', atNs: monotonicNs(atNs), up: false, detail: 'was unplugged' });
  }

  set(changes: Partial<BoardReport>, atNs: number): void {
    this.#report = { ...this.#report, ...changes };
    if (this.#plugged) this.#say(atNs);
  }

  #say(atNs: number): void {
    this.#tell({ type: 'board', atNs: monotonicNs(atNs), report: this.#report });
  }
}

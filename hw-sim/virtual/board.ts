/** What the I/O board of the pretend van reports: park lights on, tailgate shut, loop whole, and the operator's key. */
import type { BoardReport, VanEvent } from '../../src/ports/pretend.js';
import { monotonicNs, NS_PER_S } from '../../src/units.js';
import type { Agenda } from './agenda.js';

/** As `firmware/io-board` reports. */
const REPORT_EVERY_S = 0.5;

const ALL_WELL: BoardReport = {
  tailgateOpen: false,
  tailgateClosed: true,
  parkLights: true,
  tamperLoopWhole: true,
  batteryV: 12.7,
  cabinetC: 24.5,
  flashReady: true,
  armKey: false,
};

export class Board {
  readonly #agenda: Agenda;
  readonly #tell: (event: VanEvent) => void;
  #report = ALL_WELL;

  constructor(agenda: Agenda, tell: (event: VanEvent) => void) {
    this.#agenda = agenda;
    this.#tell = tell;
  }

  begin(atNs: number): void {
    this.#tell({ type: 'board-link', atNs: monotonicNs(atNs), up: true, detail: 'pretend I/O board plugged in' });
    const again = (at: number): void => {
      this.#agenda.add(at + REPORT_EVERY_S * NS_PER_S, again);
      this.#say(at);
    };
    this.#agenda.add(atNs + 0.4 * NS_PER_S, again);
  }

  turnKey(on: boolean, atNs: number): void {
    this.#report = { ...this.#report, armKey: on };
    this.#say(atNs);
  }

  #say(atNs: number): void {
    this.#tell({ type: 'board', atNs: monotonicNs(atNs), report: this.#report });
  }
}

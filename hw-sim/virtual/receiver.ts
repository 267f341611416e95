/**
 * The pretend GPS receiver behind gpsd in virtual time: its reports once a second, shortly after the second that they are
 * of; no position under a covered sky; silence, which a client takes for a lost link after a while.
 */
import type { VanEvent } from '../../src/ports/pretend.js';
import { monotonicNs, NS_PER_MS, NS_PER_S } from '../../src/units.js';
import { lostReport, skyReport, tpvReport, type ReceiverPlace, type Reception } from '../instruments/gpsd-reports.js';
import type { Random } from '../prng.js';
import type { Agenda } from './agenda.js';

export interface ReceiverParts {
  readonly place: ReceiverPlace;
  readonly random: Random;
  readonly agenda: Agenda;
  readonly tell: (event: VanEvent) => void;
  readonly utcAt: (atNs: number) => number;
}

/** From the second to the report of it. */
const DELAY_MS = [80, 160] as const;
/** Satellites change slowly; nobody needs them every second. */
const SKY_EVERY = 10;
/** As the controller's client of gpsd counts it. */
const LINK_LOST_S = 5;

export class Receiver {
  readonly #parts: ReceiverParts;
  #reception: Reception = 'fix';
  #linkUp = true;
  #silentSinceNs = 0;
  #count = 0;

  constructor(parts: ReceiverParts) {
    this.#parts = parts;
  }

  begin(atNs: number): void {
    this.#link(true, atNs);
    this.#afterSecond(atNs);
  }

  set(reception: Reception, atNs: number): void {
    if (reception === 'silent' && this.#reception !== 'silent') this.#silentSinceNs = atNs;
    this.#reception = reception;
  }

  #afterSecond(secondNs: number): void {
    const { agenda, random } = this.#parts;
    agenda.add(Math.round(secondNs + random.between(...DELAY_MS) * NS_PER_MS), (at) => {
      this.#afterSecond(secondNs + NS_PER_S);
      this.#report(secondNs, at);
    });
  }

  #report(secondNs: number, atNs: number): void {
    const { place, random, utcAt } = this.#parts;
    this.#count += 1;
    if (this.#reception === 'silent') {
      if (this.#linkUp && atNs - this.#silentSinceNs >= LINK_LOST_S * NS_PER_S) this.#link(false, atNs);
      return;
    }
    if (!this.#linkUp) this.#link(true, atNs);
    const hasFix = this.#reception === 'fix';
    this.#line(hasFix ? tpvReport(place, random, utcAt(secondNs)) : lostReport(), atNs);
    if (this.#count % SKY_EVERY === 1) this.#line(skyReport(hasFix, secondNs / NS_PER_S), atNs);
  }

  #line(report: object, atNs: number): void {
    this.#parts.tell({ type: 'gps-line', atNs: monotonicNs(atNs), line: JSON.stringify(report) });
  }

  #link(up: boolean, atNs: number): void {
    this.#linkUp = up;
    const detail = up ? 'gpsd speaks' : `gpsd silent for ${String(LINK_LOST_S)} s`;
    this.#parts.tell({ type: 'gps-link', atNs: monotonicNs(atNs), up, detail });
  }
}

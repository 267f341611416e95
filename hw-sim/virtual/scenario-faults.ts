/** The faults that a scenario file itself asks for (`scenarios/schema.ts`), as `van.ts` brings them about in real time. */
import type { TruthFault } from '../../src/ports/pretend.js';
import { NS_PER_S } from '../../src/units.js';
import type { Fault } from '../scenarios/schema.js';
import type { Agenda } from './agenda.js';
import type { Board } from './board.js';
import type { VirtualRadar } from './radar.js';
import type { Receiver } from './receiver.js';

export interface Instruments {
  readonly agenda: Agenda;
  readonly radar: VirtualRadar;
  readonly receiver: Receiver;
  readonly board: Board;
}

const TARGETS: Readonly<Record<Fault['kind'], string>> = {
  'radar-unplugged': 'radar',
  'gps-no-fix': 'gps',
  'gps-silent': 'gps',
  'board-unplugged': 'board',
  'tailgate-half-way': 'board',
};

export class ScenarioFaults {
  readonly #faults: readonly Fault[];
  readonly #instruments: Instruments;
  readonly done: TruthFault[] = [];

  constructor(faults: readonly Fault[], instruments: Instruments) {
    this.#faults = faults;
    this.#instruments = instruments;
  }

  /** @param startNs second 0 of the scenario */
  begin(startNs: number): void {
    for (const { kind, fromS, toS } of this.#faults) {
      this.#instruments.agenda.add(startNs + fromS * NS_PER_S, (at) => {
        this.done.push({ fault: kind, target: TARGETS[kind], fromS, toS, note: 'asked for by the scenario' });
        this.#set(kind, true, at);
      });
      this.#instruments.agenda.add(startNs + toS * NS_PER_S, (at) => {
        this.#set(kind, false, at);
      });
    }
  }

  #set(kind: Fault['kind'], broken: boolean, atNs: number): void {
    const { radar, receiver, board } = this.#instruments;
    switch (kind) {
      case 'radar-unplugged':
        if (broken) radar.unplug(atNs);
        else radar.plug(atNs);
        return;
      case 'board-unplugged':
        if (broken) board.unplug(atNs);
        else board.plug(atNs);
        return;
      case 'tailgate-half-way':
        board.set({ tailgateClosed: !broken }, atNs);
        return;
      case 'gps-no-fix':
      case 'gps-silent':
        receiver.set(broken ? (kind === 'gps-silent' ? 'silent' : 'no-fix') : 'fix', atNs);
    }
  }
}

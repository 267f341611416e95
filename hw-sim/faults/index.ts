/**
 * The faults of a scenario at work: each begins and ends at its time, takes hold where its kind says, one after the other
 * in the order of the scenario, and is written down as done.
 */
import type { OutputLineName, TruthFault, VanEvent } from '../../src/ports/pretend.js';
import { monotonicNs, NS_PER_S } from '../../src/units.js';
import { createRandom } from '../prng.js';
import type { Echo } from '../road/beam.js';
import { Agenda } from '../virtual/agenda.js';
import type { Lies, LineChange } from '../virtual/lies.js';
import { faultKind } from './catalogue.js';
import type { FaultSpec, Hold } from './fault.js';

interface Planned {
  readonly spec: FaultSpec;
  readonly hold: Hold;
  active: boolean;
}

export function createLies(specs: readonly FaultSpec[], seed: number): Lies {
  return new Faults(specs, seed);
}

class Faults implements Lies {
  readonly misalignmentDeg: number;
  readonly #planned: readonly Planned[];
  readonly #agenda = new Agenda();
  readonly #made: VanEvent[] = [];
  readonly #done: TruthFault[] = [];
  #active: Planned[] = [];

  constructor(specs: readonly FaultSpec[], seed: number) {
    this.#planned = specs.map((spec, index) => {
      const kind = faultKind(spec.kind);
      const random = createRandom(seed, `fault ${String(index)} ${spec.kind}`);
      return { spec, hold: kind.make(spec.amount ?? kind.amount?.usual ?? 0, random, spec), active: false };
    });
    this.misalignmentDeg = this.#planned.reduce((sum, { hold }) => sum + (hold.misalignmentDeg ?? 0), 0);
  }

  get done(): readonly TruthFault[] {
    return this.#done;
  }

  begin(startNs: number): void {
    for (const planned of this.#planned) {
      const { fromS, toS } = planned.spec;
      this.#agenda.add(startNs + fromS * NS_PER_S, (atNs) => this.#start(planned, atNs));
      this.#agenda.add(startNs + toS * NS_PER_S, (atNs) => this.#stop(planned, atNs));
    }
  }

  nextNs(): number {
    return this.#made.length > 0 ? 0 : this.#agenda.nextNs;
  }

  next(): VanEvent | null {
    if (this.#made.length === 0) {
      const appointment = this.#agenda.takeNext();
      appointment?.act(appointment.atNs);
    }
    return this.#made.shift() ?? null;
  }

  event(event: VanEvent): readonly VanEvent[] {
    if (this.#active.length === 0) return [event];
    let events: readonly VanEvent[] = [event];
    for (const { hold } of this.#active) {
      if (hold.event !== undefined) events = events.flatMap((each) => hold.event?.(each) ?? [each]);
    }
    return events.filter((each) => {
      if (each.atNs <= event.atNs) return true;
      this.#agenda.add(each.atNs, () => this.#made.push(each));
      return false;
    });
  }

  echoes(echoes: readonly Echo[], timeS: number): readonly Echo[] {
    let seen = echoes;
    for (const { hold } of this.#active) seen = hold.echoes?.(seen, timeS) ?? seen;
    return seen;
  }

  echoesUntilS(timeS: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { spec, hold } of this.#planned) {
      if (hold.hasEchoes === true && spec.toS > timeS) next = Math.min(next, Math.max(timeS, spec.fromS));
    }
    return next;
  }

  line(line: OutputLineName, value: 0 | 1, atNs: number): readonly LineChange[] {
    let changes: readonly LineChange[] = [{ line, value, atNs: monotonicNs(atNs) }];
    for (const { hold } of this.#active) {
      if (hold.line !== undefined) {
        changes = changes.flatMap((each) => hold.line?.(each.line, each.value, each.atNs) ?? [each]);
      }
    }
    return changes;
  }

  #start(planned: Planned, atNs: number): void {
    const { spec, hold } = planned;
    const { name: fault, target, says, amount } = faultKind(spec.kind);
    planned.active = true;
    // In the order of the scenario, whenever they begin.
    this.#active = this.#planned.filter(({ active }) => active);
    const much = amount === null ? '' : `, ${String(spec.amount ?? amount.usual)} ${amount.unit}`;
    this.#done.push({ fault, target, fromS: spec.fromS, toS: spec.toS, note: `${says}${much}` });
    this.#made.push(...(hold.begin?.(atNs) ?? []));
  }

  #stop(planned: Planned, atNs: number): void {
    planned.active = false;
    this.#active = this.#planned.filter(({ active }) => active);
    this.#made.push(...(planned.hold.end?.(atNs) ?? []));
  }
}

/**
 * One look at the facts, which notes what is read of it. A check is a function of what it reads: as long as none of that
 * has become something else, its answer is the one that it gave before. Nothing has to be declared, so nothing can be
 * forgotten: another way through a check reads other facts, and it was these that decided to go that way.
 *
 * It rests on facts that change by being replaced. Those that change within are named below and count as changed at
 * every look.
 */
import type { CheckFacts, ReadinessFacts } from '../readiness.js';
import { Heard } from './monitors.js';
import { todayOf, type Today } from './today.js';

type Name = keyof CheckFacts;

/** How a fact becomes another: by being replaced, or within itself, where no comparison can see it. */
const CHANGES: Readonly<Record<Name, 'replaced' | 'within'>> = {
  nowNs: 'replaced',
  utcMs: 'replaced',
  today: 'replaced',
  state: 'replaced',
  config: 'replaced',
  site: 'replaced',
  reference: 'replaced',
  radar: 'within',
  gps: 'within',
  clock: 'within',
  heard: 'within',
  position: 'replaced',
  van: 'replaced',
  dark: 'replaced',
  lines: 'replaced',
  board: 'replaced',
  store: 'replaced',
  leasedNumbers: 'replaced',
  cameraSynced: 'replaced',
  attestations: 'replaced',
  tests: 'replaced',
  forkTestRunning: 'replaced',
  halted: 'replaced',
  oldestUnexportedUtcMs: 'replaced',
};
const NAMES = Object.keys(CHANGES) as Name[];
const BIT = Object.fromEntries(NAMES.map((name, index) => [name, 1 << index])) as Record<Name, number>;

/** A set of facts, one bit each. */
export type FactSet = number;
export const EVERYTHING: FactSet = 2 ** NAMES.length - 1;

/** What is compared: today is worked out, and what changes within cannot be seen. */
const REPLACED = NAMES.filter((name) => CHANGES[name] === 'replaced' && name !== 'today') as Exclude<
  Name,
  'today' | 'heard'
>[];
const WITHIN: FactSet = NAMES.reduce((set, name) => (CHANGES[name] === 'within' ? set | BIT[name] : set), 0);

export class Look implements CheckFacts {
  /** What was read since this was last emptied. */
  reads: FactSet = 0;
  readonly #facts: ReadinessFacts;
  readonly #today: Today | null;
  readonly #heard: Heard;

  /** @param before the look before, whose day is kept where it is still the same */
  constructor(facts: ReadinessFacts, before: Look | null) {
    this.#facts = facts;
    this.#today = todayOf(facts, before === null ? null : before.#today);
    this.#heard = new Heard(facts);
  }

  /** What may be another fact than it was then. */
  changedSince(before: Look): FactSet {
    let changed = this.#today === before.#today ? 0 : BIT.today;
    for (const name of REPLACED) if (!Object.is(this.#facts[name], before.#facts[name])) changed |= BIT[name];
    return changed | WITHIN;
  }

  get nowNs() {
    this.reads |= BIT.nowNs;
    return this.#facts.nowNs;
  }

  get utcMs() {
    this.reads |= BIT.utcMs;
    return this.#facts.utcMs;
  }

  get today() {
    this.reads |= BIT.today;
    return this.#today;
  }

  get state() {
    this.reads |= BIT.state;
    return this.#facts.state;
  }

  get config() {
    this.reads |= BIT.config;
    return this.#facts.config;
  }

  get site() {
    this.reads |= BIT.site;
    return this.#facts.site;
  }

  get reference() {
    this.reads |= BIT.reference;
    return this.#facts.reference;
  }

  get radar() {
    this.reads |= BIT.radar;
    return this.#facts.radar;
  }

  get gps() {
    this.reads |= BIT.gps;
    return this.#facts.gps;
  }

  get clock() {
    this.reads |= BIT.clock;
    return this.#facts.clock;
  }

  get heard() {
    this.reads |= BIT.heard;
    return this.#heard;
  }

  get position() {
    this.reads |= BIT.position;
    return this.#facts.position;
  }

  get van() {
    this.reads |= BIT.van;
    return this.#facts.van;
  }

  get dark() {
    this.reads |= BIT.dark;
    return this.#facts.dark;
  }

  get lines() {
    this.reads |= BIT.lines;
    return this.#facts.lines;
  }

  get board() {
    this.reads |= BIT.board;
    return this.#facts.board;
  }

  get store() {
    this.reads |= BIT.store;
    return this.#facts.store;
  }

  get leasedNumbers() {
    this.reads |= BIT.leasedNumbers;
    return this.#facts.leasedNumbers;
  }

  get cameraSynced() {
    this.reads |= BIT.cameraSynced;
    return this.#facts.cameraSynced;
  }

  get attestations() {
    this.reads |= BIT.attestations;
    return this.#facts.attestations;
  }

  get tests() {
    this.reads |= BIT.tests;
    return this.#facts.tests;
  }

  get forkTestRunning() {
    this.reads |= BIT.forkTestRunning;
    return this.#facts.forkTestRunning;
  }

  get halted() {
    this.reads |= BIT.halted;
    return this.#facts.halted;
  }

  get oldestUnexportedUtcMs() {
    this.reads |= BIT.oldestUnexportedUtcMs;
    return this.#facts.oldestUnexportedUtcMs;
  }
}

/**
 * A person in the pretend van, who knows nothing but what the camera shows: opens the deployment, vouches, holds the fork
 * in the beam, turns the key when nothing else is missing, turns it anew when the camera waits for it, tests again at the
 * end and closes. What somebody else has muddled up (a fault, a power cut) he puts right as he sees it.
 */
import type { OperatorRequest, Seen, VanEvent } from '../../src/ports/pretend.js';
import { monotonicNs, NS_PER_S } from '../../src/units.js';
import { CREW } from '../scenarios/packs.js';
import type { Agenda } from './agenda.js';

export interface OperatorParts {
  readonly agenda: Agenda;
  readonly open: Extract<OperatorRequest, { type: 'open' }>;
  /** A bench has no packs, no tests and no key. */
  readonly isBench: boolean;
  readonly tell: (event: VanEvent) => void;
  readonly holdFork: (on: boolean, atNs: number) => void;
  readonly turnKey: (on: boolean, atNs: number) => void;
  /** Enforcement has begun for the first time. */
  readonly onEnforcing: (atNs: number) => void;
  /** He has closed and goes home. */
  readonly onDone: () => void;
}

/** Still missing when the fork is taken up, and when the key is turned. */
const BEFORE_FORK: ReadonlySet<string> = new Set(['fork-test', 'alignment-photo', 'arm-key']);
const BEFORE_KEY: ReadonlySet<string> = new Set(['arm-key']);
/** A moment to read the screen and to move a hand. */
const THINKS_S = 0.4;
const TAKES_UP_FORK_S = 0.5;
const LONGEST_FORK_S = 12;
/** What he has just done shows its effect by then, or he does it again. */
const PATIENCE_S = 5;
/** Nobody closes a door on a camera that is busy: he waits so long for the end test before he closes all the same. */
const END_TEST_S = 60;
/** And so long for the camera to close. */
const CLOSING_S = 60;

type Checks = Extract<Seen, { type: 'checks' }>['findings'];

export class Operator {
  readonly #parts: OperatorParts;
  #state = 'closed';
  #open = false;
  #keyOn = false;
  #forkHeld = false;
  #leaving: 'no' | 'testing' | 'closing' | 'gone' = 'no';
  #leavingNs = 0;
  #busyUntilNs = 0;

  constructor(parts: OperatorParts) {
    this.#parts = parts;
  }

  /** Comes to work. */
  begin(atNs: number): void {
    this.#after(1, atNs, (at) => {
      this.#ask(this.#parts.open, at);
      this.#open = true;
    });
    this.#look(atNs);
  }

  /** The screen went dark, and with it everything that he has vouched for. */
  powerBack(atNs: number): void {
    this.#state = 'closed';
    this.#open = false;
    this.#putDownFork(atNs);
    if (this.#leaving !== 'no') this.#goHome();
    else this.begin(atNs);
  }

  /** The road is empty: time to pack up. */
  leave(atNs: number): void {
    if (this.#leaving !== 'no') return;
    this.#leavingNs = atNs;
    if (this.#parts.isBench) this.#close(atNs);
    else {
      this.#leaving = 'testing';
      if (this.#keyOn) this.#key(false, atNs);
      this.#testFork(atNs);
    }
  }

  see(seen: Seen, atNs: number): void {
    if (seen.type === 'state') this.#sees(seen.state, atNs);
    else if (seen.type === 'event' && seen.event.type === 'test' && seen.event.code === 'fork') this.#tested(atNs);
    else if (seen.type === 'checks' && this.#leaving === 'no') this.#actOn(seen.findings, atNs);
    else if (seen.type === 'closed') this.#goHome();
  }

  #sees(state: string, atNs: number): void {
    this.#state = state;
    if (state === 'enforcing') this.#parts.onEnforcing(atNs);
  }

  #tested(atNs: number): void {
    this.#putDownFork(atNs);
    if (this.#leaving === 'testing') this.#after(1, atNs, (at) => this.#close(at));
  }

  #actOn(findings: Checks, atNs: number): void {
    if (this.#parts.isBench || atNs < this.#busyUntilNs || this.#forkHeld) return;
    const failing = findings.filter(({ status, force }) => status === 'fail' && force !== 'advisory');
    const toVouch = failing.filter(({ force }) => force === 'attestable');
    if (toVouch.length > 0) {
      this.#busy(atNs);
      for (const { id: check } of toVouch) {
        this.#after(THINKS_S, atNs, (at) => {
          this.#ask({ type: 'attest', check, statement: 'DEMO', given: true }, at);
        });
      }
      return;
    }
    const misses = (known: ReadonlySet<string>): boolean => failing.every(({ id }) => known.has(id));
    if (failing.some(({ id }) => id === 'fork-test')) {
      if (misses(BEFORE_FORK)) this.#testFork(atNs);
    } else if (this.#state !== 'enforcing' && misses(BEFORE_KEY) && this.#state !== 'suspended') this.#start(atNs);
  }

  /** A key that is on already must be turned off first. */
  #start(atNs: number): void {
    this.#busy(atNs);
    if (this.#keyOn) this.#after(THINKS_S, atNs, (at) => this.#key(false, at));
    this.#after(THINKS_S + 1, atNs, (at) => this.#key(true, at));
  }

  #testFork(atNs: number): void {
    this.#busy(atNs);
    this.#forkHeld = true;
    this.#ask({ type: 'fork-test', fork: CREW.fork }, atNs);
    this.#after(TAKES_UP_FORK_S, atNs, (at) => {
      if (this.#forkHeld) this.#parts.holdFork(true, at);
    });
    this.#after(LONGEST_FORK_S, atNs, (at) => this.#putDownFork(at));
  }

  #putDownFork(atNs: number): void {
    if (!this.#forkHeld) return;
    this.#forkHeld = false;
    this.#parts.holdFork(false, atNs);
  }

  /** Somebody has to look at the clock when nothing is shown any more. */
  #look(atNs: number): void {
    this.#after(10, atNs, (at) => {
      if (this.#leaving === 'gone') return;
      if (this.#leaving === 'testing' && at - this.#leavingNs > END_TEST_S * NS_PER_S) this.#close(at);
      if (this.#leaving === 'closing' && at - this.#leavingNs > CLOSING_S * NS_PER_S) this.#close(at);
      this.#look(at);
    });
  }

  #close(atNs: number): void {
    this.#putDownFork(atNs);
    this.#leaving = 'closing';
    this.#leavingNs = atNs;
    if (!this.#open) this.#goHome();
    else this.#ask({ type: 'command', command: 'close' }, atNs);
  }

  #goHome(): void {
    if (this.#leaving === 'gone') return;
    this.#leaving = 'gone';
    this.#parts.onDone();
  }

  #key(on: boolean, atNs: number): void {
    this.#keyOn = on;
    this.#parts.turnKey(on, atNs);
  }

  #ask(request: OperatorRequest, atNs: number): void {
    this.#parts.tell({ type: 'operator', atNs: monotonicNs(atNs), request });
  }

  #busy(atNs: number): void {
    this.#busyUntilNs = atNs + PATIENCE_S * NS_PER_S;
  }

  #after(seconds: number, atNs: number, act: (atNs: number) => void): void {
    this.#parts.agenda.add(atNs + seconds * NS_PER_S, act);
  }
}

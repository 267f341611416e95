/**
 * A person in the pretend van, who knows nothing but what the screen shows and looks at it twice a second: opens the
 * deployment, vouches, holds the fork in the beam, turns the key when nothing else is missing, turns it anew when the
 * camera waits for it, tests again at the end and closes. What a fault has muddled up he puts right as he sees it; a
 * screen that shows nothing makes him open anew.
 */
import type { OperatorRequest, Seen, VanEvent } from '../../src/ports/pretend.js';
import { monotonicNs, NS_PER_S } from '../../src/units.js';
import { CREW } from '../scenarios/packs.js';
import type { Agenda } from './agenda.js';
import { OnScreen } from './on-screen.js';

export interface OperatorParts {
  readonly agenda: Agenda;
  readonly open: Extract<OperatorRequest, { type: 'open' }>;
  /** A bench has no packs, no tests and no key. */
  readonly isBench: boolean;
  readonly tell: (event: VanEvent) => void;
  readonly holdFork: (on: boolean, atNs: number) => void;
  readonly turnKey: (on: boolean, atNs: number) => void;
  /** Pulls the radar's plug and puts it back. */
  readonly restartRadar: (atNs: number) => void;
  /** The traffic is over and the road is empty. */
  readonly isRoadEmpty: (atNs: number) => boolean;
  /** Enforcement has begun. */
  readonly onEnforcing: (atNs: number) => void;
  /** His work is done: nothing of this van matters any more. */
  readonly onDone: () => void;
}

const ARRIVES_S = 1;
const LOOKS_EVERY_S = 0.5;
/** What he has just done shows its effect by then, or he does it again. */
const PATIENCE_S = 1.5;
const OPENS_AGAIN_S = 8;
const TAKES_UP_FORK_S = 0.7;
const LONGEST_FORK_S = 70;
/** A fork test that the camera did not take up. */
const FORK_UNHEARD_S = 3;
/** So often he tries the end test before he closes all the same. */
const MOST_END_TESTS = 2;
const CLOSES_AGAIN_S = 20;
/** A radar that is no good for so long is asked to test itself, and after that is switched off and on. */
const SELF_TEST_AFTER_S = 15;
const RESTART_AFTER_S = 60;
/** The camera took its place from a receiver that was wrong: only another deployment helps. */
const REOPENS_AFTER_S = 45;
/** A screen that stays dark when the work is over anyway. */
const GOES_HOME_AFTER_S = 30;

/** Still missing when the fork is taken up. */
const BEFORE_FORK: ReadonlySet<string> = new Set(['fork-test', 'alignment-photo', 'arm-key']);
const RADAR_TROUBLE = ['radar-unusable', 'radar-self-test-overdue'] as const;
const PLACE_TROUBLE = ['van-moved', 'off-site'] as const;

export class Operator {
  readonly #parts: OperatorParts;
  readonly #screen = new OnScreen();
  #nextOpenNs = 0;
  #keyOn = false;
  /** Since when he is busy with the fork; null: it lies in its box. */
  #forkSinceNs: number | null = null;
  #busyUntilNs = 0;
  #endTests = 0;
  #closeAskedNs: number | null = null;
  #selfTestNs = 0;
  #restartNs = 0;

  constructor(parts: OperatorParts) {
    this.#parts = parts;
  }

  /** Comes to work. */
  begin(atNs: number): void {
    this.#nextOpenNs = atNs + ARRIVES_S * NS_PER_S;
    this.#after(LOOKS_EVERY_S, atNs, this.#look);
  }

  see(seen: Seen, atNs: number): void {
    this.#screen.see(seen, atNs);
    if (seen.type === 'state' && seen.state === 'enforcing') this.#parts.onEnforcing(atNs);
    if (seen.type !== 'closed') return;
    this.#screen.clear();
    if (this.#parts.isRoadEmpty(atNs)) this.#parts.onDone();
    // Closed to be opened anew.
    this.#closeAskedNs = null;
    this.#nextOpenNs = atNs + OPENS_AGAIN_S * NS_PER_S;
  }

  readonly #look = (atNs: number): void => {
    this.#after(LOOKS_EVERY_S, atNs, this.#look);
    if (this.#forkSinceNs !== null) this.#mindFork(this.#forkSinceNs, atNs);
    else if (this.#screen.isBlank(atNs)) this.#beforeBlankScreen(atNs);
    else if (atNs < this.#busyUntilNs) return;
    else if (this.#parts.isRoadEmpty(atNs)) this.#finish(atNs);
    else this.#getGoing(atNs);
  };

  #beforeBlankScreen(atNs: number): void {
    if (this.#parts.isRoadEmpty(atNs)) {
      const sinceNs = this.#screen.lastSeenNs ?? 0;
      if (atNs - sinceNs > GOES_HOME_AFTER_S * NS_PER_S) this.#parts.onDone();
    } else if (atNs >= this.#nextOpenNs) {
      this.#nextOpenNs = atNs + OPENS_AGAIN_S * NS_PER_S;
      this.#closeAskedNs = null;
      this.#ask(this.#parts.open, atNs);
    }
  }

  #getGoing(atNs: number): void {
    const { state, reasons } = this.#screen;
    if (this.#closeAskedNs !== null) {
      if (state !== 'closing') this.#close(atNs);
      return;
    }
    if (this.#parts.isBench || state === 'enforcing' || state === 'closed') return;
    const toVouch = this.#screen.toVouchFor();
    if (toVouch.length > 0) {
      for (const check of toVouch) this.#ask({ type: 'attest', check, statement: 'DEMO', given: true }, atNs);
      this.#busy(PATIENCE_S, atNs);
    } else if (this.#seesToTrouble(atNs)) return;
    else if (reasons.has('fork-test') && [...reasons].every((code) => BEFORE_FORK.has(code))) this.#testFork(atNs);
    else if (state === 'ready') this.#turnKey(!this.#keyOn, atNs);
    else if (reasons.size === 1 && reasons.has('arm-key')) this.#turnKey(!this.#keyOn, atNs);
  }

  /** @returns whether he has his hands full with it */
  #seesToTrouble(atNs: number): boolean {
    const lastsS = (codes: readonly string[]): number => this.#screen.lastsS(codes, atNs);
    if (lastsS(PLACE_TROUBLE) > REOPENS_AFTER_S) {
      this.#close(atNs);
      return true;
    }
    const radarS = lastsS(RADAR_TROUBLE);
    const isDue = (sinceNs: number, everyS: number): boolean => radarS > everyS && atNs - sinceNs > everyS * NS_PER_S;
    if (isDue(this.#restartNs, RESTART_AFTER_S)) {
      this.#restartNs = atNs;
      this.#selfTestNs = atNs;
      this.#parts.restartRadar(atNs);
    } else if (isDue(this.#selfTestNs, SELF_TEST_AFTER_S)) {
      this.#selfTestNs = atNs;
      this.#ask({ type: 'command', command: 'self-test' }, atNs);
    } else return false;
    this.#busy(PATIENCE_S, atNs);
    return true;
  }

  #finish(atNs: number): void {
    const { state, forkTest } = this.#screen;
    if (state === 'closing') return;
    if (this.#closeAskedNs !== null && atNs - this.#closeAskedNs < CLOSES_AGAIN_S * NS_PER_S) return;
    const tested = this.#endTests > 0 && forkTest === 'passed';
    if (this.#parts.isBench || tested || this.#endTests >= MOST_END_TESTS) this.#close(atNs);
    else {
      this.#endTests += 1;
      if (this.#keyOn) this.#turnKey(false, atNs);
      this.#testFork(atNs);
    }
  }

  /** First the test, then the fork: what rings before would be measured as a vehicle. */
  #testFork(atNs: number): void {
    this.#screen.forkTest = null;
    this.#forkSinceNs = atNs;
    this.#ask({ type: 'fork-test', fork: CREW.fork }, atNs);
    this.#after(TAKES_UP_FORK_S, atNs, (at) => {
      if (this.#forkSinceNs === atNs) this.#parts.holdFork(true, at);
    });
  }

  #mindFork(sinceNs: number, atNs: number): void {
    const forS = (atNs - sinceNs) / NS_PER_S;
    const goesOn = forS < FORK_UNHEARD_S || this.#screen.reasons.has('fork-test-running');
    if (this.#screen.forkTest === null && goesOn && forS < LONGEST_FORK_S && !this.#screen.isBlank(atNs)) return;
    this.#forkSinceNs = null;
    this.#parts.holdFork(false, atNs);
    this.#busy(PATIENCE_S, atNs);
  }

  #close(atNs: number): void {
    this.#closeAskedNs = atNs;
    this.#ask({ type: 'command', command: 'close' }, atNs);
    this.#busy(PATIENCE_S, atNs);
  }

  #turnKey(on: boolean, atNs: number): void {
    this.#keyOn = on;
    this.#parts.turnKey(on, atNs);
    this.#busy(PATIENCE_S, atNs);
  }

  #ask(request: OperatorRequest, atNs: number): void {
    this.#parts.tell({ type: 'operator', atNs: monotonicNs(atNs), request });
  }

  #busy(seconds: number, atNs: number): void {
    this.#busyUntilNs = atNs + seconds * NS_PER_S;
  }

  #after(seconds: number, atNs: number, act: (atNs: number) => void): void {
    this.#parts.agenda.add(atNs + seconds * NS_PER_S, act);
  }
}

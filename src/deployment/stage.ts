/**
 * Where the deployment stands: checking, ready, enforcing, suspended, closing, closed. Enforcement begins from ready alone,
 * and goes on by itself after a suspension only where every check that had failed allows it.
 */
import type { SessionState } from '../timeline.js';

export interface StageInput {
  /** Something refuses. */
  readonly refused: boolean;
  /** All that refuses now would let the camera go on by itself afterwards. */
  readonly resumes: boolean;
  readonly closing: boolean;
  readonly closed: boolean;
}

export class Stage {
  private current: SessionState = 'closed';
  private startAsked = false;
  private hasBegun = false;
  /** False: something has failed during this suspension after which the operator must begin anew. */
  private mayResume = true;

  /**
   * @param mode bench: enforces whenever nothing refuses; automatic: begins by itself, but only once; operator: begins on
   * his word
   */
  constructor(private readonly mode: 'bench' | 'automatic' | 'operator') {
    this.startAsked = mode === 'automatic';
  }

  get state(): SessionState {
    return this.current;
  }

  /** @returns why enforcement cannot begin now; null when it will */
  start(): string | null {
    if (this.current === 'enforcing') return 'the camera enforces already';
    if (this.current !== 'ready') return `the state is ${this.current}, expected ready`;
    this.startAsked = true;
    return null;
  }

  /** @returns the state that it changed from; null when it did not change */
  advance(input: StageInput): SessionState | null {
    const next = this.next(input);
    if (next === this.current) return null;
    const from = this.current;
    this.current = next;
    return from;
  }

  private next({ refused, resumes, closing, closed }: StageInput): SessionState {
    if (closed) return 'closed';
    if (closing) return 'closing';
    const begun = this.current === 'enforcing' || this.current === 'suspended';
    if (refused) {
      this.mayResume &&= resumes;
      // A start that was overtaken does not count later; nobody repeats the first one of an unattended site.
      if (this.mode === 'operator' || this.hasBegun) this.startAsked = false;
      return begun ? 'suspended' : 'checking';
    }
    const goesOn = begun && this.mayResume;
    this.mayResume = true;
    if (this.mode === 'bench' || goesOn) return 'enforcing';
    if (this.current !== 'ready' || !this.startAsked) return 'ready';
    this.startAsked = false;
    this.hasBegun = true;
    return 'enforcing';
  }
}

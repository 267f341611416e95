/** What the operator's screen shows, and what a person keeps in mind of it: what is amiss, and for how long it has been. */
import type { Seen } from '../../src/ports/pretend.js';
import { NS_PER_S } from '../../src/units.js';

/** Something new is shown every second while the camera runs. */
const BLANK_AFTER_S = 3;

export class OnScreen {
  state = 'closed';
  /** Codes of what refuses. */
  reasons: ReadonlySet<string> = new Set();
  /** Outcome of the last fork test; the operator wipes it when he begins another. */
  forkTest: 'passed' | 'failed' | null = null;
  lastSeenNs: number | null = null;
  readonly #sinceNs = new Map<string, number>();
  #toVouch: readonly string[] = [];

  see(seen: Seen, atNs: number): void {
    this.lastSeenNs = atNs;
    if (seen.type === 'state') this.#take(seen, atNs);
    else if (seen.type === 'checks') {
      this.#toVouch = seen.findings
        .filter(({ force, status }) => force === 'attestable' && status === 'fail')
        .map(({ id }) => id);
    } else if (seen.type === 'event' && seen.event.type === 'test' && seen.event.code === 'fork') {
      this.forkTest = seen.event.detail['passed'] === true ? 'passed' : 'failed';
    }
  }

  /** The deployment is closed, or the screen dark: nothing that was shown holds any more. */
  clear(): void {
    this.state = 'closed';
    this.reasons = new Set();
    this.lastSeenNs = null;
    this.#sinceNs.clear();
    this.#toVouch = [];
  }

  isBlank(atNs: number): boolean {
    return this.lastSeenNs === null || atNs - this.lastSeenNs > BLANK_AFTER_S * NS_PER_S;
  }

  /** Checks that ask for his word. */
  toVouchFor(): readonly string[] {
    return this.#toVouch;
  }

  /** For how long one of these has been amiss without a break; 0: none is. */
  lastsS(codes: readonly string[], atNs: number): number {
    return codes.reduce((longest, code) => {
      const sinceNs = this.#sinceNs.get(code);
      return sinceNs === undefined ? longest : Math.max(longest, (atNs - sinceNs) / NS_PER_S);
    }, 0);
  }

  #take({ state, reasons }: Extract<Seen, { type: 'state' }>, atNs: number): void {
    this.state = state;
    this.reasons = new Set(reasons.map(({ code }) => code));
    for (const code of this.#sinceNs.keys()) if (!this.reasons.has(code)) this.#sinceNs.delete(code);
    for (const code of this.reasons) if (!this.#sinceNs.has(code)) this.#sinceNs.set(code, atNs);
  }
}

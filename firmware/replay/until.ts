/**
 * `--until`: seconds from the beginning of the recording, hours and minutes, or an instant with its zone; and where a moment
 * lies in a recording, over all lives of the controller in it.
 */
import { KerbsideError } from '../../src/errors.js';
import type { RecordingHead } from '../../src/recording/types.js';
import type { MonotonicNs } from '../../src/units.js';

export type Until = { readonly text: string } & ({ readonly afterS: number } | { readonly utcMs: number });

/** @throws KerbsideError 'usage' */
export function parseUntil(text: string): Until {
  if (/^\d+(\.\d+)?$/.test(text)) return { text, afterS: Number(text) };
  const clock = /^\+?(\d+):([0-5]\d):([0-5]\d(?:\.\d+)?)$/.exec(text);
  if (clock !== null) return { text, afterS: Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]) };
  const utcMs = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(utcMs)) return { text, utcMs };
  throw refused(
    text,
    'seconds (93.5), hours:minutes:seconds (1:02:03) or an instant with its zone (2026-02-24T10:00:00+13:00)',
  );
}

/** The recording from its beginning on, as far as it was read. */
export class Course {
  #first: RecordingHead | null = null;
  #life: RecordingHead | null = null;
  /** Seconds of the recording at the beginning of the life. */
  #lifeS = 0;
  #lastNs = 0;

  begin(head: RecordingHead): void {
    if (!this.isNewLife(head)) return;
    this.#lifeS = this.#secondsAtHead(head);
    this.#first ??= head;
    this.#life = head;
    this.#lastNs = head.atNs;
  }

  /** Otherwise a further file of the running one. */
  isNewLife({ life, deployment }: RecordingHead): boolean {
    return this.#life?.life !== life || this.#life.deployment !== deployment;
  }

  input(atNs: MonotonicNs): void {
    this.#lastNs = atNs;
  }

  /** Since the beginning of the recording. */
  get seconds(): number {
    return this.#life === null ? 0 : this.#lifeS + (this.#lastNs - this.#life.atNs) / 1e9;
  }

  /** A moment of the running life. */
  isBehind(until: Until, atNs: MonotonicNs): boolean {
    const life = this.#life;
    if (life === null) return false;
    const passedS = (atNs - life.atNs) / 1e9;
    return 'afterS' in until ? this.#lifeS + passedS > until.afterS : life.utcMs + passedS * 1000 > until.utcMs;
  }

  /** The head of a new life comes up, not begun yet. */
  isHeadBehind(until: Until, head: RecordingHead): boolean {
    if (!this.isNewLife(head)) return false;
    return 'afterS' in until ? this.#secondsAtHead(head) > until.afterS : head.utcMs > until.utcMs;
  }

  /** @throws KerbsideError 'usage' where the recording begins only after it */
  refuseBefore(until: Until, first: RecordingHead): void {
    if (!('utcMs' in until) || until.utcMs >= first.utcMs) return;
    throw refused(until.text, `an instant within the recording, which begins at ${instant(Math.ceil(first.utcMs))}`);
  }

  /** When all was read that can be. @throws KerbsideError 'usage' where the moment lies behind it */
  refuseAfter(until: Until): void {
    if (this.#life === null) return;
    const end = this.#life.utcMs + (this.#lastNs - this.#life.atNs) / 1e6;
    if ('afterS' in until ? until.afterS <= this.seconds : until.utcMs <= end) return;
    const seconds = (Math.floor(this.seconds * 1000) / 1000).toFixed(3);
    const expected =
      'afterS' in until
        ? `a moment within the recording, which can be read up to second ${seconds}`
        : `an instant within the recording, which can be read up to ${instant(Math.floor(end))}`;
    throw refused(until.text, expected);
  }

  /** A restart of the computer sets its monotonic clock back: then only the clock of the day tells what lies between. */
  #secondsAtHead(head: RecordingHead): number {
    const [first, life] = [this.#first, this.#life];
    if (first === null || life === null) return 0;
    if (head.atNs >= this.#lastNs) return this.#lifeS + (head.atNs - life.atNs) / 1e9;
    return Math.max(this.seconds, (head.utcMs - first.utcMs) / 1000);
  }
}

const instant = (utcMs: number): string => new Date(utcMs).toISOString();

const refused = (text: string, expected: string): KerbsideError =>
  new KerbsideError('usage', `kerbside replay: --until is ${text}, expected ${expected}.`);

/**
 * The pretend radar on its wire in virtual time: frames on a fixed grid, of which only those are worked out that may say
 * something; their bytes arrive when a wire of that speed would have delivered the last of them.
 */
import type { VanEvent } from '../../src/ports/pretend.js';
import { monotonicNs, NS_PER_MS, NS_PER_S } from '../../src/units.js';
import type { RadarInstrument } from '../instruments/radar.js';
import type { Random } from '../prng.js';
import type { Agenda } from './agenda.js';
import { START_NS } from './start.js';

export interface VirtualRadarParts {
  readonly instrument: RadarInstrument;
  readonly link: { readonly baudRate: number; readonly parity: 'none' | 'odd' };
  readonly random: Random;
  readonly agenda: Agenda;
  readonly tell: (event: VanEvent) => void;
  /** Seconds of the scenario; negative before the traffic starts. */
  readonly timeOf: (atNs: number) => number;
  readonly utcAt: (atNs: number) => number;
  /** When an echo may come next, monotonic; Infinity: never. */
  readonly nextEchoNs: (atNs: number) => number;
}

/** From the last byte of a command to the first of its answer. */
const ANSWER_MS = [2, 8] as const;
/** The radar throws away what a slow wire cannot take. */
const LONGEST_BACKLOG_NS = NS_PER_S;
/** Frames of the grid are exact; times of UTC are rounded. */
const ROUNDING = 1e-6;

export class VirtualRadar {
  readonly #parts: VirtualRadarParts;
  readonly #periodNs: number;
  readonly #byteNs: number;
  #plugged = false;
  #wireFreeNs = 0;
  #nextNs = Number.POSITIVE_INFINITY;

  constructor(parts: VirtualRadarParts) {
    this.#parts = parts;
    this.#periodNs = parts.instrument.framePeriodS * NS_PER_S;
    const { baudRate, parity } = parts.link;
    this.#byteNs = ((parity === 'none' ? 10 : 11) * NS_PER_S) / baudRate;
  }

  /** When the next frame is due that may say something. */
  get nextNs(): number {
    return this.#nextNs;
  }

  plug(atNs: number): void {
    if (this.#plugged) return;
    this.#plugged = true;
    this.#parts.tell({ type: 'radar-link', atNs: monotonicNs(atNs), up: true, detail: 'pretend radar plugged in' });
    this.restart(atNs);
  }

  unplug(atNs: number): void {
    if (!this.#plugged) return;
    this.#plugged = false;
    this.#nextNs = Number.POSITIVE_INFINITY;
    this.#parts.tell({ type: 'radar-link', atNs: monotonicNs(atNs), up: false, detail: 'pretend radar unplugged' });
  }

  /** Its supply was gone: it has forgotten its settings. */
  restart(atNs: number): void {
    this.#parts.instrument.restart();
    this.wake(atNs);
  }

  command(bytes: Uint8Array, atNs: number): void {
    const { agenda, random, instrument } = this.#parts;
    const heardNs = atNs + bytes.length * this.#byteNs + random.between(...ANSWER_MS) * NS_PER_MS;
    agenda.add(heardNs, (at) => {
      if (!this.#plugged) return;
      const answers = instrument.receive(bytes);
      if (answers.length > 0) this.#say(answers, at);
      this.wake(at);
    });
  }

  holdFork(speedKmh: number | null, atNs: number): void {
    this.#parts.instrument.holdFork(speedKmh);
    this.wake(atNs);
  }

  /** Something has changed: the next frame that may say something is another. */
  wake(atNs: number): void {
    if (this.#plugged) this.#plan(Math.ceil((atNs - START_NS) / this.#periodNs - ROUNDING));
  }

  /** The frame that is due. */
  frame(): void {
    const { instrument, timeOf, utcAt } = this.#parts;
    const atNs = this.#nextNs;
    const messages = instrument.frame(timeOf(atNs), utcAt(atNs));
    if (messages.length > 0) this.#say(messages, atNs);
    this.#plan(Math.round((atNs - START_NS) / this.#periodNs) + 1);
  }

  /** @param earliest number of the first frame that comes into question */
  #plan(earliest: number): void {
    const { instrument, utcAt, nextEchoNs } = this.#parts;
    const fromNs = START_NS + earliest * this.#periodNs;
    const ownNs = fromNs + (instrument.nextOwnUtcMs() - utcAt(fromNs)) * NS_PER_MS;
    const wantedNs = Math.max(fromNs, Math.min(ownNs, nextEchoNs(fromNs)));
    const frames = Math.ceil((wantedNs - START_NS) / this.#periodNs - ROUNDING);
    this.#nextNs = START_NS + frames * this.#periodNs;
  }

  #say(messages: readonly Uint8Array[], atNs: number): void {
    const { agenda, tell } = this.#parts;
    const bytes = messages.length === 1 ? (messages[0] as Uint8Array) : Buffer.concat(messages);
    const beginNs = Math.max(atNs, this.#wireFreeNs);
    if (beginNs - atNs > LONGEST_BACKLOG_NS) return;
    this.#wireFreeNs = beginNs + bytes.length * this.#byteNs;
    agenda.add(Math.ceil(this.#wireFreeNs), (at) => {
      if (this.#plugged) tell({ type: 'radar-bytes', atNs: monotonicNs(at), bytes });
    });
  }
}

/**
 * A recording fed to this version's controller, entry by entry: each life begins with the configuration it had, hears what
 * it heard and must answer what it answered, byte for byte. What cannot be compared (a life whose beginning is missing,
 * what comes after a gap) is said and left out; nothing is taken for the same that was not looked at.
 */
import { createController, type Controller, type ControllerOnlooker } from '../controller.js';
import type { Input, Output } from '../timeline.js';
import type { MonotonicNs } from '../units.js';
import { differenceOf, type FieldDifference } from './difference.js';
import type { Entry, RecordingHead, Step } from './types.js';

export interface ReplayDifference extends FieldDifference {
  readonly life: number;
  readonly atNs: MonotonicNs;
  readonly input: Input;
  /** Kind of the output that was recorded; null: none was. */
  readonly expectedType: Output['type'] | null;
  readonly gotType: Output['type'] | null;
}

/** How far a life was compared: all of it, as far as was asked for, up to a gap, or not at all. */
export type LifeState = 'whole' | 'until' | 'until-gap' | 'headless';

export interface LifeReport {
  readonly head: RecordingHead;
  readonly state: LifeState;
  /** Inputs that were fed and whose outputs were compared. */
  readonly inputs: number;
  readonly outputs: number;
  readonly lastNs: MonotonicNs;
  /** Why it is not whole, in words that end a sentence; null: it is. */
  readonly gap: string | null;
}

export interface ReplayReport {
  readonly lives: readonly LifeReport[];
  /** The first ones; `differenceCount` is how many there are. */
  readonly differences: readonly ReplayDifference[];
  readonly differenceCount: number;
}

export interface ReplayOptions {
  /** Made anew for each life. */
  readonly onlooker?: (head: RecordingHead) => ControllerOnlooker;
  /** Each input with what this version made of it. */
  readonly onStep?: (head: RecordingHead, step: Step) => void;
}

/** More tell nothing new: the first is what matters. */
const MOST_DIFFERENCES = 100;

interface Life {
  readonly head: RecordingHead;
  controller: Controller | null;
  state: LifeState;
  gap: string | null;
  entries: number;
  inputs: number;
  outputs: number;
  lastNs: MonotonicNs;
}

export class Replay {
  readonly #options: ReplayOptions;
  readonly #lives: Life[] = [];
  readonly #differences: ReplayDifference[] = [];
  #differenceCount = 0;
  #life: Life | null = null;
  /** The last input, what this version answered, and what was recorded so far. */
  #pending: { readonly input: Input; readonly got: readonly Output[]; readonly expected: Output[] } | null = null;

  constructor(options: ReplayOptions = {}) {
    this.#options = options;
  }

  take(entry: Entry): void {
    if (entry.type === 'head') this.#begin(entry.head);
    else if (entry.type === 'lost') this.gap(`${String(entry.inputs)} inputs were lost when it was recorded`);
    else {
      if (this.#life !== null) this.#life.entries += 1;
      if (entry.type === 'output') this.#pending?.expected.push(entry.output);
      else this.#feed(entry.input);
    }
  }

  /** Something is missing here: the life so far is judged, the rest of it cannot be. */
  gap(why: string): void {
    // What was recorded of the last input's outputs may be cut off with it.
    this.#pending = null;
    const life = this.#life;
    if (life?.controller == null) return;
    life.controller = null;
    life.state = 'until-gap';
    life.gap = why;
  }

  /** More is not asked for: what was taken is judged, and nothing is said of what follows. */
  stop(why: string): void {
    this.#settle();
    const life = this.#life;
    if (life?.controller == null) return;
    life.controller = null;
    life.state = 'until';
    life.gap = why;
  }

  end(): ReplayReport {
    this.#settle();
    return {
      lives: this.#lives.map(({ controller: _controller, entries: _entries, ...life }) => life),
      differences: this.#differences,
      differenceCount: this.#differenceCount,
    };
  }

  #begin(head: RecordingHead): void {
    const life = this.#life;
    // A further file of the same life.
    if (life?.head.life === head.life && life.head.deployment === head.deployment && head.entriesBefore > 0) {
      if (life.entries !== head.entriesBefore && life.controller !== null) {
        this.gap(`${String(head.entriesBefore)} entries came before, and ${String(life.entries)} were read`);
      }
      return;
    }
    this.#settle();
    const headless = head.entriesBefore > 0;
    this.#life = {
      head,
      controller: headless ? null : createController(head.config, this.#options.onlooker?.(head) ?? null),
      state: headless ? 'headless' : 'whole',
      gap: headless ? `its first ${String(head.entriesBefore)} entries are not there` : null,
      ...{ entries: head.entriesBefore, inputs: 0, outputs: 0, lastNs: head.atNs },
    };
    this.#lives.push(this.#life);
  }

  #feed(input: Input): void {
    this.#settle();
    const life = this.#life;
    if (life?.controller == null) return;
    const got: Output[] = [];
    try {
      life.controller.handle(input, got);
    } catch (error) {
      this.#throws(life, input, error);
      return;
    }
    life.inputs += 1;
    life.lastNs = input.atNs;
    this.#options.onStep?.(life.head, { input, outputs: got });
    this.#pending = { input, got, expected: [] };
  }

  #throws(life: Life, input: Input, error: unknown): void {
    const got = error instanceof Error ? error.message : String(error);
    const what = { path: '', expected: 'an answer', got: `the controller threw: ${got}` };
    this.#note({ ...what, life: life.head.life, atNs: input.atNs, input, expectedType: null, gotType: null });
    this.gap('the controller threw');
  }

  #settle(): void {
    const pending = this.#pending;
    this.#pending = null;
    if (pending === null || this.#life === null) return;
    const { input, got, expected } = pending;
    this.#life.outputs += expected.length;
    for (let place = 0; place < Math.max(got.length, expected.length); place += 1) {
      const [before, after] = [expected[place] ?? null, got[place] ?? null];
      const difference = differenceOf(before, after);
      if (difference === null) continue;
      const types = { expectedType: before?.type ?? null, gotType: after?.type ?? null };
      this.#note({ ...difference, ...types, life: this.#life.head.life, atNs: input.atNs, input });
      // One output more or less shifts all that follow: the first says it.
      return;
    }
  }

  #note(difference: ReplayDifference): void {
    this.#differenceCount += 1;
    if (this.#differences.length < MOST_DIFFERENCES) this.#differences.push(difference);
  }
}

/**
 * What led to one number or one pass, gathered while a recording is replayed: readings, what the decoder threw away beside
 * them, the trigger, the camera's answers, how it ended. Pass numbers begin anew with each life of the controller, so a
 * story is bound to its life and is closed with it: nothing that a later life says is heard for an earlier one.
 */
import type { ControllerOnlooker } from '../controller.js';
import type { PassSummary } from '../enforcement/types.js';
import type { ConcludedExposure, ExposureStart } from '../evidence/types.js';
import type { Measurement } from '../measurement/types.js';
import type { Discard, Reading } from '../radar/reading.js';
import type { MonotonicNs } from '../units.js';
import { NS_PER_S } from '../units.js';
import type { RecordingHead, Step } from './types.js';

export type Wanted =
  | { readonly type: 'icn'; readonly icn: string }
  /** `life` null: in whichever life there is such a pass. */
  | { readonly type: 'pass'; readonly passId: number; readonly life: number | null };

export interface Story {
  /** Of the life in which it happened. */
  readonly head: RecordingHead;
  /** null: the number was fired for no vehicle, or its pass was not complete when the life ended. */
  readonly pass: PassSummary | null;
  readonly measurement: Measurement | null;
  /** Of the pass, oldest first. */
  readonly readings: readonly Reading[];
  /** While the vehicle was in the beam. */
  readonly discards: readonly Discard[];
  /** When the number was handed to the controller; null: it was not seen, or a pass was asked for. */
  readonly leasedNs: MonotonicNs | null;
  readonly fired: ExposureStart | null;
  /** Line change of the trigger. */
  readonly shutterNs: MonotonicNs | null;
  readonly concluded: ConcludedExposure | null;
}

/** Discards are kept for so long after a pass might have begun; nothing stays in the beam longer. */
const MEMORY_NS = 60 * NS_PER_S;

interface Measured {
  readonly measurement: Measurement;
  readonly readings: readonly Reading[];
}

/** One life, as far as it concerns what is wanted. */
class LifeStory {
  readonly #head: RecordingHead;
  readonly #wanted: Wanted;
  #discards: Discard[] = [];
  readonly #measured = new Map<number, Measured>();
  readonly #passes = new Map<number, PassSummary>();
  #leasedNs: MonotonicNs | null = null;
  #fired: ExposureStart | null = null;
  #shutterNs: MonotonicNs | null = null;
  #concluded: ConcludedExposure | null = null;

  constructor(head: RecordingHead, wanted: Wanted) {
    this.#head = head;
    this.#wanted = wanted;
  }

  readonly onlooker: ControllerOnlooker = {
    radar: (event) => {
      if (event.type === 'discard') this.#discards.push(event.discard);
    },
    pass: (event) => {
      if (event.type !== 'complete') return;
      this.#measured.set(event.pass.id, { measurement: event.measurement, readings: [...event.pass.readings] });
      this.#forget(event.atNs);
    },
  };

  take({ input, outputs }: Step): void {
    if (input.type === 'lease' && this.#wanted.type === 'icn' && input.icns.includes(this.#wanted.icn)) {
      this.#leasedNs = input.atNs;
    }
    // The pulse stands before the exposure that it belongs to, among the answers to one input.
    let shutterNs: MonotonicNs | null = null;
    for (const output of outputs) {
      if (output.type === 'line' && output.line === 'shutter' && output.value === 1) shutterNs = output.atNs;
      else if (output.type === 'pass') this.#passes.set(output.pass.passId, output.pass);
      else if (output.type === 'fire' && this.#isWanted(output.exposure)) {
        this.#fired = output.exposure;
        this.#shutterNs = shutterNs;
      } else if (output.type === 'conclude' && this.#isWanted(output.exposure)) this.#concluded = output.exposure;
    }
  }

  /** What is wanted was fired or concluded here, or is a pass of this life. */
  get hasHappened(): boolean {
    return this.#fired !== null || this.#concluded !== null || (this.#wanted.type === 'pass' && this.#pass !== null);
  }

  /** Nothing that follows can add to it. */
  get isTold(): boolean {
    const pass = this.#pass;
    if (this.#wanted.type === 'pass') return pass !== null && (pass.icn === null || this.#concluded !== null);
    return this.#concluded !== null && (pass !== null || this.#passId === null);
  }

  /** null where nothing of it was seen. */
  tell(): Story | null {
    if (!this.hasHappened && this.#leasedNs === null) return null;
    const pass = this.#pass;
    const measured = this.#passId === null ? undefined : this.#measured.get(this.#passId);
    const [firstNs, lastNs] = [pass?.firstNs ?? 0, pass?.lastNs ?? 0];
    return {
      head: this.#head,
      pass,
      measurement: measured?.measurement ?? null,
      readings: measured?.readings ?? this.#concluded?.readings ?? [],
      discards: this.#discards.filter(({ atNs }) => atNs >= firstNs && atNs <= lastNs),
      ...{ leasedNs: this.#leasedNs, fired: this.#fired, shutterNs: this.#shutterNs, concluded: this.#concluded },
    };
  }

  get #passId(): number | null {
    if (this.#wanted.type === 'pass') return this.#wanted.passId;
    return this.#fired?.passId ?? this.#concluded?.passId ?? null;
  }

  get #pass(): PassSummary | null {
    return this.#passId === null ? null : (this.#passes.get(this.#passId) ?? null);
  }

  #isWanted({ icn, passId }: Pick<ExposureStart, 'icn' | 'passId'>): boolean {
    return this.#wanted.type === 'icn' ? icn === this.#wanted.icn : passId === this.#wanted.passId;
  }

  /** Hours of a recording must not fill the memory; the story that is told keeps what it needs. */
  #forget(nowNs: MonotonicNs): void {
    if (this.hasHappened) return;
    if (this.#discards.length > 1000) this.#discards = this.#discards.filter(({ atNs }) => nowNs - atNs < MEMORY_NS);
    for (const [id, { readings }] of this.#measured) {
      if (nowNs - (readings.at(-1)?.atNs ?? 0) > MEMORY_NS) {
        this.#measured.delete(id);
        this.#passes.delete(id);
      }
    }
  }
}

const DEAF: ControllerOnlooker = { radar: () => undefined, pass: () => undefined };

export class StoryTeller {
  readonly #wanted: Wanted;
  readonly #closed: Story[] = [];
  #life: LifeStory | null = null;

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  /** For each life: what was gathered in the one before is closed. */
  readonly onlooker = (head: RecordingHead): ControllerOnlooker => {
    this.#close();
    const { type } = this.#wanted;
    if (type === 'pass' && this.#wanted.life !== null && this.#wanted.life !== head.life) return DEAF;
    this.#life = new LifeStory(head, this.#wanted);
    return this.#life.onlooker;
  };

  readonly onStep = (_head: RecordingHead, step: Step): void => {
    this.#life?.take(step);
    if (this.#life?.isTold === true) this.#close();
  };

  /** Whatever follows in this recording is of no further use. */
  get isTold(): boolean {
    return this.#isOneEnough && this.#closed.some(hasHappened);
  }

  /** The same, should the running life end here. */
  get isToldWithLife(): boolean {
    return this.isTold || (this.#isOneEnough && this.#life?.hasHappened === true);
  }

  /** One of a number; of a pass one for each life that had it. */
  get stories(): readonly Story[] {
    const last = this.#life?.tell() ?? null;
    const all = last === null ? this.#closed : [...this.#closed, last];
    if (this.#wanted.type === 'pass') return all;
    const one = all.find(({ fired }) => fired !== null) ?? all.find(hasHappened) ?? all.at(-1);
    return one === undefined ? [] : [one];
  }

  /** A number is used in one life only. */
  get #isOneEnough(): boolean {
    return this.#wanted.type === 'icn' || this.#wanted.life !== null;
  }

  #close(): void {
    const story = this.#life?.tell() ?? null;
    if (story !== null) this.#closed.push(story);
    this.#life = null;
  }
}

const hasHappened = ({ fired, concluded, pass }: Story): boolean =>
  fired !== null || concluded !== null || pass !== null;

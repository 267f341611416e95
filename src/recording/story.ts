/**
 * What led to one number or one pass, gathered while a recording is replayed: readings, what the decoder threw away beside
 * them, the trigger, the camera's answers, how it ended.
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
  { readonly type: 'icn'; readonly icn: string } | { readonly type: 'pass'; readonly passId: number };

export interface Story {
  readonly head: RecordingHead;
  /** null: the number was fired for no vehicle. */
  readonly pass: PassSummary | null;
  readonly measurement: Measurement | null;
  /** Of the pass, oldest first. */
  readonly readings: readonly Reading[];
  /** While the vehicle was in the beam. */
  readonly discards: readonly Discard[];
  readonly fired: ExposureStart | null;
  /** Line changes of the trigger. */
  readonly shutterNs: MonotonicNs | null;
  readonly flashNs: MonotonicNs | null;
  readonly concluded: ConcludedExposure | null;
}

/** Discards are kept for so long after a pass might have begun; nothing stays in the beam longer. */
const MEMORY_NS = 60 * NS_PER_S;

interface Measured {
  readonly measurement: Measurement;
  readonly readings: readonly Reading[];
}

export class StoryTeller {
  readonly #wanted: Wanted;
  #discards: Discard[] = [];
  readonly #measured = new Map<number, Measured>();
  readonly #passes = new Map<number, PassSummary>();
  #story: Story | null = null;
  #lastRise: { readonly shutterNs: MonotonicNs | null; readonly flashNs: MonotonicNs | null } = {
    shutterNs: null,
    flashNs: null,
  };

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  /** Pass numbers begin anew with each life. */
  readonly onlooker = (): ControllerOnlooker => {
    if (this.#story === null) {
      this.#discards = [];
      this.#measured.clear();
      this.#passes.clear();
    }
    return {
      radar: (event) => {
        if (event.type === 'discard') this.#discards.push(event.discard);
      },
      pass: (event) => {
        if (event.type !== 'complete') return;
        this.#measured.set(event.pass.id, { measurement: event.measurement, readings: [...event.pass.readings] });
        this.#forget(event.atNs);
      },
    };
  };

  readonly onStep = (head: RecordingHead, { outputs }: Step): void => {
    for (const output of outputs) {
      if (output.type === 'line' && output.value === 1) this.#line(output.line, output.atNs);
      else if (output.type === 'fire' && this.#isFired(output.exposure)) this.#begin(head, { fired: output.exposure });
      else if (output.type === 'pass') this.#pass(head, output.pass);
      else if (output.type === 'conclude' && this.#isFired(output.exposure)) {
        this.#begin(head, { concluded: output.exposure });
      }
    }
  };

  /** null where nothing of it was seen. */
  get story(): Story | null {
    if (this.#story === null) return null;
    const passId = this.#story.fired?.passId ?? this.#story.concluded?.passId ?? this.#story.pass?.passId ?? null;
    if (passId === null) return this.#story;
    const measured = this.#measured.get(passId);
    const pass = this.#passes.get(passId) ?? this.#story.pass;
    const [firstNs, lastNs] = [pass?.firstNs ?? 0, pass?.lastNs ?? 0];
    return {
      ...this.#story,
      pass,
      measurement: measured?.measurement ?? null,
      readings: measured?.readings ?? this.#story.concluded?.readings ?? [],
      discards: this.#discards.filter(({ atNs }) => atNs >= firstNs && atNs <= lastNs),
    };
  }

  #isFired({ icn, passId }: Pick<ExposureStart, 'icn' | 'passId'>): boolean {
    return this.#wanted.type === 'icn' ? icn === this.#wanted.icn : passId === this.#wanted.passId;
  }

  #pass(head: RecordingHead, pass: PassSummary): void {
    this.#passes.set(pass.passId, pass);
    if (this.#wanted.type === 'pass' && pass.passId === this.#wanted.passId) this.#begin(head, { pass });
  }

  #line(line: 'shutter' | 'flash', atNs: MonotonicNs): void {
    if (line === 'shutter') this.#lastRise = { ...this.#lastRise, shutterNs: atNs };
    else this.#lastRise = { ...this.#lastRise, flashNs: atNs };
  }

  #begin(head: RecordingHead, known: Partial<Story>): void {
    const empty = {
      ...{ head, pass: null, measurement: null, readings: [], discards: [], fired: null, concluded: null },
      ...{ shutterNs: null, flashNs: null },
    };
    const rise = known.fired === undefined ? {} : this.#lastRise;
    this.#story = { ...(this.#story ?? empty), ...known, ...rise };
  }

  /** Hours of a recording must not fill the memory; the story that is told keeps what it needs. */
  #forget(nowNs: MonotonicNs): void {
    if (this.#story !== null) return;
    if (this.#discards.length > 1000) this.#discards = this.#discards.filter(({ atNs }) => nowNs - atNs < MEMORY_NS);
    for (const [id, { readings }] of this.#measured) {
      if (nowNs - (readings.at(-1)?.atNs ?? 0) > MEMORY_NS) {
        this.#measured.delete(id);
        this.#passes.delete(id);
      }
    }
  }
}

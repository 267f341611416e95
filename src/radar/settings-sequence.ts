/**
 * Sends a radar its settings one at a time and has each read back: set, wait for the answer, ask, wait for the answer,
 * and all that up to three times (once for a comfort that the radar may lack). Two commands are never under way at
 * once, because a reply names its command at best.
 *
 * What the radar says last about a setting counts, also when it says it late or then falls silent: a contradiction
 * stands until the radar itself confirms the setting or the link is lost.
 *
 * A radar that answers nothing at all (a recording played in, a receive-only cable) is given up early, after
 * three short tries of the first setting: the session must not wait 3 tries times all settings for a mute radar.
 */
import { NS_PER_MS, plusNs, type MonotonicNs } from '../units.js';

/** Any radar answers within some 100 ms; the longer time is for one that is known to talk. A try has two questions. */
const ANSWER_NS = 500 * NS_PER_MS;
const PROBE_NS = 350 * NS_PER_MS;
const MOST_TRIES = 3;
/** A recording may begin with replies and then answer nothing: without an answer to the point this long, give up. */
const GIVE_UP_NS = 3000 * NS_PER_MS;

/** What a reply says about a setting; null: it is about something else. */
export type Judgement = 'confirmed' | 'contradicted' | 'acknowledged' | null;

/** What was sent last. */
export type SettingPhase = 'set' | 'query';

export interface SettingStep {
  /** For sentences: 'speed unit km/h'. */
  readonly name: string;
  readonly set: string;
  /** null: the radar has no question for it, the reply to `set` is all there is. */
  readonly query: string | null;
  /** False: a comfort, whose refusal or silence does not matter. */
  readonly required: boolean;
  judge(reply: string, isError: boolean, phase: SettingPhase): Judgement;
}

export class SettingsSequence {
  readonly #steps: readonly SettingStep[];
  readonly #send: (command: string) => void;
  #index = -1;
  #phase: SettingPhase = 'set';
  #tries = 0;
  #deadlineNs = Infinity;
  #progressNs = 0;
  #spoke = false;
  #confirmedCount = 0;
  /** Required settings whose last statement by the radar was another value, by their place, with that statement. */
  readonly #contradictions = new Map<number, string>();
  readonly #unconfirmed: string[] = [];

  constructor(steps: readonly SettingStep[], send: (command: string) => void) {
    this.#steps = steps;
    this.#send = send;
  }

  get isRunning(): boolean {
    return this.#index >= 0 && this.#index < this.#steps.length;
  }

  /** Name of a required setting that the radar contradicted last, with what it said; null where none. */
  get refusal(): string | null {
    const [first] = this.#contradictions;
    return first === undefined ? null : `${this.#steps[first[0]]?.name}: the radar answers ${first[1]}`;
  }

  /** Required settings that the radar never confirmed, or not yet. */
  get unconfirmed(): readonly string[] {
    const toCome = this.#steps.slice(Math.max(this.#index, 0)).filter(({ required }) => required);
    return toCome.length === 0 ? this.#unconfirmed : [...this.#unconfirmed, ...toCome.map(({ name }) => name)];
  }

  /** The radar confirmed at least one setting: it hears and it answers. */
  get radarAnswers(): boolean {
    return this.#confirmedCount > 0;
  }

  /** Sends all settings from the beginning; contradictions stand until they are confirmed. */
  start(atNs: MonotonicNs): void {
    this.#forgetProgress();
    this.#progressNs = atNs;
    this.#enterStep(0, atNs);
  }

  /** Forgets everything, as after a lost link. */
  stop(): void {
    this.#forgetProgress();
    this.#contradictions.clear();
  }

  #forgetProgress(): void {
    this.#index = -1;
    this.#deadlineNs = Infinity;
    this.#spoke = false;
    this.#confirmedCount = 0;
    this.#unconfirmed.length = 0;
  }

  onReply(text: string, isError: boolean, atNs: MonotonicNs): void {
    if (!isError) this.#noteLate(text);
    const step = this.#step();
    if (step === null) return;
    this.#spoke = true;
    const judgement = step.judge(text, isError, this.#phase);
    if (judgement === null) return;
    this.#progressNs = atNs;
    this.#note(this.#index, step, judgement, text);
    if (judgement === 'confirmed') {
      this.#confirmedCount += 1;
      this.#enterStep(this.#index + 1, atNs);
    } else if (judgement === 'contradicted') {
      this.#contradicted(step, atNs);
    } else if (step.query === null) {
      this.#enterStep(this.#index + 1, atNs);
    } else if (this.#phase === 'set') {
      this.#sendPhase(step, 'query', atNs);
    }
  }

  tick(atNs: MonotonicNs): void {
    const step = this.#step();
    if (step === null) return;
    if (atNs - this.#progressNs >= GIVE_UP_NS) {
      this.#giveUp();
      return;
    }
    if (atNs < this.#deadlineNs) return;
    if (this.#phase === 'set' && step.query !== null) {
      this.#sendPhase(step, 'query', atNs);
      return;
    }
    this.#tries += 1;
    if (step.required && this.#tries < MOST_TRIES) this.#sendPhase(step, 'set', atNs);
    else if (!this.#spoke) this.#giveUp();
    else this.#unanswered(step, atNs);
  }

  #step(): SettingStep | null {
    return this.#steps[this.#index] ?? null;
  }

  #enterStep(index: number, atNs: MonotonicNs): void {
    this.#index = index;
    this.#tries = 0;
    const step = this.#step();
    if (step === null) this.#deadlineNs = Infinity;
    else this.#sendPhase(step, 'set', atNs);
  }

  #sendPhase(step: SettingStep, phase: SettingPhase, atNs: MonotonicNs): void {
    this.#phase = step.query === null ? 'set' : phase;
    this.#deadlineNs = plusNs(atNs, this.#spoke ? ANSWER_NS : PROBE_NS);
    this.#send(this.#phase === 'query' && step.query !== null ? step.query : step.set);
  }

  /** A reply to a setting that was sent before the present one: an answer that came late, or a radar that was reset. */
  #noteLate(text: string): void {
    const sent = this.#steps.slice(0, Math.max(this.#index, 0));
    for (const [index, step] of sent.entries()) this.#note(index, step, step.judge(text, false, 'query'), text);
  }

  #note(index: number, step: SettingStep, judgement: Judgement, text: string): void {
    if (judgement === 'confirmed') this.#contradictions.delete(index);
    if (judgement === 'contradicted' && step.required) this.#contradictions.set(index, text);
  }

  #contradicted(step: SettingStep, atNs: MonotonicNs): void {
    if (this.#phase === 'set' && step.query !== null) {
      this.#sendPhase(step, 'query', atNs);
      return;
    }
    this.#tries += 1;
    if (this.#tries < MOST_TRIES) this.#sendPhase(step, 'set', atNs);
    else this.#enterStep(this.#index + 1, atNs);
  }

  #unanswered(step: SettingStep, atNs: MonotonicNs): void {
    if (step.required) this.#unconfirmed.push(step.name);
    this.#enterStep(this.#index + 1, atNs);
  }

  /** This setting and all after it stay unconfirmed. */
  #giveUp(): void {
    for (const step of this.#steps.slice(this.#index)) if (step.required) this.#unconfirmed.push(step.name);
    this.#index = this.#steps.length;
    this.#deadlineNs = Infinity;
  }
}

/**
 * What the talks with all radars have in common: the link comes and goes, the settings are sent and read back, the age
 * of the data is watched, a mute radar is asked again now and then.
 *
 * Silence is found by the age of the data alone: an unplugged port that was idle may report nothing. A fresh link has
 * the whole limit to bring its first message.
 */
import type { MonotonicNs } from '../units.js';
import { ascii, eventTimeNs, isLifeSign, refused, silent } from './condition.js';
import { MuteProbe } from './mute-probe.js';
import type { RadarCondition, RadarEvent } from './reading.js';
import { SettingsSequence, type SettingStep } from './settings-sequence.js';

export interface ConversationPlan {
  readonly steps: readonly SettingStep[];
  /** A question without side effects, to see whether a mute radar has woken up. */
  readonly probe: string;
  /** Called for every command that goes out. */
  readonly onSent?: (command: string) => void;
}

export class Conversation {
  readonly #plan: ConversationPlan;
  readonly #sequence: SettingsSequence;
  readonly #probe = new MuteProbe();
  #outbox: Uint8Array[] = [];
  #state: 'never' | 'up' | 'down' = 'never';
  #lastLifeNs = 0;
  /** A radar taken for mute has spoken in mid-session: it is asked for its settings while its readings count on. */
  #asksBeside = false;

  constructor(plan: ConversationPlan) {
    this.#plan = plan;
    this.#sequence = new SettingsSequence(plan.steps, (command) => this.send(command));
  }

  get isUp(): boolean {
    return this.#state === 'up';
  }

  /** The settings are being sent. */
  get isConfiguring(): boolean {
    return this.#sequence.isRunning;
  }

  /** The radar confirmed at least one setting since the link came up. */
  get radarAnswers(): boolean {
    return this.#sequence.radarAnswers;
  }

  get unconfirmed(): readonly string[] {
    return this.#sequence.unconfirmed;
  }

  get isRefused(): boolean {
    return this.#sequence.refusal !== null;
  }

  send(command: string): void {
    this.#plan.onSent?.(command);
    this.#outbox.push(ascii(command));
  }

  takeCommands(): Uint8Array[] {
    if (this.#outbox.length === 0) return [];
    const commands = this.#outbox;
    this.#outbox = [];
    return commands;
  }

  linkUp(atNs: MonotonicNs): void {
    this.#state = 'up';
    this.#lastLifeNs = atNs;
    this.#outbox = [];
    this.#sequence.stop();
    this.configure(atNs);
  }

  /** Nothing may wait for a link that is gone: it would reach the radar out of turn. */
  linkDown(): void {
    this.#state = 'down';
    this.#outbox = [];
    this.#sequence.stop();
  }

  /** Send all settings from the beginning. */
  configure(atNs: MonotonicNs): void {
    this.#asksBeside = false;
    this.#probe.reset();
    this.#sequence.start(atNs);
  }

  /**
   * The same without an interruption. What is streamed to a mute radar's host may hold replies of its own (a recording),
   * and readings that were good enough before are not worse for the question. A contradicting answer still stops it.
   */
  #configureBeside(atNs: MonotonicNs): void {
    this.configure(atNs);
    this.#asksBeside = true;
  }

  onEvent(event: RadarEvent): void {
    if (!this.isUp) return;
    if (isLifeSign(event)) this.#lastLifeNs = Math.max(this.#lastLifeNs, eventTimeNs(event));
    if (event.type !== 'reply') return;
    const wasConfiguring = this.isConfiguring;
    this.#sequence.onReply(event.text, event.isError, event.atNs);
    if (!wasConfiguring && !this.radarAnswers && this.#probe.isAnswer(event.atNs)) this.#configureBeside(event.atNs);
  }

  tick(atNs: MonotonicNs): void {
    if (!this.isUp) return;
    this.#sequence.tick(atNs);
    const isMute = !this.isConfiguring && !this.radarAnswers;
    if (isMute && this.#probe.isDue(atNs)) this.send(this.#plan.probe);
  }

  /** @returns why nothing may be enforced as far as link, silence and settings go; null: they stand in no way */
  obstacle(atNs: MonotonicNs, silenceLimitNs: number): RadarCondition | null {
    if (this.#state === 'never') return refused('starting', 'Radar: the link has not been opened yet.');
    if (this.#state === 'down') return refused('silent', 'Radar: the link is down.');
    const ageNs = atNs - this.#lastLifeNs;
    if (ageNs > silenceLimitNs) return silent(ageNs, silenceLimitNs);
    if (this.isConfiguring && !this.#asksBeside)
      return refused('starting', 'Radar: its settings are being sent and read back.');
    if (this.#sequence.refusal !== null) {
      return refused('settings-refused', `Radar: setting not taken, ${this.#sequence.refusal}.`);
    }
    return null;
  }
}

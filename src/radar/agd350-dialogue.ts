/**
 * The talk with an AGD 350 (domain/radar-protocols.md): settings sent and read back, heartbeat watchdog, error messages,
 * self-test of both directions. Commands are `*CMD=value<CR>` and `*CMD?<CR>`; the radar answers `#CMD=value<CR>` and
 * `#CMD?value<CR>` (page 12 of the printed 342 manual), or `#ERROR` and a description.
 */
import { NS_PER_S, type MonotonicNs } from '../units.js';
import { CONFIRMED, refused, UNCONFIRMED } from './condition.js';
import { Conversation } from './conversation.js';
import type { RadarCondition, RadarDialogue, RadarEvent, RadarSettings, SelfTestState } from './reading.js';
import { SelfTest } from './agd350-self-test.js';
import type { Judgement, SettingStep } from './settings-sequence.js';

const HEARTBEAT_PERIOD_S = 1;
const HEARTBEAT_SETTING = `heartbeat every ${HEARTBEAT_PERIOD_S} s`;
/** A radar that is known to send something every second is silent after this. */
const AGD_STALE_NS = 5 * NS_PER_S;
/** A radar that hears no commands keeps its own heartbeat period, which may be long, and an empty road is quiet. */
const UNKNOWN_HEARTBEAT_STALE_NS = 30 * NS_PER_S;
const MISSED_HEARTBEATS = 3;

/** 06 "more than once in 10 s". */
const SAMPLING_ERROR_WINDOW_NS = 10 * NS_PER_S;
/** 05 is to be ignored while rare; the manual gives no figure, five in a minute is ours. */
const GENERAL_ERROR_WINDOW_NS = 60 * NS_PER_S;
const GENERAL_ERRORS_ALLOWED = 4;

const FATAL_ERRORS: Readonly<Record<number, string>> = {
  2: 'its factory configuration is corrupt',
  3: 'its critical configuration is corrupt',
  4: 'its processors cannot talk to each other',
};

/** Units may follow the value (`#LS?50km/Hr`), so only its beginning counts. */
function step(name: string, command: string, value: string): SettingStep {
  return {
    name,
    set: `*${command}=${value}\r`,
    query: `*${command}?\r`,
    required: true,
    judge(reply, isError, phase): Judgement {
      if (isError) return 'contradicted';
      const compact = reply.replaceAll(' ', '').toUpperCase();
      const isEcho = compact.startsWith(`#${command}=`);
      if (!isEcho && !compact.startsWith(`#${command}?`)) return null;
      // The value repeated after a command proves only that it was heard; after a question it is the answer.
      if (isEcho && phase === 'set') return 'acknowledged';
      const found = compact.slice(command.length + 2);
      const isNumber = /^\d/.test(value);
      const matches = isNumber ? Number.parseFloat(found) === Number(value) : found.startsWith(value);
      return matches ? 'confirmed' : 'contradicted';
    },
  };
}

const STEPS: readonly SettingStep[] = [
  step('speed unit km/h', 'SU', 'K'),
  step('polar coordinates', 'CT', 'P'),
  step('both directions', 'DIR', 'B'),
  step(HEARTBEAT_SETTING, 'HBP', String(HEARTBEAT_PERIOD_S)),
];

export class Agd350Dialogue implements RadarDialogue {
  readonly #settings: Pick<RadarSettings, 'requireReadback' | 'selfTest'>;
  readonly #conversation = new Conversation({ steps: STEPS, probe: '*SU?\r' });
  readonly #selfTest = new SelfTest((command) => this.#conversation.send(command));
  #selfTestWanted = false;
  #fault: string | null = null;
  #generalErrorsNs: readonly number[] = [];
  #lastSamplingErrorNs = -Infinity;
  #lastHeartbeatNs: number | null = null;
  #shortestPeriodNs: number | null = null;

  constructor(settings: Pick<RadarSettings, 'requireReadback' | 'selfTest'>) {
    this.#settings = settings;
  }

  linkUp(atNs: MonotonicNs): void {
    this.#forget();
    this.#selfTestWanted = this.#settings.selfTest;
    this.#conversation.linkUp(atNs);
  }

  linkDown(): void {
    this.#forget();
    this.#conversation.linkDown();
  }

  onEvent(event: RadarEvent): void {
    if (!this.#conversation.isUp) return;
    if (event.type === 'heartbeat') this.#onHeartbeat(event.atNs);
    if (event.type === 'radar-error') this.#onError(event.number, event.atNs);
    this.#conversation.onEvent(event);
    this.#selfTest.onEvent(event);
  }

  tick(atNs: MonotonicNs): void {
    this.#conversation.tick(atNs);
    this.#selfTest.tick(atNs);
    // A mute radar cannot be tested until it wakes up, and one that refuses its settings need not be.
    const { isUp, isConfiguring, radarAnswers, isRefused } = this.#conversation;
    if (this.#selfTestWanted && isUp && !isConfiguring && radarAnswers && !isRefused) {
      this.#selfTestWanted = false;
      this.#selfTest.start(atNs);
    }
  }

  startSelfTest(atNs: MonotonicNs): void {
    if (!this.#conversation.isUp || this.#conversation.isConfiguring) this.#selfTestWanted = true;
    else this.#selfTest.start(atNs);
  }

  selfTestState(): SelfTestState {
    return this.#selfTest.state;
  }

  takeCommands(): Uint8Array[] {
    return this.#conversation.takeCommands();
  }

  condition(atNs: MonotonicNs): RadarCondition {
    if (this.#fault !== null) return refused('radar-error', this.#fault);
    const obstacle = this.#conversation.obstacle(atNs, this.#silenceLimitNs());
    if (obstacle !== null) return obstacle;
    const test = this.#selfTest.state;
    if (test === 'running' || this.#selfTestIsDue())
      return refused('self-test-running', 'Radar: self-test is running.');
    if (test === 'failed') return refused('self-test-failed', `Radar: ${this.#selfTest.sentence}.`);
    const { unconfirmed } = this.#conversation;
    const untested = test === 'unanswered' || (this.#settings.selfTest && test !== 'passed');
    if (unconfirmed.length === 0 && !untested) return CONFIRMED;
    if (!this.#settings.requireReadback) return UNCONFIRMED;
    const missing = [...unconfirmed, ...(untested ? ['self-test'] : [])].join(', ');
    return refused('settings-unconfirmed', `Radar: no answer to ${missing}, required by requireReadback.`);
  }

  /** Between the last setting and the tick that starts the test nothing may be enforced either. */
  #selfTestIsDue(): boolean {
    return this.#selfTestWanted && this.#conversation.radarAnswers;
  }

  #forget(): void {
    this.#selfTest.reset();
    this.#fault = null;
    this.#generalErrorsNs = [];
    this.#lastSamplingErrorNs = -Infinity;
    this.#lastHeartbeatNs = null;
    this.#shortestPeriodNs = null;
  }

  #onHeartbeat(atNs: number): void {
    if (this.#lastHeartbeatNs !== null && atNs > this.#lastHeartbeatNs) {
      const periodNs = atNs - this.#lastHeartbeatNs;
      this.#shortestPeriodNs = Math.min(this.#shortestPeriodNs ?? Infinity, periodNs);
    }
    this.#lastHeartbeatNs = atNs;
  }

  /** Once heartbeats come at a known period, three missed ones are silence, but never sooner than the stale limit. */
  #silenceLimitNs(): number {
    if (this.#shortestPeriodNs !== null) {
      return Math.max(AGD_STALE_NS, MISSED_HEARTBEATS * this.#shortestPeriodNs);
    }
    const { radarAnswers, unconfirmed } = this.#conversation;
    const beats = radarAnswers && !unconfirmed.includes(HEARTBEAT_SETTING);
    return beats ? AGD_STALE_NS : UNKNOWN_HEARTBEAT_STALE_NS;
  }

  #onError(number: number, atNs: MonotonicNs): void {
    const fatal = FATAL_ERRORS[number];
    if (fatal !== undefined) {
      this.#fault ??= `Radar: error 0${number}, ${fatal}; stop using it until it was restarted.`;
    } else if (number === 1) {
      this.#selfTestWanted ||= this.#selfTest.state === 'running';
      if (this.#selfTestWanted) this.#selfTest.reset();
      this.#conversation.configure(atNs);
    } else if (number === 5) {
      const recentNs = this.#generalErrorsNs.filter((errorNs) => atNs - errorNs <= GENERAL_ERROR_WINDOW_NS);
      this.#generalErrorsNs = [...recentNs, atNs];
      if (recentNs.length >= GENERAL_ERRORS_ALLOWED) {
        this.#fault ??= 'Radar: error 05 five times within 60 s, it is overloaded.';
      }
    } else if (number === 6) {
      const sinceNs = atNs - this.#lastSamplingErrorNs;
      this.#lastSamplingErrorNs = atNs;
      if (sinceNs <= SAMPLING_ERROR_WINDOW_NS) {
        this.#fault ??= 'Radar: error 06 (sampling frequency) twice within 10 s, at most once allowed.';
      }
    }
  }
}

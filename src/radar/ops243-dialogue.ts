/**
 * The talk with an OPS243 (domain/radar-protocols.md, AN-010 of the maker). Commands are two characters without a line
 * end; most are answered by one JSON line with what now holds: `UK` by {"Units":"km-per-hr"}, `S2` by
 * {"SamplingRate":20000, ...}, `OJ` by {"OutputFeature":"J"}.
 *
 * An OPS243 says nothing on an empty road, so it is asked for its unit every two seconds: silence then means something,
 * and a radar that was reset behind our back shows by its unit. One that never answered cannot be judged that way: it
 * is believed for a whole minute without a vehicle.
 */
import { NS_PER_S, type MonotonicNs } from '../units.js';
import { CONFIRMED, refused, UNCONFIRMED } from './condition.js';
import { Conversation } from './conversation.js';
import { numberOf, parseObject } from './ops243-line.js';
import { COMMANDED_RATE_HZ, kmhPerUnit, type Ops243Scale } from './ops243-scale.js';
import type { RadarCondition, RadarDialogue, RadarEvent, RadarSettings, SelfTestState } from './reading.js';
import type { Judgement, SettingStep } from './settings-sequence.js';

const POLL_NS = 2 * NS_PER_S;
const OPS_STALE_NS = 5 * NS_PER_S;
const MUTE_STALE_NS = 60 * NS_PER_S;

const UNIT_COMMAND = 'UK';
const RATE_COMMAND = 'S2';
const UNIT_QUERY = 'U?';

function judgeUnit(reply: string): Judgement {
  const unit = parseObject(reply)?.['Units'];
  const factor = typeof unit === 'string' ? kmhPerUnit(unit) : undefined;
  if (factor === undefined) return null;
  return factor === 1 ? 'confirmed' : 'contradicted';
}

function judgeRate(reply: string): Judgement {
  const rateHz = numberOf(parseObject(reply)?.['SamplingRate']);
  if (rateHz === null) return null;
  return rateHz >= COMMANDED_RATE_HZ ? 'confirmed' : 'contradicted';
}

const judgeOutput =
  (letter: string) =>
  (reply: string): Judgement => {
    const feature = parseObject(reply)?.['OutputFeature'];
    if (feature === letter) return 'confirmed';
    return feature === letter.toLowerCase() ? 'contradicted' : null;
  };

const STEPS: readonly SettingStep[] = [
  { name: 'speed unit km/h', set: UNIT_COMMAND, query: UNIT_QUERY, required: true, judge: judgeUnit },
  { name: 'sample rate 20 kHz', set: RATE_COMMAND, query: '??', required: true, judge: judgeRate },
  { name: 'JSON lines', set: 'OJ', query: null, required: true, judge: judgeOutput('J') },
  { name: 'magnitude', set: 'OM', query: null, required: true, judge: judgeOutput('M') },
  { name: 'time', set: 'OT', query: null, required: false, judge: judgeOutput('T') },
  // The manual does not print what `R|` answers: whatever comes is taken for it.
  { name: 'both directions', set: 'R|', query: null, required: false, judge: () => 'acknowledged' },
];

export class Ops243Dialogue implements RadarDialogue {
  readonly #requireReadback: boolean;
  readonly #conversation: Conversation;
  #nextPollNs = Infinity;

  constructor(settings: Pick<RadarSettings, 'requireReadback'>, scale: Ops243Scale) {
    this.#requireReadback = settings.requireReadback;
    this.#conversation = new Conversation({
      steps: STEPS,
      probe: UNIT_QUERY,
      onSent(command) {
        if (command === UNIT_COMMAND) scale.unitCommanded();
        if (command === RATE_COMMAND) scale.sampleRateCommanded();
      },
    });
  }

  linkUp(atNs: MonotonicNs): void {
    this.#nextPollNs = Infinity;
    this.#conversation.linkUp(atNs);
  }

  linkDown(): void {
    this.#conversation.linkDown();
  }

  onEvent(event: RadarEvent): void {
    const wasConfiguring = this.#conversation.isConfiguring;
    this.#conversation.onEvent(event);
    // A unit that changed by itself: the radar was reset and has lost all its settings.
    const wasReset = event.type === 'reply' && !wasConfiguring && judgeUnit(event.text) === 'contradicted';
    if (wasReset && this.#conversation.isUp && this.#conversation.radarAnswers)
      this.#conversation.configure(event.atNs);
  }

  tick(atNs: MonotonicNs): void {
    this.#conversation.tick(atNs);
    if (!this.#conversation.radarAnswers || this.#conversation.isConfiguring) {
      this.#nextPollNs = atNs + POLL_NS;
    } else if (this.#conversation.isUp && atNs >= this.#nextPollNs) {
      this.#nextPollNs = atNs + POLL_NS;
      this.#conversation.send(UNIT_QUERY);
    }
  }

  /** The OPS243 has no self-test of its own; the tuning fork is a person's work. */
  startSelfTest(): void {}

  selfTestState(): SelfTestState {
    return 'idle';
  }

  takeCommands(): Uint8Array[] {
    return this.#conversation.takeCommands();
  }

  condition(atNs: MonotonicNs): RadarCondition {
    const obstacle = this.#conversation.obstacle(atNs, this.#conversation.radarAnswers ? OPS_STALE_NS : MUTE_STALE_NS);
    if (obstacle !== null) return obstacle;
    const { unconfirmed } = this.#conversation;
    if (unconfirmed.length === 0) return CONFIRMED;
    if (!this.#requireReadback) return UNCONFIRMED;
    return refused(
      'settings-unconfirmed',
      `Radar: no answer to ${unconfirmed.join(', ')}, required by requireReadback.`,
    );
  }
}

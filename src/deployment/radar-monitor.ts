/**
 * Is the radar to be listened to? Joins the state of the link, the dialogue's condition and the age and sense of the
 * data. Bytes that never become a frame are the mark of a wrong baud rate or parity, which no driver reports.
 */
import type { DiscardReason, RadarDriver, RadarEvent, RadarSettings } from '../radar/reading.js';
import { LATEST_S, RadarTimeWatch } from '../radar/time-watch.js';
import { NS_PER_S, type MonotonicNs } from '../units.js';
import type { Refusal } from './readiness.js';

const NONSENSE_AFTER_NS = 5 * NS_PER_S;
const NONSENSE_BYTES = 64;
/** Discards are told together, this long after the first of them. */
const DISCARDS_EVERY_NS = 60 * NS_PER_S;

export class RadarMonitor {
  readonly time = new RadarTimeWatch();
  private up = false;
  private detail = 'not opened yet';
  private bytesSinceSense = 0;
  private lastSenseNs: MonotonicNs | null = null;
  private readonly discards = new Map<DiscardReason, number>();
  private discardsSinceNs: MonotonicNs | null = null;

  constructor(
    private readonly driver: RadarDriver,
    private readonly settings: RadarSettings,
  ) {}

  get isUp(): boolean {
    return this.up;
  }

  onLink(up: boolean, detail: string, atNs: MonotonicNs): void {
    this.up = up;
    this.detail = detail;
    this.bytesSinceSense = 0;
    this.lastSenseNs = atNs;
    this.driver.decoder.reset();
    this.time.reset();
    if (up) this.driver.dialogue.linkUp(atNs);
    else this.driver.dialogue.linkDown(atNs);
  }

  onBytes(count: number): void {
    this.bytesSinceSense += count;
  }

  onEvent(event: RadarEvent): void {
    if (event.type === 'discard') {
      const { reason, atNs } = event.discard;
      this.discards.set(reason, (this.discards.get(reason) ?? 0) + 1);
      this.discardsSinceNs ??= atNs;
      this.driver.dialogue.onEvent(event);
      return;
    }
    this.bytesSinceSense = 0;
    this.time.onEvent(event);
    this.lastSenseNs = event.type === 'reading' ? event.reading.atNs : event.atNs;
    this.driver.dialogue.onEvent(event);
  }

  get unconfirmed(): boolean {
    return this.lastSenseNs === null ? false : this.driver.dialogue.condition(this.lastSenseNs).unconfirmed;
  }

  /**
   * What was thrown away since the last time it was told: at most once a minute, and at the end.
   *
   * @returns one sentence with the counts by reason; null while there is none to be told
   */
  takeDiscards(nowNs: MonotonicNs, atEnd: boolean): string | null {
    if (this.discardsSinceNs === null) return null;
    if (!atEnd && nowNs - this.discardsSinceNs < DISCARDS_EVERY_NS) return null;
    const counts = [...this.discards].map(([reason, count]) => `${reason} ${count}`).join(', ');
    this.discards.clear();
    this.discardsSinceNs = null;
    return `Radar: messages and stretches of bytes thrown away: ${counts}.`;
  }

  isSelfTesting(nowNs: MonotonicNs): boolean {
    return this.driver.dialogue.condition(nowNs).reason === 'self-test-running';
  }

  refusals(nowNs: MonotonicNs): Refusal[] {
    if (!this.up) return [{ code: 'radar-link-down', sentence: `Radar: ${this.detail}.` }];
    const senseless = this.lastSenseNs !== null && nowNs - this.lastSenseNs > NONSENSE_AFTER_NS;
    if (senseless && this.bytesSinceSense >= NONSENSE_BYTES) {
      const { baudRate, parity, protocol } = this.settings;
      const sentence =
        `Radar: ${this.bytesSinceSense} bytes but no valid ${protocol} message for 5 s; ` +
        `check baud rate and parity (configured: ${baudRate}, ${parity}).`;
      return [{ code: 'radar-unintelligible', sentence }];
    }
    const condition = this.driver.dialogue.condition(nowNs);
    if (!condition.usable) return [{ code: 'radar-unusable', sentence: condition.sentence }];
    return this.time.isLate ? [{ code: 'radar-late', sentence: this.lateness() }] : [];
  }

  private lateness(): string {
    if (this.time.isRelearning) {
      return 'Radar: its clock was set or its messages come unevenly; expected: ten seconds of messages in time.';
    }
    const lagS = (this.time.lagS ?? 0).toFixed(2);
    return `Radar: its messages reach the camera ${lagS} s late; at most ${LATEST_S} s allowed.`;
  }
}

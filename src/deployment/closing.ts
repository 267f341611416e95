/**
 * The end of a session: no new exposure, the radar's end self-test where it has one, then every open number is brought
 * to its end (its image comes, or its time runs out) before `closed` is said.
 */
import type { ExposureBook } from '../evidence/exposure-book.js';
import type { ImageMatcher } from '../evidence/image-matcher.js';
import type { RadarDriver } from '../radar/reading.js';
import type { Output } from '../timeline.js';
import { NS_PER_MS, NS_PER_S, type MonotonicNs } from '../units.js';
import type { RadarMonitor } from './radar-monitor.js';

/** Nothing may hold up the end for ever, but an image that is still due is waited for. */
const LONGEST_NS = 15 * NS_PER_S;
/** Beyond the image's own time, for the exposure to be concluded. */
const AFTER_IMAGE_NS = 2 * NS_PER_S;

export class Closing {
  private readonly longestNs: number;
  private askedNs: MonotonicNs | null = null;
  private testing = false;
  private done = false;

  constructor(
    private readonly driver: RadarDriver,
    private readonly radar: RadarMonitor,
    private readonly matcher: ImageMatcher,
    private readonly exposures: ExposureBook,
    private readonly selfTest: boolean,
    imageTimeoutMs: number,
  ) {
    this.longestNs = Math.max(LONGEST_NS, imageTimeoutMs * NS_PER_MS + AFTER_IMAGE_NS);
  }

  get isAsked(): boolean {
    return this.askedNs !== null;
  }

  get isDone(): boolean {
    return this.done;
  }

  ask(atNs: MonotonicNs): void {
    if (this.askedNs !== null) return;
    this.askedNs = atNs;
    if (!this.selfTest || !this.radar.isUp || !this.driver.dialogue.condition(atNs).usable) return;
    this.testing = true;
    this.driver.dialogue.startSelfTest(atNs);
  }

  tick(nowNs: MonotonicNs, out: Output[]): void {
    if (this.askedNs === null || this.done) return;
    const late = nowNs - this.askedNs > this.longestNs;
    if (this.testing) this.testing = !late && !this.testEnded(nowNs, out);
    if (this.testing) return;
    if (!late && !(this.matcher.isIdle && this.exposures.isEmpty)) return;
    this.done = true;
    out.push({ type: 'closed', atNs: nowNs });
  }

  private testEnded(nowNs: MonotonicNs, out: Output[]): boolean {
    const condition = this.driver.dialogue.condition(nowNs);
    if (condition.reason === 'self-test-running') return false;
    if (condition.reason === 'self-test-failed') {
      const sentence = `End of session: ${condition.sentence}`;
      out.push({ type: 'notice', atNs: nowNs, level: 'alarm', code: 'end-self-test-failed', sentence });
    }
    return true;
  }
}

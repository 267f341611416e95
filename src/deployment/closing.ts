/**
 * The end of a session: no vehicle is photographed any more; the last alignment photo and the radar's end self-test where
 * it has one; then every open number is brought to its end (its image comes, or its time runs out) before `closed` is said.
 */
import type { ExposureBook } from '../evidence/exposure-book.js';
import type { ImageMatcher } from '../evidence/image-matcher.js';
import type { RadarDriver } from '../radar/reading.js';
import type { Output } from '../timeline.js';
import { NS_PER_MS, NS_PER_S, type MonotonicNs } from '../units.js';
import type { EquipmentTests } from './equipment-tests.js';
import { CONTROLLER } from './events.js';
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
    private readonly tests: Pick<EquipmentTests, 'photos'>,
    private readonly wanted: {
      readonly photo: boolean;
      readonly selfTest: boolean;
      readonly imageTimeoutMs: number;
    },
  ) {
    this.longestNs = Math.max(LONGEST_NS, wanted.imageTimeoutMs * NS_PER_MS + AFTER_IMAGE_NS);
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
    // Only what was synced can be photographed: a session that never got so far ends without a picture.
    if (this.wanted.photo && this.matcher.isSynced) this.tests.photos.ask(CONTROLLER);
    else this.tests.photos.giveUp();
    if (!this.wanted.selfTest || !this.radar.isUp) return;
    const { usable, reason } = this.driver.dialogue.condition(atNs);
    // One that is under way comes after the last exposure as well.
    this.testing = usable || reason === 'self-test-running';
    if (usable) this.driver.dialogue.startSelfTest(atNs);
  }

  /** @returns true once, when everything has come to its end */
  tick(nowNs: MonotonicNs, out: Output[]): boolean {
    if (this.askedNs === null || this.done) return false;
    const late = nowNs - this.askedNs > this.longestNs;
    if (this.testing) this.testing = !late && !this.testEnded(nowNs, out);
    if (late) this.tests.photos.giveUp();
    if (this.testing || this.tests.photos.isPending) return false;
    if (!late && !(this.matcher.isIdle && this.exposures.isEmpty)) return false;
    this.done = true;
    return true;
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

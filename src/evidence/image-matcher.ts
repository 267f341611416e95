/**
 * Ties each image to its trigger by the seven rules of domain/imaging.md ("Tying an image to its trigger"), never by
 * count alone. All rules that the camera's abilities allow must hold; which ones it has (counter, clock, serial number)
 * is learnt from the sync shot. After any breach nothing is issued any more: drain, sync shot, go on.
 *
 * After a trigger was given up its image may still come. The next sync shot must then go on with the old counter and
 * clock where the camera has them, and when it has matched nothing is issued until as long as an image may take has gone
 * by without another image: a late one that took the place of the sync image is found by the true one that follows.
 *
 * With feedback line and counter several exposures may be on their way at once, since each image then names its edge;
 * otherwise there is one open trigger.
 */
import type { CameraSettings } from '../controller-config.js';
import type { ImageArrival } from '../timeline.js';
import { NS_PER_MS, NS_PER_S, type MonotonicNs, type UtcMs } from '../units.js';
import type { ExposureReason, ExposureStart } from './types.js';

/** What an image had to agree with; null where nothing was known yet (sync shot) or the camera has none. */
export interface ExpectedImage {
  readonly counter: number | null;
  readonly clockOffsetMs: number | null;
  readonly serialNumber: string | null;
}

export type MatchEvent =
  | {
      readonly type: 'matched';
      readonly expected: ExpectedImage;
      readonly start: ExposureStart;
      readonly strobeNs: MonotonicNs | null;
      readonly imageNs: MonotonicNs;
      readonly image: ImageArrival;
    }
  /** The trigger is given up; its number has no image. */
  | {
      readonly type: 'missed';
      readonly start: ExposureStart;
      readonly strobeNs: MonotonicNs | null;
      readonly reason: ExposureReason;
      readonly atNs: MonotonicNs;
    }
  /** Kept under a number of its own, never issued. */
  | {
      readonly type: 'orphan';
      readonly image: ImageArrival;
      readonly reason: ExposureReason;
      readonly atNs: MonotonicNs;
    }
  | { readonly type: 'duplicate'; readonly image: ImageArrival; readonly atNs: MonotonicNs }
  | { readonly type: 'synced'; readonly atNs: MonotonicNs }
  | { readonly type: 'breach'; readonly sentence: string; readonly atNs: MonotonicNs };

interface Awaited {
  readonly start: ExposureStart;
  strobeNs: MonotonicNs | null;
  expectedCounter: number | null;
}

/** The camera must be quiet this long before the sync shot. */
const DRAIN_NS = 1 * NS_PER_S;
/** Edges are posted between threads: judge a missing one this much after its window. */
const EDGE_SLACK_NS = 150 * NS_PER_MS;
const FIRST_RETRY_NS = 2 * NS_PER_S;
const LONGEST_RETRY_NS = 60 * NS_PER_S;
/** At most this many exposures under way, even where each image names its edge. */
const MOST_AWAITED = 4;
/** Camera clocks are read when the shutter opens, a little after the edge, and drift within a session. */
const CAMERA_CLOCK_SLACK_MS = 250;
const COUNTER_WRAP = 10_000;
const REMEMBERED_COUNTERS = 32;

export class ImageMatcher {
  private synced = false;
  /** The sync shot has matched after a give-up: issued is only when nothing has come since then for long enough. */
  private settlingSinceNs: MonotonicNs | null = null;
  private readonly awaited: Awaited[] = [];
  private quietSinceNs: MonotonicNs | null = null;
  private nextSyncNs = 0;
  private retryNs = FIRST_RETRY_NS;
  private lastFireNs: MonotonicNs | null = null;
  private counter: number | null = null;
  private serial: string | null;
  private clockOffsetMs: number | null = null;
  private clockResolutionMs = 0;
  private gaveUpSinceSync = false;
  private readonly seenCounters: number[] = [];

  constructor(
    private readonly settings: CameraSettings,
    private readonly utcAt: (atNs: MonotonicNs) => UtcMs | null,
    private readonly emit: (event: MatchEvent) => void,
  ) {
    this.serial = settings.serialNumber;
  }

  get isSynced(): boolean {
    return this.synced;
  }

  get isIdle(): boolean {
    return this.awaited.length === 0;
  }

  /** Drained, and the pause after a failed sync shot is over: time for one. */
  wantsSync(nowNs: MonotonicNs): boolean {
    this.quietSinceNs ??= nowNs;
    if (this.settlingSinceNs !== null) return false;
    return !this.synced && this.isIdle && nowNs - this.quietSinceNs >= DRAIN_NS && nowNs >= this.nextSyncNs;
  }

  /** Rule 2: null when an exposure may be made now, else why not. */
  busy(nowNs: MonotonicNs): 'camera-out-of-sync' | 'trigger-open' | 'dead-time' | null {
    if (!this.synced) return 'camera-out-of-sync';
    if (this.lastFireNs !== null && nowNs - this.lastFireNs < this.settings.deadTimeMs * NS_PER_MS) return 'dead-time';
    if (this.isIdle) return null;
    const eachImageNamesItsEdge = this.settings.hasStrobe && this.counter !== null;
    const allConfirmed = this.awaited.every((awaited) => awaited.strobeNs !== null);
    return eachImageNamesItsEdge && allConfirmed && this.awaited.length < MOST_AWAITED ? null : 'trigger-open';
  }

  /** The shutter line rises for `start`. */
  onFire(start: ExposureStart): void {
    this.lastFireNs = start.atNs;
    if (!this.settings.hasStrobe) this.advanceCounter();
    const expectedCounter = this.settings.hasStrobe ? null : this.counter;
    this.awaited.push({ start, strobeNs: null, expectedCounter });
  }

  /** Rule 3: a rising feedback edge belongs into the window of the one trigger that lacks it. */
  onStrobe(atNs: MonotonicNs): void {
    this.advanceCounter();
    const awaited = this.awaited.find((candidate) => candidate.strobeNs === null);
    if (awaited !== undefined && this.inStrobeWindow(awaited.start.atNs, atNs)) {
      awaited.strobeNs = atNs;
      awaited.expectedCounter = this.counter;
      return;
    }
    // While the camera drains its edges are its own affair; a second one beside a sync shot is one without a trigger.
    if (!this.synced && this.settlingSinceNs === null && this.isIdle) {
      this.quietSinceNs = atNs;
      return;
    }
    this.breach('no-trigger', 'Camera: feedback edge without a trigger in its window.', atNs);
  }

  onImage(image: ImageArrival, atNs: MonotonicNs): void {
    if (image.duplicate) {
      this.emit({ type: 'duplicate', image, atNs });
      return;
    }
    if (this.isIdle) {
      this.orphanWithoutTrigger(image, atNs);
      return;
    }
    const opening = !this.synced;
    const awaited = this.awaitedFor(image);
    const fault = this.faultOf(image, awaited, opening);
    if (fault === null && awaited !== null) {
      this.match(awaited, image, atNs, opening);
      return;
    }
    const reason = fault ?? this.reasonForCounter(image);
    this.emit({ type: 'orphan', image, reason, atNs });
    // An image of before: the sync image is still to come.
    const ofBefore = fault === null || fault === 'camera-clock-mismatch';
    if (opening && ofBefore && this.gaveUpSinceSync) return;
    this.breach(reason, `Camera: image ${image.fileName} does not belong to the open trigger (${reason}).`, atNs);
  }

  /** The operator asks for a new sync shot. */
  resync(nowNs: MonotonicNs): void {
    if (this.isIdle) this.synced = false;
    this.quietSinceNs = nowNs;
  }

  tick(nowNs: MonotonicNs): void {
    if (this.settlingSinceNs !== null && nowNs - this.settlingSinceNs > this.imageTimeoutNs) {
      this.settlingSinceNs = null;
      this.becomeSynced(nowNs);
    }
    const first = this.awaited[0];
    if (first === undefined) return;
    const sinceNs = nowNs - first.start.atNs;
    const lastEdgeNs = this.settings.strobeWindowMs[1] * NS_PER_MS + EDGE_SLACK_NS;
    const unconfirmed = this.awaited.find((awaited) => awaited.strobeNs === null);
    if (this.settings.hasStrobe && unconfirmed !== undefined && nowNs - unconfirmed.start.atNs > lastEdgeNs) {
      const limit = this.settings.strobeWindowMs[1];
      this.breach('strobe-missed', `Camera: no feedback edge within ${limit} ms of the trigger.`, nowNs);
      return;
    }
    if (sinceNs > this.imageTimeoutNs) {
      const limit = this.settings.imageTimeoutMs / 1000;
      this.breach('image-missed', `Camera: no image within ${limit} s of the trigger.`, nowNs);
    }
  }

  private get imageTimeoutNs(): number {
    return this.settings.imageTimeoutMs * NS_PER_MS;
  }

  private inStrobeWindow(triggerNs: MonotonicNs, edgeNs: MonotonicNs): boolean {
    const sinceMs = (edgeNs - triggerNs) / NS_PER_MS;
    return sinceMs >= this.settings.strobeWindowMs[0] && sinceMs <= this.settings.strobeWindowMs[1];
  }

  private advanceCounter(): void {
    if (this.counter !== null) this.counter += 1;
  }

  private orphanWithoutTrigger(image: ImageArrival, atNs: MonotonicNs): void {
    this.quietSinceNs = atNs;
    let reason: ExposureReason = this.gaveUpSinceSync ? 'late-image' : 'no-trigger';
    if (image.counter !== null && this.seenCounters.includes(image.counter)) reason = 'duplicate-counter';
    if (image.problem !== null) reason = 'image-unusable';
    this.emit({ type: 'orphan', image, reason, atNs });
    if (this.synced || this.settlingSinceNs !== null)
      this.breach(reason, `Camera: image ${image.fileName} without a trigger.`, atNs);
  }

  /** Rules 5 and 7: what is wrong with the image itself. */
  private faultOf(image: ImageArrival, awaited: Awaited | null, opening: boolean): ExposureReason | null {
    if (image.problem !== null) return 'image-unusable';
    if (this.serial !== null && image.serialNumber !== this.serial) return 'serial-mismatch';
    const tiesByNothing = !this.settings.hasStrobe && image.counter === null && image.cameraClockMs === null;
    // Order of arrival alone never ties an image to a trigger.
    if (opening && tiesByNothing) return 'sync-failed';
    if (awaited === null || this.clockOffsetMs === null) return null;
    const edgeUtcMs = this.utcAt(awaited.strobeNs ?? awaited.start.atNs);
    if (edgeUtcMs === null) return null;
    if (image.cameraClockMs === null) return 'camera-clock-mismatch';
    const deviationMs = Math.abs(image.cameraClockMs - this.clockOffsetMs - edgeUtcMs);
    const boundMs = image.cameraClockResolutionMs + this.clockResolutionMs + CAMERA_CLOCK_SLACK_MS;
    return deviationMs <= boundMs ? null : 'camera-clock-mismatch';
  }

  /** Rule 4: the trigger whose edge the camera's counter names; the only one while no counter is known. */
  private awaitedFor(image: ImageArrival): Awaited | null {
    const first = this.awaited[0];
    if (first === undefined) return null;
    if (this.settings.hasStrobe && first.strobeNs === null) return null;
    if (this.counter === null) return first;
    const named = this.awaited.find(({ expectedCounter }) => {
      if (expectedCounter === null) return false;
      return image.counter === expectedCounter || isWrapped(image.counter, expectedCounter);
    });
    return named ?? null;
  }

  private reasonForCounter(image: ImageArrival): ExposureReason {
    const first = this.awaited[0];
    if (this.settings.hasStrobe && first?.strobeNs === null) return 'strobe-missed';
    if (image.counter !== null && this.seenCounters.includes(image.counter)) return 'duplicate-counter';
    return 'counter-mismatch';
  }

  private match(awaited: Awaited, image: ImageArrival, atNs: MonotonicNs, opening: boolean): void {
    this.awaited.splice(this.awaited.indexOf(awaited), 1);
    if (image.counter !== null) {
      this.seenCounters.push(image.counter);
      if (this.seenCounters.length > REMEMBERED_COUNTERS) this.seenCounters.shift();
    }
    const expected = {
      counter: awaited.expectedCounter,
      clockOffsetMs: this.clockOffsetMs,
      serialNumber: this.serial,
    };
    if (opening) this.learn(awaited, image, atNs);
    else if (awaited.expectedCounter !== null && image.counter !== null) {
      this.shiftCounters(image.counter - awaited.expectedCounter);
    }
    this.emit({ type: 'matched', expected, start: awaited.start, strobeNs: awaited.strobeNs, imageNs: atNs, image });
    if (opening && this.settlingSinceNs === null) this.becomeSynced(atNs);
  }

  private becomeSynced(atNs: MonotonicNs): void {
    this.synced = true;
    this.retryNs = FIRST_RETRY_NS;
    this.gaveUpSinceSync = false;
    this.emit({ type: 'synced', atNs });
  }

  private learn(awaited: Awaited, image: ImageArrival, atNs: MonotonicNs): void {
    if (this.gaveUpSinceSync) this.settlingSinceNs = atNs;
    this.counter = image.counter;
    this.serial ??= image.serialNumber;
    const edgeUtcMs = this.utcAt(awaited.strobeNs ?? awaited.start.atNs);
    const known = image.cameraClockMs !== null && edgeUtcMs !== null;
    this.clockOffsetMs = known ? image.cameraClockMs - edgeUtcMs : null;
    this.clockResolutionMs = image.cameraClockResolutionMs;
  }

  /** A camera that counts to 9999 begins again at 0 or 1: carry the difference on to what is still awaited. */
  private shiftCounters(shift: number): void {
    if (shift === 0) return;
    if (this.counter !== null) this.counter += shift;
    for (const awaited of this.awaited) {
      if (awaited.expectedCounter !== null) awaited.expectedCounter += shift;
    }
  }

  /** Rule 7: stop issuing, give up what is open, drain; `wantsSync` then asks for the sync shot. */
  private breach(reason: ExposureReason, sentence: string, atNs: MonotonicNs): void {
    const wasSynced = this.synced;
    this.synced = false;
    this.settlingSinceNs = null;
    this.quietSinceNs = atNs;
    this.gaveUpSinceSync ||= this.awaited.length > 0;
    for (const { start, strobeNs } of this.awaited.splice(0)) {
      const why = start.kind === 'sync' ? 'sync-failed' : reason;
      this.emit({ type: 'missed', start, strobeNs, reason: why, atNs });
    }
    if (!wasSynced) {
      // What was learnt does not lead to a sync image: learn anew.
      this.counter = null;
      this.clockOffsetMs = null;
      this.nextSyncNs = atNs + this.retryNs;
      this.retryNs = Math.min(this.retryNs * 2, LONGEST_RETRY_NS);
    }
    this.emit({ type: 'breach', sentence, atNs });
  }
}

function isWrapped(found: number | null, expected: number): boolean {
  return expected === COUNTER_WRAP && (found === 0 || found === 1);
}

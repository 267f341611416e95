/**
 * Every number from the pulse to its end. An exposure is concluded once both are known: what became of its image
 * (matcher) and what became of its pass (the rest of an approaching pass verifies the value that triggered; a failed
 * verification annuls the image, which keeps its number and says why: ICN-2).
 */
import type { ControllerConfig } from '../controller-config.js';
import type { Verdict } from '../enforcement/types.js';
import type { Reading } from '../radar/reading.js';
import type { Site } from '../site/types.js';
import type { ImageArrival, Output } from '../timeline.js';
import { NS_PER_MS, plusNs, type MonotonicNs } from '../units.js';
import { factsOf, type Circumstances, type MeasuredPass } from './facts.js';
import type { ExpectedImage, MatchEvent } from './image-matcher.js';
import type { LeaseBook } from './lease-book.js';
import type { ConcludedExposure, ExposureFacts, ExposureReason, ExposureStart, Icn, MatchingInputs } from './types.js';

interface Trigger {
  readonly kind: ExposureStart['kind'];
  readonly passId: number | null;
  /** Worked out behind the pulse; null where no vehicle is the reason. */
  readonly measured: (() => MeasuredPass) | null;
  readonly dark: boolean;
}

interface PassEnd {
  readonly verdict: Verdict;
  readonly facts: ExposureFacts;
  readonly readings: ConcludedExposure['readings'];
}

interface Open {
  readonly start: ExposureStart;
  /** Facts as they stood at the pulse. */
  readonly atPulse: ExposureFacts;
  readonly circumstances: Circumstances;
  image: Extract<MatchEvent, { type: 'matched' | 'missed' }> | null;
  passEnd: PassEnd | null;
}

interface Unnumbered {
  readonly image: ImageArrival;
  readonly reason: ExposureReason;
  readonly atNs: MonotonicNs;
  readonly circumstances: Circumstances;
}

/** Images that wait for a number; more than this are kept as files only. */
const MOST_UNNUMBERED = 64;

export class ExposureBook {
  private readonly open = new Map<Icn, Open>();
  private readonly byPass = new Map<number, Icn>();
  private readonly unnumbered: Unnumbered[] = [];

  constructor(
    private readonly config: ControllerConfig,
    private readonly leases: LeaseBook,
  ) {}

  get isEmpty(): boolean {
    return this.open.size === 0 && this.unnumbered.length === 0;
  }

  icnOfPass(passId: number): Icn | null {
    return this.byPass.get(passId) ?? null;
  }

  /** The site as it was in force at the exposure of a pass; null when none was made. */
  siteOfPass(passId: number): Site | null {
    const icn = this.byPass.get(passId);
    return (icn === undefined ? undefined : this.open.get(icn))?.circumstances.site ?? null;
  }

  /**
   * Pulse first: the line outputs stand before the `fire` that journals them.
   * @returns null when there is no number left
   */
  fire(
    trigger: Trigger,
    circumstancesNow: () => Circumstances,
    nowNs: MonotonicNs,
    out: Output[],
  ): ExposureStart | null {
    const icn = this.leases.take();
    if (icn === null) return null;
    const flash = this.wantsFlash(trigger.dark);
    const atNs = this.pulse(flash, nowNs, out);
    const circumstances = circumstancesNow();
    const start: ExposureStart = {
      icn,
      incident: icn,
      imageNumber: 1,
      imageCount: 1,
      kind: trigger.kind,
      atNs,
      utcMs: circumstances.utcMs,
      passId: trigger.passId,
      flash,
    };
    out.push({ type: 'fire', exposure: start });
    const atPulse = factsOf(this.config, circumstances, trigger.measured?.() ?? null);
    this.open.set(icn, { start, atPulse, circumstances, image: null, passEnd: null });
    if (trigger.passId !== null) this.byPass.set(trigger.passId, icn);
    return start;
  }

  /** The whole pass is judged: verification of what was fired in mid-pass. */
  passEnded(
    passId: number,
    measured: MeasuredPass,
    readings: readonly Reading[],
    nowNs: MonotonicNs,
    out: Output[],
  ): void {
    const icn = this.byPass.get(passId);
    this.byPass.delete(passId);
    const open = icn === undefined ? undefined : this.open.get(icn);
    if (open === undefined) return;
    const facts = factsOf(this.config, open.circumstances, measured);
    // The place is that of the exposure; the speed is that of the whole pass.
    const place = placeOf(open.atPulse);
    open.passEnd = { verdict: measured.verdict, facts: { ...facts, ...place }, readings: [...readings] };
    this.concludeWhenKnown(open, nowNs, out);
  }

  onMatch(event: Extract<MatchEvent, { type: 'matched' | 'missed' }>, out: Output[]): void {
    const open = this.open.get(event.start.icn);
    if (open === undefined) return;
    open.image = event;
    this.concludeWhenKnown(open, event.type === 'matched' ? event.imageNs : event.atNs, out);
  }

  /** An image without a trigger is kept under a number of its own (ICN-1), never issued. */
  onOrphan(
    image: ImageArrival,
    reason: ExposureReason,
    circumstances: Circumstances,
    atNs: MonotonicNs,
    out: Output[],
  ): void {
    if (this.unnumbered.length >= MOST_UNNUMBERED) {
      out.push({ type: 'drop-image', atNs, imageId: image.imageId, reason });
      return;
    }
    this.unnumbered.push({ image, reason, atNs, circumstances });
    this.numberOrphans(atNs, out);
  }

  numberOrphans(nowNs: MonotonicNs, out: Output[]): void {
    for (;;) {
      const orphan = this.unnumbered[0];
      if (orphan === undefined) return;
      const icn = this.leases.take();
      if (icn === null) return;
      this.unnumbered.shift();
      const usable = orphan.image.problem === null;
      out.push({
        type: 'conclude',
        exposure: {
          ...BLANK,
          icn,
          incident: icn,
          kind: 'unmatched',
          reason: orphan.reason,
          imageNs: orphan.atNs,
          concludedNs: nowNs,
          imageId: usable ? orphan.image.imageId : null,
          imageSha256: orphan.image.sha256,
          account: orphan.circumstances.account,
          matching: matchingOf(orphan.image, null),
          facts: factsOf(this.config, orphan.circumstances, null),
        },
      });
      if (!usable) {
        out.push({ type: 'drop-image', atNs: nowNs, imageId: orphan.image.imageId, reason: orphan.reason });
      }
    }
  }

  private wantsFlash(dark: boolean): boolean {
    if (!this.config.lines.includes('flash')) return false;
    return this.config.camera.flash === 'always' || (this.config.camera.flash === 'dark' && dark);
  }

  /** @returns when the shutter line rises */
  private pulse(flash: boolean, nowNs: MonotonicNs, out: Output[]): MonotonicNs {
    const { flashLeadMs, flashPulseMs, shutterPulseMs } = this.config.camera;
    const shutterNs = flash ? plusNs(nowNs, flashLeadMs * NS_PER_MS) : nowNs;
    if (flash) out.push({ type: 'line', atNs: nowNs, line: 'flash', value: 1 });
    out.push({ type: 'line', atNs: shutterNs, line: 'shutter', value: 1 });
    out.push({ type: 'line', atNs: plusNs(shutterNs, shutterPulseMs * NS_PER_MS), line: 'shutter', value: 0 });
    if (flash) out.push({ type: 'line', atNs: plusNs(nowNs, flashPulseMs * NS_PER_MS), line: 'flash', value: 0 });
    return shutterNs;
  }

  private concludeWhenKnown(open: Open, nowNs: MonotonicNs, out: Output[]): void {
    const { start, image, passEnd } = open;
    if (image === null || (start.kind === 'incident' && passEnd === null)) return;
    this.open.delete(start.icn);
    const matched = image.type === 'matched' ? image : null;
    out.push({
      type: 'conclude',
      exposure: {
        icn: start.icn,
        incident: start.incident,
        imageNumber: start.imageNumber,
        imageCount: start.imageCount,
        ...fateOf(start, image, passEnd),
        passId: start.passId,
        verdict: passEnd?.verdict ?? null,
        triggerNs: start.atNs,
        strobeNs: image.strobeNs,
        imageNs: matched?.imageNs ?? null,
        concludedNs: nowNs,
        flash: start.flash,
        imageId: matched?.image.imageId ?? null,
        imageSha256: matched?.image.sha256 ?? null,
        facts: passEnd?.facts ?? open.atPulse,
        account: open.circumstances.account,
        matching: matched === null ? null : matchingOf(matched.image, matched.expected),
        readings: passEnd?.readings ?? [],
      },
    });
  }
}

const BLANK = {
  imageNumber: 1,
  imageCount: 1,
  passId: null,
  verdict: null,
  triggerNs: null,
  strobeNs: null,
  flash: false,
  readings: [],
} as const;

function fateOf(
  start: ExposureStart,
  image: Extract<MatchEvent, { type: 'matched' | 'missed' }>,
  passEnd: PassEnd | null,
): Pick<ConcludedExposure, 'kind' | 'reason'> {
  if (image.type === 'missed') return { kind: 'void', reason: image.reason };
  if (start.kind !== 'incident') return { kind: start.kind, reason: null };
  if (passEnd?.verdict.kind === 'enforce') return { kind: 'incident', reason: null };
  return { kind: 'annulled', reason: passEnd?.verdict.reason ?? 'verification-failed' };
}

/** @param expected null: nothing was, the image came without a trigger */
function matchingOf(image: ImageArrival, expected: ExpectedImage | null): MatchingInputs {
  return {
    fileName: image.fileName,
    fileBytes: image.bytes,
    counter: image.counter,
    expectedCounter: expected?.counter ?? null,
    cameraClockMs: image.cameraClockMs,
    cameraClockResolutionMs: image.cameraClockResolutionMs,
    cameraClockOffsetMs: expected?.clockOffsetMs ?? null,
    serialNumber: image.serialNumber,
    expectedSerialNumber: expected?.serialNumber ?? null,
  };
}

function placeOf(facts: ExposureFacts) {
  const { rangeM, lane, vehicleChainageM, vehicleFromChainageM, vehicleToChainageM, vehiclePosition } = facts;
  return { rangeM, lane, vehicleChainageM, vehicleFromChainageM, vehicleToChainageM, vehiclePosition };
}

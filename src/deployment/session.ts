/**
 * The session's state: what is known, whether the camera may enforce now, and what follows from each input that is not
 * a radar byte. Enforcement needs that nothing refuses and that every datum it hangs on is fresh at that very moment.
 */
import type { ControllerConfig } from '../controller-config.js';
import { ExposureBook } from '../evidence/exposure-book.js';
import type { Circumstances, MeasuredPass } from '../evidence/facts.js';
import { ImageMatcher, type MatchEvent } from '../evidence/image-matcher.js';
import { LeaseBook } from '../evidence/lease-book.js';
import type { Pass } from '../measurement/types.js';
import type { RadarDriver } from '../radar/reading.js';
import { placeVan } from '../site/placement.js';
import type { VanPlacement } from '../site/types.js';
import type { Input, InputLineName, Output, SessionState } from '../timeline.js';
import { NS_PER_S, type MonotonicNs } from '../units.js';
import { ClockMonitor } from './clock-monitor.js';
import { Closing } from './closing.js';
import { isDark } from './darkness.js';
import { PositionMonitor } from './position-monitor.js';
import { RadarMonitor } from './radar-monitor.js';
import type { Refusal } from './readiness.js';

type OtherInput = Exclude<Input, { type: 'radar-bytes' | 'radar-link' }>;

const DARKNESS_EVERY_NS = 30 * NS_PER_S;
/** Sentences carry ages and distances; the same reasons are told again at most this often. */
const RETELL_NS = 1 * NS_PER_S;

export class Session {
  readonly clock = new ClockMonitor();
  readonly radar: RadarMonitor;
  readonly exposures: ExposureBook;
  vanPlacement: VanPlacement | null = null;
  private readonly leases = new LeaseBook();
  private readonly position = new PositionMonitor();
  private readonly matcher: ImageMatcher;
  private readonly closing: Closing;
  private readonly lines: Record<InputLineName, 0 | 1 | null> = { strobe: null, tamper: null, ready: null };
  private store = { usable: true, detail: '' };
  private refusals: readonly Refusal[] = [];
  private state: SessionState = 'closed';
  /** Since when nothing has refused without a break; null while something does. */
  private armedSinceNs: MonotonicNs | null = null;
  private everEnforced = false;
  private dark = false;
  private darkKnownNs: number | null = null;
  private told = { codes: '', sentences: '', atNs: 0 };
  private out: Output[] = [];

  constructor(
    private readonly config: ControllerConfig,
    private readonly driver: RadarDriver,
  ) {
    this.radar = new RadarMonitor(driver, config.radar);
    this.exposures = new ExposureBook(config, this.leases);
    this.matcher = new ImageMatcher(config.camera, (atNs) => this.clock.utcAt(atNs), this.onMatchEvent);
    const { selfTest } = config.radar;
    const { imageTimeoutMs } = config.camera;
    this.closing = new Closing(driver, this.radar, this.matcher, this.exposures, selfTest, imageTimeoutMs);
  }

  /** Takes in one input; `housekeeping` follows it. */
  take(input: OtherInput, out: Output[]): void {
    this.out = out;
    switch (input.type) {
      case 'gps-link':
        this.position.onLink(input.up, input.detail);
        break;
      case 'gps-fix':
        this.takeFix(input);
        break;
      case 'clock':
        this.takeClock(input);
        break;
      case 'line-edge':
        this.takeEdge(input);
        break;
      case 'image':
        this.matcher.onImage(input.image, input.atNs);
        break;
      case 'lease':
        this.leases.add(input.icns);
        break;
      case 'store':
        this.store = { usable: input.usable, detail: input.detail };
        break;
      case 'command':
        this.takeCommand(input);
        break;
      case 'tick':
        break;
    }
  }

  /** Everything that time alone brings about. */
  housekeeping(nowNs: MonotonicNs, out: Output[]): void {
    this.out = out;
    this.driver.dialogue.tick(nowNs);
    for (const bytes of this.driver.dialogue.takeCommands()) out.push({ type: 'radar-command', bytes });
    this.matcher.tick(nowNs);
    this.exposures.numberOrphans(nowNs, out);
    const count = this.closing.isAsked ? 0 : this.leases.toRequest(nowNs);
    if (count > 0) out.push({ type: 'request-lease', atNs: nowNs, count });
    if (this.position.believed(nowNs) === null) this.vanPlacement = null;
    this.syncWhenReady(nowNs);
    this.refusals = this.collectRefusals(nowNs);
    const wasDone = this.closing.isDone;
    this.closing.tick(nowNs, out);
    this.tellDiscards(nowNs, this.closing.isDone && !wasDone);
    this.tellState(nowNs);
  }

  /** Collects the refusals at once, where the next housekeeping would be too late. */
  recheck(nowNs: MonotonicNs): void {
    this.refusals = this.collectRefusals(nowNs);
  }

  isArmed(nowNs: MonotonicNs): boolean {
    return this.whyNotArmed(nowNs) === null;
  }

  /** The stable code of what forbids enforcement now; null when nothing does. */
  whyNotArmed(nowNs: MonotonicNs): string | null {
    if (this.closing.isAsked) return 'closing';
    const first = this.refusals[0];
    if (first !== undefined) return first.code;
    if (this.state !== 'enforcing') return 'checking';
    // Between two rounds of housekeeping data may have grown old.
    if (nowNs > this.position.validUntilNs()) return 'position-stale';
    if (nowNs > this.clock.validUntilNs()) return 'clock-unknown';
    return null;
  }

  /**
   * Fires for a vehicle if everything allows it now and has allowed it since the vehicle came into the beam.
   *
   * @param measured worked out behind the pulse
   * @returns null when it fired, else why not
   */
  fire(
    pass: Pick<Pass, 'id' | 'firstNs'>,
    measured: () => MeasuredPass,
    nowNs: MonotonicNs,
    out: Output[],
  ): string | null {
    const begun = this.armedSinceNs !== null && pass.firstNs >= this.armedSinceNs;
    const whyNot = this.whyNotArmed(nowNs) ?? (begun ? this.matcher.busy(nowNs) : 'armed-during-pass');
    if (whyNot !== null) return whyNot;
    const trigger = { kind: 'incident', passId: pass.id, measured, dark: this.dark } as const;
    const start = this.exposures.fire(trigger, () => this.circumstances(nowNs), nowNs, out);
    if (start === null) return 'no-numbers';
    this.matcher.onFire(start);
    return null;
  }

  private circumstances(atNs: MonotonicNs): Circumstances {
    return {
      position: this.position.believed(atNs),
      van: this.vanPlacement,
      utcMs: this.clock.utcAt(atNs),
      clockUncertaintyMs: this.clock.uncertaintyMs(),
      radarSettingsUnconfirmed: this.radar.unconfirmed,
      account: {
        readiness: {
          state: this.state,
          armedSinceNs: this.armedSinceNs,
          refusals: this.refusals.map(({ code }) => code),
        },
        clock: this.clock.quality(atNs),
        position: this.position.quality(atNs),
      },
    };
  }

  private takeFix(input: Extract<Input, { type: 'gps-fix' }>): void {
    if (input.fix.utcMs !== null) this.clock.onFixTime(input.fix.utcMs, input.atNs);
    if (!this.position.onFix(input.fix, input.atNs)) return;
    const believed = this.position.believed(input.atNs);
    if (believed === null) return;
    this.vanPlacement = placeVan(this.config.site, this.config.mounting, believed.point, believed.errorM);
  }

  private takeClock(input: Extract<Input, { type: 'clock' }>): void {
    const stepMs = this.clock.onClock(input);
    if (stepMs !== null) {
      const sentence = `Clock: the system time jumped by ${stepMs.toFixed(0)} ms.`;
      this.notice('warning', 'clock-step', sentence, input.atNs);
    }
    const position = this.position.believed(input.atNs);
    if (position === null) return;
    if (this.darkKnownNs !== null && input.atNs - this.darkKnownNs < DARKNESS_EVERY_NS) return;
    this.dark = isDark(position.point, input.utcMs);
    this.darkKnownNs = input.atNs;
  }

  private takeEdge(input: Extract<Input, { type: 'line-edge' }>): void {
    const before = this.lines[input.line];
    this.lines[input.line] = input.value;
    if (input.line === 'strobe' && input.value === 1) this.matcher.onStrobe(input.atNs);
    if (input.line === 'tamper' && input.value === 1 && before !== 1) {
      this.notice('alarm', 'tamper', 'Tamper line: the cabinet or its wiring is being interfered with.', input.atNs);
    }
  }

  private takeCommand(input: Extract<Input, { type: 'command' }>): void {
    if (input.command === 'close') this.closing.ask(input.atNs);
    if (input.command === 'sync') this.matcher.resync(input.atNs);
    if (input.command === 'self-test') this.driver.dialogue.startSelfTest(input.atNs);
  }

  private syncWhenReady(nowNs: MonotonicNs): void {
    if (this.closing.isAsked || this.lines.ready === 0 || !this.store.usable) return;
    // The sync shot's picture states place and time, and its clock offset needs UTC: first these, then the shot.
    const known = this.position.believed(nowNs) !== null && this.clock.refusals(nowNs).length === 0;
    if (!known || !this.matcher.wantsSync(nowNs)) return;
    const trigger = { kind: 'sync', passId: null, measured: null, dark: this.dark } as const;
    const start = this.exposures.fire(trigger, () => this.circumstances(nowNs), nowNs, this.out);
    if (start !== null) this.matcher.onFire(start);
  }

  private collectRefusals(nowNs: MonotonicNs): Refusal[] {
    const found = [...this.radar.refusals(nowNs), ...this.position.refusals(nowNs), ...this.clock.refusals(nowNs)];
    for (const { rule, sentence } of this.vanPlacement?.refusals ?? []) {
      found.push({ code: 'site-place', sentence: `${rule}: ${sentence}` });
    }
    if (!this.store.usable) found.push({ code: 'store-failed', sentence: `Store: ${this.store.detail}` });
    if (this.lines.tamper === 1) {
      found.push({ code: 'tamper', sentence: 'Tamper line is active; it must be at rest.' });
    }
    if (this.config.camera.hasReadyLine && this.lines.ready !== 1) {
      found.push({ code: 'camera-not-ready', sentence: 'Camera: its ready line says no.' });
    }
    if (this.leases.count === 0) {
      found.push({ code: 'no-numbers', sentence: 'ICN: no leased number at hand; at least one required.' });
    }
    if (!this.matcher.isSynced) {
      found.push({
        code: 'camera-out-of-sync',
        sentence: 'Camera: its images are not tied to triggers; a sync shot must match first.',
      });
    }
    return found;
  }

  private tellState(nowNs: MonotonicNs): void {
    const next = this.nextState();
    this.armedSinceNs = next === 'enforcing' ? (this.armedSinceNs ?? nowNs) : null;
    const codes = this.refusals.map(({ code }) => code).join();
    const sentences = this.refusals.map(({ sentence }) => sentence).join();
    const same = next === this.state && codes === this.told.codes;
    if (same && (sentences === this.told.sentences || nowNs - this.told.atNs < RETELL_NS)) return;
    this.state = next;
    this.everEnforced ||= next === 'enforcing';
    this.told = { codes, sentences, atNs: nowNs };
    this.out.push({ type: 'state', atNs: nowNs, state: next, reasons: [...this.refusals] });
  }

  private tellDiscards(nowNs: MonotonicNs, atEnd: boolean): void {
    const sentence = this.radar.takeDiscards(nowNs, atEnd);
    if (sentence !== null) this.notice('info', 'radar-discards', sentence, nowNs);
  }

  private nextState(): SessionState {
    if (this.closing.isDone) return 'closed';
    if (this.closing.isAsked) return 'closing';
    if (this.refusals.length === 0) return 'enforcing';
    return this.everEnforced ? 'suspended' : 'checking';
  }

  private readonly onMatchEvent = (event: MatchEvent): void => {
    switch (event.type) {
      case 'matched':
      case 'missed':
        this.exposures.onMatch(event, this.out);
        break;
      case 'orphan':
        this.exposures.onOrphan(event.image, event.reason, this.circumstances(event.atNs), event.atNs, this.out);
        break;
      case 'duplicate':
        this.out.push({ type: 'drop-image', atNs: event.atNs, imageId: event.image.imageId, reason: 'duplicate' });
        break;
      case 'synced':
        this.notice('info', 'camera-synced', 'Camera: sync shot matched.', event.atNs);
        break;
      case 'breach':
        this.notice('alarm', 'camera-breach', event.sentence, event.atNs);
        break;
    }
  };

  private notice(level: 'info' | 'warning' | 'alarm', code: string, sentence: string, atNs: MonotonicNs): void {
    this.out.push({ type: 'notice', atNs, level, code, sentence });
  }
}

/**
 * One deployment: what is known, whether the camera may enforce now, and what follows from each input that is not a radar
 * byte. Enforcement needs that no check refuses and that every datum it hangs on is fresh at that very moment.
 */
import type { ControllerConfig } from '../controller-config.js';
import { ExposureBook } from '../evidence/exposure-book.js';
import type { Circumstances, MeasuredPass } from '../evidence/facts.js';
import { ImageMatcher, type MatchEvent } from '../evidence/image-matcher.js';
import { LeaseBook } from '../evidence/lease-book.js';
import type { Pass } from '../measurement/types.js';
import type { RadarDriver, Reading } from '../radar/reading.js';
import { prepareSchoolDays } from '../site/school-days.js';
import type { Site, VanPlacement } from '../site/types.js';
import type { Input, Output } from '../timeline.js';
import { NS_PER_S, type MonotonicNs } from '../units.js';
import { NOT_LOOKED, ReadinessBook, type Evaluation } from './checks/index.js';
import type { ClockMonitor } from './clock-monitor.js';
import { Closing } from './closing.js';
import { EquipmentTests } from './equipment-tests.js';
import { Known } from './known.js';
import { Log } from './log.js';
import { OperatorDesk } from './operator-desk.js';
import { RadarMonitor } from './radar-monitor.js';
import type { ReadinessFacts } from './readiness.js';
import { Stage } from './stage.js';
import { StandingLimit } from './standing.js';

type OtherInput = Exclude<Input, { type: 'radar-bytes' | 'radar-link' }>;

/** Sentences carry ages and distances; the same reasons are told again at most this often. */
const RETELL_NS = 1 * NS_PER_S;

export class Session {
  readonly radar: RadarMonitor;
  readonly exposures: ExposureBook;
  private readonly leases = new LeaseBook();
  private readonly log: Log;
  private readonly known: Known;
  private readonly standing: StandingLimit;
  private readonly matcher: ImageMatcher;
  private readonly tests: EquipmentTests;
  private readonly stage: Stage;
  private readonly operator: OperatorDesk;
  private readonly closing: Closing;
  private readonly book = new ReadinessBook();
  private checks: Evaluation = NOT_LOOKED;
  /** Since when nothing has refused without a break; null while something does. */
  private armedSinceNs: MonotonicNs | null = null;
  private told = { codes: '', sentences: '', atNs: 0 };
  private toldChecks: { readonly statuses: Evaluation['statuses']; readonly atNs: number } = { statuses: [], atNs: 0 };
  private out: Output[] = [];

  constructor(
    private readonly config: ControllerConfig,
    private readonly driver: RadarDriver,
  ) {
    prepareSchoolDays(config.reference, config.site);
    this.radar = new RadarMonitor(driver, config.radar);
    this.exposures = new ExposureBook(config, this.leases);
    this.log = new Log(
      (output) => this.out.push(output),
      (atNs) => this.clock.utcAt(atNs),
    );
    this.known = new Known(config, this.log.notice);
    this.standing = new StandingLimit(config.site, this.known.clock);
    this.matcher = new ImageMatcher(config.camera, (atNs) => this.clock.utcAt(atNs), this.onMatchEvent);
    this.tests = new EquipmentTests(config, driver, {
      utcAt: (atNs) => this.clock.utcAt(atNs),
      onResult: this.log.tested,
      onDoubt: this.log.doubted,
    });
    const automatic = config.plan?.start === 'automatic';
    this.stage = new Stage(config.plan === null ? 'bench' : automatic ? 'automatic' : 'operator');
    this.operator = new OperatorDesk(config, this.known, this.stage, this.tests, driver, this.log);
    this.closing = new Closing(driver, this.radar, this.matcher, this.exposures, this.tests, {
      photo: config.plan !== null,
      selfTest: config.radar.selfTest,
      imageTimeoutMs: config.camera.imageTimeoutMs,
    });
  }

  get clock(): ClockMonitor {
    return this.known.clock;
  }

  get vanPlacement(): VanPlacement | null {
    return this.known.vanPlacement;
  }

  /** Takes in one input; `housekeeping` follows it. */
  take(input: OtherInput, out: Output[]): void {
    this.out = out;
    switch (input.type) {
      case 'image':
        this.matcher.onImage(input.image, input.atNs);
        break;
      case 'lease':
        this.leases.add(input.icns);
        break;
      case 'command':
        if (input.command === 'close') this.closing.ask(input.atNs);
        else if (input.command === 'sync') this.matcher.resync(input.atNs);
        else this.operator.command(input);
        break;
      case 'attest':
        this.operator.attest(input.attestation, input.atNs);
        break;
      case 'fork-test':
        this.operator.startForkTest(input);
        break;
      default:
        this.known.take(input);
        if (input.type === 'reference') prepareSchoolDays(input.reference, this.config.site);
        if (input.type === 'clock' || input.type === 'reference') this.standing.forget();
        if (input.type === 'line-edge' && input.line === 'strobe' && input.value === 1) {
          this.matcher.onStrobe(input.atNs);
        }
        if (input.type === 'board') this.operator.onArmKey(input.report.armKey);
        // A key that was turned while nobody looked was not turned now.
        if (input.type === 'board-link') this.operator.onArmKey(null);
    }
  }

  /** @returns true when the reading belongs to a test and must not become a pass */
  takeReading(reading: Reading): boolean {
    return this.tests.takeReading(reading);
  }

  /** Everything that time alone brings about. */
  housekeeping(nowNs: MonotonicNs, out: Output[]): void {
    this.out = out;
    this.driver.dialogue.tick(nowNs);
    this.tests.tick(nowNs);
    for (const bytes of this.driver.dialogue.takeCommands()) out.push({ type: 'radar-command', bytes });
    this.matcher.tick(nowNs);
    this.exposures.numberOrphans(nowNs, out);
    const count = this.closing.isAsked ? 0 : this.leases.toRequest(nowNs);
    if (count > 0) out.push({ type: 'request-lease', atNs: nowNs, count });
    this.known.forgetOldPlace(nowNs);
    this.syncWhenReady(nowNs);
    this.recheck(nowNs);
    const ended = this.closing.tick(nowNs, out);
    if (ended) this.tests.missingAtEnd(nowNs);
    this.tellDiscards(nowNs, ended);
    this.advanceStage(nowNs);
    this.photoWhenDue(nowNs);
    this.tellState(nowNs);
    this.tellChecks(nowNs);
    // Last: whoever hears it ends the process.
    if (ended) out.push({ type: 'closed', atNs: nowNs });
  }

  /** Looks at all checks at once, where the next housekeeping would be too late. */
  recheck(nowNs: MonotonicNs): void {
    this.checks = this.book.look(this.facts(nowNs));
  }

  /** Something that time or the radar brought about refuses, and the state does not say so yet. */
  get isOvertaken(): boolean {
    return this.stage.state === 'enforcing' && this.checks.refusals.length > 0;
  }

  /** Nothing forbade enforcement when it was last looked at, and that still holds. Looks at nothing anew. */
  seemsArmed(nowNs: MonotonicNs): boolean {
    return (
      this.stage.state === 'enforcing' && !this.isOvertaken && !this.closing.isAsked && nowNs < this.checks.holdsUntilNs
    );
  }

  isArmed(nowNs: MonotonicNs): boolean {
    return this.whyNotArmed(nowNs) === null;
  }

  /** The stable code of what forbids enforcement now; null when nothing does. */
  whyNotArmed(nowNs: MonotonicNs): string | null {
    if (this.closing.isAsked) return 'closing';
    // Between two rounds of housekeeping data grow old, a certificate ends, a school closes.
    if (nowNs >= this.checks.holdsUntilNs && this.stage.state === 'enforcing') this.recheck(nowNs);
    const first = this.checks.refusals[0];
    if (first !== undefined) return first.code;
    return this.stage.state === 'enforcing' ? null : this.stage.state;
  }

  /** The site with the limit and threshold in force at that moment. */
  siteAt(nowNs: MonotonicNs): Site {
    return this.standing.at(nowNs, this.known.reference);
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
    const trigger = { kind: 'incident', passId: pass.id, measured, dark: this.known.dark === true } as const;
    const start = this.exposures.fire(trigger, () => this.circumstances(nowNs), nowNs, out);
    if (start === null) return 'no-numbers';
    this.matcher.onFire(start);
    this.tests.fired(start.icn);
    return null;
  }

  private circumstances(atNs: MonotonicNs): Circumstances {
    const { position } = this.known;
    return {
      site: this.siteAt(atNs),
      position: position.believed(atNs),
      van: this.vanPlacement,
      utcMs: this.clock.utcAt(atNs),
      clockUncertaintyMs: this.clock.uncertaintyMs(),
      radarSettingsUnconfirmed: this.radar.unconfirmed,
      account: {
        readiness: {
          state: this.stage.state,
          armedSinceNs: this.armedSinceNs,
          refusals: this.checks.refusals.map(({ code }) => code),
        },
        clock: this.clock.quality(atNs),
        position: position.quality(atNs),
      },
    };
  }

  private facts(nowNs: MonotonicNs): ReadinessFacts {
    const { known, stage, tests, operator } = this;
    return {
      nowNs,
      utcMs: this.clock.utcAt(nowNs),
      state: stage.state,
      config: this.config,
      site: this.siteAt(nowNs),
      reference: known.reference,
      radar: this.radar,
      gps: known.position,
      clock: known.clock,
      position: known.position.believed(nowNs),
      van: known.vanPlacement,
      dark: known.dark,
      lines: known.lines,
      board: known.board,
      store: known.store,
      leasedNumbers: this.leases.count,
      cameraSynced: this.matcher.isSynced,
      attestations: operator.attestations,
      tests: tests.last,
      forkTestRunning: tests.isForkRunning,
      halted: operator.halted,
      oldestUnexportedUtcMs: known.oldestUnexportedUtcMs,
    };
  }

  /** The picture states place and time, and its clock offset needs UTC: first these, then the shot. */
  private mayShowPlace(nowNs: MonotonicNs): boolean {
    if (this.known.lines.ready === 0 || !this.known.store.usable) return false;
    return this.known.position.believed(nowNs) !== null && this.clock.refusals(nowNs).length === 0;
  }

  private syncWhenReady(nowNs: MonotonicNs): void {
    if (this.closing.isAsked || !this.mayShowPlace(nowNs) || !this.matcher.wantsSync(nowNs)) return;
    this.fireWithoutVehicle('sync', nowNs);
  }

  private photoWhenDue(nowNs: MonotonicNs): void {
    const { photos } = this.tests;
    if (!photos.isDue(nowNs) || this.stage.state === 'enforcing' || this.closing.isDone) return;
    if (!this.mayShowPlace(nowNs) || this.matcher.busy(nowNs) !== null) return;
    const icn = this.fireWithoutVehicle('alignment', nowNs);
    if (icn !== null) photos.fired(icn);
  }

  private fireWithoutVehicle(kind: 'sync' | 'alignment', nowNs: MonotonicNs): string | null {
    const trigger = { kind, passId: null, measured: null, dark: this.known.dark === true } as const;
    const start = this.exposures.fire(trigger, () => this.circumstances(nowNs), nowNs, this.out);
    if (start === null) return null;
    this.matcher.onFire(start);
    return start.icn;
  }

  private advanceStage(nowNs: MonotonicNs): void {
    this.moveOn(nowNs);
    if (this.operator.startByKey()) this.moveOn(nowNs);
  }

  private moveOn(nowNs: MonotonicNs): void {
    const { refusals, resumes } = this.checks;
    const from = this.stage.advance({
      refused: refusals.length > 0,
      resumes,
      closing: this.closing.isAsked,
      closed: this.closing.isDone,
    });
    const { state } = this.stage;
    this.armedSinceNs = state === 'enforcing' ? (this.armedSinceNs ?? nowNs) : null;
    if (from === null) return;
    const by = this.operator.takeMover();
    const position = this.known.position.believed(nowNs);
    this.log.moved(from, state, by, refusals, position, this.vanPlacement, nowNs);
  }

  private tellState(nowNs: MonotonicNs): void {
    const { refusals } = this.checks;
    const { state } = this.stage;
    const codes = [state, ...refusals.map(({ code }) => code)].join();
    const sentences = refusals.map(({ sentence }) => sentence).join();
    if (codes === this.told.codes && (sentences === this.told.sentences || nowNs - this.told.atNs < RETELL_NS)) return;
    this.told = { codes, sentences, atNs: nowNs };
    this.out.push({ type: 'state', atNs: nowNs, state, reasons: [...refusals] });
  }

  private tellChecks(nowNs: MonotonicNs): void {
    const { statuses } = this.checks;
    const isSame = statuses.every((status, index) => status === this.toldChecks.statuses[index]);
    if (isSame && nowNs - this.toldChecks.atNs < RETELL_NS) return;
    this.toldChecks = { statuses, atNs: nowNs };
    this.out.push({ type: 'checks', atNs: nowNs, findings: this.checks.findings });
  }

  private tellDiscards(nowNs: MonotonicNs, atEnd: boolean): void {
    const sentence = this.radar.takeDiscards(nowNs, atEnd);
    if (sentence !== null) this.log.notice('info', 'radar-discards', sentence, nowNs);
  }

  private readonly onMatchEvent = (event: MatchEvent): void => {
    switch (event.type) {
      case 'matched':
      case 'missed':
        this.exposures.onMatch(event, this.out);
        this.tests.photoEnded(event.start.icn, event.type === 'matched', this.matchedNs(event));
        break;
      case 'orphan':
        this.exposures.onOrphan(event.image, event.reason, this.circumstances(event.atNs), event.atNs, this.out);
        break;
      case 'duplicate':
        this.out.push({ type: 'drop-image', atNs: event.atNs, imageId: event.image.imageId, reason: 'duplicate' });
        break;
      case 'synced':
        this.log.notice('info', 'camera-synced', 'Camera: sync shot matched.', event.atNs);
        break;
      case 'breach':
        this.log.notice('alarm', 'camera-breach', event.sentence, event.atNs);
        break;
    }
  };

  private matchedNs(event: Extract<MatchEvent, { type: 'matched' | 'missed' }>): MonotonicNs {
    return event.type === 'matched' ? event.imageNs : event.atNs;
  }
}

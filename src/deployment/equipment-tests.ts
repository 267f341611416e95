/**
 * The tests of the equipment within one deployment: tuning fork, the radar's own test, alignment photos. Keeps the last
 * outcome of each, runs the radar's test again in time, and says what a failed one puts in doubt.
 */
import type { ControllerConfig } from '../controller-config.js';
import type { Icn } from '../evidence/types.js';
import type { RadarDriver, Reading, SelfTestState } from '../radar/reading.js';
import { NS_PER_S, type MonotonicNs, type UtcMs } from '../units.js';
import { AlignmentPhotos } from './alignment.js';
import { DoubtBook, type Doubt } from './doubt.js';
import { CONTROLLER } from './events.js';
import { ForkTest } from './fork-test.js';
import type { SelfTestName, TestResult } from './plan.js';

/** The radar's test is run again when this share of its time has gone by. */
const AGAIN_AFTER = 0.9;
const NS_PER_MINUTE = 60 * NS_PER_S;
/** Nobody is at a static site to ask for a test once more that the radar did not answer. */
const UNANSWERED_AGAIN_NS = 60 * NS_PER_S;

export interface TestEvents {
  readonly utcAt: (atNs: MonotonicNs) => UtcMs | null;
  readonly onResult: (result: TestResult, by: string) => void;
  readonly onDoubt: (doubt: Doubt, atNs: MonotonicNs) => void;
}

export class EquipmentTests {
  readonly photos: AlignmentPhotos;
  private readonly doubts = new DoubtBook();
  private results: Readonly<Record<SelfTestName, TestResult | null>> = { fork: null, radar: null, alignment: null };
  private fork: ForkTest | null = null;
  private radarBefore: SelfTestState = 'idle';
  private nextRadarTestNs = Infinity;

  constructor(
    private readonly config: ControllerConfig,
    private readonly driver: RadarDriver,
    private readonly events: TestEvents,
  ) {
    this.photos = new AlignmentPhotos(config.plan !== null);
  }

  get last(): Readonly<Record<SelfTestName, TestResult | null>> {
    return this.results;
  }

  get isForkRunning(): boolean {
    return this.fork !== null;
  }

  /** @param forkKmh of its certificate */
  startFork(fork: string, by: string, forkKmh: number, atNs: MonotonicNs): void {
    this.fork = new ForkTest(fork, by, forkKmh, this.config.mounting.angleDeg, atNs);
  }

  /** @returns true when the reading was the fork test's and nobody else's */
  takeReading(reading: Reading): boolean {
    if (this.fork === null) return false;
    // Targets that the radar makes up for its own test are no fork.
    if (reading.test !== 'simulated') this.fork.add(reading);
    return true;
  }

  fired(icn: Icn): void {
    this.doubts.fired(icn);
  }

  photoEnded(icn: Icn, matched: boolean, atNs: MonotonicNs): void {
    if (!this.photos.ended(icn, matched, atNs)) return;
    const sentence = matched ? `Alignment photo: number ${icn}.` : `Alignment photo: number ${icn} has no image.`;
    this.conclude({ test: 'alignment', passed: matched, sentence, subject: icn }, this.photos.by, atNs);
  }

  tick(nowNs: MonotonicNs): void {
    this.watchFork(nowNs);
    this.watchRadar(nowNs);
  }

  /** The deployment ends: what should have been tested since the last exposure and was not. */
  missingAtEnd(atNs: MonotonicNs): void {
    const { equipment, plan } = this.config;
    if (plan === null) return;
    if (equipment.forks.length > 0) this.doubt(this.doubts.missing('fork'), atNs);
    if (equipment.selfTestEveryMinutes !== null) this.doubt(this.doubts.missing('radar'), atNs);
  }

  private watchFork(nowNs: MonotonicNs): void {
    if (this.fork === null) return;
    const outcome = this.fork.tick(nowNs);
    const { fork, by } = this.fork;
    if (outcome !== null) this.conclude({ test: 'fork', ...outcome, subject: fork }, by, nowNs);
    if (this.fork.isOver(nowNs)) this.fork = null;
  }

  private watchRadar(nowNs: MonotonicNs): void {
    const now = this.driver.dialogue.selfTestState();
    const before = this.radarBefore;
    this.radarBefore = now;
    if (now !== before && (now === 'passed' || now === 'failed')) this.radarTested(now === 'passed', nowNs);
    if (now !== before && now === 'unanswered' && this.config.equipment.selfTestEveryMinutes !== null) {
      this.nextRadarTestNs = nowNs + UNANSWERED_AGAIN_NS;
    }
    if (now === 'running' || nowNs < this.nextRadarTestNs) return;
    this.nextRadarTestNs = Infinity;
    this.driver.dialogue.startSelfTest(nowNs);
    // A test may be over before the next look, with the outcome of the one before.
    this.radarBefore = this.driver.dialogue.selfTestState();
  }

  private radarTested(passed: boolean, nowNs: MonotonicNs): void {
    const { selfTestEveryMinutes: every } = this.config.equipment;
    if (passed && every !== null) this.nextRadarTestNs = nowNs + every * NS_PER_MINUTE * AGAIN_AFTER;
    const { sentence } = this.driver.dialogue.condition(nowNs);
    const said = passed ? 'Radar: self-test passed in both directions.' : sentence;
    this.conclude({ test: 'radar', passed, sentence: said, subject: null }, CONTROLLER, nowNs);
  }

  private conclude(outcome: Omit<TestResult, 'atNs' | 'utcMs'>, by: string, atNs: MonotonicNs): void {
    const result = { ...outcome, atNs, utcMs: this.events.utcAt(atNs) };
    this.results = { ...this.results, [outcome.test]: result };
    this.events.onResult(result, by);
    // A photo that failed is taken again; it says nothing of what was measured.
    if (outcome.test !== 'alignment') this.doubt(this.doubts.tested(result), atNs);
  }

  private doubt(doubt: Doubt | null, atNs: MonotonicNs): void {
    if (doubt !== null) this.events.onDoubt(doubt, atNs);
  }
}

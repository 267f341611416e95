/**
 * The one function of timestamped inputs to outputs (architecture, "One timeline in, one timeline out"). It ties the
 * rooms together: bytes -> readings -> passes -> verdicts -> exposures -> concluded numbers, and keeps the session's
 * state. No clock, no I/O: the time is what the inputs say.
 *
 * The path from radar bytes to the line outputs does no housekeeping; that runs on every other input and at most ten
 * times a second beside radar bytes.
 */
import type { ControllerConfig } from './controller-config.js';
import { Session } from './deployment/session.js';
import { judge, refusalOf } from './enforcement/verdict.js';
import type { Verdict } from './enforcement/types.js';
import { createPassTracker, type PassTracker } from './measurement/pass-tracker.js';
import type { PassEvent } from './measurement/types.js';
import { createRadarDriver } from './radar/index.js';
import type { RadarDriver, RadarEvent } from './radar/reading.js';
import { beamTurned, largestFootprintM } from './site/mounting.js';
import type { Input, Output } from './timeline.js';
import { NS_PER_MS, type MonotonicNs } from './units.js';

export interface Controller {
  /** Outputs are appended to `out` in the order in which they are to be carried out. */
  handle(input: Input, out: Output[]): void;
  /**
   * When the controller wants a `tick` to the millisecond, if nothing else comes before; null: no such wish. Beside
   * that it wants one at least every 100 ms, which may be late.
   */
  nextDeadlineNs(): MonotonicNs | null;
  /**
   * An approaching vehicle above the threshold is in the beam and nothing forbids its exposure: any of the next frames
   * may be the one that decides. A hint for whoever waits for bytes; nothing follows from it.
   */
  mayFireSoon(): boolean;
}

const HOUSEKEEPING_NS = 100 * NS_PER_MS;

/** Who looks on while a recording is replayed: what led to a decision, as it happens. It must change nothing. */
export interface ControllerOnlooker {
  radar(event: RadarEvent): void;
  pass(event: PassEvent): void;
}

export function createController(config: ControllerConfig, onlooker: ControllerOnlooker | null = null): Controller {
  return new KerbsideController(config, onlooker);
}

class KerbsideController implements Controller {
  private readonly radar: RadarDriver;
  private readonly passes: PassTracker;
  private readonly session: Session;
  private out: Output[] = [];
  private nowNs = 0 as MonotonicNs;
  private lastHousekeepingNs = 0;
  /** Of the passes in the beam: why no exposure was made when one was due. */
  private readonly whyNotFired = new Map<number, string>();

  constructor(
    private readonly config: ControllerConfig,
    private readonly onlooker: ControllerOnlooker | null,
  ) {
    this.radar = createRadarDriver(config.radar);
    const { angleDeg, beamWidthDeg } = config.mounting;
    this.passes = createPassTracker(
      {
        angleDeg,
        beamWidthDeg,
        angleReference: config.radar.angleReference,
        beamTurned: beamTurned(config.mounting),
        largestFootprintM: largestFootprintM(config.site, config.mounting),
      },
      this.radar.traits,
    );
    this.session = new Session(config, this.radar);
  }

  handle(input: Input, out: Output[]): void {
    this.out = out;
    this.nowNs = input.atNs;
    if (input.type === 'radar-bytes') {
      this.session.radar.onBytes(input.bytes.length);
      this.radar.decoder.push(input.bytes, input.atNs, this.onRadarEvent);
      this.passes.advance(input.atNs, this.onPassEvent);
      // What stopped holding in between ends enforcement now, or an input that undoes it would hide that it happened.
      if (input.atNs - this.lastHousekeepingNs < HOUSEKEEPING_NS && !this.session.isOvertaken) return;
    } else if (input.type === 'radar-link') {
      if (!input.up) this.passes.interrupt(input.atNs, this.onPassEvent);
      this.session.radar.onLink(input.up, input.detail, input.atNs);
    } else {
      // What a tick completes is judged by the state before it; what any other input says counts first.
      if (input.type === 'tick') this.passes.advance(input.atNs, this.onPassEvent);
      if (endsPasses(input)) this.passes.interrupt(input.atNs, this.onPassEvent);
      this.session.take(input, out);
    }
    this.lastHousekeepingNs = input.atNs;
    this.session.housekeeping(input.atNs, out);
  }

  nextDeadlineNs(): MonotonicNs | null {
    return this.passes.nextDeadlineNs();
  }

  mayFireSoon(): boolean {
    const fastestKmh = this.passes.fastestAwaitedKmh();
    if (fastestKmh === 0 || fastestKmh <= this.session.siteAt(this.nowNs).threshold.speedKmh) return false;
    return this.session.seemsArmed(this.nowNs);
  }

  private readonly onRadarEvent = (event: RadarEvent): void => {
    this.onlooker?.radar(event);
    this.session.radar.onEvent(event);
    // A radar that declares itself unfit counts before anything that follows in the same chunk.
    if (event.type === 'radar-error') this.session.recheck(this.nowNs);
    // Aliased speeds look plausible: whatever is in the beam beside them is not to be trusted either.
    if (event.type === 'discard' && event.discard.reason === 'above-ceiling') {
      this.passes.noteAboveCeiling(event.discard.atNs);
    }
    if (this.session.radar.time.isLate) this.passes.noteLate(this.nowNs);
    if (event.type !== 'reading') return;
    if (this.session.takeReading(event.reading)) return;
    // The targets of a self-test are its own affair; simulated ones at any other time void what they join.
    if (event.reading.test !== null && this.session.radar.isSelfTesting(this.nowNs)) return;
    this.passes.add(event.reading, this.onPassEvent);
  };

  private readonly onPassEvent = (event: PassEvent): void => {
    this.onlooker?.pass(event);
    const { pass, measurement } = event;
    const { mounting } = this.config;
    const { exposures, vanPlacement } = this.session;
    // The limit in force at the exposure is what is compared and stamped, whatever holds when the pass is over.
    const site = exposures.siteOfPass(pass.id) ?? this.session.siteAt(this.nowNs);
    const judged = (): Verdict => judge(site, mounting, vanPlacement, pass, measurement);
    const isDue = event.type === 'provisional' ? pass.direction === 'approach' : pass.direction === 'recede';
    if (isDue && exposures.icnOfPass(pass.id) === null) {
      // The decision first and the pulse at once; what is written down about them is worked out behind the pulse.
      if (refusalOf(site, mounting, vanPlacement, pass, measurement) === null) {
        const measured = () => ({ pass, measurement, verdict: judged() });
        const whyNot = this.session.fire(pass, measured, this.nowNs, this.out);
        if (whyNot !== null) this.whyNotFired.set(pass.id, whyNot);
      }
    }
    if (event.type === 'complete') this.completePass(event, judged());
    else if (exposures.icnOfPass(pass.id) !== null) this.passes.settle(pass.id);
  };

  private completePass({ pass, measurement }: PassEvent, judged: Verdict): void {
    const fired = this.session.exposures.icnOfPass(pass.id);
    const whyNot = this.whyNotFired.get(pass.id) ?? this.session.whyNotArmed(this.nowNs);
    this.whyNotFired.delete(pass.id);
    const armed = this.session.isArmed(this.nowNs);
    const verdict = fired === null ? withoutPhoto(judged, armed) : judged;
    this.out.push({
      type: 'pass',
      pass: {
        passId: pass.id,
        trackKey: pass.trackKey,
        direction: pass.direction,
        firstNs: pass.firstNs,
        lastNs: pass.lastNs,
        utcMs: this.session.clock.utcAt(pass.firstNs),
        speedKmh: measurement.speedKmh,
        truncatedKmh: measurement.truncatedKmh,
        readingsUsed: measurement.readingsUsed,
        readingsCut: measurement.readingsCut,
        travelM: measurement.travelM,
        verdict,
        armed,
        whyNot: verdict === judged ? null : whyNot,
        icn: fired,
      },
    });
    this.session.exposures.passEnded(pass.id, { pass, measurement, verdict }, pass.readings, this.nowNs, this.out);
  }
}

/** What is in the beam when the session ends, or when a fork is about to be held there, is measured to no end. */
function endsPasses(input: Input): boolean {
  return input.type === 'fork-test' || (input.type === 'command' && input.command === 'close');
}

/** An offender of whom no exposure was made is not enforced, and the pass says so. */
function withoutPhoto(judged: Verdict, armed: boolean): Verdict {
  if (judged.kind !== 'enforce') return judged;
  return armed
    ? { ...judged, kind: 'void', reason: 'photo-missed' }
    : { ...judged, kind: 'observe', reason: 'not-armed' };
}

/**
 * Readings -> passes (domain/measurement.md, "A pass, from entry to verdict").
 *
 * A radar with tracks keeps vehicles apart by key: one pass is one key without a gap, and a key that comes back after
 * the gap is another vehicle. A radar without tracks keeps them apart by time and direction only; two directions at
 * once are two vehicles in the beam, and neither can be tied to a photo. Receding vehicles are measured over the whole
 * pass; an approaching one is announced from some 3.5 m after entry on and verified at its end.
 */
import type { RadarTraits, Reading } from '../radar/reading.js';
import { degrees, type MonotonicNs, plusNs } from '../units.js';
import { SpeedHistogram } from './estimator.js';
import { type CorrectedReading, OpenPass } from './open-pass.js';
import { alongRoad, createSightAngle } from './sight-angle.js';
import type { MeasurementSettings, PassEventSink } from './types.js';
import { measure, MIN_READINGS, type Peer } from './validity.js';

/** Most passes open at once: four lanes hold some ten vehicles in the beam at worst. */
export const MAX_OPEN_PASSES = 32;
/** Ended passes that a double reflection may still be compared with. */
const MAX_ENDED_PASSES = 32;
/** Slower things are no vehicles: people, branches, rain (corrected speed). */
const SLOWEST_VEHICLE_KMH = 10;
/** An approaching vehicle is photographed this far after entry. */
const ANNOUNCE_AFTER_M = 3.5;

/** What voids everything in the beam at once. */
const SPOILERS = ['above-ceiling', 'radar-late'] as const;
type Spoiler = (typeof SPOILERS)[number];

export interface PassTracker {
  add(reading: Reading, emit: PassEventSink): void;
  /** Completes every pass whose gap has elapsed at `nowNs`. */
  advance(nowNs: MonotonicNs, emit: PassEventSink): void;
  /** The link was lost: every open pass completes void, 'link-interrupted'. */
  interrupt(atNs: MonotonicNs, emit: PassEventSink): void;
  /** The radar stated a speed past its ceiling: what is in the beam now may be aliased and is void, 'above-ceiling'. */
  noteAboveCeiling(atNs: MonotonicNs): void;
  /** The radar's messages reach us late: what they tell of has moved on, whatever is in the beam is void, 'radar-late'. */
  noteLate(atNs: MonotonicNs): void;
  /** The controller has made its exposure of this pass: no further provisional events. */
  settle(passId: number): void;
  /** Mean so far of the fastest approaching vehicle that awaits its exposure; 0 when there is none. */
  fastestAwaitedKmh(): number;
  /** Earliest moment at which `advance` would complete a pass; null when none is open. */
  nextDeadlineNs(): MonotonicNs | null;
}

/** @throws KerbsideError 'config-invalid' where the angle reference cannot be told, see `createSightAngle` */
export function createPassTracker(settings: MeasurementSettings, traits: RadarTraits): PassTracker {
  return new Tracker(settings, traits);
}

class Tracker implements PassTracker {
  private readonly open: OpenPass[] = [];
  private readonly ended: Peer[] = [];
  private readonly spare: SpeedHistogram[] = [];
  private readonly sight;
  private readonly beam;
  private readonly isAcross: boolean;
  private passes = 0;
  /** What the radar said of all that is in the beam counts for what comes into it at once, too: until when. */
  private readonly spoiltUntilNs = { 'above-ceiling': -Infinity, 'radar-late': -Infinity };

  constructor(
    private readonly settings: MeasurementSettings,
    private readonly traits: RadarTraits,
  ) {
    this.sight = createSightAngle(settings, traits.hasAngle);
    this.isAcross = settings.angleDeg > settings.beamWidthDeg / 2;
    this.beam = { settings, toleranceDeg: this.sight.toleranceDeg };
  }

  add(reading: Reading, emit: PassEventSink): void {
    this.advance(reading.atNs, emit);
    const corrected = this.correct(reading);
    const slow = !(corrected.speedKmh >= SLOWEST_VEHICLE_KMH);
    // A track is one object: leaving out what it shows below 10 km/h would raise its mean. Without tracks slow readings
    // belong to something else.
    const known = slow && reading.trackKey === null ? null : this.find(reading);
    if (known === null && slow) return;
    const pass = known ?? this.start(reading, emit);
    pass.add(corrected);
    this.announce(pass, emit);
  }

  advance(nowNs: MonotonicNs, emit: PassEventSink): void {
    for (let index = 0; index < this.open.length;) {
      const pass = this.open[index];
      if (pass === undefined) return;
      pass.checkClock(nowNs);
      if (nowNs >= pass.lastNs + this.traits.passGapNs) this.complete(pass, nowNs, emit);
      else index += 1;
    }
  }

  interrupt(atNs: MonotonicNs, emit: PassEventSink): void {
    for (let pass = this.open[0]; pass !== undefined; pass = this.open[0]) {
      pass.faults.add('link-interrupted');
      this.complete(pass, atNs, emit);
    }
  }

  noteAboveCeiling(atNs: MonotonicNs): void {
    this.spoil('above-ceiling', atNs);
  }

  noteLate(atNs: MonotonicNs): void {
    this.spoil('radar-late', atNs);
  }

  settle(passId: number): void {
    const pass = this.open.find((candidate) => candidate.id === passId);
    if (pass !== undefined) pass.settled = true;
  }

  fastestAwaitedKmh(): number {
    let fastest = 0;
    for (const { direction, settled, faults, histogram } of this.open) {
      if (direction !== 'approach' || settled || faults.size > 0) continue;
      fastest = Math.max(fastest, histogram.roughMeanKmh);
    }
    return fastest;
  }

  nextDeadlineNs(): MonotonicNs | null {
    let earliest: MonotonicNs | null = null;
    for (const pass of this.open) if (earliest === null || pass.lastNs < earliest) earliest = pass.lastNs;
    return earliest === null ? null : plusNs(earliest, this.traits.passGapNs);
  }

  private spoil(reason: Spoiler, atNs: MonotonicNs): void {
    for (const pass of this.open) pass.faults.add(reason);
    this.spoiltUntilNs[reason] = atNs + this.traits.passGapNs;
  }

  /** Step 1 of the estimator: its own angle where the radar states one, else the configured one, never twice. */
  private correct(reading: Reading): CorrectedReading {
    const stated = reading.angleDeg;
    const reference = stated === null ? null : this.sight.referenceOf(stated);
    const sightDeg = stated === null ? null : this.sight.sightDeg(stated, reference ?? 'road');
    const usedDeg = sightDeg === null || reference === null ? this.settings.angleDeg : sightDeg;
    const speedKmh = reading.corrected ? reading.speedKmh : alongRoad(reading.speedKmh, degrees(usedDeg));
    return { reading, speedKmh, sightDeg, reference };
  }

  /** The open pass that a reading belongs to; notes two vehicles at once where a radar has no tracks. */
  private find(reading: Reading): OpenPass | null {
    if (reading.trackKey !== null) return this.open.find((pass) => pass.trackKey === reading.trackKey) ?? null;
    let own: OpenPass | null = null;
    let opposite: OpenPass | null = null;
    for (const pass of this.open) {
      if (pass.trackKey !== null) continue;
      const agrees = pass.direction === reading.direction;
      if (agrees || pass.direction === 'unknown' || reading.direction === 'unknown') own = pass;
      else opposite = pass;
    }
    // The one that came second is 'two-vehicles' already, see `start`.
    if (opposite !== null && !opposite.faults.has('two-vehicles')) opposite.faults.add('direction-mixed');
    return own;
  }

  private start(reading: Reading, emit: PassEventSink): OpenPass {
    if (this.open.length >= MAX_OPEN_PASSES) this.evictStalest(reading.atNs, emit);
    this.passes += 1;
    const pass = new OpenPass(this.passes, reading, this.spare.pop() ?? new SpeedHistogram(), this.isAcross);
    // The other direction is still open: whoever comes second is one of two vehicles from his first reading on.
    if (reading.trackKey === null && this.open.some((other) => other.trackKey === null))
      pass.faults.add('two-vehicles');
    for (const reason of SPOILERS) if (reading.atNs < this.spoiltUntilNs[reason]) pass.faults.add(reason);
    this.open.push(pass);
    return pass;
  }

  private evictStalest(atNs: MonotonicNs, emit: PassEventSink): void {
    let stalest = this.open[0];
    for (const pass of this.open) if (stalest !== undefined && pass.lastNs < stalest.lastNs) stalest = pass;
    if (stalest === undefined) return;
    stalest.faults.add('two-vehicles');
    this.complete(stalest, atNs, emit);
  }

  private announce(pass: OpenPass, emit: PassEventSink): void {
    if (pass.direction !== 'approach' || pass.settled || pass.faults.size > 0) return;
    if (pass.travelM < ANNOUNCE_AFTER_M || pass.readings.length < MIN_READINGS) return;
    const measurement = measure(pass, 'so far', this.beam, () => this.peersOf(pass));
    if (!measurement.valid) return;
    emit({ type: 'provisional', pass: pass.view(), measurement, atNs: pass.lastNs });
  }

  private complete(pass: OpenPass, atNs: MonotonicNs, emit: PassEventSink): void {
    this.open.splice(this.open.indexOf(pass), 1);
    const measurement = measure(pass, 'whole', this.beam, () => this.peersOf(pass));
    if (measurement.valid && pass.reference !== null) this.sight.settle(pass.reference);
    this.ended.push(peerOf(pass));
    if (this.ended.length > MAX_ENDED_PASSES) this.ended.shift();
    pass.histogram.clear();
    this.spare.push(pass.histogram);
    emit({ type: 'complete', pass: pass.view(), measurement, atNs });
  }

  private peersOf(pass: OpenPass): Peer[] {
    return [...this.ended, ...this.open.filter((other) => other !== pass).map(peerOf)];
  }
}

function peerOf(pass: OpenPass): Peer {
  const { firstNs, lastNs, histogram, readings } = pass;
  const { roughMeanKmh: meanKmh, leastKmh } = histogram;
  return { firstNs, lastNs, meanKmh, leastKmh, readings: readings.length };
}

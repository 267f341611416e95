/** Each incident against the truth: who it was, how fast, where, which way, and what the image shows. */
import type { TruthExposure, TruthFile } from '../../../src/ports/pretend.js';
import type { TruthFaults } from './faults.js';
import type { Findings, Invariant } from './findings.js';
import { emptyS, match, type Candidate, type Match } from './match.js';
import type { PassNote } from './passes.js';
import type { Incident } from './records.js';
import type { TruthRoad } from './road.js';
import { seconds, type WorldSettings } from './settings.js';
import { judgeStatement } from './statements.js';
import type { IncidentFire } from './standing.js';
import type { Turned } from './turn.js';
import type { Zones } from './zones.js';

export interface IncidentParts {
  readonly road: TruthRoad;
  readonly zones: Zones;
  readonly faults: TruthFaults;
  readonly settings: WorldSettings;
  readonly turned: Turned;
  readonly findings: Findings;
  /** What no camera with these instruments could know. */
  readonly tolerate: (what: string) => void;
}

export interface Claim {
  readonly incident: Incident;
  readonly pass: PassNote | null;
  readonly fire: IncidentFire | null;
  /** When the controller that decided began. */
  readonly lifeNs: number;
}

/**
 * The mean of a dozen readings or more with 0.1 km/h of noise each is within 0.1 km/h; three readings are within 0.2 but for
 * one pass in a thousand. The angle that a radar states wanders by 0.08 degrees, which at 22.5 degrees is 0.06 % of the
 * speed, whole for a single reading: it counts at 200 km/h. A radar without an angle reads high at one edge of the beam and
 * low at the other, and which part of a pass the loudest echo was, nobody knows: 2 %.
 */
const NOISE_KMH = { agd350: 0.3, ops243: 0.4 } as const;
const EDGES = { agd350: 0.0006, ops243: 0.02 } as const;
/** The two estimators may differ by so much (measurement.md). */
const ESTIMATORS_KMH = 0.1;
const ROUNDING = 1e-9;
const ROUNDING_NS = 2;
/** From the rise of the shutter line to the exposure, at most, where no fault holds the line. */
const LATENCY_NS = 300e6;
/**
 * Without range: 60 m beyond the beam's footprint, which at 20 m to the side is 12 m long. It is twice a body of 30 m
 * (measurement.md), for side lobes as no manual tells of; longer is no vehicle.
 */
const LONGEST_PATH_M = 72;
const CARRIES_ON = 'radar-coasting';
const HOLDS = 'radar-held-track';
/**
 * A track that goes on while its angle stands drifts across the road by the sine of that angle with every metre of range: 0.34
 * of it at the far edge of the beam (20 degrees). The product leaves 0.9 m to the body's own place, its noise is 0.3 m: 3.5 m
 * of range, 3.75 m along the road, and then two frames until it shows in the mean of three. Where frames are lost, too, as
 * much again as a vehicle drives until its track counts as ended (150 ms).
 */
const CARRIED_ON_M = 3.75;
const FRAME_S = 0.02;
const GAP_S = 0.15;
/** A pass ends when nothing came for 150 ms, and a radar without tracks speaks every 50 ms: more is no part of a pass. */
const NOBODY_S = 0.2;
/** How late a radar was made to speak, at most. */
const LATEST_MS = 6000;
const SPEAKS_LATE = ['radar-delayed', 'radar-slow'] as const;

export class Incidents {
  /** Those that were enforced, and whoever was in the same resolution cell as they were. */
  readonly enforced = new Set<string>();
  maxSpeedErrorKmh = 0;
  falseEnforcements = 0;
  readonly #parts: IncidentParts;
  readonly #exposures: ReadonlyMap<number, TruthExposure>;
  readonly #files: ReadonlyMap<string, TruthFile>;
  /** Findings so far. */
  #wrong = 0;

  constructor(parts: IncidentParts) {
    this.#parts = parts;
    const { exposures, files } = parts.road.truth;
    this.#exposures = new Map(exposures.map((each) => [each.counter, each]));
    this.#files = new Map(files.map((each) => [each.sha256, each]));
  }

  judge(claim: Claim): void {
    const before = this.#wrong;
    const { incident } = claim;
    const [test] = incident.tests;
    if (test !== undefined) this.#add('test-reading', incident, `${incident.icn}: ${test}.`);
    this.#sameReadings(claim);
    this.#sameSpeed(claim);
    this.#forkTest(claim);
    this.#armed(claim);
    const direction = incident.towards === null ? 'unknown' : incident.towards ? 'approach' : 'recede';
    const { candidates, opposite } = this.#whoItWas(incident, direction);
    const [likeliest] = candidates;
    if (likeliest !== undefined) this.#vehicle(claim, likeliest, candidates);
    else if (opposite === null) this.#nobody(incident);
    else {
      const found = `${incident.icn}: ${opposite.seen.vehicle.plate} drives the other way`;
      this.#add('wrong-direction', incident, `${found}, the record says ${direction}; ${this.#names(incident)}.`);
    }
    if (this.#wrong > before) this.falseEnforcements += 1;
  }

  #whoItWas(incident: Incident, direction: PassNote['direction']): Match {
    const { road, faults } = this.#parts;
    const [firstS, lastS] = [road.secondsOf(incident.firstNs), road.secondsOf(incident.lastNs)];
    const tracker = { isCarriedOn: faults.has(CARRIES_ON, firstS, lastS), isHeld: faults.has(HOLDS, firstS, lastS) };
    const found = match(road, { ...incident, direction, ...tracker });
    const isLate = SPEAKS_LATE.some((fault) => faults.has(fault, firstS - LATEST_MS / 1e3, lastS));
    if (found.candidates.length === 0 && isLate) return { ...found, candidates: this.#late(incident, direction) };
    return found;
  }

  #nobody(incident: Incident): void {
    const { road, faults, tolerate } = this.#parts;
    const fromS = road.secondsOf(incident.firstNs);
    const toS = road.secondsOf(incident.lastNs);
    // A fan that blinks is a vehicle to a radar that states no place; whoever looks at the image sees that it is none.
    const pathM = ((incident.speedKmh ?? 0) / 3.6) * (toS - fromS);
    if (road.truth.radar === 'ops243' && faults.has('radar-ghost', fromS, toS) && pathM <= LONGEST_PATH_M) {
      tolerate('ghost: this radar states no place');
      return;
    }
    const doubled = this.#doubled(incident);
    const around = road.between(fromS - 2, toS + 2).map(({ vehicle }) => vehicle.plate);
    const near = around.length === 0 ? 'nobody near' : `near in time: ${around.join(', ')}`;
    const measured = `${String(incident.speedKmh)} km/h measured from ${fromS.toFixed(2)} to ${toS.toFixed(2)} s`;
    const found = `${incident.icn}: nobody was there for ${measured} at ${incident.ranges.map(({ rangeM }) => rangeM).join(', ')} m`;
    this.#add('ghost-enforced', incident, `${found}; ${doubled ?? near}; ${this.#names(incident)}.`);
  }

  /** What is said late is of somebody who was there before; whether the image still shows him is another question. */
  #late(incident: Incident, direction: PassNote['direction']): readonly Candidate[] {
    for (let lateMs = 50; lateMs <= LATEST_MS; lateMs += 50) {
      const back = (atNs: number): number => atNs - lateMs * 1e6;
      const { candidates } = match(this.#parts.road, {
        ...{ firstNs: back(incident.firstNs), lastNs: back(incident.lastNs), speedKmh: incident.speedKmh, direction },
        ranges: incident.ranges.map(({ atNs, rangeM }) => ({ atNs: back(atNs), rangeM })),
      });
      const reads = candidates[0]?.shown.readsKmh ?? Number.POSITIVE_INFINITY;
      if (Math.abs(reads - (incident.speedKmh ?? 0)) <= 1) return candidates;
    }
    return [];
  }

  /** By way of a second reflector everybody shows about twice his speed. */
  #doubled({ firstNs, lastNs, speedKmh, towards }: Incident): string | null {
    const half = { firstNs, lastNs, speedKmh: (speedKmh ?? 0) / 2, ranges: [] };
    const [candidate] = match(this.#parts.road, {
      ...half,
      direction: towards === true ? 'approach' : 'recede',
    }).candidates;
    if (candidate === undefined || Math.abs(candidate.shown.readsKmh - half.speedKmh) > 1.5) return null;
    return `it is twice the speed of ${candidate.seen.vehicle.plate}`;
  }

  #vehicle(claim: Claim, { seen, shown }: Candidate, candidates: readonly Candidate[]): void {
    const { incident } = claim;
    const { road, findings, tolerate } = this.#parts;
    const { thresholdKmh } = road.truth.site;
    const { plate } = seen.vehicle;
    const who = `${incident.icn}, ${plate}`;
    for (const each of candidates) this.enforced.add(each.seen.vehicle.plate);
    this.maxSpeedErrorKmh = Math.max(this.maxSpeedErrorKmh, Math.abs((incident.speedKmh ?? 0) - shown.speedKmh));
    if (shown.speedKmh <= thresholdKmh) {
      // Turned by a degree, or without an angle: the instrument reads high, and nothing that it says shows it.
      if (shown.readsKmh > thresholdKmh) tolerate('speed: the radar reads high');
      else {
        const found = `${who}: drove ${shown.speedKmh.toFixed(2)} km/h, measured ${String(incident.speedKmh)}`;
        this.#add(
          'not-above-threshold',
          incident,
          `${found}, threshold ${String(thresholdKmh)}; ${this.#names(incident)}.`,
        );
      }
    }
    this.#oneOfAll(incident, candidates);
    this.#speed(claim, candidates);
    this.#carriedOn(incident, who, candidates);
    this.#zone(claim, who, shown.fromM, shown.toM);
    this.#lane(claim, seen.vehicle);
    this.#image(claim, candidates);
    const add = (invariant: Invariant, sentence: string): void => {
      this.#add(invariant, incident, sentence);
    };
    judgeStatement(incident.statement, who, shown, road.secondsOf(claim.lifeNs), {
      ...{ truth: road.truth, faults: this.#parts.faults, tolerate, add },
    });
    if (incident.thresholdKmh !== thresholdKmh) {
      const found = `${who}: compared with ${String(incident.thresholdKmh)} km/h`;
      findings.add(
        'not-above-threshold',
        incident.triggerNs,
        `${found}, the site's threshold is ${String(thresholdKmh)}.`,
      );
    }
  }

  #speed({ incident }: Claim, candidates: readonly Candidate[]): void {
    const { radar } = this.#parts.road.truth;
    const measured = incident.speedKmh ?? Number.NaN;
    // Two in one resolution cell are one target: its speed lies between theirs.
    const reads = candidates.map(({ shown }) => shown.readsKmh);
    const spread = Math.max(...candidates.map(({ shown }) => shown.fastestKmh - shown.slowestKmh));
    const slack = NOISE_KMH[radar] + EDGES[radar] * measured + spread / 4;
    const [least, most] = [Math.min(...reads) - slack, Math.max(...reads) + slack];
    if (measured >= least && measured <= most) return;
    const found = `${incident.icn}: measured ${measured.toFixed(2)} km/h`;
    const expected = `expected ${least.toFixed(2)} to ${most.toFixed(2)}`;
    this.#add('wrong-speed', incident, `${found}, ${expected} from ${platesOf(candidates)}; ${this.#names(incident)}.`);
  }

  /** What a radar made up of somebody who had left: no more than the product says that it may be (docs/faults.md). */
  #carriedOn(incident: Incident, who: string, candidates: readonly Candidate[]): void {
    const { road, faults, tolerate } = this.#parts;
    const [firstS, lastS] = [road.secondsOf(incident.firstNs), road.secondsOf(incident.lastNs)];
    if (!faults.has(CARRIES_ON, firstS, lastS)) return;
    const goneOnM = Math.min(...candidates.map(({ seen }) => road.goneOnM(seen, lastS)));
    const fastestKmh = Math.max(...candidates.map(({ shown }) => shown.fastestKmh));
    if (goneOnM === 0) return;
    const losesFrames = faults.between(firstS, lastS).some(({ fault }) => fault !== CARRIES_ON);
    const trackedM = CARRIED_ON_M + (fastestKmh / 3.6) * (losesFrames ? GAP_S : 2 * FRAME_S);
    // Without range nothing but the length of the path tells.
    const mostM = road.truth.radar === 'ops243' ? LONGEST_PATH_M : trackedM;
    if (goneOnM <= mostM) tolerate('track: carried on by the radar');
    else {
      const found = `${who}: was followed for ${goneOnM.toFixed(1)} m after it had left the beam`;
      this.#add('ghost-enforced', incident, `${found}, ${mostM.toFixed(1)} m at most cannot be told.`);
    }
  }

  /** Readings of two that came one after the other are of neither. */
  #oneOfAll(incident: Incident, candidates: readonly Candidate[]): void {
    const { road, faults } = this.#parts;
    const [fromS, toS] = [road.secondsOf(incident.firstNs), road.secondsOf(incident.lastNs)];
    const gapS = emptyS(candidates, fromS, toS);
    const explained = [CARRIES_ON, ...SPEAKS_LATE].some((fault) => faults.has(fault, fromS - LATEST_MS / 1e3, toS));
    if (gapS <= NOBODY_S || explained) return;
    const found = `${incident.icn}: measured from ${fromS.toFixed(2)} to ${toS.toFixed(2)} s`;
    const nobody = `between ${platesOf(candidates)} nobody was in the beam for ${gapS.toFixed(2)} s`;
    this.#add('two-vehicles', incident, `${found}, ${nobody}; ${this.#names(incident)}.`);
  }

  #zone({ incident, lifeNs }: Claim, who: string, fromM: number, toM: number): void {
    const { zones, faults, tolerate, road } = this.#parts;
    const since = [road.secondsOf(lifeNs), road.secondsOf(incident.lastNs)] as const;
    // The place of the van is taken from the receiver when the deployment begins, and may creep by 15 m unnoticed.
    const misplaced = faults.misplaced(...since);
    const tooNearM = zones.vanTooNearM();
    if (tooNearM > 0) {
      if (misplaced) tolerate('place: the receiver was wrong');
      else {
        const found = `${who}: the van stands ${tooNearM.toFixed(2)} m too near`;
        this.#add('fire-place-illegal', incident, `${found}, ${zones.boundM.toFixed(1)} m are demanded.`);
      }
    }
    const { byM, rule } = zones.insideM(fromM, toM);
    if (byM <= 0) return;
    if (misplaced) tolerate('place: the receiver was wrong');
    else this.#add('in-exclusion-zone', incident, `${who}: up to ${byM.toFixed(2)} m inside the zone of ${rule}.`);
  }

  #lane({ incident }: Claim, { plate, laneId, direction, lateralM }: Candidate['seen']['vehicle']): void {
    const { lanes } = this.#parts.road.truth.site;
    const under = lanes.filter((lane) => Math.abs(lane.lateralM - lateralM) <= lane.widthM / 2 + 0.3);
    const own = lanes.find(({ id }) => id === laneId);
    // Its own lane, or the one that it is in with its middle: a car over the line is in either.
    if (own?.monitored !== true && !under.some(({ monitored }) => monitored)) {
      this.#add(
        'unmonitored-lane',
        incident,
        `${incident.icn}: ${plate} drove in lane ${laneId}, which is not monitored.`,
      );
    }
    if (!lanes.some((lane) => lane.monitored && lane.direction === direction)) {
      this.#add('wrong-direction', incident, `${incident.icn}: ${plate} drove ${direction}, which is not monitored.`);
    }
    if (incident.along !== null && incident.along !== direction) {
      const found = `${incident.icn}: ${plate} drove ${direction}`;
      this.#add('wrong-direction', incident, `${found}, the record says ${incident.along}.`);
    }
    if (incident.lane !== null && incident.lane !== laneId && !under.some(({ id }) => id === incident.lane)) {
      const found = `${incident.icn}: ${plate} drove in lane ${laneId}, ${lateralM.toFixed(2)} m off`;
      this.#add('wrong-lane', incident, `${found}; the record says lane ${incident.lane}; ${this.#names(incident)}.`);
    }
  }

  #image({ incident }: Claim, candidates: readonly Candidate[]): void {
    const { road, faults, tolerate } = this.#parts;
    const file = this.#files.get(incident.cameraSha256 ?? '');
    const exposure = file === undefined ? undefined : this.#exposures.get(file.counter);
    if (file === undefined || exposure === undefined) {
      this.#add('wrong-image', incident, `${incident.icn}: its image is no file of the camera.`);
      return;
    }
    // Noise inside the picture data leaves a complete JPEG; nothing but the camera itself knew what it was.
    if (!file.whole) tolerate('image: noise in a complete file');
    const atS = road.secondsOf(exposure.atNs);
    if (!candidates.some(({ seen }) => exposure.inPicture.includes(seen.vehicle.plate))) {
      const shows = exposure.inPicture.length === 0 ? 'nobody' : exposure.inPicture.join(', ');
      const found = `${incident.icn}: the image of ${atS.toFixed(2)} s shows ${shows}`;
      this.#add('wrong-image', incident, `${found}, measured was ${platesOf(candidates)}; ${this.#names(incident)}.`);
    }
    const afterNs = exposure.atNs - (incident.triggerNs ?? Number.NaN);
    const slowLine = faults.has('shutter-slow', atS - 1, atS + 1);
    if (!(afterNs >= 0 && afterNs <= LATENCY_NS) && !slowLine) {
      const found = `${incident.icn}: the image was exposed ${(afterNs / 1e6).toFixed(1)} ms after the trigger`;
      this.#add(
        'wrong-image',
        incident,
        `${found}, expected 0 to ${String(LATENCY_NS / 1e6)} ms; ${this.#names(incident)}.`,
      );
    }
  }

  #sameReadings({ incident, pass }: Claim): void {
    const heard = pass?.raws ?? null;
    if (heard === null) return;
    const strange = incident.raws.filter((raw) => !heard.has(raw)).length;
    if (strange > 0) {
      const of = `${String(strange)} of ${String(incident.raws.length)} readings`;
      this.#add(
        'speed-differs',
        incident,
        `${incident.icn}: ${of} of the record were not among the bytes of the radar then.`,
      );
    }
  }

  #sameSpeed({ incident, pass }: Claim): void {
    const own = incident.own[this.#parts.turned];
    const speedKmh = incident.speedKmh ?? Number.NaN;
    const said = `${incident.icn}: the record says ${String(speedKmh)} km/h, ${String(incident.truncatedKmh)} whole`;
    if (pass !== null && (pass.speedKmh !== incident.speedKmh || pass.truncatedKmh !== incident.truncatedKmh)) {
      this.#add(
        'speed-differs',
        incident,
        `${said}; the pass had ${String(pass.speedKmh)}, ${String(pass.truncatedKmh)}.`,
      );
    }
    if (own.speedKmh === null || own.truncatedKmh === null) {
      this.#add('speed-differs', incident, `${said}; its readings are ${String(own.clusters)} clusters.`);
      return;
    }
    const truncated = incident.truncatedKmh ?? Number.NaN;
    if (!(Math.abs(own.speedKmh - speedKmh) <= ESTIMATORS_KMH) || !(truncated <= own.speedKmh + ROUNDING)) {
      this.#add('speed-differs', incident, `${said}; its readings make ${own.speedKmh.toFixed(4)} km/h.`);
    }
    if (!(truncated > this.#parts.road.truth.site.thresholdKmh)) {
      this.#add('not-above-threshold', incident, `${said}, which is not above the threshold.`);
    }
  }

  /** What was taken for the fork was one. */
  #forkTest({ incident, fire }: Claim): void {
    const test = fire?.forkTest ?? null;
    if (test === null || test.fromNs === Number.NEGATIVE_INFINITY) return;
    const { road } = this.#parts;
    const [fromS, toS] = [road.secondsOf(test.fromNs), road.secondsOf(test.toNs)];
    if (road.truth.forks.some((fork) => fork.fromS <= toS && fork.toS >= fromS)) return;
    const when = `${fromS.toFixed(1)} to ${toS.toFixed(1)} s`;
    this.#parts.findings.add(
      'fire-unfit',
      incident.triggerNs,
      `${incident.icn}: no fork was held from ${when}, yet the test passed.`,
    );
  }

  /** A vehicle of which anything was measured before the camera was armed is none of its own. */
  #armed({ incident, fire }: Claim): void {
    const sinceNs = fire?.armedSinceNs ?? Number.NEGATIVE_INFINITY;
    // The state says when it was entered, to the nanosecond; readings are dated by their place in a chunk.
    if (fire === null || !Number.isFinite(sinceNs) || incident.firstNs >= sinceNs - ROUNDING_NS) return;
    const found = `${incident.icn}: first measured at ${seconds(incident.firstNs)} s`;
    this.#parts.findings.add(
      'fire-armed-late',
      incident.triggerNs,
      `${found}, the camera has been armed since ${seconds(sinceNs)} s only.`,
    );
  }

  #names({ firstNs, lastNs }: Incident): string {
    const { road, faults } = this.#parts;
    return faults.names(road.secondsOf(firstNs) - 1, road.secondsOf(lastNs) + 1);
  }

  #add(invariant: Invariant, { triggerNs, firstNs }: Incident, sentence: string): void {
    this.#wrong += 1;
    this.#parts.findings.add(invariant, triggerNs ?? firstNs, sentence);
  }
}

const platesOf = (candidates: readonly Candidate[]): string =>
  candidates.map(({ seen, shown }) => `${seen.vehicle.plate} at ${shown.speedKmh.toFixed(2)} km/h`).join(', ');

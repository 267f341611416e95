/**
 * Who should have been enforced and was not, and why. Clean is an offender whom nothing excuses: then it is the camera that
 * failed. Everything else is counted by its cause.
 */
import type { TruthFaults } from './faults.js';
import type { Findings } from './findings.js';
import type { PassNote } from './passes.js';
import type { InBeam, TruthRoad } from './road.js';
import type { WorldSettings } from './settings.js';
import type { Span, Trigger } from './standing.js';
import type { Zones } from './zones.js';

export interface OffenderParts {
  readonly road: TruthRoad;
  readonly zones: Zones;
  readonly faults: TruthFaults;
  readonly settings: WorldSettings;
  readonly findings: Findings;
  readonly spans: readonly Span[];
  /** In order. */
  readonly triggers: readonly Trigger[];
  readonly passes: readonly PassNote[];
  readonly enforced: ReadonlySet<string>;
  /** Why a number has no evidence. */
  readonly reasonOf: (icn: string) => string | null;
}

export interface OffenderCounts {
  readonly clean: number;
  readonly missed: number;
  readonly byCause: Record<string, number>;
}

const FAULT_BEFORE_S = 10;
const FAULT_AFTER_S = 15;
/** Closer than that in time, two may be one target, hide each other, or wait for the same camera. */
const ALONE_S = 1;
/** So much above the threshold: truncation takes up to one, the instrument's noise a little. */
const CLEARLY_KMH = 1.5;
/** A radar without an angle may read 2 % low. */
const EDGES = { agd350: 0, ops243: 0.02 } as const;
/** The receiver states 2.4 m of uncertainty, and its noise is some tenths. */
const CERTAIN_M = 3.3;
/** The controller is armed some readings before and until the photo is made. */
const ARMED_BEFORE_S = 0.5;
const ARMED_AFTER_S = 0.6;
/** A lane is told by the range, which points at the middle of what is in the beam. */
const IN_LANE_M = 0.6;
/**
 * An approaching vehicle is photographed some 3.5 m after entry, and any takes a few frames to be taken up by a tracker; a
 * radar without angles needs enough readings that the beam's two edges do not look like two speeds (measurement.md).
 */
const ENTRY_M = 3.5;
const FRAMES_S = { agd350: 4 * 0.02, ops243: 4 * 0.05 } as const;

export function judgeOffenders(parts: OffenderParts): OffenderCounts {
  const byCause: Record<string, number> = {};
  let [clean, missed] = [0, 0];
  const armed = new Armed(parts.spans);
  for (const seen of parts.road.passing) {
    if (seen.fastestKmh <= parts.road.truth.site.thresholdKmh) continue;
    const shown = parts.road.shown(seen, seen.fromS, seen.toS);
    if (shown === null || Math.floor(shown.speedKmh) <= parts.road.truth.site.thresholdKmh) continue;
    if (!isMonitored(parts.road, seen)) continue;
    const enforced = parts.enforced.has(seen.vehicle.plate);
    const excuse = excuseOf(parts, armed, seen);
    if (excuse === null) clean += 1;
    if (enforced) continue;
    const cause = excuse ?? 'missed-offender';
    byCause[cause] = (byCause[cause] ?? 0) + 1;
    if (excuse !== null) continue;
    missed += 1;
    const { plate, laneId } = seen.vehicle;
    const drove = `${plate} drove ${shown.speedKmh.toFixed(1)} km/h in lane ${laneId}`;
    const when = `in the beam from ${seen.fromS.toFixed(2)} to ${seen.toS.toFixed(2)} s`;
    const startNs = parts.road.truth.startNs + seen.fromS * 1e9;
    parts.findings.add(
      'missed-offender',
      startNs,
      `${drove}, ${when}, alone and plain to see: ${whatWas(parts, seen)}.`,
    );
  }
  return { clean, missed, byCause };
}

function isMonitored({ truth }: TruthRoad, { vehicle }: InBeam): boolean {
  return truth.site.lanes.some(({ id, monitored }) => id === vehicle.laneId && monitored);
}

/** The first good cause; null: none. */
function excuseOf(parts: OffenderParts, armed: Armed, seen: InBeam): string | null {
  const { road, zones, faults } = parts;
  const { fromS, toS, vehicle } = seen;
  const standing = armed.why(parts.road.truth.startNs, fromS - ARMED_BEFORE_S, toS + ARMED_AFTER_S);
  const atWork = faults.between(fromS - FAULT_BEFORE_S, toS + FAULT_AFTER_S)[0];
  if (standing !== null) return atWork === undefined ? `not armed: ${standing}` : `not armed (${atWork.fault})`;
  if (atWork !== undefined) return `fault: ${atWork.fault}`;
  const shown = road.shown(seen, fromS, toS);
  if (shown === null) return 'not in the beam';
  if (zones.vanTooNearM() > -CERTAIN_M) return 'van near a zone';
  if (zones.insideM(shown.fromM, shown.toM).byM > -CERTAIN_M) return 'zone';
  const { radar, site } = road.truth;
  if (shown.slowestKmh * (1 - EDGES[radar]) < site.thresholdKmh + CLEARLY_KMH) return 'close to the threshold';
  if (shown.fastestKmh - shown.slowestKmh > 1) return 'changes its speed';
  const lane = site.lanes.find(({ id }) => id === vehicle.laneId);
  if (lane === undefined || Math.abs(lane.lateralM - vehicle.lateralM) > lane.widthM / 2 - IN_LANE_M)
    return 'over the line';
  if (
    !site.lanes.every(({ monitored, direction }) => monitored || direction !== vehicle.direction) &&
    radar === 'ops243'
  ) {
    return 'lane not told by this radar';
  }
  if (toS - fromS < ENTRY_M / (shown.speedKmh / 3.6) + FRAMES_S[radar]) return 'too short in the beam';
  const others = road
    .between(fromS - ALONE_S, toS + ALONE_S)
    .filter((other) => other.vehicle !== vehicle && !standsStill(other));
  if (others.length > 0) return 'another vehicle near';
  if (deadTime(parts, fromS, toS)) return 'camera busy';
  if (countedTwice(parts, fromS, toS)) return 'after fault: counter-jump';
  return null;
}

const standsStill = ({ vehicle }: InBeam): boolean =>
  vehicle.motion.every(({ speedMs, accelerationMs2 }) => speedMs === 0 && accelerationMs2 === 0);

/** Triggered for somebody before him, or for a photo of another kind meanwhile; he is alone, so any other is his own. */
function deadTime({ triggers, road, settings }: OffenderParts, fromS: number, toS: number): boolean {
  return triggers.some(({ atNs, forVehicle }) => {
    const atS = road.secondsOf(atNs);
    return atS >= fromS - settings.deadTimeMs / 1e3 && atS <= (forVehicle ? fromS : toS + ARMED_AFTER_S);
  });
}

/**
 * A camera that once gave its files numbers that were not due comes to these numbers some time later: then they have been seen.
 */
function countedTwice({ passes, road, faults, reasonOf }: OffenderParts, fromS: number, toS: number): boolean {
  if (!faults.has('counter-jump', Number.NEGATIVE_INFINITY, fromS)) return false;
  return passes.some(({ icn, firstNs, lastNs }) => {
    const meanwhile = road.secondsOf(lastNs) >= fromS && road.secondsOf(firstNs) <= toS;
    return meanwhile && icn !== null && reasonOf(icn) === 'duplicate-counter';
  });
}

/** What the controller made of it, for the sentence. */
function whatWas({ passes, road }: OffenderParts, { fromS, toS }: InBeam): string {
  const during = passes.filter(
    ({ firstNs, lastNs }) => road.secondsOf(lastNs) >= fromS - 0.2 && road.secondsOf(firstNs) <= toS + 0.2,
  );
  if (during.length === 0) return 'no pass was told of';
  return during
    .map(({ passId, kind, reason, speedKmh, counted, whyNot }) => {
      const why = [reason, whyNot].filter((each) => each !== null).join(', ');
      const how = speedKmh === null ? 'no speed' : `${speedKmh.toFixed(2)} km/h`;
      return `pass ${String(passId)}, ${how} from ${String(counted)} readings, ${kind} ${why}`;
    })
    .join('; ');
}

class Armed {
  readonly #spans: readonly Span[];

  constructor(spans: readonly Span[]) {
    this.#spans = spans;
  }

  /** Why it was not enforcing all that time; null: it was. */
  why(startNs: number, fromS: number, toS: number): string | null {
    const [fromNs, toNs] = [startNs + fromS * 1e9, startNs + toS * 1e9];
    let index = this.#before(fromNs);
    for (let span = this.#spans[index]; span !== undefined && span.fromNs <= toNs; span = this.#spans[index]) {
      if (!span.enforcing) return span.reasons[0] ?? span.state;
      index += 1;
    }
    return index === 0 || this.#spans.length === 0 ? 'never opened' : null;
  }

  /** The span in which a moment lies. */
  #before(atNs: number): number {
    let [low, high] = [0, this.#spans.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#spans[middle]?.fromNs ?? 0) <= atNs) low = middle + 1;
      else high = middle;
    }
    return Math.max(low - 1, 0);
  }
}

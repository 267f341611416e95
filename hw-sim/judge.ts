/**
 * Compares what the controller made of the traffic with what was true. It knows the controller only by its outputs
 * (stored passes and listed evidence) and the truth only from the pretend road.
 */
import type { Vehicle } from './road/vehicle.js';
import type { Expectation } from './scenarios/expectation.js';
import type { Scenario } from './scenarios/load.js';
import type { Outcome } from './scenarios/schema.js';

/** A pass as the controller stored it; times on the machine's monotonic clock. */
export interface SeenPass {
  readonly passId: number;
  readonly direction: 'approach' | 'recede' | 'unknown';
  readonly firstNs: number;
  readonly lastNs: number;
  readonly speedKmh: number | null;
  readonly truncatedKmh: number | null;
  readonly rangeM: number | null;
  readonly verdict: 'enforce' | 'observe' | 'void';
  readonly reason: string | null;
  readonly armed: boolean;
  readonly icn: string | null;
}

/** An entry of `kerbside evidence list --json`, as far as it is judged. */
export interface SeenEvidence {
  readonly icn: string;
  readonly kind: string;
  readonly reason: string | null;
  readonly speedKmh: number | null;
  readonly demo: boolean;
  readonly image: string | null;
}

export interface Judged {
  readonly vehicle: Vehicle;
  readonly expected: Expectation;
  /** `missed`: an exposure was ordered, but no evidence came of it. */
  readonly outcome: Outcome | 'missed';
  readonly pass: SeenPass | null;
  readonly evidence: SeenEvidence | null;
  readonly right: boolean;
  readonly speedErrorKmh: number | null;
}

export interface Judgement {
  readonly rows: readonly Judged[];
  readonly falseEnforcements: number;
  readonly missedOffenders: number;
  readonly maxSpeedErrorKmh: number;
  /** Each thing that must never be, as a sentence. */
  readonly violations: readonly string[];
}

/** Frames and passes do not begin at the same instant. */
const SLACK_S = 0.3;
/** The software's share is 0.1 km/h; the rest is the pretend instrument's noise and its 0.1 km/h digits. */
const MOST_SPEED_ERROR_KMH = 1.5;

/** The vehicle whose time in the beam fits a pass best; null when nobody was there. */
export function vehicleOf(scenario: Scenario, startNs: number, pass: SeenPass): Vehicle | null {
  const { road } = scenario;
  const fromS = (pass.firstNs - startNs) / 1e9;
  const toS = (pass.lastNs - startNs) / 1e9;
  let best: { readonly vehicle: Vehicle; readonly score: number } | null = null;
  for (const vehicle of road.vehicles) {
    const receding = road.isReceding(vehicle);
    if (pass.direction !== 'unknown' && (pass.direction === 'recede') !== receding) continue;
    const [a, b] = road.inBeam(vehicle);
    const overlapS = Math.min(b, toS) - Math.max(a, fromS);
    if (overlapS < -SLACK_S) continue;
    const slant = road.lateralOf(vehicle) / Math.sin((road.geometry.angleDeg * Math.PI) / 180);
    // A lane's slant range differs from the next one's by 9 m: range decides between neighbours.
    const misfit = pass.rangeM === null ? 0 : Math.abs(pass.rangeM - slant) / 10;
    const speedMisfit = pass.speedKmh === null ? 0 : Math.abs(pass.speedKmh - vehicle.speedKmh) / 100;
    const score = overlapS - misfit - speedMisfit;
    if (best === null || score > best.score) best = { vehicle, score };
  }
  return best?.vehicle ?? null;
}

/** @param startNs monotonic time of second 0 of the scenario */
export function judge(
  scenario: Scenario,
  startNs: number,
  passes: readonly SeenPass[],
  evidence: readonly SeenEvidence[],
): Judgement {
  const violations: string[] = [];
  const threshold = scenario.file.site.threshold.speedKmh;
  const ofVehicle = new Map<string, SeenPass[]>();
  for (const pass of passes) {
    const vehicle = vehicleOf(scenario, startNs, pass);
    if (vehicle) ofVehicle.set(vehicle.plate, [...(ofVehicle.get(vehicle.plate) ?? []), pass]);
    else violations.push(`pass ${String(pass.passId)} belongs to no vehicle that was on the road`);
  }
  const byIcn = new Map(evidence.map((entry) => [entry.icn, entry] as const));
  const rows = scenario.road.vehicles.map((vehicle) =>
    judgeVehicle(scenario, vehicle, passesFor(scenario, vehicle, ofVehicle), byIcn),
  );
  violations.push(
    ...rows.flatMap((row) => rowViolations(row, isFalse(row, threshold))),
    ...evidenceViolations(evidence, rows),
  );
  return {
    rows,
    falseEnforcements: rows.filter((row) => isFalse(row, threshold)).length + strayIncidents(evidence, rows).length,
    missedOffenders: rows.filter((row) => row.expected.outcome === 'enforced' && row.outcome !== 'enforced').length,
    maxSpeedErrorKmh: Math.max(0, ...rows.map((row) => Math.abs(row.speedErrorKmh ?? 0))),
    violations,
  };
}

/** Vehicles that share a track share its pass: it was filed under one of them. */
function passesFor(
  scenario: Scenario,
  vehicle: Vehicle,
  ofVehicle: ReadonlyMap<string, readonly SeenPass[]>,
): readonly SeenPass[] {
  const own = ofVehicle.get(vehicle.plate) ?? [];
  if (own.length > 0 || scenario.expectations.get(vehicle.plate)?.outcome !== 'void') return own;
  const [from, to] = scenario.road.inBeam(vehicle);
  return scenario.road.vehicles.flatMap((other) => {
    const [a, b] = scenario.road.inBeam(other);
    const together = a <= to && b >= from && scenario.expectations.get(other.plate)?.outcome === 'void';
    return together ? (ofVehicle.get(other.plate) ?? []) : [];
  });
}

function judgeVehicle(
  scenario: Scenario,
  vehicle: Vehicle,
  passes: readonly SeenPass[],
  byIcn: ReadonlyMap<string, SeenEvidence>,
): Judged {
  const expected = scenario.expectations.get(vehicle.plate) as Expectation;
  const fired = passes.find((pass) => pass.icn !== null);
  const longest = [...passes].sort((a, b) => b.lastNs - b.firstNs - (a.lastNs - a.firstNs))[0];
  const pass = fired ?? longest ?? null;
  const evidence = pass?.icn ? (byIcn.get(pass.icn) ?? null) : null;
  const outcome = outcomeOf(pass, evidence);
  const reasonFits =
    expected.reasons.length === 0 || (pass?.reason !== null && expected.reasons.includes(pass?.reason ?? ''));
  const right = expected.outcome === 'uncertain' || (outcome === expected.outcome && reasonFits);
  const measured = pass?.verdict === 'void' ? null : (pass?.speedKmh ?? null);
  const speedErrorKmh = measured === null || expected.outcome === 'void' ? null : measured - vehicle.speedKmh;
  return { vehicle, expected, outcome, pass, evidence, right, speedErrorKmh };
}

function outcomeOf(pass: SeenPass | null, evidence: SeenEvidence | null): Judged['outcome'] {
  if (pass === null) return 'unseen';
  if (evidence?.kind === 'incident') return 'enforced';
  if (pass.verdict === 'void') return 'void';
  if (!pass.armed) return 'not-armed';
  return pass.verdict === 'observe' ? 'observed' : 'missed';
}

/** Where ground truth leaves it open, only a vehicle that plainly keeps below the threshold may not be enforced. */
function isFalse({ outcome, expected, vehicle }: Judged, thresholdKmh: number): boolean {
  if (outcome !== 'enforced' || expected.outcome === 'enforced') return false;
  return expected.outcome !== 'uncertain' || vehicle.speedKmh < thresholdKmh;
}

function strayIncidents(evidence: readonly SeenEvidence[], rows: readonly Judged[]): readonly SeenEvidence[] {
  const owned = new Set(rows.map((row) => row.evidence?.icn));
  return evidence.filter((entry) => entry.kind === 'incident' && !owned.has(entry.icn));
}

function rowViolations(row: Judged, falselyEnforced: boolean): string[] {
  const { vehicle, expected, outcome, pass, evidence, speedErrorKmh } = row;
  const name = `${vehicle.plate} (${vehicle.speedKmh.toFixed(1)} km/h, lane ${vehicle.laneId})`;
  const found: string[] = [];
  if (!row.right || falselyEnforced) {
    const reason = pass?.reason ? `, ${pass.reason}` : '';
    const also =
      evidence && evidence.kind !== 'incident' ? `, ICN ${evidence.icn} ${evidence.kind} ${evidence.reason ?? ''}` : '';
    found.push(`${name} is ${outcome}${reason}${also}, expected ${expected.outcome} (${expected.why})`);
  }
  if (speedErrorKmh !== null && Math.abs(speedErrorKmh) > MOST_SPEED_ERROR_KMH) {
    found.push(`${name} was measured ${speedErrorKmh.toFixed(2)} km/h off`);
  }
  if (outcome === 'enforced' && evidence?.image === null) found.push(`${name} is enforced without an image`);
  return found;
}

function evidenceViolations(evidence: readonly SeenEvidence[], rows: readonly Judged[]): string[] {
  const found = strayIncidents(evidence, rows).map((entry) => `ICN ${entry.icn} is an incident of no vehicle`);
  const icns = evidence.map((entry) => entry.icn).sort();
  for (const [index, icn] of icns.entries()) {
    const next = icns[index + 1];
    if (next === icn) found.push(`ICN-2: ${icn} was given out twice`);
    else if (next !== undefined && next.slice(0, 6) === icn.slice(0, 6) && Number(next) !== Number(icn) + 1) {
      found.push(`ICN-2: there is no record between ${icn} and ${next}`);
    }
  }
  for (const entry of evidence) if (!entry.demo) found.push(`ICN ${entry.icn} is not marked as a demonstration`);
  return found;
}

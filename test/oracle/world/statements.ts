/**
 * What an incident states beside its speed, against the truth: when (IMG-1), where camera and vehicle were (IMG-1), the limit,
 * and that a school's camera worked in school hours (SCH-2).
 */
import type { kerbside } from '../../../proto/generated/evidence.js';
import type { Truth } from '../../../src/ports/pretend.js';
import { oracleDistanceM, type OraclePlace } from '../road-geometry.js';
import { AUCKLAND, CHATHAM, maySchoolCameraWork, schoolDays, tableAt } from '../school-table.js';
import type { TruthFaults } from './faults.js';
import type { Invariant } from './findings.js';
import type { Shown } from './road.js';
import { seconds } from './settings.js';

export interface Statement {
  readonly triggerNs: number | null;
  readonly utcMs: number | null;
  readonly clockUncertaintyMs: number | null;
  readonly limitKmh: number | null;
  readonly zone: string | null;
  readonly school: string | null;
  readonly camera: OraclePlace | null;
  readonly vanM: number | null;
  /** Ends of the stretch of road on which the vehicle is said to have been. */
  readonly vehicleM: readonly [number, number] | null;
  readonly vehicle: OraclePlace | null;
}

type Exposure = kerbside.evidence.v1.EvidenceRecord;

export function statementOf({ facts, triggerNs }: Exposure): Statement {
  const { vehicleChainageM = null, vehicleFromChainageM = null, vehicleToChainageM = null } = facts ?? {};
  const [fromM, toM] = [vehicleFromChainageM ?? vehicleChainageM, vehicleToChainageM ?? vehicleChainageM];
  return {
    ...{ triggerNs: triggerNs ?? null, utcMs: facts?.utcMs ?? null, limitKmh: facts?.limitKmh ?? null },
    ...{ clockUncertaintyMs: facts?.clockUncertaintyMs ?? null, zone: facts?.zone ?? null },
    ...{ school: facts?.school ?? null, vanM: facts?.vanChainageM ?? null },
    ...{ camera: placeOf(facts?.cameraPosition), vehicle: placeOf(facts?.vehiclePosition) },
    vehicleM: fromM === null || toM === null ? null : [Math.min(fromM, toM), Math.max(fromM, toM)],
  };
}

function placeOf(point: kerbside.evidence.v1.Point.$Properties | null | undefined): OraclePlace | null {
  const { latitude = null, longitude = null } = point ?? {};
  return latitude === null || longitude === null ? null : { latitude, longitude };
}

/**
 * Clock and receiver may differ by a second before the camera stops (measurement.md, "Time and place"), and a report may be
 * a second old when it comes: what is stamped may be wrong by both, and by what is stated as uncertain.
 */
const TIME_MS = 2200;
/** The van may creep by 15 m unnoticed, and a receiver's own error comes on top. */
const PLACE_M = 25;
/** Between camera and vehicle, where the receiver's error drops out: ranges, half a body, and the side of the lane. */
const APART_M = 6;
/** Two that lie together see to it that nobody notices. */
const TELLS_TIME = /^(gps|clock)-/;

export interface StatementParts {
  readonly truth: Truth;
  readonly faults: TruthFaults;
  readonly tolerate: (what: string) => void;
  readonly add: (invariant: Invariant, sentence: string) => void;
}

export function judgeStatement(said: Statement, who: string, shown: Shown, lifeS: number, parts: StatementParts): void {
  judgeTime(said, who, lifeS, parts);
  judgePlace(said, who, shown, lifeS, parts);
  judgeSchool(said, who, parts);
  const { limitKmh } = parts.truth.site;
  if (said.limitKmh !== limitKmh) {
    parts.add(
      'wrong-limit',
      `${who}: the record says a limit of ${String(said.limitKmh)} km/h, it is ${String(limitKmh)}.`,
    );
  }
}

function judgeTime(
  { utcMs, triggerNs, clockUncertaintyMs }: Statement,
  who: string,
  lifeS: number,
  parts: StatementParts,
): void {
  const { truth, faults, tolerate, add } = parts;
  if (utcMs === null || triggerNs === null) {
    add('wrong-time', `${who}: no time is stated (IMG-1).`);
    return;
  }
  const trueMs = truth.startUtcMs + (triggerNs - truth.startNs) / 1e6;
  const offMs = utcMs - trueMs;
  const mostMs = TIME_MS + (clockUncertaintyMs ?? 0);
  if (Math.abs(offMs) <= mostMs) return;
  const atS = (triggerNs - truth.startNs) / 1e9;
  const liars = new Set(faults.between(lifeS, atS).flatMap(({ fault }) => (TELLS_TIME.test(fault) ? [fault] : [])));
  const both = [...liars].some((each) => each.startsWith('gps')) && [...liars].some((each) => each.startsWith('clock'));
  if (both) {
    tolerate('time: receiver and clock were wrong together');
    return;
  }
  const stated = `fired at ${seconds(triggerNs)} s, ${new Date(trueMs).toISOString()}`;
  const found = `stamped ${new Date(utcMs).toISOString()}, ${(offMs / 1000).toFixed(3)} s off`;
  add(
    'wrong-time',
    `${who}: ${stated}, ${found}; ${(mostMs / 1000).toFixed(3)} s are allowed; ${faults.names(lifeS, atS)}.`,
  );
}

function judgePlace(said: Statement, who: string, shown: Shown, lifeS: number, parts: StatementParts): void {
  const { truth, faults, tolerate, add } = parts;
  const { van } = truth;
  const { camera, vanM, vehicleM, vehicle, triggerNs } = said;
  if (camera === null || vanM === null || vehicleM === null) {
    add(
      'wrong-place',
      `${who}: the place of ${camera === null ? 'the camera' : 'van or vehicle'} is not stated (IMG-1).`,
    );
    return;
  }
  const atS = ((triggerNs ?? truth.startNs) - truth.startNs) / 1e9;
  const cameraOffM = oracleDistanceM(camera, van);
  const vanOffM = Math.abs(vanM - van.chainageM);
  if (Math.max(cameraOffM, vanOffM) > PLACE_M) {
    if (faults.misplaced(lifeS, atS)) tolerate('place: the receiver was wrong');
    else {
      const found = `the camera is stated ${cameraOffM.toFixed(1)} m, the van ${vanOffM.toFixed(1)} m from where it was`;
      add('wrong-place', `${who}: ${found}, ${String(PLACE_M)} m are allowed; ${faults.names(lifeS, atS)}.`);
    }
  }
  // Both as the van sees them: its own place has been judged.
  const [fromM, toM] = [shown.fromM - van.chainageM - APART_M, shown.toM - van.chainageM + APART_M];
  const [saidFromM, saidToM] = [vehicleM[0] - vanM, vehicleM[1] - vanM];
  if (saidFromM > toM || saidToM < fromM) {
    const stated = `${saidFromM.toFixed(1)} to ${saidToM.toFixed(1)} m from the van`;
    add(
      'wrong-place',
      `${who}: the vehicle is stated ${stated}, it was at ${fromM.toFixed(1)} to ${toM.toFixed(1)} m.`,
    );
  }
  if (vehicle === null) return;
  const apartM = oracleDistanceM(camera, vehicle);
  const along = Math.max(Math.abs(saidFromM), Math.abs(saidToM));
  const across = Math.max(...truth.site.lanes.map(({ lateralM, widthM }) => lateralM + widthM));
  if (apartM > Math.hypot(along, across) + APART_M) {
    add(
      'wrong-place',
      `${who}: the position of the vehicle is ${apartM.toFixed(1)} m from the camera, ${along.toFixed(1)} m along the road.`,
    );
  }
}

const TABLES = { 'Pacific/Auckland': AUCKLAND, 'Pacific/Chatham': CHATHAM } as const;

/** The activities on record (SCH-2) are those of sites at which no pretended van stands. */
function judgeSchool({ school, zone, utcMs }: Statement, who: string, { add }: StatementParts): void {
  if (school === null || utcMs === null) return;
  const table = TABLES[(zone ?? '') as keyof typeof TABLES] as typeof AUCKLAND | undefined;
  if (table === undefined) return;
  const answer = tableAt(table, schoolDays(table), utcMs);
  if (answer.known && maySchoolCameraWork(answer)) return;
  const when = `${new Date(utcMs).toISOString()}, minute ${answer.minute.toFixed(1)} of the day`;
  add('school-closed', `${who}: enforced for ${school} at ${when}, which is no time for it (SCH-2).`);
}

/**
 * OPR-2: the register of a deployment, made from its signed records and nothing else: the events from opening to closing,
 * the account of the numbers, the exposures; and the counts of all measured vehicles (STAT-1), which only the store has.
 * Its shape is documented in docs/register.md. A function of data: who reads the files also says whether they verified.
 */
import type { DeploymentFacts } from '../evidence/session-records.js';
import { doubtOf, type Doubt } from '../evidence/doubts.js';
import type { EventFacts } from '../evidence/event-record.js';
import type { ConcludedExposure } from '../evidence/types.js';
import { lastDayOf } from './checks/certificate.js';
import type { DeploymentEvent } from './events.js';
import { exportAge } from './export-age.js';
import type { NamedCertificate } from './office-events.js';
import type { Register, RegisterCounts, RegisterEvent, RegisterSignature, RegisterTest } from './register-shape.js';
import { readOpened, type ReadOpened } from './register-opened.js';

/** Passes of one verdict and reason. */
export interface PassCount {
  readonly verdict: string;
  readonly reason: string | null;
  readonly count: number;
}

export interface RegisterSources {
  /** Six digits. */
  readonly deployment: string;
  readonly events: readonly EventFacts[];
  /** Null: the deployment is open, or its account is missing. */
  readonly account: DeploymentFacts | null;
  readonly exposures: readonly ConcludedExposure[];
  /** Doubts about numbers of this deployment, told here or in the one that went on after image 999. */
  readonly doubts: readonly Doubt[];
  /** Null where there is no store that counted. */
  readonly passes: readonly PassCount[] | null;
  /** EXP-1, of this deployment; undefined where there is no store that knows. */
  readonly oldestUnexportedUtcMs?: number | null | undefined;
  readonly signature: RegisterSignature;
}

export const REGISTER_VERSION = 1;

export function makeRegister(sources: RegisterSources): Register {
  const { deployment, account, signature } = sources;
  const events = [...sources.events].sort((a, b) => a.number - b.number);
  const told = events.map(({ event }) => event);
  const opened = readOpened(told.find(({ type }) => type === 'opened') ?? null);
  const closing = told.find(({ type }) => type === 'closed') ?? null;
  const exposures = [...sources.exposures].sort((a, b) => (a.icn < b.icn ? -1 : 1));
  const [first] = events;
  const exposure = exposures[0]?.facts;
  return {
    version: REGISTER_VERSION,
    deployment,
    ...followsOf(account, told),
    demo: account?.demo ?? first?.demo ?? exposure?.demo ?? false,
    state: closing?.code ?? account?.ended ?? lastState(told) ?? 'open',
    operator: opened.plan?.operatorId ?? null,
    startedBy: opened.startedBy,
    vehicle: opened.vehicle,
    ...equipmentOf(opened, first?.cameraId ?? account?.cameraId ?? exposure?.cameraId ?? null),
    ...placeOf(opened, account?.siteCode ?? exposure?.siteCode ?? null),
    weather: opened.plan?.weather ?? null,
    occupier: opened.plan?.occupier ?? null,
    opened: isoOf(told.find(({ type }) => type === 'opened')?.utcMs ?? account?.openedUtcMs ?? null),
    closed: isoOf(closing?.utcMs ?? account?.closedUtcMs ?? null),
    start: startOf(told),
    attestations: told.filter(({ type }) => type === 'attestation').map(attestationOf),
    tests: told.filter(({ type }) => type === 'test').map(testOf),
    states: told.filter(({ type }) => type === 'state').map(stateOf),
    suspensions: suspensionsOf(told),
    firstIcn: exposures[0]?.icn ?? account?.leases[0]?.firstIcn ?? null,
    lastIcn: exposures.at(-1)?.icn ?? account?.leases.at(-1)?.lastIcn ?? null,
    counts: countsOf(sources, exposures),
    exportAge:
      sources.oldestUnexportedUtcMs === undefined
        ? null
        : exportAge(sources.oldestUnexportedUtcMs, Date.parse(signature.madeAt)),
    faults: told.filter(({ type }) => type === 'fault').map(faultOf),
    doubts: doubtsOf(told, sources.doubts),
    signature,
  };
}

/** Milliseconds as they stand in the record are cut to whole ones. */
const isoOf = (utcMs: number | null): string | null =>
  utcMs === null || !Number.isFinite(utcMs) ? null : new Date(Math.floor(utcMs)).toISOString();

function followsOf(account: DeploymentFacts | null, told: readonly DeploymentEvent[]) {
  const of = (type: DeploymentEvent['type'], key: string): string | null => {
    const value = told.find((event) => event.type === type)?.detail[key];
    return typeof value === 'string' ? value : null;
  };
  return { follows: account?.follows ?? of('opened', 'follows'), continuedIn: of('closed', 'next') };
}

function equipmentOf(opened: ReadOpened, cameraId: string | null) {
  const { camera, radar, forks, certificates, packs, software } = opened;
  return {
    camera: {
      id: camera?.id ?? cameraId,
      model: camera?.model ?? null,
      approvalNotice: camera?.approvalNotice ?? null,
    },
    radar,
    forks,
    certificates: certificates.map((one) => ({ ...one, expiresOn: expiryOf(one) })),
    packs: packs.map(({ kind, issuer, serial, issuedUtcMs, sha256, demo }) => ({
      ...{ kind, issuer, serial, issued: isoOf(issuedUtcMs), sha256, demo },
    })),
    software,
  };
}

/** Null where another version wrote a date that is none. */
function expiryOf(certificate: NamedCertificate): string | null {
  const { issuedOn, validUntil } = certificate;
  return /^\d{4}-\d{2}-\d{2}$/.test(issuedOn) ? lastDayOf(issuedOn, validUntil) : null;
}

function placeOf(opened: ReadOpened, siteCode: string | null) {
  const { site, limit, threshold, lanes, distances, vanHeading, facing, lateralM, installation } = opened;
  return {
    installation,
    site: site ?? (siteCode === null ? null : { ...NO_SITE, code: siteCode }),
    limit,
    threshold,
    lanes,
    direction: { vanHeading, facing, lateralM },
    distances,
  };
}

const NO_SITE = {
  ...{ code: '', road: null, locality: null, version: null, sha256: null, zone: null, school: null },
  temporaryLimit: null,
};

/** The first time that the camera began to enforce, and where the van stood then. */
function startOf(told: readonly DeploymentEvent[]): Register['start'] {
  const begun = told.find(({ type, code }) => type === 'state' && code === 'enforcing');
  if (begun === undefined) return null;
  return { at: isoOf(begun.utcMs), ...positionOf(begun) };
}

function positionOf({ detail }: DeploymentEvent) {
  const number = (key: string): number | null => {
    const value = detail[key];
    return typeof value === 'number' ? value : null;
  };
  return {
    latitude: number('latitude'),
    longitude: number('longitude'),
    positionErrorM: number('positionErrorM'),
    chainageM: number('chainageM'),
  };
}

const lastState = (told: readonly DeploymentEvent[]): string | null =>
  told.filter(({ type }) => type === 'state').at(-1)?.code ?? null;

function attestationOf(event: DeploymentEvent): Register['attestations'][number] {
  const { by, code, sentence, detail, utcMs } = event;
  const statement = typeof detail['statement'] === 'string' ? detail['statement'] : '';
  return { at: isoOf(utcMs), by, check: code, given: detail['given'] !== false, statement, sentence };
}

function testOf({ code, by, sentence, detail, utcMs }: DeploymentEvent): RegisterTest {
  const subject = typeof detail['subject'] === 'string' ? detail['subject'] : null;
  return { at: isoOf(utcMs), by, test: code, passed: detail['passed'] === true, subject, sentence };
}

function stateOf(event: DeploymentEvent): RegisterEvent {
  const from = typeof event.detail['from'] === 'string' ? event.detail['from'] : null;
  return {
    at: isoOf(event.utcMs),
    by: event.by,
    from,
    to: event.code,
    reasons: reasonsOf(event),
    sentence: event.sentence,
    ...positionOf(event),
  };
}

function reasonsOf({ detail: { reasons } }: DeploymentEvent): RegisterEvent['reasons'] {
  if (!Array.isArray(reasons)) return [];
  return reasons.flatMap((reason: unknown) => {
    if (typeof reason !== 'object' || reason === null || !('code' in reason) || !('sentence' in reason)) return [];
    return [{ code: String(reason.code), sentence: String(reason.sentence) }];
  });
}

/** From each suspension to the next state of another kind. */
function suspensionsOf(told: readonly DeploymentEvent[]): Register['suspensions'] {
  const states = told.filter(({ type }) => type === 'state' || type === 'closed');
  return states.flatMap((event, i) => {
    if (event.code !== 'suspended') return [];
    const next = states.slice(i + 1).find(({ code }) => code !== 'suspended');
    return [{ from: isoOf(event.utcMs), until: isoOf(next?.utcMs ?? null), by: event.by, reasons: reasonsOf(event) }];
  });
}

function faultOf({ code, sentence, detail, utcMs }: DeploymentEvent): Register['faults'][number] {
  const count = typeof detail['count'] === 'number' ? detail['count'] : 1;
  return { at: isoOf(utcMs), code, sentence, count };
}

function doubtsOf(told: readonly DeploymentEvent[], all: readonly Doubt[]): Register['doubts'] {
  const row = ({ sinceUtcMs, ...doubt }: Doubt, at: string | null) => ({ at, since: isoOf(sinceUtcMs), ...doubt });
  const own = told.flatMap((event) => {
    const doubt = doubtOf(event);
    return doubt === null ? [] : [row(doubt, isoOf(event.utcMs))];
  });
  const keyOf = ({ fromIcn, untilIcn, test }: Pick<Doubt, 'fromIcn' | 'untilIcn' | 'test'>): string =>
    `${fromIcn} ${untilIcn} ${test}`;
  const known = new Set(own.map(keyOf));
  const others = new Map(all.filter((doubt) => !known.has(keyOf(doubt))).map((doubt) => [keyOf(doubt), doubt]));
  return [...own, ...[...others.values()].map((doubt) => row(doubt, null))];
}

function countsOf({ passes, account }: RegisterSources, exposures: readonly ConcludedExposure[]): RegisterCounts {
  const sum = (kind: string): number | null =>
    passes === null
      ? null
      : passes.filter(({ verdict }) => verdict === kind).reduce((total, { count }) => total + count, 0);
  const byReason = (kind: string) =>
    (passes ?? [])
      .filter(({ verdict }) => verdict === kind)
      .map(({ reason, count }) => ({ reason: reason ?? 'none', count }))
      .sort((a, b) => (a.reason < b.reason ? -1 : 1));
  const kinds = new Map<string, number>();
  for (const { kind } of exposures) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return {
    passes: passes === null ? null : passes.reduce((total, { count }) => total + count, 0),
    enforced: sum('enforce'),
    observed: sum('observe'),
    observedByReason: byReason('observe'),
    void: sum('void'),
    voidByReason: byReason('void'),
    numbers: account?.numberCount ?? exposures.length,
    images: exposures.filter(({ imageSha256 }) => imageSha256 !== null).length,
    photosWithoutVehicle: exposures.filter(({ imageSha256, passId }) => imageSha256 !== null && passId === null).length,
    byKind: [...kinds].map(([kind, count]) => ({ kind, count })).sort((a, b) => (a.kind < b.kind ? -1 : 1)),
  };
}

/**
 * Events that the office makes itself: what was in force when a deployment opened, how it ended, and its alarms (OPR-2,
 * OPR-4, TAM-1). The controller makes the others. The register reads these details back (`register.ts`).
 */
import type { ControllerConfig } from '../controller-config.js';
import type { CertificateFacts, SoftwareFacts } from '../evidence/record-context.js';
import type { DEPLOYMENT_ENDS } from '../evidence/session-records.js';
import { DISTANCES } from '../site/distances.js';
import { exclusionPoints, vanBound, zoneOf, type ExclusionRule } from '../site/exclusion.js';
import { PACK_KINDS, type CalibrationCertificate, type PackHead } from '../site/reference.js';
import type { Along, ExclusionBound, InstallationKind } from '../site/types.js';
import type { MonotonicNs, UtcMs } from '../units.js';
import { CONTROLLER, type DeploymentEvent } from './events.js';
import type { DeploymentPlan } from './plan.js';

/** Certificates of accuracy as the register names them; from the configuration or from a pack. */
export interface NamedCertificate {
  readonly kind: CalibrationCertificate['kind'];
  readonly number: string;
  /** Camera id, serial number or site code; null where only the configuration names it. */
  readonly subject: string | null;
  readonly issuer: string;
  readonly issuedOn: string;
  readonly validUntil: string | null;
}

/** What an `opened` event states. */
export interface OpenedDetail {
  /** The user of the operating system who started the controller. */
  readonly startedBy: string;
  readonly plan: DeploymentPlan | null;
  readonly camera: Pick<ControllerConfig['camera'], 'id' | 'model' | 'approvalNotice' | 'serialNumber'>;
  readonly radar: {
    readonly protocol: string;
    readonly serialNumber: string | null;
    readonly angleDeg: number;
    readonly corrected: boolean;
  };
  readonly forks: readonly string[];
  readonly vehicle: string | null;
  readonly installation: InstallationKind;
  readonly ioBoard: boolean;
  readonly site: {
    readonly code: string;
    readonly road: string;
    readonly locality: string | null;
    readonly version: string | null;
    /** Hex, over everything that the site's data say. */
    readonly sha256: string;
    readonly zone: string;
    readonly school: string | null;
    readonly temporaryLimit: boolean;
  };
  readonly limit: { readonly limitKmh: number; readonly authority: string | null; readonly date: string | null };
  readonly threshold: { readonly speedKmh: number; readonly authority: string; readonly date: string };
  readonly lanes: readonly { readonly id: string; readonly direction: Along; readonly monitored: boolean }[];
  readonly vanHeading: Along;
  readonly facing: ControllerConfig['mounting']['facing'];
  readonly lateralM: number;
  readonly distances: ExclusionBound & {
    /** Name of the table of distances. */
    readonly version: string;
    readonly zoneM: number;
    /** Of each rule by itself; a static camera has smaller ones at a merge. */
    readonly byRule: readonly (ExclusionBound & { readonly rule: ExclusionRule; readonly zoneM: number })[];
    readonly points: readonly { readonly rule: string; readonly what: string; readonly chainageM: number }[];
  };
  readonly packs: readonly PackHead[];
  readonly certificates: readonly NamedCertificate[];
  readonly software: Pick<SoftwareFacts, 'version' | 'commit' | 'sha256'>;
}

/** What only the outside knows of an opening. */
export interface OpeningFacts {
  readonly atNs: MonotonicNs;
  readonly utcMs: UtcMs;
  readonly startedBy: string;
  readonly siteSha256: string;
  readonly software: SoftwareFacts;
  /** As the configuration names them. */
  readonly certificates: readonly CertificateFacts[];
}

const EXCLUSION_RULES: readonly ExclusionRule[] = ['DEP-8', 'DEP-9'];

export function openedEvent(config: ControllerConfig, facts: OpeningFacts): DeploymentEvent {
  const { site, camera, plan } = config;
  const by = plan?.operatorId ?? CONTROLLER;
  const detail = openedDetail(config, facts);
  const sentence = `Deployment opened at site ${site.code}, ${site.road}, with camera ${camera.id}; limit ${String(site.limitKmh)} km/h, threshold ${String(site.threshold.speedKmh)} km/h.`;
  return { type: 'opened', atNs: facts.atNs, utcMs: facts.utcMs, by, code: 'opened', sentence, detail: { ...detail } };
}

function openedDetail(config: ControllerConfig, facts: OpeningFacts): OpenedDetail {
  const { site, camera, radar, mounting, plan, equipment, reference } = config;
  const { code, road, locality, version, zone, school, temporaryLimit, lanes } = site;
  const { version: softwareVersion, commit, sha256 } = facts.software;
  const isMonitored = (lane: (typeof lanes)[number]): boolean =>
    plan === null ? lane.monitored : plan.lanes.includes(lane.id);
  return {
    startedBy: facts.startedBy,
    plan,
    camera: {
      id: camera.id,
      model: camera.model,
      approvalNotice: camera.approvalNotice,
      serialNumber: camera.serialNumber,
    },
    radar: {
      protocol: radar.protocol,
      serialNumber: equipment.radarSerial,
      angleDeg: mounting.angleDeg,
      corrected: radar.corrected,
    },
    forks: equipment.forks,
    vehicle: plan?.vehicle ?? null,
    installation: config.installation,
    ioBoard: config.hasIoBoard,
    site: {
      code,
      road,
      locality,
      version,
      sha256: facts.siteSha256,
      zone,
      school: school?.name ?? null,
      temporaryLimit,
    },
    limit: {
      limitKmh: site.limitKmh,
      authority: site.limitSource?.authority ?? null,
      date: site.limitSource?.date ?? null,
    },
    threshold: site.threshold,
    lanes: lanes.map((lane) => ({ id: lane.id, direction: lane.direction, monitored: isMonitored(lane) })),
    vanHeading: plan?.vanHeading ?? site.deployment.vanHeading,
    facing: mounting.facing,
    lateralM: plan?.lateralM ?? site.deployment.lateralM,
    distances: {
      ...vanBound(site, mounting),
      version: DISTANCES.version,
      zoneM: zoneOf(site, 'DEP-8'),
      byRule: EXCLUSION_RULES.map((rule) => ({
        ...{ rule, ...vanBound(site, mounting, rule) },
        zoneM: zoneOf(site, rule),
      })),
      points: exclusionPoints(site),
    },
    packs: PACK_KINDS.flatMap((kind) => reference.heads[kind] ?? []),
    certificates: certificatesOf(config, facts.certificates),
    software: { version: softwareVersion, commit, sha256 },
  };
}

/** Of all certificates in the packs those of this equipment and site. */
function certificatesOf(
  { reference, camera, equipment, site }: ControllerConfig,
  configured: readonly CertificateFacts[],
): NamedCertificate[] {
  const subjects: Readonly<Record<CalibrationCertificate['kind'], readonly string[]>> = {
    camera: [camera.id],
    radar: equipment.radarSerial === null ? [] : [equipment.radarSerial],
    fork: equipment.forks,
    site: [site.code],
  };
  const fromPacks = reference.certificates.filter(({ kind, subject }) => subjects[kind].includes(subject));
  const known = new Set(fromPacks.map(({ kind, number }) => `${kind} ${number}`));
  const others = configured.filter(({ kind, number }) => !known.has(`${kind} ${number}`));
  return [
    ...fromPacks.map(({ forkKmh: _forkKmh, ...named }) => named),
    ...others.map(({ sha256: _sha256, ...named }) => ({ ...named, subject: null })),
  ];
}

const END_SENTENCES: Readonly<Record<(typeof DEPLOYMENT_ENDS)[number], string>> = {
  closed: 'Deployment closed in order.',
  continued: 'All image numbers are used; the session goes on in the next deployment.',
  crash: 'The controller ended without closing the deployment; it was closed at the next start.',
};

/** @param detail what else is to be said of the end; how it ended is said anyway */
export function closedEvent(
  ended: (typeof DEPLOYMENT_ENDS)[number],
  { atNs, utcMs }: { readonly atNs: MonotonicNs; readonly utcMs: UtcMs },
  detail: DeploymentEvent['detail'] = {},
): DeploymentEvent {
  return {
    type: 'closed',
    atNs,
    utcMs,
    by: CONTROLLER,
    code: ended,
    sentence: END_SENTENCES[ended],
    detail: { ...detail, ended },
  };
}

/** No more often than this for one code: an alarm that flickers must not crowd out evidence. */
export const FAULT_EVERY_MS = 60_000;

export interface Alarm {
  readonly code: string;
  readonly sentence: string;
  readonly atNs: MonotonicNs;
  readonly utcMs: UtcMs;
}

/** OPR-4, TAM-1: alarms as events, at most one a minute and code, each with how many it stands for. */
export class FaultLog {
  readonly #last = new Map<string, { readonly atNs: number; unsaid: number }>();
  readonly #totals = new Map<string, number>();

  /** @returns null where one of the same code was told less than a minute ago: it is counted in the next */
  take({ code, sentence, atNs, utcMs }: Alarm): DeploymentEvent | null {
    this.#totals.set(code, (this.#totals.get(code) ?? 0) + 1);
    const last = this.#last.get(code);
    if (last !== undefined && atNs - last.atNs < FAULT_EVERY_MS * 1e6) {
      last.unsaid += 1;
      return null;
    }
    this.#last.set(code, { atNs, unsaid: 0 });
    const count = 1 + (last?.unsaid ?? 0);
    return { type: 'fault', atNs, utcMs, by: CONTROLLER, code, sentence, detail: { count } };
  }

  /** How often each alarm came; for the end, when nothing comes that could count what was not told. */
  get totals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#totals);
  }
}

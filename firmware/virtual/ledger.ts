/**
 * What the store, the journal and the chain hold (processes.md, crash table), in memory, for virtual time: deployments,
 * their numbers and events, the records that wait to be written, the chain. It survives a power cut of the pretend van, as
 * a disk does. Decisions are those of the real rooms (`src/evidence`, `src/deployment`, `office/accounting.ts`); only the
 * database is another.
 */
import type { DeploymentEvent } from '../../src/deployment/events.js';
import { doubtsAtEnd } from '../../src/deployment/end-doubts.js';
import { doubtEvent } from '../../src/deployment/log.js';
import { closedEvent } from '../../src/deployment/office-events.js';
import { KerbsideError } from '../../src/errors.js';
import { EMPTY_CHAIN, nextLink, type ChainHead } from '../../src/evidence/chain.js';
import { DEFAULT_ICN_SCHEME as SCHEME, nextDeployment, nextNumbers } from '../../src/evidence/icn.js';
import { parameterChanges } from '../../src/evidence/parameters.js';
import type { RecordContext } from '../../src/evidence/record-context.js';
import {
  chainName,
  encodeWork,
  NO_IMAGE,
  type RecordWork,
  type SealedImageFacts,
} from '../../src/evidence/record-work.js';
import type { DeploymentFacts } from '../../src/evidence/session-records.js';
import type { ConcludedExposure, ExposureStart, Icn } from '../../src/evidence/types.js';
import type { KeptRecord } from '../../src/ports/pretend.js';
import type { MonotonicNs, UtcMs } from '../../src/units.js';
import { accountFor, type OpenNumber } from '../office/accounting.js';
import type { NewDeployment, NumberRow } from '../store/rows.js';
import type { IcnRange } from '../store/store.js';
import { sha256Of } from '../workshop/sealed-image.js';

export interface Now {
  readonly atNs: MonotonicNs;
  readonly utcMs: UtcMs;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface LedgerDeployment {
  readonly number: number;
  readonly follows: number | null;
  readonly opened: NewDeployment;
  readonly context: RecordContext;
  readonly events: DeploymentEvent[];
  readonly numbers: Mutable<NumberRow>[];
  ended: DeploymentFacts['ended'] | null;
  closedUtcMs: number;
  firstSequence: number | null;
  lastSequence: number | null;
  /** Records of it that wait to be written. */
  waiting: number;
  accounted: boolean;
}

export interface LedgerOptions {
  readonly range: IcnRange;
  readonly softwareVersion: string;
  readonly kept: (record: KeptRecord) => void;
}

export class Ledger {
  readonly #options: LedgerOptions;
  readonly #deployments = new Map<number, LedgerDeployment>();
  /** Records that wait for their files, in the order of the chain. */
  readonly #jobs: RecordWork[] = [];
  readonly #parameters = new Map<string, string>();
  #eventCounter = 0;
  #highest = 0;
  #lastLease = 0;
  #head: ChainHead = EMPTY_CHAIN;
  /** What became of images, by their SHA-256: the name of the file that was committed, or null for one that was dropped. */
  readonly #images = new Map<string, string | null>();
  /** When the oldest image was sealed; nothing is ever exported in virtual time. */
  oldestImageUtcMs: UtcMs | null = null;

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  get firstJob(): RecordWork | null {
    return this.#jobs[0] ?? null;
  }

  /** The imageId under which a waiting job will seal these bytes; null when none will. */
  claimant(sha256: string): string | null {
    for (const work of this.#jobs) {
      if (work.type === 'exposure' && work.exposure.imageSha256 === sha256) return work.exposure.imageId;
    }
    return null;
  }

  /** AUD-3: committed under this file name; null: dropped; undefined: not known. */
  imageOutcome(sha256: string): string | null | undefined {
    return this.#images.get(sha256);
  }

  imageDropped(sha256: string): void {
    if (!this.#images.has(sha256)) this.#images.set(sha256, null);
  }

  /** @throws KerbsideError 'icn-exhausted' */
  open(deployment: NewDeployment): number {
    const number = nextDeployment(this.#highest, this.#options.range, SCHEME);
    const changes = parameterChanges(this.#parameters, deployment.parameters);
    if (changes.length > 0) this.#eventCounter += 1;
    for (const { name, newValue } of changes) if (newValue === null) this.#parameters.delete(name);
    for (const [name, value] of deployment.parameters) this.#parameters.set(name, value);
    const context: RecordContext = { ...deployment.context, eventCounter: this.#eventCounter };
    const entry = this.#enter(number, null, deployment, context);
    if (changes.length > 0) {
      const { who, openedUtcMs, cameraId, demo } = deployment;
      const { software, eventCounter, parametersSha256 } = context;
      const printed = SCHEME.formatDeployment(number);
      const facts = { deployment: printed, cameraId, demo, changedUtcMs: openedUtcMs, who, changes };
      this.#addJob(entry, { type: 'parameters', facts: { ...facts, software, eventCounter, parametersSha256 } });
    }
    this.#addEvent(entry, openingOf(deployment, context));
    return number;
  }

  /** @returns the numbers, and the deployment that is open afterwards */
  lease(current: number, count: number, deployment: NewDeployment): { icns: readonly Icn[]; deployment: number } {
    const before = this.#deployment(current);
    const state = {
      deployment: current,
      nextImage: before.numbers.length + 1,
      lastDeployment: this.#options.range.lastDeployment,
    };
    const { numbers, state: after } = nextNumbers(state, count, SCHEME);
    this.#lastLease += 1;
    let open = before;
    for (const number of numbers) {
      if (number.deployment !== open.number) open = this.#goOn(open, number.deployment, deployment);
      open.numbers.push({
        icn: number.icn,
        deployment: number.deployment,
        lease: this.#lastLease,
        ...{ state: 'leased', kind: null, reason: null, start: null },
      });
    }
    return { icns: numbers.map(({ icn }) => icn), deployment: after.deployment };
  }

  fired(start: ExposureStart): void {
    const number = this.#number(start.icn);
    if (number.state !== 'leased') return;
    number.state = 'fired';
    number.start = start;
  }

  /** A number that is concluded or waits already is no new job. */
  conclude(exposure: ConcludedExposure): void {
    const number = this.#number(exposure.icn);
    if (number.state === 'concluded' || this.#waits(exposure.icn)) return;
    const deployment = this.#deployment(number.deployment);
    this.#addJob(deployment, { type: 'exposure', exposure, context: deployment.context });
  }

  event(deployment: number, event: DeploymentEvent): void {
    let entry = this.#deployment(deployment);
    while (entry.ended === 'continued') {
      const next = [...this.#deployments.values()].find(({ follows }) => follows === entry.number);
      if (next === undefined) break;
      entry = next;
    }
    this.#addEvent(entry, event);
  }

  /** Every number without an end gets a void exposure (ICN-2). */
  endNumbers(ended: 'orderly' | 'crash', atNs: MonotonicNs): void {
    const open: OpenNumber[] = [];
    for (const { numbers, opened } of this.#deployments.values()) {
      for (const number of numbers) {
        if (number.state === 'concluded' || this.#waits(number.icn)) continue;
        open.push({ ...number, facts: opened.facts });
      }
    }
    for (const exposure of accountFor(open, ended, atNs)) this.conclude(exposure);
  }

  /** Those that have not ended. */
  get openDeployments(): readonly number[] {
    return [...this.#deployments.values()].filter(({ ended }) => ended === null).map(({ number }) => number);
  }

  close(number: number, ended: 'closed' | 'crash', now: Now, detail: DeploymentEvent['detail'] = {}): void {
    const entry = this.#deployment(number);
    for (const doubt of doubtsAtEnd(this.#story(entry, 'events'), this.#story(entry, 'fired'))) {
      this.#addEvent(entry, doubtEvent(doubt, now.atNs, now.utcMs));
    }
    this.#end(entry, closedEvent(ended, now, detail));
  }

  /**
   * Deployments that have ended and whose numbers are all written down get their account (ICN-2).
   * @returns whether a record waits now
   */
  account(): boolean {
    for (const entry of this.#deployments.values()) {
      const { ended, numbers, waiting, accounted } = entry;
      if (ended === null || accounted || waiting > 0 || numbers.some(({ state }) => state !== 'concluded')) continue;
      this.#addJob(entry, { type: 'deployment', facts: accountOf(entry, ended) });
      entry.accounted = true;
      // What is accounted for is never asked for again, and hours of it would fill the memory; a session that goes on is.
      const followed = [...this.#deployments.values()].some(({ follows }) => follows === entry.number);
      if (!followed) this.#forget(entry);
    }
    return this.#jobs.length > 0;
  }

  /**
   * Writes the first record that waits, with its place in the chain.
   * @param image stamped; null: the record has none
   */
  write(image: { readonly bytes: Uint8Array; readonly facts: SealedImageFacts } | null, utcMs: UtcMs): RecordWork {
    const work = this.#jobs.shift();
    if (work === undefined) throw new KerbsideError('store-failed', 'Ledger: no record waits, expected one to write.');
    const link = nextLink(this.#head);
    const bytes = encodeWork(work, link, image?.facts ?? NO_IMAGE, this.#options.softwareVersion);
    this.#head = { sequence: link.sequence, sha256: sha256Of(bytes) };
    const name = chainName(work);
    const deployment = this.#deployments.get(Number(name.slice(0, SCHEME.deploymentDigits)));
    if (deployment !== undefined && work.type !== 'deployment') {
      deployment.firstSequence ??= link.sequence;
      deployment.lastSequence = link.sequence;
      deployment.waiting -= 1;
    }
    if (work.type === 'exposure') {
      const number = this.#number(work.exposure.icn);
      number.state = 'concluded';
      number.kind = work.exposure.kind;
      number.reason = work.exposure.reason;
      if (image !== null) this.#committed(work.exposure, utcMs);
    }
    this.#options.kept({ name: `evidence/${name}`, bytes, image: image?.bytes ?? null });
    return work;
  }

  #committed({ imageId, imageSha256 }: ConcludedExposure, utcMs: UtcMs): void {
    this.oldestImageUtcMs ??= utcMs;
    if (imageId !== null && imageSha256 !== null) this.#images.set(imageSha256, imageId);
  }

  /** The first job's image can never be sealed: its number keeps a record that says so. */
  withoutImage(): void {
    const [work] = this.#jobs;
    if (work?.type !== 'exposure') return;
    const kind = work.exposure.kind === 'unmatched' ? 'unmatched' : 'void';
    this.#jobs[0] = { ...work, exposure: { ...work.exposure, kind, reason: 'image-unusable', imageId: null } };
  }

  #enter(number: number, follows: number | null, opened: NewDeployment, context: RecordContext): LedgerDeployment {
    const entry: LedgerDeployment = {
      ...{ number, follows, opened, context, events: [], numbers: [], ended: null, closedUtcMs: 0 },
      ...{ firstSequence: null, lastSequence: null, waiting: 0, accounted: false },
    };
    this.#deployments.set(number, entry);
    this.#highest = Math.max(this.#highest, number);
    return entry;
  }

  /** Image 999 is given out: the session goes on under the next number. */
  #goOn(from: LedgerDeployment, number: number, deployment: NewDeployment): LedgerDeployment {
    const { opened, openedUtcMs: utcMs } = deployment;
    const next = { next: SCHEME.formatDeployment(number) };
    this.#end(from, closedEvent('continued', { atNs: opened.atNs, utcMs }, next));
    const entry = this.#enter(number, from.number, deployment, from.context);
    this.#addEvent(entry, openingOf(deployment, from.context, { follows: SCHEME.formatDeployment(from.number) }));
    return entry;
  }

  #end(entry: LedgerDeployment, closing: DeploymentEvent): void {
    if (entry.ended !== null) return;
    this.#addEvent(entry, closing);
    entry.ended = closing.code as DeploymentFacts['ended'];
    entry.closedUtcMs = closing.utcMs ?? 0;
  }

  #story(entry: LedgerDeployment, what: 'events'): DeploymentEvent[];
  #story(entry: LedgerDeployment, what: 'fired'): ExposureStart[];
  #story(entry: LedgerDeployment, what: 'events' | 'fired'): (DeploymentEvent | ExposureStart)[] {
    const before = entry.follows === null ? undefined : this.#deployments.get(entry.follows);
    const own = what === 'events' ? entry.events : entry.numbers.flatMap(({ start }) => start ?? []);
    if (before === undefined) return own;
    return [...(what === 'events' ? this.#story(before, 'events') : this.#story(before, 'fired')), ...own];
  }

  #addEvent(entry: LedgerDeployment, event: DeploymentEvent): void {
    entry.events.push(event);
    const { software, eventCounter } = entry.context;
    const { cameraId, demo } = entry.opened;
    const deployment = SCHEME.formatDeployment(entry.number);
    const facts = { deployment, cameraId, demo, number: entry.events.length, event, software, eventCounter };
    this.#addJob(entry, { type: 'event', facts });
  }

  #addJob(entry: LedgerDeployment, work: RecordWork): void {
    this.#jobs.push(work);
    if (work.type !== 'deployment') entry.waiting += 1;
  }

  #forget(entry: LedgerDeployment): void {
    this.#deployments.delete(entry.number);
    const before = entry.follows === null ? undefined : this.#deployments.get(entry.follows);
    if (before !== undefined) this.#forget(before);
  }

  #waits(icn: Icn): boolean {
    return this.#jobs.some((work) => work.type === 'exposure' && work.exposure.icn === icn);
  }

  #deployment(number: number): LedgerDeployment {
    const entry = this.#deployments.get(number);
    if (entry !== undefined) return entry;
    throw new KerbsideError('store-failed', `Ledger: deployment ${String(number)} is not known or accounted for.`);
  }

  #number(icn: Icn): Mutable<NumberRow> {
    const { deployment, image } = SCHEME.parse(icn);
    const number = this.#deployment(deployment).numbers[image - 1];
    if (number !== undefined) return number;
    throw new KerbsideError(
      'store-failed',
      `Ledger: number ${icn} was never leased; only leased ones may be used (ICN-2).`,
    );
  }
}

/** The first event carries all that every record of the deployment states. */
function openingOf({ opened, facts }: NewDeployment, context: RecordContext, more: object = {}): DeploymentEvent {
  return { ...opened, detail: { ...opened.detail, ...more, context, facts } };
}

function accountOf(entry: LedgerDeployment, ended: DeploymentFacts['ended']): DeploymentFacts {
  const { numbers, opened, context } = entry;
  const leases = new Map<number, { lease: number; firstIcn: Icn; lastIcn: Icn }>();
  const kinds = new Map<string, number>();
  for (const { lease, icn, kind } of numbers) {
    leases.set(lease, { lease, firstIcn: leases.get(lease)?.firstIcn ?? icn, lastIcn: icn });
    if (kind !== null) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const counts = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => ({ kind, count }));
  return {
    deployment: SCHEME.formatDeployment(entry.number),
    follows: entry.follows === null ? null : SCHEME.formatDeployment(entry.follows),
    cameraId: opened.cameraId,
    siteCode: opened.siteCode,
    demo: opened.demo,
    openedUtcMs: opened.openedUtcMs,
    closedUtcMs: entry.closedUtcMs,
    ended,
    leases: [...leases.values()],
    eventCount: entry.events.length,
    numberCount: numbers.length,
    counts: counts as DeploymentFacts['counts'],
    software: context.software,
    eventCounter: context.eventCounter,
    firstSequence: entry.firstSequence,
    lastSequence: entry.lastSequence,
  };
}

/**
 * The office in virtual time: leases numbers, writes down what the controller orders, brings it the images, and does after
 * a death or a power cut what the real one does (`office/office.ts`, `office/session.ts`, `office/recovery.ts`). It takes
 * its time for everything, as a disk and a workshop do, and what had not reached the disk when the power went is lost.
 * What it leaves out is in docs/virtual-time.md: nothing is signed.
 */
import { CONTROLLER, type DeploymentEvent } from '../../src/deployment/events.js';
import { FaultLog } from '../../src/deployment/office-events.js';
import { KerbsideError } from '../../src/errors.js';
import { DEFAULT_ICN_SCHEME } from '../../src/evidence/icn.js';
import type { RecordWork } from '../../src/evidence/record-work.js';
import type { Clock } from '../../src/ports/index.js';
import type { ImageArrival, Input, Output } from '../../src/timeline.js';
import { NS_PER_MS, plusNs, type MonotonicNs } from '../../src/units.js';
import type { DeploymentParts } from '../office/new-deployment.js';
import { newDeployment } from '../office/new-deployment.js';
import { sha256Of, stamp } from '../workshop/sealed-image.js';
import type { Ledger } from './ledger.js';
import type { Spool } from './spool.js';
import type { Tasks } from './tasks.js';

/** How long things take on a van's board, milliseconds (domain of `make bench`); only their order and size matter here. */
const TAKES_MS = { lease: 10, journal: 3, store: 5, record: 20, image: 150 } as const;

type Told = Exclude<Output, { type: 'line' | 'radar-command' }>;

export interface VirtualOfficeParts {
  readonly deployment: DeploymentParts;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly spool: Spool;
  readonly tasks: Tasks;
  readonly toController: (input: Input) => void;
  /** Everything is written down; nothing of this session will happen any more. */
  readonly onEnded: () => void;
}

/** One session: from the opening of its deployment to its end, or to the power cut. */
export class VirtualOffice {
  readonly #parts: VirtualOfficeParts;
  readonly #faults = new FaultLog();
  /** Writes that a full disk holds back, in order. */
  readonly #held: ((atNs: MonotonicNs) => void)[] = [];
  /** Handed to a controller and neither concluded nor dropped. */
  readonly #images = new Map<string, ImageArrival>();
  readonly #namesByHash = new Map<string, string>();
  #deployment: number;
  #diskUsable: boolean;
  #diskDetail: string;
  #leasing = false;
  /** Leases of a controller that has died since are not handed to its successor. */
  #generation = 0;
  #sealing = false;
  #state = 'closed';
  #closing = false;

  constructor(parts: VirtualOfficeParts, disk: { readonly usable: boolean; readonly detail: string }) {
    this.#parts = parts;
    this.#diskUsable = disk.usable;
    this.#diskDetail = disk.detail;
    this.#deployment = parts.ledger.open(newDeployment(parts.deployment));
    this.#seal();
  }

  get printedDeployment(): string {
    return DEFAULT_ICN_SCHEME.formatDeployment(this.#deployment);
  }

  /** The controller runs and listens, for the first time or anew. */
  controllerStarted(): void {
    const { clock, ledger, toController } = this.#parts;
    const atNs = clock.monotonicNs();
    if (!this.#diskUsable) toController({ type: 'store', atNs, usable: false, detail: this.#diskDetail });
    toController({ type: 'unexported', atNs, oldestUtcMs: ledger.oldestImageUtcMs });
    for (const image of this.#images.values()) toController({ type: 'image', atNs, image });
  }

  /** The workshop looks at what lies in the folder already. */
  lookAtSpool(): void {
    for (const name of this.#parts.spool.names) this.delivered(name);
  }

  delivered(name: string): void {
    const { spool, tasks, clock } = this.#parts;
    const judged = spool.look(name);
    if (judged === null) return;
    const { arrival, afterMs } = judged;
    tasks.add(plusNs(clock.monotonicNs(), afterMs * NS_PER_MS), () => {
      // Overwritten meanwhile: the newer file has a look of its own.
      if (spool.file(name)?.sha256 === arrival.sha256) this.#arrived(arrival);
    });
  }

  disk(usable: boolean, detail: string): void {
    const { clock, toController } = this.#parts;
    if (usable === this.#diskUsable) return;
    this.#diskUsable = usable;
    this.#diskDetail = detail;
    const atNs = clock.monotonicNs();
    toController({ type: 'store', atNs, usable, detail });
    if (usable) for (const write of this.#held.splice(0)) write(atNs);
    else this.#alarm('store-unusable', detail, atNs);
  }

  take(output: Told): void {
    const { clock } = this.#parts;
    switch (output.type) {
      case 'request-lease':
        this.#lease(output.count);
        return;
      case 'fire':
        this.#write(TAKES_MS.journal, () => {
          this.#parts.ledger.fired(output.exposure);
        });
        return;
      case 'conclude':
        if (output.exposure.imageId !== null) this.#images.delete(output.exposure.imageId);
        this.#write(TAKES_MS.store, () => {
          this.#parts.ledger.conclude(output.exposure);
          this.#seal();
        });
        return;
      case 'drop-image':
        this.#drop(output.imageId);
        return;
      case 'event':
        this.#event(output.event);
        return;
      case 'notice':
        if (output.level === 'alarm') this.#alarm(output.code, output.sentence, clock.monotonicNs());
        return;
      case 'state':
        this.#state = output.state;
        return;
      case 'closed':
        this.#end();
        return;
      case 'pass':
      case 'checks':
        return;
    }
  }

  /** The controller's process is dead: its numbers end here, the next one begins with fresh ones. */
  controllerDied(sentence: string): void {
    const { clock, ledger } = this.#parts;
    const atNs = clock.monotonicNs();
    this.#alarm('trigger-died', sentence, atNs);
    const from = this.#state;
    this.#state = 'suspended';
    this.#event({
      ...{ type: 'state', code: 'suspended', by: CONTROLLER, atNs, utcMs: clock.utcMs() },
      sentence: `From ${from} to suspended: ${sentence}`,
      detail: { from, reasons: [{ code: 'trigger-died', sentence }] },
    });
    this.#generation += 1;
    this.#leasing = false;
    this.#write(TAKES_MS.store, (at) => {
      ledger.endNumbers('crash', at);
      this.#seal();
    });
  }

  #lease(count: number): void {
    const { ledger, clock, deployment, toController } = this.#parts;
    if (this.#leasing) return;
    this.#leasing = true;
    const generation = this.#generation;
    this.#write(TAKES_MS.lease, () => {
      if (generation !== this.#generation) return;
      this.#leasing = false;
      const leased = this.#leaseNow(count, ledger, deployment);
      if (leased === null) return;
      this.#seal();
      toController({ type: 'lease', atNs: clock.monotonicNs(), icns: leased });
    });
  }

  #leaseNow(count: number, ledger: Ledger, deployment: DeploymentParts): readonly string[] | null {
    try {
      const leased = ledger.lease(this.#deployment, count, newDeployment(deployment));
      this.#deployment = leased.deployment;
      return leased.icns;
    } catch (error) {
      if (!(error instanceof KerbsideError) || error.kind !== 'icn-exhausted') throw error;
      this.#alarm('icn-exhausted', error.message, this.#parts.clock.monotonicNs());
      return null;
    }
  }

  /** Known images are recognised by their SHA-256 (AUD-3), as `office/image-desk.ts` does it. */
  #arrived(image: ImageArrival): void {
    const { ledger, spool, clock, toController } = this.#parts;
    const { sha256, imageId } = image;
    const claimedAs = ledger.claimant(sha256);
    if (claimedAs === imageId) return;
    const seenAs = this.#namesByHash.get(sha256) ?? claimedAs ?? undefined;
    const outcome = ledger.imageOutcome(sha256);
    // The same file once more: the power went before it could be removed.
    if (outcome === imageId) {
      spool.remove(imageId, sha256);
      return;
    }
    if (seenAs === imageId && outcome !== null) return;
    this.#namesByHash.set(sha256, seenAs ?? imageId);
    const handed = { ...image, duplicate: seenAs !== undefined || outcome !== undefined };
    this.#images.set(imageId, handed);
    toController({ type: 'image', atNs: clock.monotonicNs(), image: handed });
  }

  #drop(imageId: string): void {
    const image = this.#images.get(imageId);
    this.#images.delete(imageId);
    this.#write(TAKES_MS.store, () => {
      const { spool, ledger } = this.#parts;
      spool.remove(imageId, image?.sha256 ?? null);
      // A duplicate goes; what becomes of the first of its bytes is another matter.
      if (image !== undefined && this.#namesByHash.get(image.sha256) === imageId) ledger.imageDropped(image.sha256);
    });
  }

  #event(event: DeploymentEvent): void {
    const { ledger } = this.#parts;
    this.#write(TAKES_MS.store, () => {
      ledger.event(this.#deployment, event);
      this.#seal();
    });
  }

  #alarm(code: string, sentence: string, atNs: MonotonicNs): void {
    const event = this.#faults.take({ code, sentence, atNs, utcMs: this.#parts.clock.utcMs() });
    if (event !== null && !this.#closing) this.#event(event);
  }

  /** After so long it is on the disk; a full disk keeps it, and all that comes after it, waiting. */
  #write(takesMs: number, work: (atNs: MonotonicNs) => void): void {
    const { tasks, clock } = this.#parts;
    tasks.add(plusNs(clock.monotonicNs(), takesMs * NS_PER_MS), (atNs) => {
      if (!this.#diskUsable || this.#held.length > 0) this.#held.push(work);
      else work(atNs);
    });
  }

  /** One record at a time, in the order of the chain. */
  #seal(): void {
    const work = this.#parts.ledger.firstJob;
    if (this.#sealing || work === null) return;
    this.#sealing = true;
    const hasImage = work.type === 'exposure' && work.exposure.imageId !== null;
    this.#write(hasImage ? TAKES_MS.image : TAKES_MS.record, () => {
      this.#sealing = false;
      this.#sealNow(work);
      this.#seal();
    });
  }

  #sealNow(work: RecordWork): void {
    const { ledger, spool, clock, toController } = this.#parts;
    const exposure = work.type === 'exposure' ? work.exposure : null;
    const imageId = exposure?.imageId ?? null;
    if (exposure === null || imageId === null) {
      ledger.write(null, clock.utcMs());
      if (this.#closing) this.#finish();
      return;
    }
    const file = spool.file(imageId);
    if (file === null || (exposure.imageSha256 !== null && file.sha256 !== exposure.imageSha256)) {
      ledger.withoutImage();
      return;
    }
    const { version: softwareVersion } = this.#parts.deployment.software;
    const { bytes, photoRows, sealedRows, edgeRows } = stamp(file.bytes, imageId, { exposure, softwareVersion });
    const splice = { photoRows, sealedRows, edgeRows };
    const facts = { sealedImageSha256: sha256Of(bytes), splice, cameraFileSha256: file.sha256 };
    const first = ledger.oldestImageUtcMs === null;
    ledger.write({ bytes, facts }, clock.utcMs());
    spool.remove(imageId, file.sha256);
    if (first) toController({ type: 'unexported', atNs: clock.monotonicNs(), oldestUtcMs: ledger.oldestImageUtcMs });
    if (this.#closing) this.#finish();
  }

  /** The controller has concluded everything. */
  #end(): void {
    const { ledger, clock } = this.#parts;
    this.#write(TAKES_MS.store, (atNs) => {
      ledger.endNumbers('orderly', atNs);
      ledger.close(
        this.#deployment,
        'closed',
        { atNs, utcMs: clock.utcMs() },
        { orderly: true, faults: this.#faults.totals },
      );
      this.#closing = true;
      this.#seal();
      this.#finish();
    });
  }

  /** When all records are written the accounts are due, and after them the session is over. */
  #finish(): void {
    const { ledger, onEnded } = this.#parts;
    if (ledger.firstJob !== null) return;
    if (ledger.account()) this.#seal();
    else onEnded();
  }
}

/** What a crash or a power cut left open is brought to an end (processes.md, crash table), before anything else begins. */
export function recover(ledger: Ledger, clock: Clock): void {
  const now = { atNs: clock.monotonicNs(), utcMs: clock.utcMs() };
  ledger.endNumbers('crash', now.atNs);
  for (const number of ledger.openDeployments) ledger.close(number, 'crash', now);
}

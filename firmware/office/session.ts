/**
 * One deployment from opening to closing: carries out what the controller orders and brings it images and numbers.
 */
import { CONTROLLER } from '../../src/deployment/events.js';
import { KerbsideError } from '../../src/errors.js';
import { DEFAULT_ICN_SCHEME } from '../../src/evidence/icn.js';
import type { Reference } from '../../src/site/reference.js';
import type { ImageArrival, Input, Output } from '../../src/timeline.js';
import type { JobRow } from '../store/rows.js';
import type { ToWorkshop } from '../workshop/messages.js';
import { copyCertificates, keepCopies, type KeptCopy } from './certificates.js';
import { Deferred } from './deferred.js';
import { EventDesk } from './event-desk.js';
import { ExportWatch } from './export-watch.js';
import { ImageDesk } from './image-desk.js';
import { newDeployment } from './new-deployment.js';
import { NumberDesk } from './number-desk.js';
import type { OfficeParts } from './parts.js';
import type { Records } from './records.js';

export interface SessionHooks {
  readonly toController: (input: Input) => void;
  readonly toWorkshop: (message: ToWorkshop) => void;
}

interface Opening {
  readonly deployment: number;
  readonly eventCounter: number;
  /** Files of the packs in force. */
  readonly packs: readonly KeptCopy[];
}

export class Session {
  readonly #parts: OfficeParts;
  readonly #records: Records;
  readonly #numbers: NumberDesk;
  readonly #images: ImageDesk;
  readonly #events: EventDesk;
  readonly #exports: ExportWatch;
  readonly #concluded = new Deferred<null>();
  readonly #eventCounter: number;
  #packs: readonly KeptCopy[];
  #toldState = '';

  private constructor(
    parts: OfficeParts,
    records: Records,
    hooks: SessionHooks,
    { deployment, eventCounter, packs }: Opening,
  ) {
    this.#parts = parts;
    this.#eventCounter = eventCounter;
    this.#packs = packs;
    this.#records = records;
    const { clock, range, imageFolder } = parts;
    const { store, journal, writes, health, seals } = records;
    this.#numbers = new NumberDesk(
      {
        store,
        journal,
        writes,
        health,
        seals,
        clock,
        range,
        deployment: () => newDeployment(parts),
        onLeased: (icns) => {
          hooks.toController({ type: 'lease', atNs: clock.monotonicNs(), icns });
        },
        onDeployment: () => {
          this.#announce();
          writes.post(() => keepCertificates(parts, this.#packs, this.#numbers.deployment));
          seals.account();
        },
        onAlarm: (code, sentence) => {
          records.notice('alarm', code, sentence);
        },
      },
      deployment,
    );
    this.#images = new ImageDesk({
      store,
      writes,
      folder: imageFolder,
      session: deployment,
      utcMs: () => clock.utcMs(),
      claimant: (sha256) => seals.claimant(sha256),
      forget: (imageId, sha256) => {
        hooks.toWorkshop({ type: 'forget-image', imageId, sha256 });
      },
      toController: (image) => {
        hooks.toController({ type: 'image', atNs: clock.monotonicNs(), image });
      },
      onNotice: (level, code, sentence) => {
        records.notice(level, code, sentence);
      },
    });
    this.#announce();
    this.#events = new EventDesk(records, () => this.#numbers.deployment);
    this.#exports = new ExportWatch(records, clock, hooks.toController);
  }

  /**
   * @throws KerbsideError 'icn-exhausted' when no deployment number is left in the issued range; 'key-missing',
   *   'key-unusable' when nothing could be sealed
   */
  static async open(parts: OfficeParts, records: Records, hooks: SessionHooks): Promise<Session> {
    const { store, writes, seals } = records;
    await parts.keys.check().catch((error: unknown) => {
      if (error instanceof KerbsideError) records.notice('alarm', error.kind, error.message);
      throw error;
    });
    // Read before a number is given out: without its packs no deployment can be proven later.
    const packs = filesOf(parts, parts.controller.reference);
    const deployment = await writes.write(() => store.openDeployment(newDeployment(parts), parts.range));
    const eventCounter = await store.eventCounter();
    // Before any record of the deployment states them.
    await writes.write(() => keepCertificates(parts, packs, deployment));
    const session = new Session(parts, records, hooks, { deployment, eventCounter, packs });
    // The record of changed parameters waits before every exposure of the session.
    seals.load(await store.openJobsOf(deployment));
    return session;
  }

  /** Resolves when the controller has said that everything is concluded. */
  get concluded(): Promise<null> {
    return this.#concluded.promise;
  }

  onImage(image: ImageArrival): Promise<void> {
    return this.#images.onArrival(image);
  }

  /** @param sha256 of the image that is meant: a newer one under the same name stays */
  dropImage(imageId: string, sha256: string | null, reason: string): Promise<void> {
    return this.#images.drop(imageId, reason, sha256);
  }

  /** Begins to carry out one output; outputs are written down in the order of the calls. Rejects when it never can. */
  async carryOut(output: Output): Promise<void> {
    const { board, seals, store, writes } = this.#records;
    switch (output.type) {
      case 'request-lease':
        return this.#numbers.lease(output.count);
      case 'fire':
        return this.#numbers.fired(output.exposure);
      case 'conclude':
        // Known before it is stored: the job is on its way, whoever dies.
        if (output.exposure.imageId !== null)
          this.#images.concluded(output.exposure.imageId, output.exposure.imageSha256);
        return seals.add(output.exposure);
      case 'drop-image':
        return this.#images.drop(output.imageId, output.reason);
      case 'pass':
        board.pass(output.pass);
        return writes.write(() => store.addPass(this.#numbers.deployment, output.pass));
      case 'state':
        this.#onState(output);
        return;
      case 'event':
        return this.#events.take(output.event);
      case 'notice':
        this.#records.notice(output.level, output.code, output.sentence);
        return;
      case 'checks':
        board.checks(output.findings);
        return;
      case 'closed':
        this.#concluded.resolve(null);
        return;
      case 'line':
      case 'radar-command':
        // Carried out by the loop in the trigger process.
        return;
    }
  }

  /** The controller runs and listens. */
  controllerStarted(): Promise<void> {
    return this.#exports.look();
  }

  /** A new controller runs in place of one that died. */
  controllerRestarted(): void {
    this.#images.handOverAgain();
  }

  /** The controller's process is dead: its numbers end here, the next process begins with fresh ones. */
  async controllerDied(sentence: string): Promise<void> {
    const atNs = this.#parts.clock.monotonicNs();
    const reasons = [{ code: 'trigger-died', sentence: `${sentence} ${ANEW}` }];
    const from = this.#records.board.status.state;
    this.#onState({ type: 'state', atNs, state: 'suspended', reasons });
    // The controller cannot tell of it; for the next one the session begins anew.
    const told = this.#events.take({
      ...{ type: 'state', code: 'suspended', by: CONTROLLER, atNs, utcMs: this.#parts.clock.utcMs() },
      sentence: `From ${from} to suspended: ${reasons.map((reason) => reason.sentence).join(' ')}`,
      detail: { from, reasons },
    });
    await Promise.all([told, this.#numbers.endAll('crash')]);
  }

  /** CAL-5: other packs are in force from now on; copies of both travel with the evidence. */
  keepPacks(reference: Reference): void {
    try {
      const before = new Set(this.#packs.map(({ name }) => name));
      const added = filesOf(this.#parts, reference).filter(({ name }) => !before.has(name));
      this.#packs = [...this.#packs, ...added];
      this.#records.writes.post(() => keepCertificates(this.#parts, this.#packs, this.#numbers.deployment));
    } catch (error) {
      if (!(error instanceof KerbsideError)) throw error;
      this.#records.notice('alarm', error.kind, error.message);
    }
  }

  /** @param orderly the controller has concluded everything that was fired */
  async close(orderly: boolean): Promise<void> {
    const { clock, timing } = this.#parts;
    const { board, seals, store } = this.#records;
    this.#exports.stop();
    await this.#numbers.endAll(orderly ? 'orderly' : 'crash');
    if (!(await seals.idle(timing.drainMs))) {
      this.#records.notice('alarm', 'seal-late', 'Evidence still waits to be written; that is done at the next start.');
    }
    const detail = { orderly, faults: this.#events.end() };
    const now = { atNs: clock.monotonicNs(), utcMs: clock.utcMs() };
    let last: readonly JobRow[] = [];
    await seals.end(async () => (last = await store.closeDeployment(this.#numbers.deployment, 'closed', now, detail)));
    for (const { work } of last) {
      if (work.type !== 'event' || work.facts.event.type !== 'doubt') continue;
      this.#records.notice('alarm', 'in-doubt', work.facts.event.sentence);
    }
    seals.account();
    await seals.idle(timing.drainMs);
    board.closed();
    this.#records.notice('info', 'deployment-closed', `Deployment ${this.#numbers.printedDeployment} is closed.`);
  }

  #announce(): void {
    const { site } = this.#parts.controller;
    this.#records.deployment = this.#numbers.deployment;
    const printed = this.#numbers.printedDeployment;
    this.#records.board.deploymentOpened(printed, this.#eventCounter);
    const sentence = `Deployment ${printed} at site ${site.code}, ${site.road}.`;
    this.#records.notice('info', 'deployment-opened', sentence);
  }

  #onState(output: Extract<Output, { type: 'state' }>): void {
    this.#records.board.state(output);
    // The board shows every new age and distance; the log tells only what changed.
    const told = [output.state, ...output.reasons.map(({ code }) => code)].join();
    if (told === this.#toldState) return;
    this.#toldState = told;
    const why = output.reasons.map(({ sentence }) => `\n  ${sentence}`).join('');
    this.#records.notice('info', `state-${output.state}`, `State: ${output.state}.${why}`);
  }
}

/** What dies with a controller. */
const ANEW = 'Attestations and tests before it count no more for readiness; they are asked for anew.';

/** @param packs files of those in force */
async function keepCertificates(
  { dataDir, certificates }: OfficeParts,
  packs: readonly KeptCopy[],
  deployment: number,
): Promise<void> {
  const printed = DEFAULT_ICN_SCHEME.formatDeployment(deployment);
  copyCertificates(dataDir, printed, certificates);
  keepCopies(dataDir, printed, packs);
}

const filesOf = ({ packs }: OfficeParts, reference: Reference): readonly KeptCopy[] => packs?.(reference) ?? [];

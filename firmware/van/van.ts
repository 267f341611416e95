/**
 * The daemon that `kerbside run` is when the configuration names no site file: it waits closed, opens one deployment at a
 * time at a site of the imported packs (SITE-3), closes it in order and waits again. Everything that enforces belongs to
 * the session; here is only who may open what, and when.
 */
import { exportAge, noticeLevel, type ExportLevel } from '../../src/deployment/export-age.js';
import { KerbsideError } from '../../src/errors.js';
import type { Clock } from '../../src/ports/index.js';
import type { UtcMs } from '../../src/units.js';
import type { KerbsideConfig } from '../config/schema.js';
import type { ControlAnswers, ControlRequest, RequestOf } from '../control/messages.js';
import type { ControlDesk } from '../control/server.js';
import { EXPORT_DUE } from '../office/export-watch.js';
import type { Office } from '../office/office.js';
import type { Say } from '../office/parts.js';
import { Deferred } from '../office/deferred.js';
import type { Status, StatusIdentity } from '../office/status.js';
import { planDeployment, planStatic, type Planned } from './plan-request.js';
import { referenceInput, SessionDesk, type Patience } from './session-desk.js';
import { Shelf, type Shelved, type ShelfOptions } from './shelf.js';
import { VanBoard } from './van-board.js';

/** What the van needs of an office. */
export type VanSession = Pick<
  Office,
  'board' | 'status' | 'command' | 'onOutput' | 'fatal' | 'notice' | 'close' | 'abort'
>;

export interface VanOptions {
  readonly config: KerbsideConfig;
  readonly identity: Pick<StatusIdentity, 'camera' | 'demo' | 'software' | 'zone'>;
  readonly clock: Clock;
  readonly say: Say;
  readonly shelf: Pick<ShelfOptions, 'folder' | 'load' | 'everyMs'>;
  /** Opens a session there. @throws KerbsideError for whatever keeps it from beginning */
  readonly startSession: (planned: Planned, shelved: Shelved, by: string) => Promise<VanSession>;
  /** Brings to an end what a crash or a power cut left open, so that it does not wait for the next deployment. */
  readonly settle: () => Promise<void>;
  /** EXP-1: when the oldest image was made whose export nobody has confirmed, while nothing is open. */
  readonly oldestUnexported?: () => Promise<UtcMs | null>;
  readonly patience?: Partial<Patience>;
}

interface Open {
  readonly session: VanSession;
  readonly desk: SessionDesk;
}

/** How old an image may grow changes by the day; an export is confirmed on another machine's word. */
const EXPORTS_EVERY_MS = 60_000;

/** What the van is busy with while nothing else may begin. */
type Busy = 'settling' | 'opening' | 'closing';

export class Van implements ControlDesk {
  readonly board: VanBoard;
  readonly #options: VanOptions;
  readonly #shelf: Shelf;
  readonly #fatal = new Deferred<never>();
  #open: Open | null = null;
  #busy: { readonly what: Busy; readonly done: Promise<unknown> } | null = null;
  #stopping = false;
  /** What was said of it last. */
  #exportSaid: ExportLevel = 'none';
  #exportTimer: NodeJS.Timeout | null = null;

  constructor(options: VanOptions) {
    this.#options = options;
    this.board = new VanBoard(options.identity);
    this.#shelf = new Shelf({
      ...options.shelf,
      onChange: (shelved) => {
        this.#onShelved(shelved);
      },
      onProblem: (sentence) => {
        this.notice('alarm', 'reference-unusable', sentence);
      },
    });
  }

  /**
   * Reads the packs; a static camera opens its site at once.
   *
   * @throws KerbsideError for records that contradict each other, and for whatever keeps a static camera from beginning
   */
  async begin(): Promise<void> {
    await this.#during('settling', this.#options.settle);
    await this.#lookForExports();
    this.#exportTimer = setInterval(() => void this.#lookForExports(), EXPORTS_EVERY_MS);
    this.#exportTimer.unref();
    await this.#shelf.start();
    if (this.#options.config.installation.kind === 'static') await this.#openStatic();
    else this.#sayWaiting();
  }

  get status(): Status {
    return this.board.status;
  }

  onChange(listener: (status: Status) => void): () => void {
    return this.board.onChange(listener);
  }

  /** Never resolves; rejects when a static camera cannot go on. A mobile one is closed then and says why. */
  get fatal(): Promise<never> {
    return this.#fatal.promise;
  }

  async handle(request: ControlRequest): Promise<ControlAnswers[keyof ControlAnswers]> {
    switch (request.type) {
      case 'open':
        return this.#openMobile(request);
      case 'close':
        return this.#closeAsked(request);
      case 'start':
        return this.#openDesk().start(this.#who(request));
      case 'suspend':
        return this.#openDesk().suspend(this.#who(request));
      case 'attest':
        return this.#openDesk().attest(request);
      case 'test':
        return this.#openDesk().test(request);
      case 'status':
      case 'subscribe':
        return this.status;
    }
  }

  /** Closes an open deployment in order and ends. */
  async close(): Promise<void> {
    this.#stop();
    await this.#busy?.done.catch(() => undefined);
    if (this.#open !== null) await this.#close(this.#open);
  }

  /** Ends at once; what is open is recovered when the next deployment is opened. */
  async abort(): Promise<void> {
    this.#stop();
    await this.#open?.session.abort();
    // Else a session that is being opened would live on, with nobody to end it.
    if (this.#busy?.what !== 'opening') return;
    await this.#busy.done.catch(() => undefined);
    await this.#open?.session.abort();
  }

  #stop(): void {
    this.#stopping = true;
    this.#shelf.stop();
    if (this.#exportTimer !== null) clearInterval(this.#exportTimer);
  }

  async #openMobile(request: RequestOf<'open'>): Promise<ControlAnswers['open']> {
    const { config } = this.#options;
    if (config.installation.kind === 'static') {
      throw refused('Open: a static camera opens its own site at its start, expected a mobile one.');
    }
    // Whoever is quicker than the start waits for it.
    if (this.#busy?.what === 'settling') await this.#busy.done.catch(() => undefined);
    this.#expectClosed();
    // What was imported a moment ago counts, whether the watch has seen it or not.
    await this.#shelf.look();
    const planned = planDeployment(request, config, this.#shelf.shelved);
    return this.#openSession(planned, request.by);
  }

  #openStatic(): Promise<ControlAnswers['open']> {
    return this.#openSession(planStatic(this.#options.config, this.#shelf.shelved), 'controller');
  }

  async #openSession(planned: Planned, by: string): Promise<ControlAnswers['open']> {
    this.#expectClosed();
    return this.#during('opening', async () => {
      const { shelved } = this.#shelf;
      const session = await this.#options.startSession(planned, shelved, by);
      const desk = this.#deskOf(session);
      const open = { session, desk };
      this.#open = open;
      this.board.opened(session.board);
      session.fatal.catch((error: unknown) => void this.#ended(open, error));
      // Imported while it was opened.
      if (this.#shelf.shelved !== shelved) this.#tellReference(this.#shelf.shelved);
      return { deployment: session.status.deployment ?? '' };
    });
  }

  #deskOf(session: VanSession): SessionDesk {
    const { config, clock, patience } = this.#options;
    return new SessionDesk({
      session,
      monotonicNs: () => clock.monotonicNs(),
      forks: config.forks,
      hasRadarTest: config.radar.protocol === 'agd350' && config.radar.selfTest,
      operators: () => new Set(this.#shelf.shelved.reference.operators.map(({ id }) => id)),
      ...(patience === undefined ? {} : { patience }),
    });
  }

  async #closeAsked({ withoutEndTest, by }: RequestOf<'close'>): Promise<ControlAnswers['close']> {
    const open = this.#expectOpen();
    const missing = withoutEndTest ? null : open.desk.endTestMissing;
    if (missing !== null) throw refused(missing);
    const deployment = open.session.status.deployment ?? '';
    open.session.notice('info', 'close-asked', `Close: asked for on the control socket by user ${by}.`);
    await this.#close(open);
    return { deployment };
  }

  #close(open: Open): Promise<void> {
    return this.#during('closing', async () => {
      try {
        await open.session.close();
        this.#over(open, null);
      } catch (error) {
        this.#over(open, reasonOf(error));
        throw error;
      }
    });
  }

  /** The session could not go on. */
  async #ended(open: Open, error: unknown): Promise<void> {
    if (this.#open !== open || this.#busy?.what === 'closing') return;
    const reason = reasonOf(error);
    await this.#during('closing', () => open.session.abort().catch(() => undefined));
    this.#over(open, reason);
    this.notice('alarm', reason.code, `The deployment has ended: ${reason.sentence}`);
    if (this.#options.config.installation.kind !== 'static' || this.#stopping) return;
    this.#fatal.reject(error instanceof Error ? error : new Error(String(error)));
  }

  #over(open: Open, reason: ReturnType<typeof reasonOf> | null): void {
    if (this.#open !== open) return;
    open.desk.stop();
    this.#open = null;
    this.board.closed(reason);
    void this.#lookForExports();
    if (!this.#stopping) this.#sayWaiting();
  }

  async #during<T>(what: Busy, work: () => Promise<T>): Promise<T> {
    const done = work();
    const busy = { what, done };
    this.#busy = busy;
    try {
      return await done;
    } finally {
      if (this.#busy === busy) this.#busy = null;
    }
  }

  #expectClosed(): void {
    if (this.#busy !== null)
      throw refused(`Open: a deployment is ${this.#busy.what} at this moment, expected none; try again.`);
    if (this.#stopping) throw refused('Open: the controller is ending, expected it running.');
    if (this.#open === null) return;
    const { deployment, siteCode } = this.status;
    throw refused(
      `Open: deployment ${deployment ?? ''} is open at site ${siteCode ?? ''}, expected kerbside deployment close first.`,
    );
  }

  #expectOpen(): Open {
    if (this.#busy !== null) throw refused(`A deployment is ${this.#busy.what} at this moment; try again.`);
    if (this.#open !== null) return this.#open;
    throw refused('No deployment is open, expected kerbside deployment open first.');
  }

  #openDesk(): SessionDesk {
    return this.#expectOpen().desk;
  }

  /** In the register stands the operator; the user of the system is a hint for the log. */
  #who({ by }: ControlRequest): string {
    return this.status.plan?.operatorId ?? by;
  }

  #onShelved(shelved: Shelved): void {
    this.board.shelved(shelved);
    if (this.#open !== null) this.#tellReference(shelved);
  }

  #tellReference({ reference }: Shelved): void {
    const { clock } = this.#options;
    this.#open?.session.command(referenceInput(reference, clock.monotonicNs()));
    this.#open?.session.notice(
      'info',
      'reference-changed',
      'Reference data were imported; the checks use them from now on.',
    );
  }

  /** A store that cannot be read now has its own alarm when a deployment is opened. */
  async #lookForExports(): Promise<void> {
    if (this.#open !== null || this.#stopping) return;
    const oldestUtcMs = await this.#options.oldestUnexported?.().catch(() => undefined);
    if (oldestUtcMs === undefined) return;
    this.board.unexported(oldestUtcMs);
    const { level, sentence } = exportAge(oldestUtcMs, this.#options.clock.utcMs());
    if (level === this.#exportSaid) return;
    this.#exportSaid = level;
    const notice = noticeLevel(level);
    if (notice !== null) this.notice(notice, EXPORT_DUE, sentence);
  }

  #sayWaiting(): void {
    const { sites } = this.#shelf.shelved;
    const known = sites.length === 1 ? '1 site is' : `${sites.length} sites are`;
    this.notice('info', 'waiting', `State: closed. ${known} known; kerbside deployment open begins a deployment.`);
  }

  /** For people: in the open deployment's log, else on the van's own board. */
  notice(level: 'info' | 'warning' | 'alarm', code: string, sentence: string): void {
    if (this.#open !== null) {
      this.#open.session.notice(level, code, sentence);
      return;
    }
    const { say, clock } = this.#options;
    this.board.notice({ level, code, sentence, utcMs: clock.utcMs() });
    if (level === 'info') say.progress(sentence);
    else say.warn(sentence);
  }
}

const refused = (sentence: string): KerbsideError => new KerbsideError('deployment-refused', sentence);

const reasonOf = (error: unknown): { readonly code: string; readonly sentence: string } => ({
  code: error instanceof KerbsideError ? error.kind : 'internal',
  sentence: error instanceof Error ? error.message : String(error),
});

/**
 * The office: supervisor of trigger and workshop, owner of the records, carrier of messages between them (processes.md).
 * It decides nothing about vehicles; that is the controller's, in the trigger process.
 *
 * Order of a session: lock and recover, workshop, trigger; the deployment opens when the trigger has its devices, so that
 * a missing radar burns no deployment number. `close` goes the other way round.
 */
import { join } from 'node:path';
import { KerbsideError } from '../../src/errors.js';
import type { Input, Output } from '../../src/timeline.js';
import type { FromTrigger, ToTrigger } from '../trigger/messages.js';
import type { FromWorkshop, ToWorkshop } from '../workshop/messages.js';
import { Deferred, within } from './deferred.js';
import type { IoBoardDesk } from './io-board-desk.js';
import { lowerOutputs } from './lower-outputs.js';
import type { OfficeParts } from './parts.js';
import { recorderOf, type Recorder } from './recorder.js';
import { Records } from './records.js';
import { Session } from './session.js';
import type { Status, StatusBoard } from './status.js';
import { Supervisor } from './supervisor.js';

/** What a person tells the controller while the session runs, and reference data that were imported meanwhile. */
export type OperatorInput = Extract<Input, { type: 'command' | 'attest' | 'fork-test' | 'reference' }>;

type ImageMessage = Extract<FromWorkshop, { type: 'image' }>;

export class Office {
  readonly #parts: OfficeParts;
  readonly #trigger: Supervisor<ToTrigger, FromTrigger>;
  readonly #workshop: Supervisor<ToWorkshop, FromWorkshop>;
  readonly #ready = new Deferred<null>();
  readonly #fatal = new Deferred<never>();
  #records!: Records;
  #recorder!: Recorder;
  #session: Session | null = null;
  #triggerReady = false;
  readonly #listeners = new Set<(output: Output) => void>();
  #earlyOutputs: Output[] = [];
  #earlyImages: ImageMessage[] = [];
  #position: { stop(): void } | null = null;
  #ioBoard: IoBoardDesk | null = null;
  /** Imported since the session was opened; null: none. */
  #lastReference: Extract<Input, { type: 'reference' }> | null = null;
  #lastGpsLink: Extract<Input, { type: 'gps-link' }> | null = null;
  #clockTimer: NodeJS.Timeout | null = null;
  #closing: Promise<void> | null = null;
  #aborting: Promise<void> | null = null;

  private constructor(parts: OfficeParts) {
    this.#parts = parts;
    this.#trigger = this.#superviseTrigger();
    this.#workshop = this.#superviseWorkshop();
  }

  /**
   * Opens and recovers the records, starts the processes. Resolves when the deployment is open.
   *
   * @throws KerbsideError for whatever keeps the session from beginning; everything is closed again then
   */
  static async start(parts: OfficeParts): Promise<Office> {
    const office = await Office.#opened(parts);
    try {
      office.#trigger.start();
      await Promise.race([office.#ready.promise, office.#fatal.promise]);
      return office;
    } catch (error) {
      await office.abort();
      throw error;
    }
  }

  /**
   * Brings to an end what the last session left open, and begins no other one.
   *
   * @throws KerbsideError for records that cannot be opened or contradict each other
   */
  static async settle(parts: OfficeParts): Promise<void> {
    const office = await Office.#opened(parts);
    try {
      await Promise.race([office.#records.seals.idle(parts.timing.drainMs), office.#fatal.promise]);
    } finally {
      await office.abort();
    }
  }

  /** With its records recovered and the workshop at work on what was left. */
  static async #opened(parts: OfficeParts): Promise<Office> {
    const office = new Office(parts);
    const { records, report } = await Records.open(parts, {
      toWorkshop: (message) => office.#workshop.send(message),
      onHealth: (usable, detail) => {
        office.#input({ type: 'store', atNs: parts.clock.monotonicNs(), usable, detail });
      },
      onUnusableImage: (imageId, sha256, sentence) => {
        office.#guard(office.#session?.dropImage(imageId, sha256, sentence));
      },
      onUnanswered: (sentence) => {
        office.#workshop.end(sentence);
      },
      onFatal: (error) => {
        office.#fail(error);
      },
    });
    office.#records = records;
    office.#recorder = recorderOf(parts, records);
    try {
      office.#workshop.start();
      records.seals.load(report.jobs);
      records.seals.account();
      return office;
    } catch (error) {
      await office.abort();
      throw error;
    }
  }

  get board(): StatusBoard {
    return this.#records.board;
  }

  get status(): Status {
    return this.#records.board.status;
  }

  /** Never resolves; rejects when the session cannot go on. Then `abort`. */
  get fatal(): Promise<never> {
    return this.#fatal.promise;
  }

  /** For sentences of the neighbours (status page), so that they reach people and the store alike. */
  notice(level: 'info' | 'warning' | 'alarm', code: string, sentence: string): void {
    this.#records.notice(level, code, sentence);
  }

  /** @returns false while no controller runs that could hear it */
  command(input: OperatorInput): boolean {
    if (input.type === 'reference') {
      this.#lastReference = input;
      this.#session?.keepPacks(input.reference);
    }
    return this.#input(input);
  }

  /** Each output of the controller, as it is carried out. @returns call to be told no more */
  onOutput(listener: (output: Output) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the session in order: controller, numbers, workshop, deployment, processes, records. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Ends everything at once; what is open is brought to an end at the next start. */
  abort(): Promise<void> {
    this.#aborting ??= this.#abort();
    return this.#aborting;
  }

  #superviseTrigger(): Supervisor<ToTrigger, FromTrigger> {
    const { controller, port, lines, timing, startTrigger } = this.#parts;
    return new Supervisor({
      start: startTrigger,
      restartMs: timing.restartMs,
      onStart: () => {
        this.#recorder.begin();
        this.#trigger.send({ type: 'start', config: controller, port, lines });
      },
      onMessage: (message) => {
        this.#onTrigger(message);
      },
      onDeath: async (detail) => {
        this.#triggerReady = false;
        this.#recorder.ended();
        const sentence = `Trigger process ended unexpectedly (${detail}), expected to run until the session is closed.`;
        if (this.#session === null) {
          this.#fail(new KerbsideError('link-lost', sentence));
          return;
        }
        this.#records.notice('alarm', 'trigger-died', sentence);
        this.#lowerLines();
        this.#ioBoard?.lamp('suspended');
        await this.#session.controllerDied(sentence).catch((error: unknown) => {
          this.#fail(error);
        });
      },
    });
  }

  #superviseWorkshop(): Supervisor<ToWorkshop, FromWorkshop> {
    const { timing, startWorkshop, imageFolder, keys, dataDir } = this.#parts;
    const lockFile = join(dataDir, 'workshop.lock');
    return new Supervisor({
      start: startWorkshop,
      restartMs: timing.restartMs,
      onStart: () => {
        this.#workshop.send({ type: 'watch', folder: imageFolder, keysFolder: keys.folder, lockFile });
        this.#records.seals.resend();
      },
      onMessage: (message) => {
        this.#onWorkshop(message);
      },
      onDeath: (detail) => {
        const sentence = `Workshop process ended unexpectedly (${detail}); it is started again with its open jobs.`;
        this.#records.notice('alarm', 'workshop-died', sentence);
        return Promise.resolve();
      },
    });
  }

  #onTrigger(message: FromTrigger): void {
    if (message.type === 'started') this.#guard(this.#onTriggerStarted());
    else if (message.type === 'fault') this.#onFault(message);
    else if (message.type === 'recorded') this.#recorder.take(message.batch);
    else if (message.type === 'outputs') {
      for (const output of message.outputs) if (output.type === 'state') this.#ioBoard?.lamp(output.state);
      if (this.#session === null) this.#earlyOutputs.push(...message.outputs);
      else for (const output of message.outputs) this.#carryOut(this.#session, output);
    }
  }

  #carryOut(session: Session, output: Output): void {
    this.#guard(session.carryOut(output));
    for (const listener of this.#listeners) listener(output);
  }

  #onWorkshop(message: FromWorkshop): void {
    if (message.type === 'sealed') this.#guard(this.#records.seals.onSealed(message));
    else if (message.type === 'failed') this.#guard(this.#records.seals.onFailed(message));
    else if (message.type === 'fault') this.#onFault(message);
    else if (message.type === 'image') {
      if (this.#session === null) this.#earlyImages.push(message);
      else this.#guard(this.#session.onImage(message.image));
    }
  }

  /** A device that is missing at the start ends the start; later it is an alarm, and the process is started again. */
  #onFault({ kind, sentence }: Extract<FromTrigger | FromWorkshop, { type: 'fault' }>): void {
    if (this.#session === null) this.#fail(new KerbsideError(kind, sentence));
    else this.#records.notice('alarm', kind, sentence);
  }

  async #onTriggerStarted(): Promise<void> {
    const { clock, clockInput, timing, startPosition } = this.#parts;
    const isRestart = this.#session !== null;
    this.#trigger.expectLifeSigns(timing.silentMs);
    const session = (this.#session ??= await Session.open(this.#parts, this.#records, {
      toController: (input) => {
        this.#input(input);
      },
      toWorkshop: (message) => this.#workshop.send(message),
    }));
    // Given up while it was opened: nothing is started that nobody would stop.
    if (this.#aborting !== null) return;
    if (!isRestart && this.#records.deployment !== null) this.#recorder.open(this.#records.deployment);
    this.#triggerReady = true;
    this.#input(clockInput());
    // A controller that was started again has not heard what does not repeat itself.
    if (this.#lastReference !== null) this.#input({ ...this.#lastReference, atNs: clock.monotonicNs() });
    if (this.#lastGpsLink !== null) this.#input({ ...this.#lastGpsLink, atNs: clock.monotonicNs() });
    const { usable, detail } = this.#records.health;
    if (!usable) this.#input({ type: 'store', atNs: clock.monotonicNs(), usable, detail });
    this.#ioBoard?.repeat();
    this.#guard(session.controllerStarted());
    if (isRestart) session.controllerRestarted();
    this.#position ??= startPosition((input) => {
      if (input.type === 'gps-link') this.#lastGpsLink = input;
      this.#input(input);
    });
    this.#startIoBoard();
    this.#clockTimer ??= setInterval(() => {
      this.#input(clockInput());
    }, timing.clockEveryMs);
    for (const output of this.#earlyOutputs.splice(0)) this.#carryOut(session, output);
    for (const { image } of this.#earlyImages.splice(0)) this.#guard(session.onImage(image));
    this.#ready.resolve(null);
  }

  #startIoBoard(): void {
    this.#ioBoard ??=
      this.#parts.startIoBoard?.((input) => {
        this.#input(input);
      }) ?? null;
    for (const output of this.#earlyOutputs) if (output.type === 'state') this.#ioBoard?.lamp(output.state);
  }

  #input(input: Input): boolean {
    return this.#triggerReady && this.#trigger.send({ type: 'input', input });
  }

  async #close(): Promise<void> {
    const { clock, timing } = this.#parts;
    const session = this.#session;
    // A disk that stays full may not keep the van waiting for ever.
    const limit = setTimeout(() => {
      this.#records.writes.giveUp();
    }, timing.closeMs + timing.drainMs);
    try {
      if (session === null) return;
      this.#input({ type: 'command', atNs: clock.monotonicNs(), command: 'close' });
      const orderly = this.#triggerReady && (await within(timing.closeMs, session.concluded));
      if (!orderly) {
        this.#records.notice('alarm', 'close-late', 'The controller did not conclude the session in time.');
      }
      this.#triggerReady = false;
      await this.#stopTrigger();
      await this.#recorder.close('clean', timing.stopMs);
      await session.close(orderly);
      await this.#records.writes.settled();
      await this.#records.journal.checkpoint();
    } finally {
      clearTimeout(limit);
      await this.abort();
    }
  }

  async #abort(): Promise<void> {
    const { stopMs } = this.#parts.timing;
    this.#triggerReady = false;
    if (this.#clockTimer !== null) clearInterval(this.#clockTimer);
    this.#position?.stop();
    const boardStopped = this.#ioBoard?.stop();
    await this.#stopTrigger();
    await this.#recorder.close('broken-off', stopMs);
    await boardStopped;
    await this.#workshop.stop({ type: 'stop' }, stopMs);
    await this.#records.close();
  }

  async #stopTrigger(): Promise<void> {
    await this.#trigger.stop({ type: 'stop' }, this.#parts.timing.stopMs);
    this.#lowerLines();
  }

  /** A process that was killed lowers nothing itself. Not before it had started: the lines may be another's. */
  #lowerLines(): void {
    if (this.#session !== null) lowerOutputs(this.#parts.lines);
  }

  /** Failures of work that nobody waits for end the session instead of vanishing. */
  #guard(work: Promise<unknown> | undefined): void {
    work?.catch((error: unknown) => {
      this.#fail(error);
    });
  }

  #fail(error: unknown): void {
    const known = error instanceof Error ? error : new Error(String(error));
    this.#fatal.reject(known);
  }
}

/**
 * Keeps one child process alive: restart with back-off, an end to one that hangs, orderly stop. What a death means is the
 * owner's business.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Child, StartChild } from './child.js';
import { Deferred, within } from './deferred.js';

export interface SupervisorOptions<Out, In> {
  readonly start: StartChild<Out, In>;
  onMessage(message: In): void;
  /** The child is dead and was not told to stop; the next one starts after the promise is settled and the back-off. */
  onDeath(detail: string): Promise<void>;
  /** A new child runs: tell it what it must know. */
  onStart(): void;
  /** Back-off of the first, second … restart; the last one goes on. */
  readonly restartMs: readonly number[];
}

/** Silence is counted in so many looks: an office that was held up itself counts one, and then hears what waited. */
const LOOKS = 4;
/** A child that lived this long starts the back-off anew. */
const STABLE_MS = 60_000;

export class Supervisor<Out, In> {
  readonly #options: SupervisorOptions<Out, In>;
  readonly #abort = new AbortController();
  #child: Child<Out> | null = null;
  #deaths = 0;
  #startedMs = 0;
  #stopping = false;
  /** Why it was killed, when it was us. */
  #reason: string | null = null;
  #listening: NodeJS.Timeout | null = null;
  #silentLooks = 0;
  readonly #gone = new Deferred<null>();

  constructor(options: SupervisorOptions<Out, In>) {
    this.#options = options;
  }

  start(): void {
    if (this.#stopping) return;
    this.#startedMs = performance.now();
    this.#child = this.#options.start({
      onMessage: (message) => {
        this.#silentLooks = 0;
        this.#options.onMessage(message);
      },
      onExit: (detail) => {
        void this.#ended(detail);
      },
    });
    this.#options.onStart();
  }

  /** From here on this child is ended, and with that started again, when it says nothing for so long. */
  expectLifeSigns(patienceMs: number): void {
    this.#stopListening();
    this.#silentLooks = 0;
    this.#listening = setInterval(() => {
      this.#silentLooks += 1;
      if (this.#silentLooks >= LOOKS) this.end(`no life sign for ${String(patienceMs / 1000)} s`);
    }, patienceMs / LOOKS);
  }

  /** Ends a child that hangs; what follows is what follows every death. */
  end(reason: string): void {
    this.#stopListening();
    if (this.#child === null) return;
    this.#reason = reason;
    this.#child.kill();
  }

  /** False when there is no child to take the message. */
  send(message: Out): boolean {
    return this.#child?.send(message) ?? false;
  }

  /** Asks the child to end, waits, then makes it end. */
  async stop(message: Out, patienceMs: number): Promise<void> {
    this.#stopping = true;
    this.#abort.abort();
    this.#stopListening();
    if (this.#child === null) return;
    this.#child.send(message);
    if (await within(patienceMs, this.#gone.promise)) return;
    this.#child.kill();
    await within(patienceMs, this.#gone.promise);
  }

  async #ended(detail: string): Promise<void> {
    this.#child = null;
    this.#stopListening();
    const why = this.#reason ?? detail;
    this.#reason = null;
    if (this.#stopping) {
      this.#gone.resolve(null);
      return;
    }
    if (performance.now() - this.#startedMs > STABLE_MS) this.#deaths = 0;
    const { restartMs } = this.#options;
    const waitMs = restartMs[Math.min(this.#deaths, restartMs.length - 1)] ?? 0;
    this.#deaths += 1;
    await this.#options.onDeath(why);
    await delay(waitMs, undefined, { signal: this.#abort.signal }).catch(() => undefined);
    this.start();
  }

  #stopListening(): void {
    if (this.#listening !== null) clearInterval(this.#listening);
    this.#listening = null;
  }
}

/**
 * The trigger process without its channel to the office: opens the lines, starts the worker, opens the port and relays
 * messages. Nothing here is on the hot path. Whatever it ends of, it lowers the output lines first; only a kill leaves them
 * as they are, and then the office lowers them (office/lower-outputs.ts).
 */
import { Worker } from 'node:worker_threads';
import { EXIT, KerbsideError, type ErrorName, type ExitCode } from '../../src/errors.js';
import { openRadarPort } from '../drivers/radar-port.js';
import { openLineDesk, type LineDesk } from './line-desk.js';
import type { FromTrigger, ToTrigger } from './messages.js';
import { PortKeeper } from './port-keeper.js';
import { RecordedRelay } from './recorded-relay.js';
import type { FromLoop, ToLoop, WorkerStart } from './thread-messages.js';

/** A worker ends within one blocking read (0.1 s); one that does not is given up. */
const WORKER_END_MS = 2000;

type Start = Extract<ToTrigger, { type: 'start' }>;

export interface TriggerProcessParts {
  /** @param written called when the message has left this process */
  readonly send: (message: FromTrigger, written?: () => void) => void;
  /** All is low and closed; the process says `stopped` and ends. `force`: a thread hangs, only a kill ends it. */
  readonly end: (code: ExitCode, force: boolean) => void;
  /** A sentence for whoever reads the process's stderr. */
  readonly complain: (sentence: string) => void;
  readonly workerUrl: URL;
  readonly controllerUrl: string;
}

export class TriggerProcess {
  readonly #parts: TriggerProcessParts;
  readonly #wake = new Int32Array(new SharedArrayBuffer(4));
  readonly #early: ToLoop[] = [];
  readonly #relay: RecordedRelay;
  #desk: LineDesk | null = null;
  #worker: Worker | null = null;
  #keeper: PortKeeper | null = null;
  #started = false;
  #ending = false;

  constructor(parts: TriggerProcessParts) {
    this.#parts = parts;
    this.#relay = new RecordedRelay((batch, written) => {
      parts.send({ type: 'recorded', batch }, written);
    });
  }

  /** A message of the office. */
  take(message: ToTrigger): void {
    if (message.type === 'start') void this.#start(message).catch((error: unknown) => this.fail(error));
    else if (message.type === 'input') this.#toLoop({ type: 'input', input: message.input });
    else this.stop();
  }

  /** Lowers the lines, ends the worker, closes the port. */
  stop(): void {
    if (this.#ending) return;
    void this.#end(EXIT.good).catch((error: unknown) => this.fail(error));
  }

  async #start(start: Start): Promise<void> {
    this.#desk = await openLineDesk(start.lines, (line, value, atNs) =>
      this.#toLoop({ type: 'input', input: { type: 'line-edge', atNs, line, value } }),
    );
    this.#keeper = new PortKeeper({
      open: () => openRadarPort(start.port),
      onOpen: (devicePath) => this.#toLoop({ type: 'port', path: start.port.path, devicePath }),
      nowMs: () => performance.now(),
    });
    this.#startWorker(start);
  }

  #startWorker(start: Start): void {
    const workerStart: WorkerStart = {
      config: start.config,
      lines: this.#desk?.workerLines ?? [],
      wake: this.#wake.buffer,
      controllerUrl: this.#parts.controllerUrl,
    };
    const worker = new Worker(this.#parts.workerUrl, { workerData: workerStart });
    this.#worker = worker;
    worker.on('message', (message: FromLoop) => this.#fromLoop(message));
    worker.on('error', (error) => this.fail(error));
    worker.on('exit', () => {
      this.#worker = null;
      if (!this.#ending) this.fail(new Error('its worker ended by itself'));
    });
    for (const message of this.#early.splice(0)) this.#toLoop(message);
  }

  #toLoop(message: ToLoop): void {
    if (this.#worker === null) {
      if (!this.#ending) this.#early.push(message);
      return;
    }
    this.#worker.postMessage(message);
    Atomics.add(this.#wake, 0, 1);
    Atomics.notify(this.#wake, 0);
  }

  #fromLoop(message: FromLoop): void {
    switch (message.type) {
      case 'warm':
        void this.#keeper?.open().catch((error: unknown) => this.fail(error));
        return;
      case 'link-up':
        if (this.#started) return;
        this.#started = true;
        this.#parts.send({ type: 'started' });
        this.#desk?.watchInputs();
        return;
      case 'link-lost':
        void this.#keeper?.lost().catch((error: unknown) => this.fail(error));
        return;
      case 'line':
        this.#desk?.changed(message.line, message.value, message.atNs);
        return;
      case 'outputs':
        this.#parts.send({ type: 'outputs', outputs: message.outputs });
        return;
      case 'recorded':
        this.#relay.pass(message.batch);
        return;
      case 'alive':
        this.#parts.send({ type: 'alive' });
        return;
      case 'fault':
        this.fail(new KerbsideError(message.kind, message.sentence));
        return;
      case 'stopped':
    }
  }

  /** Anything that cannot be survived: lines low, a fault where the error is one of ours, the end. */
  fail(error: unknown): void {
    this.#desk?.lowerOutputs();
    const known = error instanceof KerbsideError ? error : null;
    if (known !== null) this.#fault(known.kind, known.message);
    else this.#parts.complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (this.#ending) return;
    void this.#end(known?.exitCode ?? EXIT.internal).catch(() => this.#parts.end(EXIT.internal, true));
  }

  #fault(kind: ErrorName, sentence: string): void {
    this.#parts.send({ type: 'fault', kind, sentence });
  }

  async #end(code: ExitCode): Promise<void> {
    this.#ending = true;
    const ended = await this.#endWorker();
    this.#desk?.lowerOutputs();
    await this.#keeper?.close();
    await this.#desk?.close();
    this.#parts.end(code, !ended);
  }

  /** False: the thread hangs in the kernel. */
  #endWorker(): Promise<boolean> {
    const worker = this.#worker;
    if (worker === null) return Promise.resolve(true);
    this.#toLoop({ type: 'stop' });
    return new Promise((resolve) => {
      const giveUp = setTimeout(() => resolve(false), WORKER_END_MS);
      worker.once('exit', () => {
        clearTimeout(giveUp);
        resolve(true);
      });
    });
  }
}

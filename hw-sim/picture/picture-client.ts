/** The van's end of the picture process. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SimulationProblem } from '../problem.js';
import type { FromPictures, PictureJob, ToPictures } from './picture-process.js';

export class PictureClient {
  readonly #child: ChildProcess;
  readonly #waiting = new Set<string>();
  failure: string | null = null;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: FromPictures) => {
      if (message.type === 'delivered') this.#waiting.delete(message.fileName);
      if (message.type === 'failed') this.failure = message.sentence;
    });
  }

  /** @throws SimulationProblem when the process cannot draw here */
  static async start(setup: Extract<ToPictures, { type: 'setup' }>): Promise<PictureClient> {
    // Under a loader (tests on the sources) the sibling is TypeScript.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const child = fork(fileURLToPath(new URL(`./picture-process.${extension}`, import.meta.url)), {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const client = new PictureClient(child);
    await new Promise<void>((resolve, reject) => {
      const refuse = (why: string): void => {
        reject(new SimulationProblem(`the pretend camera cannot draw: ${why}.`));
      };
      child.once('exit', (code) => {
        refuse(`its process ended with ${String(code)}`);
      });
      child.once('error', (error) => {
        refuse(error.message);
      });
      child.once('message', (message: FromPictures) => {
        if (message.type === 'ready') resolve();
        else refuse(message.type === 'failed' ? message.sentence : 'it is not ready');
      });
      child.send(setup);
    });
    return client;
  }

  order(job: PictureJob): void {
    this.#waiting.add(job.fileName);
    this.#send({ type: 'picture', job });
  }

  get undelivered(): number {
    return this.#waiting.size;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => {
      this.#child.once('exit', () => {
        resolve();
      });
    });
    this.#send({ type: 'stop' });
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(impatience);
  }

  #send(message: ToPictures): void {
    if (this.#child.connected) this.#child.send(message);
  }
}

/** The image bench's office (`image-office.ts`) as the bench sees it: a process that says how far it is. */
import { fork, type ChildProcess } from 'node:child_process';
import type { FromImageOffice, ImageFigures, ImageOrder } from './image-messages.js';

type Waiter<T> = { resolve(value: T): void; reject(error: Error): void };

const deferred = <T>(): Waiter<T> & { promise: Promise<T> } => {
  let waiter!: Waiter<T>;
  const promise = new Promise<T>((resolve, reject) => (waiter = { resolve, reject }));
  promise.catch(() => undefined); // whoever waits hears of it
  return { ...waiter, promise };
};

export class ImageRun {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #ready = deferred<null>();
  readonly #done = deferred<ImageFigures>();
  /** True until the last image is committed, or given up. */
  running = true;

  /** @param say is told every ten seconds how far it is */
  constructor(order: ImageOrder, say: (text: string) => void) {
    this.#child = fork(new URL('./image-office.js', import.meta.url), { serialization: 'advanced' });
    this.#exited = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.on('message', (message) => this.#take(message as FromImageOffice, say));
    this.#child.on('exit', (code) => this.#end(new Error(`the office of the image bench ended (${String(code)})`)));
    this.#child.send(order);
  }

  /** Resolves when the first image is about to come. */
  get ready(): Promise<null> {
    return this.#ready.promise;
  }

  get done(): Promise<ImageFigures> {
    return this.#done.promise;
  }

  /** Ends it where it has not ended, and waits until it has tidied up. */
  async stop(): Promise<void> {
    if (this.running && this.#child.connected) this.#child.disconnect();
    await this.#exited;
  }

  #take(message: FromImageOffice, say: (text: string) => void): void {
    if (message.type === 'ready') this.#ready.resolve(null);
    else if (message.type === 'progress') say(`${message.delivered} images delivered, ${message.committed} committed`);
    else if (message.type === 'failed') this.#end(new Error(message.sentence));
    else {
      this.running = false;
      this.#done.resolve(message.figures);
    }
  }

  #end(error: Error): void {
    this.running = false;
    this.#ready.reject(error);
    this.#done.reject(error);
  }
}

/**
 * The control socket of a session at a bare site file (bench): status and checks, start and suspend, and an end in order.
 * The session opens with the program and ends with it, so nothing is opened here.
 */
import { KerbsideError } from '../../src/errors.js';
import type { MonotonicNs } from '../../src/units.js';
import type { KerbsideConfig } from '../config/schema.js';
import type { ControlAnswers, ControlRequest } from '../control/messages.js';
import type { ControlDesk } from '../control/server.js';
import { Deferred } from '../office/deferred.js';
import type { Office } from '../office/office.js';
import type { Status } from '../office/status.js';
import { SessionDesk } from './session-desk.js';

export class BenchDesk implements ControlDesk {
  readonly #office: Pick<Office, 'board' | 'status' | 'notice' | 'close'>;
  readonly #desk: SessionDesk;
  readonly #closeAsked = new Deferred<null>();

  constructor(office: Office, config: KerbsideConfig, monotonicNs: () => MonotonicNs) {
    this.#office = office;
    this.#desk = new SessionDesk({
      session: office,
      monotonicNs,
      forks: config.forks,
      hasRadarTest: config.radar.protocol === 'agd350' && config.radar.selfTest,
      operators: () => null,
    });
  }

  get status(): Status {
    return this.#office.status;
  }

  /** Resolves when the end was asked for: the program closes the session and ends. */
  get closeAsked(): Promise<null> {
    return this.#closeAsked.promise;
  }

  onChange(listener: (status: Status) => void): () => void {
    return this.#office.board.onChange(listener);
  }

  async handle(request: ControlRequest): Promise<ControlAnswers[keyof ControlAnswers]> {
    switch (request.type) {
      case 'open':
        throw new KerbsideError(
          'deployment-refused',
          'Open: this controller works at the site of siteFile (bench), expected a configuration without siteFile.',
        );
      case 'close':
        return this.#close(request.by);
      case 'start':
        return this.#desk.start(request.by);
      case 'suspend':
        return this.#desk.suspend(request.by);
      case 'attest':
        return this.#desk.attest(request);
      case 'test':
        return this.#desk.test(request);
      case 'status':
      case 'subscribe':
        return this.status;
    }
  }

  async #close(by: string): Promise<ControlAnswers['close']> {
    const deployment = this.status.deployment ?? '';
    this.#office.notice('info', 'close-asked', `Close: asked for on the control socket by user ${by}.`);
    this.#closeAsked.resolve(null);
    await this.#office.close();
    return { deployment };
  }
}

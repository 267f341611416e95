/**
 * Events of the running deployment on their way into the chain (OPR-2): those of the controller as they come, alarms at
 * most one a minute and code (OPR-4, TAM-1).
 */
import type { DeploymentEvent } from '../../src/deployment/events.js';
import { FaultLog } from '../../src/deployment/office-events.js';
import type { Records } from './records.js';

export class EventDesk {
  readonly #records: Records;
  readonly #deployment: () => number;
  readonly #faults = new FaultLog();

  /** @param deployment the number that is open when an event is stored */
  constructor(records: Records, deployment: () => number) {
    this.#records = records;
    this.#deployment = deployment;
    records.listenToAlarms((alarm) => {
      const event = this.#faults.take(alarm);
      // A write that never succeeds has ended the session by then, and said why.
      if (event !== null) void this.take(event).catch(() => undefined);
    });
  }

  /** Resolves when the event is in the store with its job. */
  take(event: DeploymentEvent): Promise<void> {
    return this.#records.seals.addEvent(this.#deployment, event);
  }

  /** @returns how often each alarm came; none is taken any more */
  end(): Readonly<Record<string, number>> {
    this.#records.listenToAlarms(null);
    return this.#faults.totals;
  }
}

import type { ControllerConfig } from './controller-config.js';
import type { Input, Output } from './timeline.js';
import type { MonotonicNs } from './units.js';

/** The one function of timestamped inputs to outputs (architecture: one timeline in, one timeline out). */
export interface Controller {
  /** Outputs are appended to `out` in the order in which they are to be carried out. */
  handle(input: Input, out: Output[]): void;
  /** When the controller next wants a `tick`, if nothing else comes before; null: no wish. */
  nextDeadlineNs(): MonotonicNs | null;
}

export function createController(_config: ControllerConfig): Controller {
  throw new Error('being written');
}

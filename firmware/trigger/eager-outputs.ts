/**
 * The list that the controller appends its outputs to. A line change reaches the line while the controller is still at
 * work: after the pulse it computes the facts of the exposure, three quarters of the work of a fire, and none of that
 * need come before the camera's shutter. The order of outputs is the controller's, so nothing is changed but the moment.
 */
import type { Output } from '../../src/timeline.js';
import type { LineChange } from './line-schedule.js';

export class EagerOutputs extends Array<Output> {
  readonly #onLine: (change: LineChange) => void;

  constructor(onLine: (change: LineChange) => void) {
    super();
    this.#onLine = onLine;
  }

  /** Results of `filter` and the like are plain lists. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  override push(...outputs: Output[]): number {
    for (const output of outputs) {
      if (output.type === 'line') this.#onLine(output);
      super.push(output);
    }
    return this.length;
  }
}

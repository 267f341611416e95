/** What is to happen later in virtual time: few at once, in the order of their times, first come first served at the same time. */
import type { MonotonicNs } from '../../src/units.js';

interface Task {
  readonly atNs: MonotonicNs;
  readonly run: (atNs: MonotonicNs) => void;
}

export class Tasks {
  readonly #tasks: Task[] = [];

  /** Infinity when nothing is to happen. */
  get nextNs(): number {
    return this.#tasks[0]?.atNs ?? Number.POSITIVE_INFINITY;
  }

  add(atNs: MonotonicNs, run: (atNs: MonotonicNs) => void): void {
    let index = this.#tasks.length;
    while (index > 0 && (this.#tasks[index - 1]?.atNs ?? 0) > atNs) index -= 1;
    this.#tasks.splice(index, 0, { atNs, run });
  }

  runNext(): void {
    const task = this.#tasks.shift();
    task?.run(task.atNs);
  }

  /** The power is gone: what was not done never will be. */
  clear(): void {
    this.#tasks.length = 0;
  }
}

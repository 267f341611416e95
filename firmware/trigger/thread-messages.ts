/** What the trigger's main thread and its worker say to each other. */
import type { ControllerConfig } from '../../src/controller-config.js';
import type { ErrorName } from '../../src/errors.js';
import type { Input, Output, OutputLineName } from '../../src/timeline.js';
import type { MonotonicNs } from '../../src/units.js';
import type { RecordedBatch } from './recording-ring.js';

/** How the worker reaches each output line: a value file it writes itself, or a report to the main thread. */
export type WorkerLine =
  { readonly name: OutputLineName; readonly path: string } | { readonly name: OutputLineName; readonly path: null };

export interface WorkerStart {
  readonly config: ControllerConfig;
  readonly lines: readonly WorkerLine[];
  /** One Int32, counted up and notified with each message, so that a sleeping loop wakes. */
  readonly wake: SharedArrayBuffer;
  /** Module that exports `createController`. */
  readonly controllerUrl: string;
}

export type ToLoop =
  | { readonly type: 'input'; readonly input: Input }
  /** The port is open and configured: read `devicePath`, the device that `path` led to. */
  | { readonly type: 'port'; readonly path: string; readonly devicePath: string }
  | { readonly type: 'stop' };

export type FromLoop =
  /** Warmed up; waits for its port. */
  | { readonly type: 'warm' }
  | { readonly type: 'link-up' }
  /** Every second or so, whatever else there is to say: the loop goes round. */
  | { readonly type: 'alive' }
  /** The worker has closed its descriptors; the port is to be opened anew. */
  | { readonly type: 'link-lost'; readonly detail: string }
  | { readonly type: 'line'; readonly line: OutputLineName; readonly value: 0 | 1; readonly atNs: MonotonicNs }
  | { readonly type: 'outputs'; readonly outputs: readonly Output[] }
  | { readonly type: 'recorded'; readonly batch: RecordedBatch }
  | { readonly type: 'fault'; readonly kind: ErrorName; readonly sentence: string }
  | { readonly type: 'stopped' };

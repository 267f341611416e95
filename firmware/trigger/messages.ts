/** What the office and the trigger process say to each other (child process IPC, serialization 'advanced'). */
import type { ControllerConfig } from '../../src/controller-config.js';
import type { ErrorName } from '../../src/errors.js';
import type { Input, Output } from '../../src/timeline.js';
import type { RecordedBatch } from './recording-ring.js';

export interface RadarPortSettings {
  readonly path: string;
  readonly baudRate: number;
  readonly parity: 'none' | 'odd' | 'even';
}

export type LineSettings =
  | {
      readonly driver: 'onoff';
      readonly gpioRoot: string;
      readonly shutter: number;
      readonly flash: number | null;
      readonly strobe: number | null;
      readonly tamper: number | null;
      readonly ready: number | null;
    }
  | { readonly driver: 'simulated'; readonly socket: string }
  /** Lines that are plain files or pipes: what the bench uses to stand in for a sysfs value file. */
  | { readonly driver: 'file'; readonly shutter: string; readonly flash: string | null };

export type ToTrigger =
  | {
      readonly type: 'start';
      readonly config: ControllerConfig;
      readonly port: RadarPortSettings;
      readonly lines: LineSettings;
    }
  | { readonly type: 'input'; readonly input: Input }
  /** Lower all lines, close the port, end. */
  | { readonly type: 'stop' };

export type FromTrigger =
  /** Port opened, lines exported, loop running. */
  | { readonly type: 'started' }
  | { readonly type: 'outputs'; readonly outputs: readonly Output[] }
  /** For the recording: every input and what came of it, some tenths of a second late. */
  | { readonly type: 'recorded'; readonly batch: RecordedBatch }
  /** Life sign of the loop, every second or so. */
  | { readonly type: 'alive' }
  /** A device is missing or failed at the start: the session cannot begin. */
  | { readonly type: 'fault'; readonly kind: ErrorName; readonly sentence: string }
  | { readonly type: 'stopped' };

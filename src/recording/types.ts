/**
 * What the black box holds: everything that the controller was told and everything that it answered, in the order in
 * which it happened (architecture, "One timeline in, one timeline out").
 */
import type { ControllerConfig } from '../controller-config.js';
import type { Input, Output } from '../timeline.js';
import type { MonotonicNs, UtcMs } from '../units.js';

/** Begins the life of one controller; repeated at the beginning of each further file of the same life. */
export interface RecordingHead {
  /** Layout of the recording; this is 1. */
  readonly layout: number;
  /** 1, 2, 3 … within the deployment: each controller that was started. */
  readonly life: number;
  /** Entries of this life that came before; 0: the life begins here. */
  readonly entriesBefore: number;
  /** Both clocks, read together when the file was begun. */
  readonly atNs: MonotonicNs;
  readonly utcMs: UtcMs;
  readonly deployment: string;
  readonly software: { readonly version: string; readonly commit: string | null; readonly sha256: string };
  readonly config: ControllerConfig;
}

export type Entry =
  | { readonly type: 'head'; readonly head: RecordingHead }
  | { readonly type: 'input'; readonly input: Input }
  /** Of the input before it, in the order of the controller's list. */
  | { readonly type: 'output'; readonly output: Output }
  /** The ring overflowed: so many inputs are missing here, and what follows cannot be replayed. */
  | { readonly type: 'lost'; readonly atNs: MonotonicNs; readonly inputs: number };

/** One input and what the controller made of it. */
export interface Step {
  readonly input: Input;
  readonly outputs: readonly Output[];
}

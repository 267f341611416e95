/** What the office and the I/O board's process say to each other (child process IPC, serialization 'advanced'). */
import type { Input, SessionState } from '../../src/timeline.js';

/** Pins of the board; null: not wired. Digital ones by number, analog ones as printed on the board (`A0`). */
export interface IoBoardPins {
  readonly tailgateOpen: number | null;
  readonly tailgateClosed: number | null;
  readonly parkLights: number | null;
  readonly tamperLoop: number | null;
  readonly flashReady: number | null;
  readonly armKey: number | null;
  readonly lamp: number | null;
  readonly battery: string | null;
  readonly cabinet: string | null;
}

export interface IoBoardSettings {
  readonly port: string;
  readonly baudRate: number;
  readonly pins: IoBoardPins;
  /** Battery voltage over voltage at the pin. */
  readonly batteryDivider: number;
  /** Voltage at which the converter reads full scale. */
  readonly referenceV: number;
  readonly temperatureSensor: 'tmp36' | 'lm35';
  readonly debounceMs: number;
}

export type ToIoBoard =
  | { readonly type: 'start'; readonly settings: IoBoardSettings }
  /** The lamp shows it from now on. */
  | { readonly type: 'lamp'; readonly state: SessionState }
  /** Lamp out, end. */
  | { readonly type: 'stop' };

export type BoardInput = Extract<Input, { type: 'board' | 'board-link' }>;

export type FromIoBoard =
  | { readonly type: 'input'; readonly input: BoardInput }
  /** Life sign of the process, every second or so; says nothing about the board. */
  | { readonly type: 'alive' }
  | { readonly type: 'stopped' };

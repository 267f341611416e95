/**
 * Where faults take hold of the pretend van in virtual time. The van asks at each of these places; whoever has no fault at
 * work there gives back what it was given.
 */
import type { OutputLineName, TruthFault, VanEvent } from '../../src/ports/pretend.js';
import type { MonotonicNs } from '../../src/units.js';
import type { Echo } from '../road/beam.js';

export interface Lies {
  /** What the controller's side gets in place of this event, at once; what is held back comes by `next`. */
  event(event: VanEvent): readonly VanEvent[];
  /** When the next event comes that was held back or is made up; Infinity: none. */
  nextNs(): number;
  /** null: nothing came of it. */
  next(): VanEvent | null;
  /** Second 0 of the scenario; before it no fault is at work. */
  begin(startNs: number): void;
  /** What the radar sees in place of these echoes. */
  echoes(echoes: readonly Echo[], timeS: number): readonly Echo[];
  /** From when on it may add echoes of its own: now, later, or never (Infinity). */
  echoesUntilS(timeS: number): number;
  /** What the camera gets in place of this change of a line: any number of changes, now or later. */
  line(line: OutputLineName, value: 0 | 1, atNs: MonotonicNs): readonly LineChange[];
  /** How far the radar is turned from where it should look, degrees; constant for the run. */
  readonly misalignmentDeg: number;
  /** What was done so far. */
  readonly done: readonly TruthFault[];
}

export interface LineChange {
  readonly line: OutputLineName;
  readonly value: 0 | 1;
  readonly atNs: MonotonicNs;
}

/** The seams between the pure rooms and the world. Real ones live in `firmware/`, pretend ones in `hw-sim/`. */
import type { InputLineName, OutputLineName } from '../timeline.js';
import type { MonotonicNs, UtcMs } from '../units.js';

/** A source and sink of bytes: serial port, pty or TCP are siblings behind it. */
export interface ByteLink {
  /**
   * Blocks at most about 100 ms. Returns the number of bytes put into `buffer`, 0 when nothing came.
   * @throws KerbsideError 'link-lost' when the far end is gone
   */
  readInto(buffer: Uint8Array): number;
  /** Returns at once. */
  readNow(buffer: Uint8Array): number;
  write(bytes: Uint8Array): void;
  close(): void;
}

/** An output line; `set` is synchronous and never throws later. */
export interface OutputLine {
  readonly name: OutputLineName;
  set(value: 0 | 1): void;
}

export interface InputLine {
  readonly name: InputLineName;
  onEdge(listener: (value: 0 | 1, atNs: MonotonicNs) => void): void;
}

export interface Clock {
  monotonicNs(): MonotonicNs;
  utcMs(): UtcMs;
}

/** One JSON line on the socket of `lines.driver: simulated` (contract). */
export interface SimulatedLineMessage {
  readonly line: OutputLineName | InputLineName;
  readonly value: 0 | 1;
  readonly monotonicNs: string;
}

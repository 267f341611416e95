/**
 * Bytes that belong to no frame, gathered into one discard so that a burst of noise is one event and not a thousand.
 * Holds a count and at most 64 bytes, whatever comes.
 */
import { monotonicNs, type MonotonicNs } from '../units.js';
import type { DiscardReason, RadarEventSink } from './reading.js';

const SAMPLE_BYTES = 64;
/** A pile this large is reported even if the noise goes on: the technician should not have to wait for its end. */
const FLUSH_BYTES = 256;

export class RubbishPile {
  readonly #sample = new Uint8Array(SAMPLE_BYTES);
  #count = 0;
  #firstByteNs = 0;

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  add(byte: number, byteNs: number, emit: RadarEventSink): void {
    if (this.#count === 0) this.#firstByteNs = byteNs;
    if (this.#count < SAMPLE_BYTES) this.#sample[this.#count] = byte;
    this.#count += 1;
    if (this.#count >= FLUSH_BYTES) this.flush('garbage', emit);
  }

  flush(reason: DiscardReason, emit: RadarEventSink): void {
    if (this.#count === 0) return;
    const bytes = this.#count;
    const sample = this.#sample.slice(0, Math.min(bytes, SAMPLE_BYTES));
    this.#count = 0;
    const atNs = monotonicNs(Math.round(this.#firstByteNs));
    emit({ type: 'discard', discard: { reason, bytes, atNs, sample } });
  }

  clear(): void {
    this.#count = 0;
  }
}

/** Reports bytes [from, to) of a buffer as thrown away. */
export function emitDiscard(
  emit: RadarEventSink,
  reason: DiscardReason,
  buffer: Uint8Array,
  from: number,
  to: number,
  atNs: MonotonicNs,
): void {
  const sample = buffer.slice(from, Math.min(to, from + SAMPLE_BYTES));
  emit({ type: 'discard', discard: { reason, bytes: to - from, atNs, sample } });
}

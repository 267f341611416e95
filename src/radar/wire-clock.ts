/**
 * When did the first byte of a frame arrive? The host only knows when it read a chunk, so the wire time of the bytes is
 * taken back from there: 10 bits a byte without parity (start, eight, stop), 11 with.
 *
 * A frame that spans chunks has one estimate from the chunk that brought its first byte and one from the chunk that
 * brought its last. A read can only be late, never early, so both are upper bounds and the smaller one is nearer the
 * truth. That is why two splits of the same bytes give the same readings with, by design, different times.
 *
 * Frames follow each other on the wire, so a frame is never dated before the one in front of it: a pseudo-terminal, and
 * USB, deliver faster than the baud rate says, and the wire time taken back would then overshoot. Should the host's own
 * clock run backwards, that is let through: measurement must see it.
 */
import { monotonicNs, NS_PER_S, type MonotonicNs } from '../units.js';
import type { RadarSettings } from './reading.js';

export class WireClock {
  readonly #nsPerByte: number;
  #readAtNs = -Infinity;
  #chunkLength = 0;
  #lastFrameNs = -Infinity;

  constructor(settings: Pick<RadarSettings, 'baudRate' | 'parity'>) {
    const bitsPerByte = settings.parity === 'none' ? 10 : 11;
    this.#nsPerByte = (bitsPerByte * NS_PER_S) / settings.baudRate;
  }

  /** A new chunk is about to be decoded. */
  openChunk(length: number, readAtNs: MonotonicNs): void {
    if (readAtNs < this.#readAtNs) this.#lastFrameNs = -Infinity;
    this.#readAtNs = readAtNs;
    this.#chunkLength = length;
  }

  /** Upper bound of the time at which byte `index` of the open chunk began to arrive; may be below 0 for earlier bytes. */
  byteAtNs(index: number): number {
    return this.#readAtNs - (this.#chunkLength - index) * this.#nsPerByte;
  }

  /**
   * @param firstByteNs `byteAtNs` of the frame's first byte, taken when that byte was decoded
   * @param lastIndex index of the frame's last byte in the open chunk
   * @param frameLength bytes of the frame, including those of earlier chunks
   */
  frameAtNs(firstByteNs: number, lastIndex: number, frameLength: number): MonotonicNs {
    const estimateNs = Math.min(firstByteNs, this.byteAtNs(lastIndex + 1 - frameLength));
    this.#lastFrameNs = Math.max(this.#lastFrameNs, Math.round(estimateNs));
    return monotonicNs(this.#lastFrameNs);
  }
}

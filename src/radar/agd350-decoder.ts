/**
 * Bytes of an AGD 350 (or 342) -> events (domain/radar-protocols.md). One pass over the bytes, a table look-up each: no
 * byte is looked at twice, because neither 02h nor `#` can stand inside a message. So either of them, wherever it comes,
 * ends what was being gathered and begins anew; that is the hunt for the next header inside rejected bytes.
 *
 * Replies to commands (`#...` up to CR) come in between frames, also when a host echoes a line feed.
 */
import type { MonotonicNs } from '../units.js';
import { interpretAgdMessage } from './agd350-message.js';
import { AsciiFields, asciiText } from './ascii-fields.js';
import { crc8Step } from './crc8.js';
import type { DiscardReason, RadarDecoder, RadarEventSink, RadarSettings } from './reading.js';
import { emitDiscard, RubbishPile } from './rubbish.js';
import { WireClock } from './wire-clock.js';

const STX = 0x02;
const ETX = 0x03;
const LF = 0x0a;
const CR = 0x0d;
const HASH = 0x23;
const STAR = 0x2a;
/** `*`, two hex digits, 03h. */
const TRAILER_BYTES = 4;

/** The longest printed message has 63 bytes; a frame without an end within this is none. */
export const AGD_FRAME_BYTES = 96;
/** The longest reply that is asked for is some 40 bytes. */
export const AGD_REPLY_BYTES = 192;

const IDLE = 0;
const BODY = 1;
const HIGH_DIGIT = 2;
const LOW_DIGIT = 3;
const END = 4;
const REPLY = 5;

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e;

/** Both cases of hexadecimal are in use; -1 for any other byte. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

export class Agd350Decoder implements RadarDecoder {
  readonly #corrected: boolean;
  readonly #clock: WireClock;
  readonly #held = new Uint8Array(AGD_REPLY_BYTES);
  readonly #fields = new AsciiFields();
  readonly #rubbish = new RubbishPile();
  readonly #copyHeld = (): Uint8Array => this.#held.slice(0, this.#length);
  #state: number = IDLE;
  #length = 0;
  #crc = 0;
  #statedCrc = 0;
  #firstByteNs = 0;

  constructor(settings: Pick<RadarSettings, 'baudRate' | 'parity' | 'corrected'>) {
    this.#corrected = settings.corrected;
    this.#clock = new WireClock(settings);
  }

  push(chunk: Uint8Array, readAtNs: MonotonicNs, emit: RadarEventSink): void {
    this.#clock.openChunk(chunk.length, readAtNs);
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] ?? 0;
      if (byte === STX || byte === HASH) this.#begin(byte, index, emit);
      else if (this.#state === IDLE) this.#idle(byte, index, emit);
      else if (this.#state === REPLY) this.#reply(byte, index, emit);
      else this.#frame(byte, index, emit);
    }
    this.#rubbish.flush('garbage', emit);
  }

  reset(): void {
    this.#state = IDLE;
    this.#length = 0;
    this.#rubbish.clear();
  }

  #begin(byte: number, index: number, emit: RadarEventSink): void {
    if (this.#state !== IDLE) this.#reject('malformed', index - 1, emit);
    this.#rubbish.flush('garbage', emit);
    this.#state = byte === STX ? BODY : REPLY;
    this.#held[0] = byte;
    this.#length = 1;
    this.#crc = crc8Step(0, byte);
    this.#firstByteNs = this.#clock.byteAtNs(index);
  }

  #idle(byte: number, index: number, emit: RadarEventSink): void {
    // Line ends separate replies; they are no rubbish.
    if ((byte === CR || byte === LF) && this.#rubbish.isEmpty) return;
    this.#rubbish.add(byte, this.#clock.byteAtNs(index), emit);
  }

  #reply(byte: number, index: number, emit: RadarEventSink): void {
    if (byte === CR || byte === LF) {
      const text = asciiText(this.#held, 0, this.#length);
      const atNs = this.#clock.frameAtNs(this.#firstByteNs, index, this.#length + 1);
      this.#state = IDLE;
      emit({ type: 'reply', atNs, text, isError: text.startsWith('#ERROR') });
      return;
    }
    this.#hold(byte);
    if (!isPrintable(byte)) this.#reject('malformed', index, emit);
    else if (this.#length === AGD_REPLY_BYTES) this.#reject('oversize', index, emit);
  }

  #frame(byte: number, index: number, emit: RadarEventSink): void {
    this.#hold(byte);
    switch (this.#state) {
      case BODY:
        this.#crc = crc8Step(this.#crc, byte);
        if (byte === STAR) this.#state = HIGH_DIGIT;
        else if (!isPrintable(byte)) this.#reject('malformed', index, emit);
        else if (this.#length > AGD_FRAME_BYTES - TRAILER_BYTES) this.#reject('oversize', index, emit);
        return;
      case HIGH_DIGIT:
      case LOW_DIGIT: {
        const digit = hexDigit(byte);
        if (digit < 0) {
          this.#reject('malformed', index, emit);
          return;
        }
        this.#statedCrc = this.#state === HIGH_DIGIT ? digit << 4 : this.#statedCrc | digit;
        this.#state += 1;
        return;
      }
      case END:
        if (byte === ETX) this.#complete(index, emit);
        else this.#reject('malformed', index, emit);
    }
  }

  #complete(index: number, emit: RadarEventSink): void {
    if (this.#statedCrc !== this.#crc) {
      this.#reject('checksum', index, emit);
      return;
    }
    const atNs = this.#clock.frameAtNs(this.#firstByteNs, index, this.#length);
    this.#fields.split(this.#held, 1, this.#length - TRAILER_BYTES);
    this.#state = IDLE;
    const reason = interpretAgdMessage(this.#fields, this.#corrected, atNs, this.#copyHeld, emit);
    if (reason !== null) emitDiscard(emit, reason, this.#held, 0, this.#length, atNs);
  }

  #hold(byte: number): void {
    this.#held[this.#length] = byte;
    this.#length += 1;
  }

  #reject(reason: DiscardReason, lastIndex: number, emit: RadarEventSink): void {
    const atNs = this.#clock.frameAtNs(this.#firstByteNs, lastIndex, this.#length);
    this.#state = IDLE;
    emitDiscard(emit, reason, this.#held, 0, this.#length, atNs);
  }
}

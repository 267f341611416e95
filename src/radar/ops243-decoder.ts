/**
 * Lines of an OPS243 in JSON mode -> events (domain/radar-protocols.md). A line begins at its `{` and ends at CR or LF.
 * There is no checksum, so the line end is the only proof that a line is whole: an object is taken only when it
 * reaches from its brace to a line end. What stands in front of it in the same line is thrown away on its own; that is
 * the hunt for the next header inside rejected bytes.
 *
 * The maker's own alert, {"ALERT": High Speed inbound 1.7 mps}, is not JSON. It costs its line, nothing else. Plain
 * mode (bare numbers) is not JSON mode and is refused line by line: the dialogue sends `OJ`.
 */
import type { MonotonicNs } from '../units.js';
import { asciiText } from './ascii-fields.js';
import { isReply, numberOf, parseObject, readingsOf, type JsonObject } from './ops243-line.js';
import type { Ops243Scale } from './ops243-scale.js';
import type { RadarDecoder, RadarEventSink, RadarSettings } from './reading.js';
import { emitDiscard, RubbishPile } from './rubbish.js';
import { WireClock } from './wire-clock.js';

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const BRACE = 0x7b;

/** Nine targets with speed, magnitude and time need some 300 bytes; the longest reply of `??` less. */
export const OPS_LINE_BYTES = 1024;

export class Ops243Decoder implements RadarDecoder {
  readonly #corrected: boolean;
  readonly #scale: Ops243Scale;
  readonly #clock: WireClock;
  readonly #line = new Uint8Array(OPS_LINE_BYTES);
  readonly #rubbish = new RubbishPile();
  #length = 0;
  #firstByteNs = 0;

  /** @param scale what is known of unit and sample rate; shared with the dialogue */
  constructor(settings: Pick<RadarSettings, 'baudRate' | 'parity' | 'corrected'>, scale: Ops243Scale) {
    this.#corrected = settings.corrected;
    this.#scale = scale;
    this.#clock = new WireClock(settings);
  }

  push(chunk: Uint8Array, readAtNs: MonotonicNs, emit: RadarEventSink): void {
    this.#clock.openChunk(chunk.length, readAtNs);
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index] ?? 0;
      if (byte === CR || byte === LF) this.#endLine(index, emit);
      else if (this.#length > 0) this.#hold(byte, index, emit);
      else if (byte === BRACE) {
        this.#rubbish.flush('garbage', emit);
        this.#firstByteNs = this.#clock.byteAtNs(index);
        this.#hold(byte, index, emit);
      } else if (byte !== SPACE || !this.#rubbish.isEmpty) {
        this.#rubbish.add(byte, this.#clock.byteAtNs(index), emit);
      }
    }
  }

  reset(): void {
    this.#length = 0;
    this.#rubbish.clear();
    this.#scale.forget();
  }

  #hold(byte: number, index: number, emit: RadarEventSink): void {
    if (this.#length === OPS_LINE_BYTES) this.#makeRoom(index, emit);
    if (this.#length === 0 && byte !== BRACE) {
      this.#rubbish.add(byte, this.#clock.byteAtNs(index), emit);
      return;
    }
    if (this.#length === 0) this.#firstByteNs = this.#clock.byteAtNs(index);
    this.#line[this.#length] = byte;
    this.#length += 1;
  }

  /** The line has no end: drop what stands before its next brace, or all of it. */
  #makeRoom(index: number, emit: RadarEventSink): void {
    const next = this.#line.indexOf(BRACE, 1);
    const dropped = next < 0 ? this.#length : next;
    const atNs = this.#clock.frameAtNs(this.#firstByteNs, index - 1, this.#length);
    emitDiscard(emit, 'oversize', this.#line, 0, dropped, atNs);
    this.#line.copyWithin(0, dropped, this.#length);
    this.#length -= dropped;
    this.#firstByteNs = this.#clock.byteAtNs(index - this.#length);
  }

  #endLine(index: number, emit: RadarEventSink): void {
    if (this.#length === 0) {
      this.#rubbish.flush('not-json', emit);
      return;
    }
    const length = this.#length;
    this.#length = 0;
    const text = asciiText(this.#line, 0, length);
    const whole = parseObject(text);
    if (whole !== null) {
      this.#interpret(whole, text, 0, length, index, emit);
      return;
    }
    const tailStart = text.lastIndexOf('{');
    const tail = tailStart > 0 ? parseObject(text.slice(tailStart)) : null;
    const wasted = tail === null ? length : tailStart;
    emitDiscard(emit, 'not-json', this.#line, 0, wasted, this.#dateOf(0, length, index));
    if (tail !== null) this.#interpret(tail, text.slice(tailStart), tailStart, length, index, emit);
  }

  /** Time of byte `from` of the line of `length` bytes whose terminator is byte `index` of the chunk. */
  #dateOf(from: number, length: number, index: number): MonotonicNs {
    const firstByteNs = from === 0 ? this.#firstByteNs : Infinity;
    return this.#clock.frameAtNs(firstByteNs, index, length - from + 1);
  }

  #interpret(line: JsonObject, text: string, from: number, to: number, index: number, emit: RadarEventSink): void {
    const atNs = this.#dateOf(from, to, index);
    if ('speed' in line) {
      const raw = this.#line.slice(from, to);
      const context = { scale: this.#scale, corrected: this.#corrected, atNs, raw };
      for (const reading of readingsOf(line, context)) {
        if (typeof reading === 'string') emitDiscard(emit, reading, this.#line, from, to, atNs);
        else emit({ type: 'reading', reading });
      }
      return;
    }
    if (!isReply(line)) {
      emitDiscard(emit, 'unknown-type', this.#line, from, to, atNs);
      return;
    }
    const unit = line['Units'];
    if (typeof unit === 'string') this.#scale.learnUnit(unit);
    const sampleRateHz = numberOf(line['SamplingRate']);
    if (sampleRateHz !== null) this.#scale.learnSampleRate(sampleRateHz);
    emit({ type: 'reply', atNs, text: text.trim(), isError: 'Error' in line || 'ERROR' in line });
  }
}

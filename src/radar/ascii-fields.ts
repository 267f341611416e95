/**
 * Comma-separated fields read straight from a byte buffer, without a string for each: this runs in the trigger loop.
 * Fields are found by their commas, never by column: the printed column widths of the AGD manual contradict each other.
 */

const COMMA = 0x2c;
const SPACE = 0x20;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
/** Nine digits fit a double exactly, and so does every power of ten they are divided by. */
const MOST_DIGITS = 9;
const POWERS_OF_TEN = [1, 10, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9] as const;

/** More fields than any message has. */
const MOST_FIELDS = 16;

/** Bytes [from, to) as text, one letter a byte. */
export function asciiText(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let index = from; index < to; index += 1) text += String.fromCharCode(bytes[index] ?? 0);
  return text;
}

export class AsciiFields {
  readonly #starts = new Uint16Array(MOST_FIELDS);
  readonly #ends = new Uint16Array(MOST_FIELDS);
  #buffer: Uint8Array = new Uint8Array(0);
  #count = 0;

  /** Number of fields of the last split; one more than fit when there were too many. */
  get count(): number {
    return this.#count;
  }

  /** Splits bytes [from, to) at the commas. */
  split(buffer: Uint8Array, from: number, to: number): void {
    this.#buffer = buffer;
    this.#count = 0;
    let start = from;
    for (let index = from; index <= to; index += 1) {
      if (index < to && buffer[index] !== COMMA) continue;
      if (this.#count === MOST_FIELDS) {
        this.#count = MOST_FIELDS + 1;
        return;
      }
      this.#starts[this.#count] = start;
      this.#ends[this.#count] = index;
      this.#count += 1;
      start = index + 1;
    }
  }

  length(field: number): number {
    return this.#end(field) - this.#start(field);
  }

  /** Byte `offset` of a field; 0 past its end. */
  byte(field: number, offset: number): number {
    const index = this.#start(field) + offset;
    return index < this.#end(field) ? (this.#buffer[index] ?? 0) : 0;
  }

  /** The only byte of a one-byte field; 0 where the field is longer or empty. */
  letter(field: number): number {
    return this.length(field) === 1 ? this.byte(field, 0) : 0;
  }

  text(field: number): string {
    return asciiText(this.#buffer, this.#start(field), this.#end(field));
  }

  /** A decimal number: spaces in front, a sign, digits, a point with digits behind it. NaN for anything else. */
  decimal(field: number): number {
    const buffer = this.#buffer;
    const end = this.#end(field);
    let index = this.#start(field);
    while (index < end && buffer[index] === SPACE) index += 1;
    const sign = buffer[index] === MINUS ? -1 : 1;
    if (index < end && (buffer[index] === MINUS || buffer[index] === PLUS)) index += 1;
    let mantissa = 0;
    let digits = 0;
    let decimals = -1;
    for (; index < end; index += 1) {
      const byte = buffer[index] ?? 0;
      if (byte === POINT && decimals < 0 && digits > 0) {
        decimals = 0;
        continue;
      }
      const digit = byte - ZERO;
      if (digit < 0 || digit > 9 || digits === MOST_DIGITS) return NaN;
      mantissa = mantissa * 10 + digit;
      digits += 1;
      if (decimals >= 0) decimals += 1;
    }
    if (digits === 0 || decimals === 0) return NaN;
    return (sign * mantissa) / (POWERS_OF_TEN[Math.max(decimals, 0)] ?? NaN);
  }

  #start(field: number): number {
    return this.#starts[field] ?? 0;
  }

  #end(field: number): number {
    return this.#ends[field] ?? 0;
  }

  /** A whole number without sign or spaces, at most `most`; -1 for anything else. */
  whole(field: number, most: number): number {
    let value = 0;
    const length = this.length(field);
    if (length === 0 || length > MOST_DIGITS) return -1;
    for (let offset = 0; offset < length; offset += 1) {
      const digit = this.byte(field, offset) - ZERO;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value <= most ? value : -1;
  }
}

/** Writes Huffman codes as a JPEG scan wants them: most significant bit first, a zero byte stuffed behind each 0xFF. */
export class BitWriter {
  private bytes: Uint8Array;
  private length = 0;
  private acc = 0;
  private bits = 0;

  /** @param firstByte bits already used in the byte to go on in, and that byte: the joint lies in mid-byte */
  constructor(capacity: number, firstByte?: { readonly value: number; readonly bit: number }) {
    this.bytes = new Uint8Array(Math.max(64, capacity));
    if (firstByte !== undefined) {
      this.bits = firstByte.bit;
      this.acc = firstByte.value >> (8 - firstByte.bit);
    }
  }

  /** @param length 0 to 16 bits; `value` has no other bits set */
  put(value: number, length: number): void {
    this.acc = (this.acc << length) | value;
    this.bits += length;
    while (this.bits >= 8) {
      this.bits -= 8;
      this.byte((this.acc >>> this.bits) & 0xff);
    }
  }

  /** Fills the last byte with ones and writes RST0 + (number mod 8). */
  restart(number: number): void {
    this.finish();
    this.raw(0xff);
    this.raw(0xd0 + (number % 8));
  }

  /** Fills the last byte with ones. */
  finish(): void {
    if (this.bits > 0) this.put((1 << (8 - this.bits)) - 1, 8 - this.bits);
  }

  result(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private byte(value: number): void {
    this.raw(value);
    if (value === 0xff) this.raw(0);
  }

  private raw(value: number): void {
    if (this.length === this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length++] = value;
  }
}

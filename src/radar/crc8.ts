/**
 * CRC-8 of the AGD radars (domain/radar-protocols.md): polynomial 07h, start 0, most significant bit first, no final
 * xor. Table-driven, because it runs for every byte in the trigger loop.
 */

/** The remainder of each byte value. */
const TABLE: Uint8Array = Uint8Array.from({ length: 256 }, (_, value) => {
  let remainder = value;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder & 0x80 ? ((remainder << 1) ^ 0x07) & 0xff : remainder << 1;
  }
  return remainder;
});

/** @returns the CRC after one byte more, 0 to 255; begin with 0 */
export const crc8Step = (crc: number, byte: number): number => TABLE[crc ^ byte] ?? 0;
